"""What events amount to."""

from builder.review.store import Event
from builder.review.verdicts import by_person, decide, fold, last_action, roles_of
from tests.review.conftest import BRIDGE, page_content

BLOCKS = page_content("bridge", BRIDGE)["blocks"]
Numbered = list[tuple[int, Event]]


def events(*rows: tuple[str, str, int | None, str]) -> Numbered:
    """Events of (annotator, kind, block number, value), each an action of its own."""
    made = []
    for number, (who, kind, block, value) in enumerate(rows, 1):
        key = ("", 0) if block is None else (BLOCKS[block]["digest"], BLOCKS[block]["occurrence"])
        time = f"2024-05-01T09:00:{number:02}.000+00:00"
        made.append((number, Event(time, who, "1", "blocks", "bridge", "v", f"a{number}", kind, *key, value)))
    return made


def test_the_later_role_counts() -> None:
    work = fold(events(("lin", "role", 4, "caption"), ("lin", "role", 4, "credit")))
    assert list(work.roles.values()) == ["credit"]


def test_undo_takes_back_actions_from_the_last() -> None:
    rows = events(("lin", "role", 4, "caption"), ("lin", "role", 4, "credit"), ("lin", "undo", None, "a2"))
    assert list(fold(rows).roles.values()) == ["caption"]
    assert last_action(rows) == "a1"


def test_accepting_confirms_what_nobody_changed() -> None:
    open_ = roles_of(fold(events(("lin", "role", 4, "caption"))), BLOCKS)
    assert [role for role in open_ if role] == ["caption"]
    done = roles_of(fold(events(("lin", "role", 4, "caption"), ("lin", "accept", None, ""))), BLOCKS)
    assert done == [role for _, role, _ in BRIDGE[:4]] + ["caption"] + [role for _, role, _ in BRIDGE[5:]]


def test_a_broken_page_says_nothing() -> None:
    work = fold(events(("lin", "role", 4, "caption"), ("lin", "broken", None, "1"), ("lin", "accept", None, "")))
    assert roles_of(work, BLOCKS) == [None] * len(BLOCKS)


def test_two_who_differ_are_a_dispute_and_a_third_settles_it() -> None:
    rows = events(("lin", "role", 4, "caption"), ("su", "role", 4, "credit"))
    decision = decide(BLOCKS, by_person(rows), {})[4]
    assert decision
    assert decision.role is None
    assert decision.votes == {"caption": ("lin",), "credit": ("su",)}
    rows = events(("lin", "role", 4, "caption"), ("su", "role", 4, "credit"), ("he", "role", 4, "caption"))
    decision = decide(BLOCKS, by_person(rows), {})[4]
    assert decision
    assert (decision.role, decision.settled_by) == ("caption", ("he", "lin"))


def test_a_ruling_wins_over_any_majority_on_its_own_line_only() -> None:
    people = by_person(events(*((["lin", "su", "he"][n], "role", 4, "caption") for n in range(3))))
    rulings = by_person(events(("mei", "role", 4, "credit"), ("mei", "accept", None, "")))
    decisions = decide(BLOCKS, people, rulings)
    assert decisions[4]
    assert (decisions[4].role, decisions[4].settled_by) == ("credit", ("mei",))
    assert decisions[0] is None
