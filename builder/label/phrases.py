"""
Lexicons: one phrase a line, `#` comments, in `seeds/phrases/` of a checkout or `builder/phrases/` of a wheel.

Each is read once, when it is first asked for. How a lexicon is compared (whole line, opening, anywhere) is the
business of its reader, and is said at the head of the file.
"""

import re
from functools import cache
from pathlib import Path

from builder.keys import text_key

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def phrases_folder() -> Path:
    """Folder of the lexicons: inside the package when it was installed as a wheel, else in the checkout's seeds."""
    installed = _PACKAGE / "phrases"
    return installed if installed.is_dir() else _PACKAGE.parent / "seeds" / "phrases"


@cache
def phrases(name: str) -> tuple[str, ...]:
    """Phrases of `NAME.txt` in the order of the file. OSError when there is no such lexicon."""
    lines = (phrases_folder() / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def phrase_keys(name: str) -> frozenset[str]:
    """Text keys of a lexicon, to compare whole lines with."""
    return frozenset(text_key(phrase) for phrase in phrases(name))


@cache
def any_of(name: str) -> str:
    """Alternation of a lexicon for a regular expression, longest phrase first."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases(name), key=lambda p: (-len(p), p)))
