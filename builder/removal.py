"""
Pages that somebody asked to have taken out: listed by id, by URL or by a phrase, and left out of every build.

The list is a text file, one entry a line: 16 hex digits are the id of a page or article, what holds `://` is a URL,
anything else a phrase that a line of the page holds. Blank lines and lines that begin with `#` say nothing. Phrases are
looked for before personal data is masked, so that a phone number can name the pages to leave out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from builder.errors import PageError, SettingsError
from builder.parse.normalize import normalize_line
from builder.records import Page, ParsedPage

_ID = re.compile(r"[0-9a-f]{16}")

#: Code points of the shortest phrase: a shorter one names half the news.
MIN_PHRASE = 4


@dataclass(frozen=True, slots=True)
class RemovalSettings:
    """[removal] in dataset.toml."""

    file: str | None = None  # the list, beside dataset.toml


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal list; every part sorted, so that the order of the file's lines changes nothing."""

    ids: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


NOTHING_LISTED = Removal()


def read_removal(path: Path) -> Removal:
    """Read a list; SettingsError names a line that would take out too much."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except FileNotFoundError:
        raise SettingsError(f"[removal] file: {path} is not there; write it, or drop the key") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"[removal] file: {path} is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    ids, urls, phrases = set(), set(), set()
    for number, line in enumerate(lines, 1):
        entry = normalize_line(line)
        if not entry or entry.startswith("#"):
            continue
        if _ID.fullmatch(entry):
            ids.add(entry)
        elif "://" in entry:
            urls.add(entry)
        elif len(entry) >= MIN_PHRASE:
            phrases.add(entry)
        else:
            raise SettingsError(f"{path}:{number} a phrase should have {MIN_PHRASE} characters or more")
    return Removal(tuple(sorted(ids)), tuple(sorted(urls)), tuple(sorted(phrases)))


def check_removal(removal: Removal, page: Page, parsed: ParsedPage) -> None:
    """Raise PageError `removal:listed` when the page is on the list; its detail says how, never what."""
    if page.page_id in removal.ids:
        raise PageError("removal:listed", "the removal list names its id")
    if removal.urls and not {page.url, parsed.head.url}.isdisjoint(removal.urls):
        raise PageError("removal:listed", "the removal list names its address")
    if removal.phrases and _holds_any((block.text for block in parsed.blocks), removal.phrases):
        raise PageError("removal:listed", "it holds a phrase of the removal list")


def _holds_any(lines: Iterable[str], phrases: tuple[str, ...]) -> bool:
    text = "\n".join(lines)
    return any(phrase in text for phrase in phrases)
