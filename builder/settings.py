"""
`dataset.toml`: what to read, what to call it, and the settings of every step.

Settings are frozen values that live beside the code that reads them; this module puts them together and turns every
mistake in the file into one line that names file, line, value and what would be right.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

from annotated_types import Ge, Interval
from pydantic import TypeAdapter, ValidationError

from builder.decontaminate import DecontaminateSettings
from builder.dedup.settings import DedupSettings
from builder.errors import SettingsError
from builder.publish.licences import LICENCES
from builder.publish.release import PublishSettings
from builder.publish.splits import SplitSettings
from builder.quality import QualitySettings
from builder.read.files import ReadSettings
from builder.removal import RemovalSettings
from builder.sentences import SentenceSettings
from builder.words import WordSettings

# What the Hub and a folder name both take.
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
VERSION = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?")


@dataclass(frozen=True, slots=True)
class ArticleSettings:
    """[articles] in dataset.toml."""

    min_chars: Annotated[int, Ge(0)] = 0  # of lede and body; shorter articles are dropped as article:too-short
    simplified: bool = False  # the column text_simplified, by OpenCC (extra `opencc`)


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """[limits] in dataset.toml."""

    #: Share of pages left out for any reason but duplicates above which the build stops with exit code 3.
    max_reject_ratio: Annotated[float, Interval(ge=0, le=1)] | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole of dataset.toml. `folder` is where it lies: inputs and sources count from there."""

    name: str = "zhnews"
    version: str = "0.1.0"
    licence: str = "unknown"
    inputs: tuple[str, ...] = ()
    card: str | None = None  # the human part of the card, a Markdown file
    gold: str | None = None  # corrections of roles, as `zhnews gold export` writes them
    read: ReadSettings = field(default_factory=ReadSettings)
    dedup: DedupSettings = field(default_factory=DedupSettings)
    articles: ArticleSettings = field(default_factory=ArticleSettings)
    sentences: SentenceSettings = field(default_factory=SentenceSettings)
    words: WordSettings = field(default_factory=WordSettings)
    splits: SplitSettings = field(default_factory=SplitSettings)
    publish: PublishSettings = field(default_factory=PublishSettings)
    quality: QualitySettings = field(default_factory=QualitySettings)
    removal: RemovalSettings = field(default_factory=RemovalSettings)
    decontaminate: DecontaminateSettings = field(default_factory=DecontaminateSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)


def load_settings(path: Path) -> Settings:
    """Read and check a settings file; SettingsError with one line a mistake."""
    try:
        source = path.read_text("utf-8")
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such file; see the README for a dataset.toml to start from") from None
    except IsADirectoryError:
        raise SettingsError(f"{path} is a folder; name its dataset.toml") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    try:
        values = tomllib.loads(source)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits, thousands of nested lists
        raise SettingsError(f"{path}: not TOML: {error}") from None
    return check_settings(values, str(path), source)


def next_settings(manifest: Mapping[str, Any], inputs: tuple[str, ...]) -> Settings:
    """
    Return the settings of an earlier release, by its manifest, for a next one of other inputs: the minor version rises.

    Raises:
        SettingsError: they name files, which lie beside a dataset.toml that the manifest does not name.
    """
    place = f"{manifest['name']}-{manifest['version']}"
    major, minor = str(manifest["version"]).split(".")[:2]
    values = {name: value for name, value in manifest["settings"].items() if name != "digests"}
    settings = check_settings(values | {"inputs": inputs, "version": f"{major}.{int(minor) + 1}.0"}, place)
    words = settings.words
    named = [settings.card, settings.gold, settings.removal.file, words.dictionary, words.stop_words]
    named += settings.decontaminate.files
    if files := [name for name in named if name]:
        raise SettingsError(
            f"{place} was built with files beside its settings: {', '.join(files)}. Name that dataset.toml, with "
            "another version and the new pages among its inputs"
        )
    return settings


def check_settings(values: dict[str, Any], place: str, source: str = "") -> Settings:
    """Turn the values of `place` into Settings; SettingsError with one line a mistake, `source` giving line numbers."""
    mistakes = list(_unknown_keys(values, Settings, (), place, source))
    if not mistakes:
        try:
            settings: Settings = TypeAdapter(Settings).validate_python(values)
        except ValidationError as errors:
            mistakes = [_explain(error, place, source) for error in errors.errors()]
        else:
            mistakes = list(_wrong_values(settings, place, source))
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return settings


