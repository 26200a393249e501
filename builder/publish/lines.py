"""Do the texts of articles stand in the blocks of their pages, in the role that they have there, and none left out?"""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from builder.dedup.ragged import I64
from builder.keys import text_key
from builder.publish.columns import array, bools, column, lengths_of
from builder.publish.faults import Found
from builder.publish.spans import Articles
from builder.records import ROLES

_ROLE = {name: number for number, name in enumerate(ROLES)}

#: The roles of blocks that articles are made of; the footer does not say which of two a line has.
_OF_ARTICLES = pa.array(
    [_ROLE[name] for name in ("lede", "body", "subhead", "caption", "credit", "notice")], pa.int64()
)
_TEXT = pa.array([_ROLE[name] for name in ("lede", "body", "subhead")], pa.int64())
_CAPTION, _CREDIT, _FOOTER = _ROLE["caption"], _ROLE["credit"], _ROLE["notice"]
_AS = {_CREDIT: _FOOTER}


class Lines:
    """
    The lines of some articles: take in their blocks, then ask which articles have a line of their own.

    A line is kept as the hash of its article, role and text, 60 bytes each; a line of a caption or a footer that its
    article does not list as it is, with its text.
    """

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._of_blocks: set[int] = set()
        listed = [*self._listed("captions", _CAPTION), *self._listed("footer", _FOOTER)]
        self._of_articles = {hash(line) for line in listed}
        self._unlisted: list[tuple[int, int, int, str]] = []
        n = len(articles.ids) + 1  # the last is that of blocks of no article, number -1
        self._n_texts, self._first_text = np.zeros(n, np.int64), np.full(n, np.iinfo(np.int64).max)
        self._last_credit = np.full(n, -1)  # above the text

    def add(self, blocks: pa.Table, owner: I64) -> None:
        """Take in rows of the config `blocks`; `owner` is the number of the article of each, shape (rows,)."""
        running = pc.is_in(blocks["role"], value_set=_OF_ARTICLES)
        owners = pa.array(owner).filter(array(running)).to_pylist()
        columns = (blocks[name].filter(running).to_pylist() for name in ("index", "role", "text"))
        for n, index, said, text in zip(owners, *columns, strict=True):
            role = _AS.get(said, said)
            line = hash((n, role, text))
            self._of_blocks.add(line)
            if role in (_CAPTION, _FOOTER) and line not in self._of_articles and n >= 0:
                self._unlisted.append((n, index, role, text))
        places = column(blocks, "index")
        texts = bools(array(pc.is_in(blocks["role"], value_set=_TEXT)))
        np.add.at(self._n_texts, owner[texts], 1)
        np.minimum.at(self._first_text, owner[texts], places[texts])
        above = bools(array(pc.equal(blocks["role"], _CREDIT))) & (places < self._first_text[owner])
        np.maximum.at(self._last_credit, owner[above], places[above])

    def tell(self, found: Found, *, captions: bool) -> None:
        """Name the articles with a line that is no block of theirs, and those that lack one, of `captions` if asked."""
        for what, role_and_text in (
            ("text holds a paragraph that is no block of its pages in that role", self._paragraphs()),
            ("captions hold a line that is no caption in `blocks`", self._listed("captions", _CAPTION)),
            ("footer holds a line that is no credit or notice in `blocks`", self._listed("footer", _FOOTER)),
        ):
            lost = {n for n, role, text in role_and_text if hash((n, role, text)) not in self._of_blocks}
            found.add(what, self._named(lost))
        found.add("footer lacks a credit or notice in `blocks`", self._named(self._lacking("footer", _FOOTER)))
        if captions:
            # Of a page that shows its article twice, or several, they are left out together with text; alone only where
            # a credit closes them above the text.
            whole = self._n_texts[:-1] == lengths_of(self._articles.table["paragraphs"])
            lacking = self._lacking("captions", _CAPTION)
            sure = [n for n, index in lacking.items() if whole[n] and index > self._last_credit[n]]
            found.add("captions lack a caption in `blocks`, all text of which was taken", self._named(sure))

    def _lacking(self, name: str, role: int) -> dict[int, int]:
        """
        Articles whose list `name` lacks a block of this role, with the index of the last such block.

        A caption of marks alone is none, nor is one that says what the title says.
        """
        bare = role == _FOOTER  # a line of marks is one of a footer
        unlisted = [(n, i, text_key(text) or text * bare) for n, i, its, text in self._unlisted if its == role]
        keys: dict[int, set[str]] = {}
        for n in {n for n, _, _ in unlisted}:
            keys[n] = {text_key(text) or text for text in self._articles.table[name][n].as_py()}
            if role == _CAPTION:
                keys[n] |= {"", text_key(self._articles.table["title"][n].as_py())}
        return {n: index for n, index, key in unlisted if key not in keys[n]}

    def _named(self, articles: Iterable[int]) -> list[str]:
        ids: list[str] = self._articles.ids.take(pa.array(sorted(articles), pa.int64())).to_pylist()
        return ids

    def _paragraphs(self) -> Iterator[tuple[int, int, str]]:
        """Number of the article, role and text of every paragraph."""
        columns = (self._articles.table[name].to_pylist() for name in ("text", "paragraphs"))
        for n, (text, paragraphs) in enumerate(zip(*columns, strict=True)):
            for line, paragraph in zip(text.split("\n"), paragraphs, strict=False):
                yield n, paragraph["role"], line

    def _listed(self, name: str, role: int) -> Iterator[tuple[int, int, str]]:
        for n, texts in enumerate(self._articles.table[name].to_pylist()):
            yield from ((n, role, text) for text in texts)
