"""Pages made of labelled pages: whatever happens to a block happens to its role."""

from pathlib import Path

import numpy as np
import pytest

from builder.label.augment import Sample, article_span, augment, show_twice, transplant
from builder.label.corpus import Example, read_examples, sites_of
from builder.records import ROLES, Block, Head, ParsedPage

GOLDENS = Path(__file__).parents[1] / "pages"


def sample(*rows: tuple[str, str, str], head: Head | None = None) -> Sample:
    blocks = [Block(text, tag) for _, text, tag in rows]
    return Sample(True, ParsedPage(blocks, head or Head()), [ROLES.index(role) for role, _, _ in rows])


FRAME = sample(
    ("nav", "首页", "body/a"),
    ("title", "旧桥拆除工程提前完工", "body/h1"),
    ("lede", "旧桥的最后一根桥墩昨天拆除。", "body/div.text/p"),
    ("body", "工程用了三个月。", "body/div.text/p"),
    ("related", "正在阅读 旧桥拆除工程提前完工", "body/span"),
    head=Head(title="旧桥拆除工程提前完工_临江网"),
)
STORY = sample(
    ("title", "新馆开放首日迎客八千", "body/div.x/h2"),
    ("lede", "新馆今天开放。", "body/div.x/section/p"),
    ("subhead", "三层展厅", "body/div.x/section/p/strong"),
    ("body", "展厅分三层。", "body/div.x/section/p"),
)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return read_examples(None, GOLDENS)


def test_article_moves_into_the_frame_of_another() -> None:
    moved = transplant(FRAME, STORY, np.random.default_rng(0))
    assert moved is not None
    assert [ROLES[i] for i in moved.roles] == ["nav", "title", "lede", "subhead", "body", "related"]
    assert [block.text for block in moved.page.blocks][1:3] == ["新馆开放首日迎客八千", "新馆今天开放。"]
    assert moved.page.blocks[3].tag == "body/div.text/p/strong"
    assert moved.page.blocks[5].text == "正在阅读 新馆开放首日迎客八千"
    assert moved.page.head.title == "新馆开放首日迎客八千_临江网"


def test_text_with_a_headline_inside_has_no_single_stretch() -> None:
    assert article_span([ROLES.index(role) for role in ("lede", "title", "body")]) is None


def test_second_copy_repeats_headline_and_text() -> None:
    twice = show_twice(FRAME, np.random.default_rng(0))
    assert [ROLES[i] for i in twice.roles] == ["nav", *("title", "lede", "body") * 2, "related"]


def test_made_pages_have_a_role_a_block_and_some_text(examples: list[Example]) -> None:
    made = augment(examples, sites_of(examples), 30, np.random.default_rng(1))
    assert len(made) == 30
    for page in made:
        assert len(page.page.blocks) == len(page.roles)
        assert {ROLES.index("lede"), ROLES.index("body")} & set(page.roles)
        assert all(block.text for block in page.page.blocks)


def test_same_seed_makes_the_same_pages(examples: list[Example]) -> None:
    sites = sites_of(examples)
    one, other = (augment(examples, sites, 10, np.random.default_rng(2)) for _ in range(2))
    assert one == other


def test_examples_are_left_as_they_are(examples: list[Example]) -> None:
    before = [[block.text for block in example.page.blocks] for example in examples]
    augment(examples, sites_of(examples), 20, np.random.default_rng(3))
    assert before == [[block.text for block in example.page.blocks] for example in examples]