def _unknown_keys(values: dict[str, Any], kind: Any, path: tuple[str, ...], place: str, source: str) -> "list[str]":
    known = {f.name: f for f in fields(kind)}
    types = get_type_hints(kind)
    mistakes = []
    for key, value in values.items():
        where = f"{_place(place, source, (*path, key))} "
        if key not in known:
            table = f"[{'.'.join(path)}]" if path else "the top level"
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"it takes: {', '.join(known)}"
            mistakes.append(f"{where}{table} has no key {_shown(key)}; {hint}")
        elif is_dataclass(types[key]) and isinstance(value, dict):
            mistakes += _unknown_keys(value, types[key], (*path, key), place, source)
    return mistakes


def _explain(error: Any, place: str, source: str) -> str:
    """Return one line for one complaint of pydantic."""
    path = tuple(str(part) for part in error["loc"])
    names = tuple(part for part in path if re.fullmatch(r"[a-z_]+", part) and not part.startswith("function"))
    value = error["input"]
    limits = error.get("ctx", {})
    kind = str(error["type"])
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        low, high = _bounds(names)
        wanted = (
            f"is not in {low}..{high}"
            if low is not None and high is not None
            else error["msg"].lower().replace("input should be", "should be")
        )
    elif kind == "missing":
        return f"{place}: '{'.'.join(names)}' is missing"
    elif kind == "literal_error":
        near = difflib.get_close_matches(str(value), re.findall(r"'([^']*)'", str(limits.get("expected", ""))), n=1)
        wanted = f"should be {limits.get('expected')}" + (f"; did you mean '{near[0]}'?" if near else "")
    else:
        wanted = error["msg"].replace("Input should be", "should be").replace("Tuple should", "should")
    return f"{_place(place, source, names)} {'.'.join(names)}: {_shown(value)} {wanted}"


def _shown(value: Any) -> str:
    """A wrong value as a message shows it."""
    try:
        shown = repr(value)
    except ValueError:  # Python prints no number of more than 4,300 digits
        return "a number of thousands of digits"
    return shown if len(shown) <= 200 else f"{shown[:199]}…"


def _bounds(path: tuple[str, ...]) -> tuple[Any, Any]:
    """Lower and upper bound of the setting at `path`, None where there is none."""
    kind: Any = Settings
    for name in path:
        if not is_dataclass(kind):
            return None, None
        kind = get_type_hints(kind, include_extras=True)[name]
    marks = [mark for part in (kind, *get_args(kind)) for mark in getattr(part, "__metadata__", ())]
    low = next((m.ge for m in marks if getattr(m, "ge", None) is not None), None)
    high = next((m.le for m in marks if getattr(m, "le", None) is not None), None)
    return low, high


def _wrong_values(settings: Settings, place: str, source: str) -> "list[str]":
    """Mistakes that a type cannot see."""
    mistakes = []
    if not settings.inputs:
        mistakes.append(f"{place}: 'inputs' is missing; name files, folders or globs of pages: inputs = [\"pages\"]")
    if not NAME.fullmatch(settings.name):
        mistakes.append(
            f"{_place(place, source, ('name',))} name: {_shown(settings.name)} should be letters, digits, "
            "'.', '_' and '-'"
        )
    if not VERSION.fullmatch(settings.version):
        mistakes.append(
            f"{_place(place, source, ('version',))} version: {_shown(settings.version)} should be like '0.1.0'"
        )
    if settings.licence not in LICENCES:
        near = difflib.get_close_matches(settings.licence.lower(), LICENCES, n=1, cutoff=0.4)
        hint = f"did you mean '{near[0]}'? " if near else ""
        mistakes.append(
            f"{_place(place, source, ('licence',))} licence: {_shown(settings.licence)} is not a licence the Hub "
            f"knows; {hint}'unknown' and 'other' are allowed"
        )
    splits = settings.splits
    total = splits.train + splits.validation + splits.test
    if abs(total - 1) > 1e-9:
        mistakes.append(
            f"{_place(place, source, ('splits',))} splits: train + validation + test is {total:g}; it should be 1"
        )
    return mistakes


def _place(place: str, source: str, path: tuple[str, ...]) -> str:
    """`dataset.toml:14`, or the file's name alone when the key cannot be found in its lines."""
    line = find_line(source, path)
    return f"{place}:{line}" if line else f"{place}:"


def find_line(source: str, path: tuple[str, ...]) -> int | None:
    """Line, from 1, on which a TOML source sets the key at `path`, or opens its table; None when it does neither."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(source.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if table == path:
                return number
        elif assignment := re.match(r"\s*([A-Za-z0-9_.\"'-]+(?:\s*\.\s*[A-Za-z0-9_\"'-]+)*)\s*=", line):
            keys = tuple(part.strip().strip("\"'") for part in assignment[1].split("."))
            if (*table, *keys) == path or (*table, *keys) == path[: len(table) + len(keys)]:
                return number
    return None
