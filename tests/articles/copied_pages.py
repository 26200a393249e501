"""Invented pages that show their article two or three times, for the tests of copies."""

from dataclasses import dataclass

from hypothesis import strategies as st

from builder.records import Block
from tests.dedup.news import story

TITLE = "青溪县三百座老水井重新通水"
#: Each copy says what the others do not.
META = ("2022-05-18 10:00 来源：青溪日报", "2022-05-18", "5月18日 记者 钟离秋")
CREDITS = ("（完）", "责任编辑：夏侯敏", "（完）")


@dataclass(frozen=True)
class CopiedPage:
    """A page, the index at which each copy begins, and the sentences of the article, of which one copy has all."""

    blocks: list[Block]
    starts: list[int]
    sentences: list[str]


@st.composite
def copied_pages(draw: st.DrawFn, least: int = 1) -> CopiedPage:
    """Pages whose article has at least `least` paragraphs; the copies stand in any order, cut at any sentence."""
    paragraphs = story(draw(st.integers(0, 10**6)), sentences=2 * draw(st.integers(least, 6))).split("\n")
    n_copies = draw(st.integers(2, 3))
    whole = draw(st.integers(0, n_copies - 1))
    blocks: list[Block] = []
    starts = []
    for copy in range(n_copies):
        lines = draw(cuts(paragraphs if copy == whole else draw(abridged(paragraphs))))
        if draw(st.booleans()):
            lines = [line.translate(str.maketrans("，。", ",.")) for line in lines]
        starts.append(len(blocks))
        blocks += [Block(TITLE, role="title"), Block(META[copy], role="meta")]
        blocks += [Block(line, role="body" if n else "lede") for n, line in enumerate(lines)]
        blocks += [Block(CREDITS[copy], role="credit"), Block("分享到 微博 微信", role="nav")]
    return CopiedPage(blocks, starts, [text for paragraph in paragraphs for text in sentences_of(paragraph)])


@st.composite
def abridged(draw: st.DrawFn, paragraphs: list[str]) -> list[str]:
    """All of the paragraphs, the first few, or all but one."""
    n = len(paragraphs)
    first = st.integers(min(2, n), n).map(lambda end: paragraphs[:end])
    lost = st.integers(0, n - 1).map(lambda at: paragraphs[:at] + paragraphs[at + 1 :] or paragraphs)
    return draw(st.one_of(st.just(paragraphs), first, lost))


@st.composite
def cuts(draw: st.DrawFn, paragraphs: list[str]) -> list[str]:
    """The paragraphs as lines: as they are, a sentence a line, all in one, or cut at any sentence."""
    ends = draw(st.sampled_from([None, st.just(True), st.just(False), st.booleans()]))
    if ends is None:
        return paragraphs
    lines = [""]
    for text in (text for paragraph in paragraphs for text in sentences_of(paragraph)):
        lines[-1] += text
        if draw(ends):
            lines.append("")
    return [line for line in lines if line]


def sentences_of(paragraph: str) -> list[str]:
    """Its sentences, each with its 。"""
    return [f"{text}。" for text in paragraph.split("。") if text]
