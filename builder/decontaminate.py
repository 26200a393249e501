"""
Benchmarks kept out of the data: an article that shares a long passage with an item of a benchmark file is dropped.

Passages are compared by key (`dedup/keys.py`): without punctuation, white space, width, case and script. All runs of
`n_chars` letters of the benchmark are hashed once, 12 bytes a letter, and every article is looked up in them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from annotated_types import Ge

from builder.dedup.keys import Keys, keys_of
from builder.dedup.ragged import I64, U64
from builder.dedup.texts import STEP_TEXTS
from builder.errors import PageError, SettingsError
from builder.quality import reject_rows
from builder.tables import file_sha256

#: Letters and digits that an article and an item must share in a row. Of 15,900 broadcast items, so many share a run of
#: so many with one of 250 unrelated news pages: 13 letters 3,081, 20 434, 25 140, 30 36, 40 6, 50 6. Up to 30 they are
#: names with titles of office; what is left at 40 is quoted word for word.
N_CHARS = 40

_MULTIPLIER = 0xD1342543DE82EF95  # odd, so that its powers can be divided by again


@dataclass(frozen=True, slots=True)
class DecontaminateSettings:
    """[decontaminate] in dataset.toml."""

    files: tuple[str, ...] = ()  # benchmarks, .jsonl or .parquet, beside dataset.toml
    fields: tuple[str, ...] = ()  # fields or columns that hold their texts; none: all that hold text
    n_chars: Annotated[int, Ge(8)] = N_CHARS  # letters and digits in a row that are no coincidence


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark file: its name in the settings, where it is, and what it holds. `short` items are not looked for."""

    name: str
    path: str
    sha256: str
    items: int
    short: int


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """All benchmark files of a build, and how they are read."""

    files: tuple[Benchmark, ...] = ()
    fields: tuple[str, ...] = ()
    n_chars: int = N_CHARS

    def describe(self) -> list[dict[str, Any]]:
        """What the manifest says of them; no paths."""
        named = ("name", "sha256", "items", "short")
        return [{name: getattr(f, name) for name in named} | {"n_chars": self.n_chars} for f in self.files]


NO_BENCHMARKS = Benchmarks()


def read_benchmarks(settings: DecontaminateSettings, base: Path) -> Benchmarks:
    """Read the files once, to say what is wrong with them; SettingsError names file, line and what would be right."""
    files = []
    for name in settings.files:
        path = base / name
        if not path.is_file():
            raise SettingsError(f"[decontaminate] files: {path} is not there; name a .jsonl or .parquet file")
        lengths: dict[int, int] = {}
        for numbers, texts in _texts(path, settings.fields):
            for number, length in zip(numbers, keys_of(texts).lengths.tolist(), strict=True):
                lengths[number] = max(lengths.get(number, 0), length)
        if not lengths:
            raise SettingsError(f"[decontaminate] files: {path} holds no text; name its fields: fields = ['question']")
        short = sum(length < settings.n_chars for length in lengths.values())
        files.append(Benchmark(name, str(path.resolve()), file_sha256(path), len(lengths), short))
    return Benchmarks(tuple(files), settings.fields, settings.n_chars)


def drop_contaminated(pages: pa.Table, benchmarks: Benchmarks) -> pa.Table:
    """PAGES rows -> PAGES rows, as many; articles that share a passage with a benchmark become rejects."""
    live = np.flatnonzero(pc.and_(pc.is_null(pages["reject"]), pc.is_valid(pages["text"])))
    faults: list[PageError | None] = [None] * pages.num_rows
    for begin in range(0, len(live), STEP_TEXTS):
        rows = live[begin : begin + STEP_TEXTS]
        hashes, text = runs_of(keys_of(pa.concat_arrays(pages["text"].take(pa.array(rows)).chunks)), benchmarks.n_chars)
        for file in reversed(benchmarks.files):  # the first file that holds a passage is the one that is named
            known, items = _known(file, benchmarks.fields, benchmarks.n_chars)
            place = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            found = np.flatnonzero(known[place] == hashes) if len(known) else place[:0]
            texts, first = np.unique(text[found], return_index=True)
            for each, at in zip(texts.tolist(), found[first].tolist(), strict=True):
                item = f"item {items[place[at]]} of {file.name}"
                detail = f"it shares {benchmarks.n_chars} characters or more with {item}"
                faults[rows[each]] = PageError(f"decontaminate:{file.name}", detail)
    return reject_rows(pages, faults)


