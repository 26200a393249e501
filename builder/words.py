"""
Words of Chinese text by jieba, and keywords by its TF-IDF.

jieba is the reference. Where rjieba is installed (the extra `fast`) it does the same work some ten times faster: it is
jieba-rs with jieba's dictionary, and gives jieba's words after one repair and one fallback, see `fast_cutter`. An own
dictionary is always jieba's work.
"""

import logging
import os
import re
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from annotated_types import Ge

from builder.errors import SettingsError

Cut = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class WordSettings:
    """[words] in dataset.toml."""

    tokens: bool = True  # the config `tokens` and the column `keywords`; false saves half the time of a build
    keywords: Annotated[int, Ge(0)] = 10  # an article, at most
    pos: bool = False  # the column `jieba_posseg`: the words and tags of jieba.posseg, which cuts in its own way
    dictionary: str | None = None  # a file in jieba's form beside dataset.toml: word, frequency, tag; a word a line
    stop_words: str | None = None  # a file of words that are no keywords, one a line


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The own words of a dataset: lines of a dictionary in jieba's form, in order, and stop words, sorted."""

    dictionary: tuple[str, ...] = ()
    stop_words: tuple[str, ...] = ()


JIEBAS_OWN = Lexicon()

_ENTRY = re.compile(r"\S+(?: \d+)?(?: [a-z]+)?")


def read_lexicon(settings: WordSettings, base: Path) -> Lexicon:
    """Read the files that the settings name; SettingsError names a line that jieba would not take."""
    dictionary = _lines(base, "dictionary", settings.dictionary)
    for number, line in enumerate(dictionary, 1):
        if not _ENTRY.fullmatch(line):
            raise SettingsError(
                f"{base / str(settings.dictionary)}:{number} {line!r} is not 'word', 'word 10' or 'word 10 n'"
            )
    return Lexicon(tuple(dictionary), tuple(sorted(set(_lines(base, "stop_words", settings.stop_words)))))


def _lines(base: Path, key: str, name: str | None) -> list[str]:
    if name is None:
        return []
    try:
        return [line.strip() for line in (base / name).read_text("utf-8-sig").splitlines() if line.strip()]
    except FileNotFoundError:
        raise SettingsError(f"[words] {key}: {name} is not beside the settings; write it, or drop the key") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"[words] {key}: {name} is not UTF-8 at byte {error.start}; save it as UTF-8") from None


@cache
def cutter(lexicon: Lexicon = JIEBAS_OWN) -> Cut:
    """Return the function that cuts a text into words; they join to the text again, blanks included."""
    if lexicon.dictionary:
        return jieba_cutter(lexicon)
    try:
        return fast_cutter()
    except ImportError:
        return jieba_cutter()


@cache
def jieba_cutter(lexicon: Lexicon = JIEBAS_OWN) -> Cut:
    """jieba itself, accurate mode with its hidden Markov model; its prefix dictionary is built in a second, once."""
    cut: Cut = _tokenizer(lexicon).lcut
    return cut


# What jieba-rs counts as Chinese and jieba 0.42.1 does not: U+9FD6 and above, the extensions, compatibility forms.
_NEWER_HAN = re.compile("[\u9fd6-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U000323af]")
# jieba.finalseg.re_skip: how jieba cuts what is neither Chinese nor in its dictionary.
_SKIP = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")


@cache
def fast_cutter() -> Cut:
    """
    jieba's words by rjieba; ImportError when it is not installed.

    rjieba keeps `A-B` and `x.com` whole where jieba cuts at the marks: such tokens are cut as jieba does. Texts with
    ideographs that only one of the two knows go to jieba.
    """
    import rjieba

    cut: Cut = rjieba.cut
    known = ascii_words()

    def repaired(text: str) -> list[str]:
        if _NEWER_HAN.search(text):
            return jieba_cutter()(text)
        words: list[str] = []
        for word in cut(text):
            if len(word) > 1 and word.isascii() and not word.isalnum() and word not in known:
                words += filter(None, _SKIP.split(word))
            else:
                words.append(word)
        return words

    return repaired


def ascii_words() -> frozenset[str]:
    """Entries of jieba's dictionary that are ASCII, such as `C++`: read without building the dictionary."""
    entries = re.findall(rb"^([!-~]+) ", (_folder() / "dict.txt").read_bytes(), re.MULTILINE)
    return frozenset(entry.decode() for entry in entries)


def keywords(words: Iterable[str], top: int, lexicon: Lexicon = JIEBAS_OWN) -> list[str]:
    """
    The `top` words of highest TF-IDF, the highest first: what `jieba.analyse.extract_tags` gives for these words.

    Words of one character and stop words are none. A word that jieba's table lacks has the median frequency.
    """
    counts = Counter(words)
    frequencies, median = _frequencies()
    left_out = _stop_words(lexicon)
    weights = {
        word: n * frequencies.get(word, median)
        for word, n in counts.items()
        if len(word.strip()) >= 2 and word.lower() not in left_out
    }
    return sorted(weights, key=weights.__getitem__, reverse=True)[:top]


# jieba.analyse's own, all of them English.
_STOP_WORDS = (
    "the of is and to in that we for an are by be as on with can if from which you it this then at have all not one "
    "has or"
)


@cache
def _stop_words(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(_STOP_WORDS.split()) | {word.lower() for word in lexicon.stop_words}


@cache
def _frequencies() -> tuple[dict[str, float], float]:
    """jieba's table of inverse document frequencies, and its median; importing it instead would load its tagger."""
    lines = (_folder() / "analyse" / "idf.txt").read_text("utf-8").splitlines()
    table = {word: float(n) for word, _, n in (line.strip().partition(" ") for line in lines)}
    return table, sorted(table.values())[len(table) // 2]


def tagged_words(text: str, lexicon: Lexicon = JIEBAS_OWN) -> list[tuple[str, str]]:
    """Words and tags by jieba.posseg, whose words are not always those of `cutter`."""
    return [(pair.word, pair.flag) for pair in _tagger(lexicon).cut(text)]


@cache
def _tagger(lexicon: Lexicon) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from jieba import posseg
    return posseg.POSTokenizer(_tokenizer(lexicon))


@cache
def _tokenizer(lexicon: Lexicon) -> Any:
    """A tokenizer of our own: one that a caller has filled with words is not touched, nor is it ours."""
    jieba = _jieba()
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache_folder(jieba.__version__))
    tokenizer.initialize()
    for line in lexicon.dictionary:
        word, *rest = line.split(" ")
        frequency = next((int(part) for part in rest if part.isdigit()), None)
        tag = next((part for part in rest if part.isalpha()), None)
        tokenizer.add_word(word, frequency, tag)
    return tokenizer


@cache
def _jieba() -> Any:
    """Import jieba without what it prints: warnings of old syntax when compiled afresh, a log of its dictionary."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.CRITICAL)
    return jieba


def _folder() -> Path:
    """Where jieba's data lies."""
    from importlib.util import find_spec

    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ImportError("jieba is not installed; run: pip install jieba")
    return Path(spec.origin).parent


def cache_folder(jieba_version: str) -> Path:
    """
    Folder for jieba's prefix dictionary: the user's own cache, never the shared temporary folder, where it is a guess.

    A folder that cannot be made (a read-only home) is replaced by one of this process.
    """
    home = Path.home()
    if sys.platform == "darwin":
        root = home / "Library" / "Caches"
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    folder = root / "zhnews-builder" / f"jieba-{jieba_version}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="zhnews-jieba-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="zhnews-jieba-"))
