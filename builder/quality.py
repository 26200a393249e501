"""
What kind of text an article is, measured and never mended: script, Cantonese, Han ratio, damage, repetition.

The measures are columns of `articles`; `[quality]` in dataset.toml drops by them, each drop with its reason.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from annotated_types import Ge, Interval

from builder.dedup.ragged import U8, U32, U64, ends_of
from builder.errors import PageError
from builder.schemas import ARTICLE_COLUMNS, PAGES

Script = Literal["simplified", "traditional", "mixed"]
Ratio = Annotated[float, Interval(ge=0, le=1)]

#: Share of the other script's characters up to which a text is of one: names and quotations keep theirs.
MAX_OTHER_SCRIPT = 0.2

_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF), (0x3007, 0x3007))

# Characters of Cantonese that standard Chinese does without. 係 and 啦 are left out: 關係 and 啦啦隊 are everywhere.
_CANTONESE = "嘅咗喺嚟佢哋嗰冇咁啲嘢攞嘥瞓睇搵唔嗌揸噉哂冚嬲諗谂孭掹"
#: Share of the Han characters, and their number, from which a text is Cantonese: a quoted sentence in the news is less.
MIN_CANTONESE_RATIO, MIN_CANTONESE = 0.02, 2

# What wrong decoding leaves: GBK of U+FFFD (锟斤拷) and of uninitialised memory (烫, 屯); UTF-8 read as GBK, whose most
# frequent characters are in no other text (of 2,300 articles they make up a ninth when misread, and none as they are);
# UTF-8 read as Latin-1 or Windows-1252, two letters in a row.
_MISREAD, _LATIN = "銆鈥紝鍏鍥屽殑鍙鐨鍚鍦戝浗湪鐢堟闂竴鏄佸", "ãäåæçèéï"
_MOJIBAKE = re.compile(
    f"锟斤拷?|(?:烫烫)+|(?:屯屯)+|[{_MISREAD}]"
    f"|(?:[{_LATIN}][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{{1,2}}){{2,}}|â€[œ™˜”“¦]?"
)

# What a character is: a bit each, of a table that is looked up for all characters of many texts at once.
_IS_HAN, _IS_SPACE, _IS_CANTONESE, _IS_REPLACEMENT, _OPENS_MOJIBAKE, _IS_SIMPLIFIED, _IS_TRADITIONAL = (
    1 << bit for bit in range(7)
)

# Texts measured together: their characters stay in the cache.
_STEP_TEXTS = 64

# Where the length of the longest repeat is looked for first: of 1,235 articles half have one of 6 to 11 characters.
_COMMON_REPEAT = 8


@dataclass(frozen=True, slots=True)
class QualitySettings:
    """[quality] in dataset.toml: what is dropped; None and false drop nothing."""

    min_han_ratio: Ratio | None = None  # quality:han-ratio
    max_repeat_ratio: Ratio | None = None  # quality:repeats
    max_mojibake: Annotated[int, Ge(0)] | None = None  # quality:mojibake
    max_replacement: Annotated[int, Ge(0)] | None = None  # quality:replacement
    scripts: tuple[Script, ...] | None = None  # quality:script, what is in another; a text that tells none is kept
    drop_cantonese: bool = False  # quality:cantonese


class Quality(NamedTuple):
    """
    Measures of a text.

    Attributes:
        script: of the characters that only one script has; None when there are none.
        han_ratio: Han characters among those that are not white space; 0 for an empty text.
        n_mojibake: places where a wrong decoding shows.
        n_replacement: U+FFFD.
        max_repeat_ratio: length of the longest n-gram that stands twice, over the length of the text.
    """

    script: Script | None
    cantonese: bool
    han_ratio: float
    n_mojibake: int
    n_replacement: int
    max_repeat_ratio: float


def measure(text: str) -> Quality:
    """
    Measure a text.

    >>> measure("大桥建成通车。").script, measure("大橋建成通車。").script, measure("佢哋喺度等緊車。").cantonese
    ('simplified', 'traditional', True)
    """
    return measure_all([text])[0]


def measure_all(texts: Sequence[str], stated: Sequence[float] | None = None) -> list[Quality]:
    """
    Measure texts, many at once, which is faster than one after another.

    Args:
        stated: what is said to be the `max_repeat_ratio` of each, 0 to 1: it is tried first, which is less work.
    """
    guesses = [0.0] * len(texts) if stated is None else stated
    steps = range(0, len(texts), _STEP_TEXTS)
    return [
        quality
        for at in steps
        for quality in _measure_step(texts[at : at + _STEP_TEXTS], guesses[at : at + _STEP_TEXTS])
    ]


def _measure_step(texts: Sequence[str], stated: Sequence[float]) -> Iterator[Quality]:
    joined, ends = "".join(texts), ends_of(np.array([len(text) for text in texts], np.int64))
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    found = _characters()[codes]

    def count(bit: int) -> list[int]:
        counts: list[int] = np.diff(np.searchsorted(np.flatnonzero(found & bit), ends)).tolist()
        return counts

    spaces, marks, openings = count(_IS_SPACE), count(_IS_CANTONESE), count(_OPENS_MOJIBAKE)
    han, replacements, scripts = count(_IS_HAN), count(_IS_REPLACEMENT), (count(_IS_SIMPLIFIED), count(_IS_TRADITIONAL))
    for row, (text, simplified, traditional) in enumerate(zip(texts, *scripts, strict=True)):
        shown, n = len(text) - spaces[row], len(text)
        guess = round(stated[row] * n) or _COMMON_REPEAT
        yield Quality(
            script=_script(simplified, traditional),
            cantonese=marks[row] >= max(MIN_CANTONESE, MIN_CANTONESE_RATIO * han[row]),
            han_ratio=han[row] / shown if shown else 0.0,
            n_mojibake=len(_MOJIBAKE.findall(text)) if openings[row] else 0,
            n_replacement=replacements[row],
            max_repeat_ratio=_longest_repeat(codes[ends[row] : ends[row + 1]], guess) / n if n else 0.0,
        )


def script_of(text: str) -> Script | None:
    """Return the script that a text is written in; None when every character of it stands in both."""
    return measure(text).script


def _script(simplified: int, traditional: int) -> Script | None:
    """Script of a text with so many characters that only one script has."""
    limit = MAX_OTHER_SCRIPT * (simplified + traditional)
    if not limit:
        return None
    return "simplified" if traditional <= limit else "traditional" if simplified <= limit else "mixed"


@cache
def _characters() -> U8:
    """
    What each code point is, a bit each, shape (0x110000,).

    Characters of one script are those of GB 2312 that Big5 lacks, and those of Big5 that GB 2312 lacks. The two
    standards are the scripts as they were typed; what both hold (后 里 面) tells nothing. As good as OpenCC's tables
    (4,425 and 4,427 of 4,450 sentences told, 3 to 5 of them mixed), and Python brings it along.
    """
    every = "".join(map(chr, range(0x4E00, 0xA000)))
    typed = {codec: set(every.encode(codec, "ignore").decode(codec)) for codec in ("gb2312", "big5")}
    sets: dict[int, Iterable[str]] = {
        _IS_SPACE: filter(str.isspace, map(chr, range(0x3001))),
        _IS_CANTONESE: _CANTONESE,
        _IS_REPLACEMENT: "\ufffd",
        _OPENS_MOJIBAKE: f"锟烫屯â{_MISREAD}{_LATIN}",
        _IS_SIMPLIFIED: typed["gb2312"] - typed["big5"],
        _IS_TRADITIONAL: typed["big5"] - typed["gb2312"],
    }
    table = np.zeros(0x110000, np.uint8)
    for first, last in _HAN:
        table[first : last + 1] = _IS_HAN
    for bit, characters in sets.items():
        table[[ord(character) for character in characters]] |= bit
    return table


def longest_repeat(text: str) -> int:
    """
    Length of the longest n-gram that stands twice in `text`, the two may overlap; 0 when no character does.

    >>> longest_repeat("临江新桥通车，临江新桥"), longest_repeat("天地玄黄")
    (4, 0)
    """
    return _longest_repeat(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), _COMMON_REPEAT)


def _longest_repeat(codes: U32, guess: int) -> int:
    """
    Find the longest repeat by steps that double away from a guess, and by halving: where an n-gram stands twice,
    shorter ones do.

    Hashes of all n-grams come from one cumulative sum (Rabin-Karp in the wraparound of uint64).
    """
    n = len(codes)
    with np.errstate(over="ignore"):
        powers = _powers(1 << n.bit_length())[: n + 1]
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum((codes + np.uint64(1)) * powers[:n])])
        low, high, step = 0, n - 1, 1
        length = min(guess, high)
        while low < high:
            hashes = np.sort((sums[length:] - sums[:-length]) * powers[n - length :: -1])
            if (hashes[1:] == hashes[:-1]).any():
                low = length
            else:
                high = length - 1
            middle = (low + high + 1) // 2
            length = min(middle, low + step) if low >= guess else max(middle, high - step + 1)
            step *= 2
    return max(low, 0)


@lru_cache(maxsize=32)
def _powers(n: int) -> U64:
    """Return the first n + 1 powers of an odd number."""
    powers: U64 = np.cumprod(np.full(n + 1, 0x9E3779B97F4A7C15, np.uint64), dtype=np.uint64)
    return powers


def find_fault(text: str, settings: QualitySettings) -> PageError | None:
    """Return the first reason for which the settings drop a text, or None."""
    found = measure(text)
    checks = (
        ("han-ratio", "min_han_ratio", found.han_ratio, settings.min_han_ratio, -1),
        ("repeats", "max_repeat_ratio", found.max_repeat_ratio, settings.max_repeat_ratio, 1),
        ("mojibake", "max_mojibake", found.n_mojibake, settings.max_mojibake, 1),
        ("replacement", "max_replacement", found.n_replacement, settings.max_replacement, 1),
    )
    for reason, name, value, limit, sign in checks:
        if limit is not None and sign * value > sign * limit:
            return PageError(f"quality:{reason}", f"{value:.4g}, [quality] {name} is {limit:.4g}")
    if settings.scripts is not None and found.script is not None and found.script not in settings.scripts:
        return PageError("quality:script", f"{found.script}, [quality] scripts are {', '.join(settings.scripts)}")
    if settings.drop_cantonese and found.cantonese:
        return PageError("quality:cantonese", "[quality] drop_cantonese is true")
    return None


def drop_poor(pages: pa.Table, settings: QualitySettings) -> pa.Table:
    """PAGES rows -> PAGES rows, as many; articles that the settings drop become rejects."""
    faults = [
        None if text is None or reject is not None else find_fault(text, settings)
        for text, reject in zip(pages["text"].to_pylist(), pages["reject"].to_pylist(), strict=True)
    ]
    return reject_rows(pages, faults)


def reject_rows(pages: pa.Table, faults: Sequence[PageError | None]) -> pa.Table:
    """PAGES rows -> the same, where those with a fault are rejects for that reason and lose their article."""
    if not any(faults):
        return pages
    # Row numbers, null where the article goes: `take` makes every kind of column null there.
    kept = pa.array([None if fault else row for row, fault in enumerate(faults)], pa.int64())
    told = {
        "reject": pa.array([fault and fault.reason for fault in faults], pa.string()),
        "detail": pa.array([fault and fault.detail for fault in faults], pa.string()),
    }
    columns = []
    for name in PAGES.names:
        column = pages[name]
        if name in ARTICLE_COLUMNS:
            column = column.take(kept)
        elif name in told:
            column = pc.coalesce(told[name], column)
        columns.append(column)
    return pa.table(columns, schema=PAGES)


def columns_of(texts: Sequence[str], stated: Sequence[float] | None = None) -> dict[str, pa.Array]:
    """Return the measures of many texts, see `measure_all`, as the columns of the config `articles`."""
    measured = measure_all(texts, stated)
    types = {
        "script": pa.string(),
        "cantonese": pa.bool_(),
        "han_ratio": pa.float32(),
        "n_mojibake": pa.int32(),
        "n_replacement": pa.int32(),
        "max_repeat_ratio": pa.float32(),
    }
    return {name: pa.array([getattr(found, name) for found in measured], kind) for name, kind in types.items()}
