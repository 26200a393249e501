"""
What kind of text an article is, measured and never mended: script, Cantonese, Han ratio, damage, repetition.

The measures are columns of `articles`; `[quality]` in dataset.toml drops by them, each drop with its reason.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from annotated_types import Ge, Interval

from builder.errors import PageError
from builder.schemas import ARTICLE_COLUMNS, PAGES

Script = Literal["simplified", "traditional", "mixed"]
Ratio = Annotated[float, Interval(ge=0, le=1)]

#: Share of the other script's characters up to which a text is of one: names and quotations keep theirs.
MAX_OTHER_SCRIPT = 0.2

_HAN = re.compile("[^\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]+")

# Characters of Cantonese that standard Chinese does without. 係 and 啦 are left out: 關係 and 啦啦隊 are everywhere.
_CANTONESE = re.compile("[嘅咗喺嚟佢哋嗰冇咁啲嘢攞嘥瞓睇搵唔嗌揸噉哂冚嬲諗谂孭掹]")
#: Share of the Han characters, and their number, from which a text is Cantonese: a quoted sentence in the news is less.
MIN_CANTONESE_RATIO, MIN_CANTONESE = 0.02, 2

# What wrong decoding leaves: GBK of U+FFFD (锟斤拷) and of uninitialised memory (烫, 屯); UTF-8 read as GBK, whose most
# frequent characters are in no other text (of 2,300 articles they make up a ninth when misread, and none as they are);
# UTF-8 read as Latin-1 or Windows-1252, two letters in a row.
_MOJIBAKE = re.compile(
    "锟斤拷?|(?:烫烫)+|(?:屯屯)+|[銆鈥紝鍏鍥屽殑鍙鐨鍚鍦戝浗湪鐢堟闂竴鏄佸]"
    "|(?:[ãäåæçèéï][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{1,2}){2,}|â€[œ™˜”“¦]?"
)


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
    han = len(_HAN.sub("", text))
    shown = len("".join(text.split()))
    marks = len(_CANTONESE.findall(text))
    return Quality(
        script=script_of(text),
        cantonese=marks >= max(MIN_CANTONESE, MIN_CANTONESE_RATIO * han),
        han_ratio=han / shown if shown else 0.0,
        n_mojibake=len(_MOJIBAKE.findall(text)),
        n_replacement=text.count("\ufffd"),
        max_repeat_ratio=longest_repeat(text) / len(text) if text else 0.0,
    )


def script_of(text: str) -> Script | None:
    """Return the script that a text is written in; None when every character of it stands in both."""
    only_simplified, only_traditional = _script_characters()
    simplified, traditional = len(only_simplified.findall(text)), len(only_traditional.findall(text))
    limit = MAX_OTHER_SCRIPT * (simplified + traditional)
    if not limit:
        return None
    return "simplified" if traditional <= limit else "traditional" if simplified <= limit else "mixed"


@cache
def _script_characters() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """
    Characters of one script: those of GB 2312 that Big5 lacks, and those of Big5 that GB 2312 lacks.

    The two standards are the scripts as they were typed; what both hold (后 里 面) tells nothing. As good as OpenCC's
    tables (4,425 and 4,427 of 4,450 sentences told, 3 to 5 of them mixed), and Python brings it along.
    """
    only: dict[str, list[str]] = {"gb2312": [], "big5": []}
    for character in map(chr, range(0x4E00, 0xA000)):
        codecs = [codec for codec in only if character.encode(codec, "ignore")]
        if len(codecs) == 1:
            only[codecs[0]].append(character)
    simplified, traditional = (re.compile(f"[{''.join(characters)}]") for characters in only.values())
    return simplified, traditional


def longest_repeat(text: str) -> int:
    """
    Length of the longest n-gram that stands twice in `text`, the two may overlap; 0 when no character does.

    Found by halving: where an n-gram stands twice, shorter ones do. Hashes of all n-grams come from one cumulative sum
    (Rabin-Karp in the wraparound of uint64); n log² n.

    >>> longest_repeat("临江新桥通车，临江新桥"), longest_repeat("天地玄黄")
    (4, 0)
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    n = len(codes)
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.full(n + 1, 0x9E3779B97F4A7C15, np.uint64))
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum((codes + np.uint64(1)) * powers[:n])])
        low, high = 0, n - 1
        while low < high:
            length = (low + high + 1) // 2
            hashes = np.sort((sums[length:] - sums[:-length]) * powers[n - length :: -1])
            if (hashes[1:] == hashes[:-1]).any():
                low = length
            else:
                high = length - 1
    return max(low, 0)


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
    measured = [measure(text) for text in texts]
    types = {
        "script": pa.string(),
        "cantonese": pa.bool_(),
        "han_ratio": pa.float32(),
        "n_mojibake": pa.int32(),
        "n_replacement": pa.int32(),
        "max_repeat_ratio": pa.float32(),
    }
    return {name: pa.array([getattr(found, name) for found in measured], kind) for name, kind in types.items()}
