"""
What kind of text an article is, measured and never mended: script, Cantonese, Han ratio, damage, repetition.

The measures are columns of `articles`; `[quality]` in dataset.toml drops by them, each drop with its reason.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from annotated_types import Ge, Interval

from builder.errors import PageError
from builder.schemas import ARTICLE_COLUMNS, PAGES

Script = Literal["simplified", "traditional", "mixed"]
Ratio = Annotated[float, Interval(ge=0, le=1)]

#: Share of the other script's characters up to which a text is of one: names and quotations keep theirs.
MAX_OTHER_SCRIPT = 0.2

# Blocks of Han characters, the last code point included.
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF), (0x3007, 0x3007))

# Characters of Cantonese that standard Chinese does without. 係 and 啦 are left out: 關係 and 啦啦隊 are everywhere.
_CANTONESE = "嘅咗喺嚟佢哋嗰冇咁啲嘢攞嘥瞓睇搵唔嗌揸噉哂冚嬲諗谂孭掹"
#: Share of the Han characters, and their number, from which a text is Cantonese: a quoted sentence in the news is less.
MIN_CANTONESE_RATIO, MIN_CANTONESE = 0.02, 2

# What wrong decoding leaves: GBK of U+FFFD (锟斤拷) and of uninitialised memory (烫, 屯); UTF-8 read as GBK, whose most
# frequent characters are in no other text (of 2,300 articles they make up a ninth when misread, and none as they are);
# UTF-8 read as Latin-1 or Windows-1252, two letters in a row.
_UTF8_AS_GBK, _UTF8_AS_LATIN = "銆鈥紝鍏鍥屽殑鍙鐨鍚鍦戝浗湪鐢堟闂竴鏄佸", "ãäåæçèéï"
_MOJIBAKE = re.compile(
    f"锟斤拷?|(?:烫烫)+|(?:屯屯)+|[{_UTF8_AS_GBK}]"
    f"|(?:[{_UTF8_AS_LATIN}][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{{1,2}}){{2,}}|â€[œ™˜”“¦]?"
)
_OPENS_MOJIBAKE = f"锟烫屯{_UTF8_AS_GBK}{_UTF8_AS_LATIN}â"

#: Length of an n-gram that stands twice in three of four articles; the longest takes half of them to 12.
LIKELY_REPEAT = 8

# What a character counts as, one bit each.
_KINDS = tuple(1 << bit for bit in range(6))
_IS_HAN, _IS_SPACE, _IS_SIMPLIFIED, _IS_TRADITIONAL, _IS_CANTONESE, _IS_SUSPECT = _KINDS


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


def measure_all(texts: Sequence[str]) -> list[Quality]:
    """Measure each of the texts; characters are counted in all of them at once, from a table."""
    kinds = _kinds_of_characters()[_code_points("".join(texts))]
    ends = np.cumsum([0, *map(len, texts)])

    def count(bit: int) -> list[int]:
        found = np.concatenate([np.zeros(1, np.int64), np.cumsum(kinds & bit > 0)])
        counts: list[int] = np.diff(found[ends]).tolist()
        return counts

    counted = zip(texts, *map(count, _KINDS), strict=True)
    return [
        Quality(
            script=_script_of(simplified, traditional),
            cantonese=cantonese >= max(MIN_CANTONESE, MIN_CANTONESE_RATIO * han),
            han_ratio=han / (len(text) - spaces) if len(text) > spaces else 0.0,
            n_mojibake=len(_MOJIBAKE.findall(text)) if suspect else 0,
            n_replacement=text.count("\ufffd"),
            max_repeat_ratio=longest_repeat(text) / len(text) if text else 0.0,
        )
        for text, han, spaces, simplified, traditional, cantonese, suspect in counted
    ]


def _script_of(simplified: int, traditional: int) -> Script | None:
    """Return the script of a text with so many characters that one script alone has; None when there are none."""
    limit = MAX_OTHER_SCRIPT * (simplified + traditional)
    if not limit:
        return None
    return "simplified" if traditional <= limit else "traditional" if simplified <= limit else "mixed"


@cache
def _kinds_of_characters() -> npt.NDArray[np.uint8]:
    """
    What each code point counts as, shape (0x110000,).

    Characters of one script are those of GB 2312 that Big5 lacks, and those of Big5 that GB 2312 lacks. The two
    standards are the scripts as they were typed; what both hold (后 里 面) tells nothing. As good as OpenCC's tables
    (4,425 and 4,427 of 4,450 sentences told, 3 to 5 of them mixed), and Python brings it along.
    """
    kinds = np.zeros(sys.maxunicode + 1, np.uint8)
    for first, last in _HAN:
        kinds[first : last + 1] |= _IS_HAN
    unified = "".join(map(chr, range(0x4E00, 0xA000)))
    simplified, traditional = (set(unified.encode(codec, "ignore").decode(codec)) for codec in ("gb2312", "big5"))
    marked = (
        (_IS_SPACE, filter(str.isspace, map(chr, range(0x3001)))),
        (_IS_SIMPLIFIED, simplified - traditional),
        (_IS_TRADITIONAL, traditional - simplified),
        (_IS_CANTONESE, _CANTONESE),
        (_IS_SUSPECT, _OPENS_MOJIBAKE),
    )
    for bit, characters in marked:
        kinds[_code_points("".join(characters))] |= bit
    return kinds


def _code_points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def longest_repeat(text: str) -> int:
    """
    Length of the longest n-gram that stands twice in `text`, the two may overlap; 0 when no character does.

    Found by doubling, then halving: where an n-gram stands twice, shorter ones do. Hashes of all n-grams come from one
    cumulative sum (Rabin-Karp in the wraparound of uint64); n log² n.

    >>> longest_repeat("临江新桥通车，临江新桥"), longest_repeat("天地玄黄")
    (4, 0)
    """
    codes = _code_points(text).astype(np.uint64)
    n = len(codes)
    powers = np.cumprod(np.full(n + 1, 0x9E3779B97F4A7C15, np.uint64))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum((codes + np.uint64(1)) * powers[:n])])

    def stands_twice(length: int) -> bool:
        hashes = np.sort((sums[length:] - sums[:-length]) * powers[n - length :: -1])
        return bool((hashes[1:] == hashes[:-1]).any())

    low, high = 0, n  # what stands twice, and what does not
    while high - low > 1:
        length = (low + high) // 2 if high < n else min(max(2 * low, LIKELY_REPEAT), n - 1)
        low, high = (length, high) if stands_twice(length) else (low, length)
    return low


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


def columns_of(texts: list[str]) -> dict[str, pa.Array]:
    """Return the measures of many texts as the columns of the config `articles`."""
    measured = measure_all(texts)
    types = {
        "script": pa.string(),
        "cantonese": pa.bool_(),
        "han_ratio": pa.float32(),
        "n_mojibake": pa.int32(),
        "n_replacement": pa.int32(),
        "max_repeat_ratio": pa.float32(),
    }
    return {name: pa.array([getattr(found, name) for found in measured], kind) for name, kind in types.items()}
