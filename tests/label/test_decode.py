"""What every article is like, put upon the probabilities of its blocks."""

import numpy as np

from builder.label.decode import best_roles
from builder.records import ROLES, Block


def roles_of(*blocks: dict[str, float], texts: dict[int, str] | None = None) -> list[str]:
    rows = []
    for block in blocks:
        rest = (1 - sum(block.values())) / (len(ROLES) - len(block))
        rows.append([block.get(role, rest) for role in ROLES])
    shown = [Block((texts or {}).get(i, "老水井重新通水")) for i in range(len(rows))]
    return [ROLES[i] for i in best_roles(np.array(rows), shown).tolist()]


TITLE, NAV, BODY, LEDE = {"title": 0.98}, {"nav": 0.9}, {"body": 0.9}, {"lede": 0.9}


def test_sure_blocks_keep_their_roles() -> None:
    assert roles_of(TITLE, {"meta": 0.9}, LEDE, BODY, BODY, {"credit": 0.9}, NAV) == [
        *("title", "meta", "lede", "body", "body", "credit", "nav")
    ]


def test_first_paragraph_is_the_lede_though_body_is_likelier() -> None:
    assert roles_of(TITLE, {"lede": 0.4, "body": 0.5}, BODY, BODY)[1:] == ["lede", "body", "body"]


def test_no_lede_after_body() -> None:
    assert roles_of(TITLE, LEDE, BODY, {"lede": 0.5, "body": 0.45}, BODY)[1:] == ["lede", "body", "body", "body"]


def test_summary_and_first_paragraph_are_both_lede() -> None:
    assert roles_of(TITLE, LEDE, {"meta": 0.9}, LEDE, BODY) == ["title", "lede", "meta", "lede", "body"]


def test_buttons_between_comments_are_of_the_comments_and_those_around_them_are_not() -> None:
    said = {"comment": 0.9}
    assert roles_of(NAV, said, NAV, said, NAV, {"related": 0.9}, said, NAV, NAV, NAV, said, NAV) == [
        *("nav", *["comment"] * 6, "nav", "nav", "nav", "comment", "nav")
    ]


def test_stray_paragraph_of_the_frame_is_not_body() -> None:
    stray = {"body": 0.5, "related": 0.45}
    assert roles_of(TITLE, LEDE, BODY, *[NAV] * 6, stray, *[NAV] * 3)[9] == "related"


def test_second_copy_has_its_own_lede() -> None:
    copy = ("title", "lede", "body")
    assert tuple(roles_of(TITLE, LEDE, BODY, TITLE, LEDE, BODY)) == copy * 2


def test_page_without_text_is_left_alone() -> None:
    assert roles_of(NAV, {"related": 0.9}, NAV) == ["nav", "related", "nav"]


def test_page_has_one_headline() -> None:
    other = {"title": 0.5, "related": 0.4}
    texts = {2: "北岭粮库开仓", 3: "老水井重新通水_青溪新闻"}
    assert roles_of(TITLE, LEDE, other, TITLE, texts=texts) == ["title", "lede", "related", "title"]


def test_headline_in_a_list_below_the_text_is_an_item() -> None:
    item = {"title": 0.8, "related": 0.15}
    assert roles_of(TITLE, item, LEDE, BODY, item, TITLE) == ["title", "title", "lede", "body", "related", "title"]


def test_headline_with_a_prefix_of_its_own_is_the_same_headline() -> None:
    texts = {0: "视频丨青溪县老水井重新通水 三百户受益", 1: "题：青溪老水井重新通水 三百户受益"}
    assert roles_of({"title": 0.6}, TITLE, LEDE, texts=texts) == ["title", "title", "lede"]


def test_no_text_above_the_headline() -> None:
    motto = {"lede": 0.5, "nav": 0.4}
    assert roles_of(NAV, motto, TITLE, LEDE, BODY) == ["nav", "nav", "title", "lede", "body"]