def runs_of(keys: Keys, n: int) -> tuple[U64, I64]:
    """
    Hash every run of `n` symbols of each key.

    Returns:
        Hashes and the text of each, both (runs,). Rabin-Karp: differences of one cumulative sum, in the wraparound of
        uint64, where an odd multiplier has an inverse.
    """
    n_runs = len(keys.symbols) - n + 1
    if n_runs <= 0:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    symbols = keys.symbols.astype(np.uint64) + np.uint64(1)
    powers = np.cumprod(np.full(len(symbols), _MULTIPLIER, np.uint64))
    inverse = np.cumprod(np.full(n_runs, pow(_MULTIPLIER, -1, 1 << 64), np.uint64))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(symbols * powers)])
    hashes = (sums[n:] - sums[:-n]) * inverse
    hashes = (hashes ^ hashes >> np.uint64(32)) * np.uint64(0x9E3779B97F4A7C15)
    hashes ^= hashes >> np.uint64(29)
    text = np.repeat(np.arange(len(keys)), keys.lengths)[:n_runs]
    whole = np.arange(n_runs) + n <= keys.offsets[text + 1]
    return hashes[whole], text[whole]


@lru_cache(maxsize=8)
def _known(file: Benchmark, fields: tuple[str, ...], n: int) -> tuple[U64, I64]:
    """Hashes of all runs of a benchmark, sorted, each once, and the number of an item that holds it."""
    hashes, items = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for numbers, texts in _texts(Path(file.path), fields):
        found, text = runs_of(keys_of(texts), n)
        hashes.append(found)
        items.append(np.array(numbers, np.int64)[text])
    known, first = np.unique(np.concatenate(hashes), return_index=True)
    return known, np.concatenate(items)[first]


def _texts(path: Path, fields: tuple[str, ...]) -> Iterator[tuple[Sequence[int], pa.Array]]:
    """Texts of a benchmark, some at a time, with the number of the item of each: its line or row, from 1."""
    if path.suffix == ".parquet":
        yield from _texts_of_parquet(path, fields)
    elif path.suffix == ".jsonl":
        yield from _texts_of_jsonl(path, fields)
    else:
        raise SettingsError(f"[decontaminate] files: {path} should end in .jsonl or .parquet")


def _texts_of_parquet(path: Path, fields: tuple[str, ...]) -> Iterator[tuple[Sequence[int], pa.Array]]:
    try:
        with pq.ParquetFile(path) as file:
            kinds = {f.name: f.type for f in file.schema_arrow}
            strings = [n for n, kind in kinds.items() if pa.types.is_string(kind) or pa.types.is_large_string(kind)]
            if wrong := [name for name in fields if name not in strings]:
                listed = ", ".join(strings) or "none"
                raise SettingsError(f"[decontaminate] fields: {path} has no text column '{wrong[0]}'; it has: {listed}")
            row = 1
            for batch in file.iter_batches(STEP_TEXTS, columns=list(fields or strings)):
                for column in batch.columns:
                    yield range(row, row + batch.num_rows), column
                row += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise SettingsError(f"[decontaminate] files: {path} is no whole Parquet file: {error}") from None


def _texts_of_jsonl(path: Path, fields: tuple[str, ...]) -> Iterator[tuple[Sequence[int], pa.Array]]:
    numbers: list[int] = []
    texts: list[str] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise SettingsError(f"{path}:{number} is no line of JSON: {error}") from None
            if not isinstance(row, dict):
                raise SettingsError(f"{path}:{number} holds {type(row).__name__}, not an object")
            if wrong := [name for name in fields if name not in row]:
                raise SettingsError(f"{path}:{number} has no field '{wrong[0]}'; it has: {', '.join(row)}")
            for value in (row[name] for name in fields or row):
                strings = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
                texts += strings
                numbers += [number] * len(strings)
            if len(texts) >= STEP_TEXTS:
                yield numbers, pa.array(texts, pa.string())
                numbers, texts = [], []
    if texts:
        yield numbers, pa.array(texts, pa.string())
