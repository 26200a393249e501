"""The order of work."""

from hypothesis import given
from hypothesis import strategies as st

from builder.review.queue import Candidate, make_queue

CANDIDATES = [
    Candidate(f"p{number:02}", outlet, doubt)
    for number, (outlet, doubt) in enumerate(
        [("晚报", 0.1), ("晚报", 0.9), ("晚报", 0.8), ("日报", 0.5), ("日报", 0.6), ("", 0.7), ("晚报", 0.3), ("", 0.2)]
    )
]


def test_without_a_random_share_the_least_certain_comes_first_outlet_after_outlet() -> None:
    queue = make_queue(CANDIDATES, 0, 10, "linjiang")
    assert [drawn.candidate.doubt for drawn in queue] == [0.9, 0.7, 0.6, 0.8, 0.2, 0.5, 0.3, 0.1]


def test_a_share_is_drawn_at_random_and_says_so() -> None:
    queue = make_queue(CANDIDATES, 0.25, 8, "linjiang")
    assert [drawn.drawn for drawn in queue] == ["uncertain"] * 3 + ["random"] + ["uncertain"] * 3 + ["random"]


def test_a_random_order_does_not_change_when_pages_are_added() -> None:
    before = [drawn.candidate.item for drawn in make_queue(CANDIDATES, 1, 99, "linjiang")]
    more = [*CANDIDATES, Candidate("p99", "新报", 1.0)]
    after = [drawn.candidate.item for drawn in make_queue(more, 1, 99, "linjiang")]
    assert [item for item in after if item != "p99"] == before


candidates = st.lists(
    st.builds(Candidate, st.text("abc", min_size=1, max_size=4), st.sampled_from("甲乙丙"), st.floats(0, 1)),
    unique_by=lambda each: each.item,
)


@given(candidates, st.floats(0, 1), st.integers(0, 30))
def test_every_page_stands_in_the_queue_once_up_to_the_limit(found: list[Candidate], share: float, limit: int) -> None:
    queue = make_queue(found, share, limit, "x")
    items = [drawn.candidate.item for drawn in queue]
    assert len(items) == len(set(items)) == min(limit, len(found))
    n_random = sum(drawn.drawn == "random" for drawn in queue)
    assert abs(n_random - share * len(queue)) <= 1
