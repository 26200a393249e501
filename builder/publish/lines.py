"""Do the texts of articles stand in the blocks of their pages, in the role that they have there?"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.ragged import I64
from builder.publish.columns import array
from builder.publish.faults import Found
from builder.publish.spans import Articles
from builder.records import ROLES

_ROLE = {name: number for number, name in enumerate(ROLES)}

#: The roles of blocks that articles are made of; the footer does not say which of two a line has.
_OF_ARTICLES = pa.array(
    [_ROLE[name] for name in ("lede", "body", "subhead", "caption", "credit", "notice")], pa.int64()
)
_FOOTER = _ROLE["notice"]
_AS = {_ROLE["credit"]: _FOOTER}


class Lines:
    """
    The lines of some articles: take in their blocks, then ask which articles have a line of their own.

    A line is kept as the hash of its article, role and text, 60 bytes each.
    """

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._of_blocks: set[int] = set()

    def add(self, blocks: pa.Table, owner: I64) -> None:
        """Take in rows of the config `blocks`; `owner` is the number of the article of each, shape (rows,)."""
        running = pc.is_in(blocks["role"], value_set=_OF_ARTICLES)
        owners = pa.array(owner).filter(array(running)).to_pylist()
        rows = zip(owners, *(blocks[name].filter(running).to_pylist() for name in ("role", "text")), strict=True)
        self._of_blocks |= {hash((n, _AS.get(role, role), text)) for n, role, text in rows}

    def tell(self, found: Found) -> None:
        """Name the articles with a line that is no block of theirs."""
        for what, role_and_text in (
            ("text holds a paragraph that is no block of its pages in that role", self._paragraphs()),
            ("captions hold a line that is no caption in `blocks`", self._listed("captions", _ROLE["caption"])),
            ("footer holds a line that is no credit or notice in `blocks`", self._listed("footer", _FOOTER)),
        ):
            lost = {n for n, role, text in role_and_text if hash((n, role, text)) not in self._of_blocks}
            found.add(what, self._articles.ids.take(pa.array(sorted(lost), pa.int64())).to_pylist())

    def _paragraphs(self) -> Iterator[tuple[int, int, str]]:
        """Number of the article, role and text of every paragraph."""
        columns = (self._articles.table[name].to_pylist() for name in ("text", "paragraphs"))
        for n, (text, paragraphs) in enumerate(zip(*columns, strict=True)):
            for line, paragraph in zip(text.split("\n"), paragraphs, strict=False):
                yield n, paragraph["role"], line

    def _listed(self, name: str, role: int) -> Iterator[tuple[int, int, str]]:
        for n, texts in enumerate(self._articles.table[name].to_pylist()):
            yield from ((n, role, text) for text in texts)
