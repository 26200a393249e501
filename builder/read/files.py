"""
Paths, folders and globs → the list of input files, in an order and under names that are the same on every machine.

Nothing in a folder is lost without a word: a file that cannot be read as pages is listed with the kind `unknown`, and
reading it gives one reject.
"""

import errno
import hashlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Annotated, BinaryIO, Literal

from annotated_types import Ge, MinLen

from builder.errors import PageError, SettingsError
from builder.read.remote import find_objects, is_remote, local_path
from builder.read.streams import Compression, compression_of, open_stream

Kind = Literal["html", "text", "jsonl", "parquet", "warc", "unknown"]

KIND_OF_SUFFIX: dict[str, Kind] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".warc": "warc",
}
_COMPRESSED_SUFFIXES = (".gz", ".zst")
SUFFIXES = f"{' '.join(KIND_OF_SUFFIX)}, each also with .gz or .zst"

_HEAD_BYTES = 4096
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARK_UP = re.compile(rb"</?(?:!doctype|html|head|body|meta|title|div|p|br|span|article|table|h1)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """[read] in dataset.toml."""

    # Fields of .jsonl and columns of .parquet; html wins where a row has both.
    text_field: Annotated[str, MinLen(1)] = "text"
    html_field: Annotated[str, MinLen(1)] = "html"
    url_field: Annotated[str, MinLen(1)] = "url"
    fetched_at_field: Annotated[str, MinLen(1)] = "fetched_at"
    # Bytes of one page, decompressed and before decoding. Articles with inlined pictures reach 10 MiB; beyond 16 MiB
    # lie dumps and bombs, and the tree of such a page costs some 20 times its size in memory.
    max_page_bytes: Annotated[int, Ge(1)] = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Input:
    """
    One file to read pages from.

    Attributes:
        path: where to open it, absolute, or a URI; file names that are no UTF-8 hold surrogates here, as os.fsdecode
            gives them.
        source: its name in tables and reports, the same on every machine; always valid UTF-8, unique in its list.
        kind: `unknown` gives one reject.
        compression: by its first bytes, not by its suffix.
        n_bytes: size as stored.
        sha256: hex digest of the bytes as stored; empty when the file could not be read.
    """

    path: str
    source: str
    kind: Kind
    compression: Compression
    n_bytes: int
    sha256: str


def find_inputs(paths: Sequence[str], base: Path) -> list[Input]:
    """
    List the files that `paths` name: files, folders (with all below, but nothing hidden) and globs, `**` too.
    A path may be a URI: see `remote`.

    A file reached twice counts once. Symbolic links are followed, loops end. Every file is read once, for its digest.

    Args:
        paths: relative ones start at `base`.
        base: folder of dataset.toml, or the working directory.

    Returns:
        Sorted by `source`: the posix path below `base`, or for what lies elsewhere below the parent of the given path.

    Raises:
        SettingsError: a path that does not exist, a glob that matches nothing, a folder without a readable file.
    """
    found: dict[str, Input] = {}  # by real path
    sources: set[str] = set()
    for given in paths:
        readable = False
        if is_remote(given):
            for each in find_objects(given, _HEAD_BYTES):
                if each.uri not in found:
                    source = _unique(each.name, sources)
                    found[each.uri] = _input(each.uri, source, PurePosixPath(each.name), *each[2:])
                readable = readable or found[each.uri].kind != "unknown"
        else:
            for path, root in _expand(local_path(given), base):
                real = os.path.realpath(path)
                if real not in found:
                    found[real] = _describe(path, _unique(_source(path, root, base), sources))
                readable = readable or found[real].kind != "unknown"
        if not readable:
            raise SettingsError(f"{given!r} holds no page that can be read; the files to look for are {SUFFIXES}")
    return sorted(found.values(), key=lambda item: item.source)


def gather_inputs(paths: Sequence[str], base: Path, spool: Path) -> list[Input]:
    """Find every input; `-` among them is read from stdin into the folder `spool`."""
    named = [path for path in paths if path != "-"]
    inputs = find_inputs(named, base) if named else []
    if "-" in paths:
        spool.mkdir(parents=True, exist_ok=True)
        inputs.append(spool_stdin(spool))
    return inputs


def spool_stdin(folder: Path, stream: BinaryIO | None = None) -> Input:
    """
    Write standard input to a file in `folder` and describe it; its source is `stdin`.

    It is one page, `html` when its first 4 KiB hold mark-up, else `text`; it may be compressed.
    """
    spooled = folder / "stdin"
    with spooled.open("wb") as file:
        shutil.copyfileobj(stream or sys.stdin.buffer, file)
    n_bytes, sha256, head = _fingerprint(str(spooled))
    compression = compression_of(head)
    if compression:
        try:
            with open_stream(str(spooled), compression) as unpacked:
                head = unpacked.read(_HEAD_BYTES)
        except PageError:
            head = b""  # reading the page will say what is wrong
    kind: Kind = "html" if looks_like_mark_up(head) else "text"
    return Input(str(spooled), "stdin", kind, compression, n_bytes, sha256)


def looks_like_mark_up(head: bytes) -> bool:
    """Return True when the first bytes of a page hold a tag of HTML."""
    return _MARK_UP.search(head.replace(b"\0", b"")) is not None


def _expand(given: str, base: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the files that one given path names, each with the folder from which its source counts elsewhere."""
    path = Path(os.path.abspath(base / given))  # noqa: PTH100 — resolve() would follow links and change the sources
    if os.path.isdir(path):  # noqa: PTH112 — Path.is_dir() raises at a name that is too long
        for file in _walk(path):
            yield file, path.parent
    elif os.path.lexists(path):
        yield path, path.parent
    elif re.search(r"[*?[]", given):
        fixed, pattern = _split_glob(path)
        # Path.glob, unlike glob.glob, does not walk in circles through links; but it does match hidden files.
        try:
            matches = sorted(fixed.glob(pattern))
        except ValueError as error:  # pages/**.html
            raise SettingsError(f"{given!r} is no glob: {str(error).lower()}; ** stands between two slashes") from None
        for match in matches:
            if any(part.startswith(".") for part in match.relative_to(fixed).parts):
                continue
            for file in _walk(match) if match.is_dir() else (match,):
                yield file, fixed.parent
    else:
        raise SettingsError(f"{given!r} does not exist (looked for {str(path)!r})")


def _split_glob(path: Path) -> tuple[Path, str]:
    """Cut an absolute path before its first part with a wildcard."""
    first = next(i for i, part in enumerate(path.parts) if re.search(r"[*?[]", part))
    return Path(*path.parts[:first]), str(Path(*path.parts[first:]))


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in order, none hidden; a folder reached again through a link is not entered."""

    def refuse(error: OSError) -> None:
        raise SettingsError(f"the folder {error.filename!r} cannot be read: {error.strerror}") from error

    entered: set[tuple[int, int]] = set()
    for here, folders, files in os.walk(folder, onerror=refuse, followlinks=True):
        status = os.stat(here)  # noqa: PTH116 — os.walk speaks in strings
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(here, name) for name in sorted(files) if not name.startswith("."))


def _source(path: Path, root: Path, base: Path) -> str:
    """Name a file by its way from `base`, or from `root` when it lies elsewhere."""
    base = Path(os.path.abspath(base))  # noqa: PTH100 — as in _expand
    relative = path.relative_to(base if path.is_relative_to(base) else root)
    return os.fsencode(relative.as_posix()).decode("utf-8", errors="backslashreplace")


def _unique(source: str, taken: set[str]) -> str:
    """Return the source, numbered when another root already holds one of the same name, and take it."""
    number, candidate = 1, source
    while candidate in taken:
        number += 1
        candidate = f"{source}~{number}"
    taken.add(candidate)
    return candidate


def _describe(path: Path, source: str) -> Input:
    """Fingerprint a file and tell its kind."""
    try:
        return _input(str(path), source, path, *_fingerprint(str(path)))
    except OSError:  # a broken link, a pipe, no permission: reading it gives the reject
        return _input(str(path), source, path, 0, "", b"")


def _input(path: str, source: str, name: PurePath, n_bytes: int, sha256: str, head: bytes) -> Input:
    """Tell the kind of a file by the suffix of its name, or by an HTML start where the suffix says nothing."""
    suffixes = [suffix.lower() for suffix in name.suffixes]
    packed = suffixes[-1:] and suffixes[-1] in _COMPRESSED_SUFFIXES
    kind: Kind = KIND_OF_SUFFIX.get("".join(suffixes[-2:-1] if packed else suffixes[-1:]), "unknown")
    if kind == "unknown" and _HTML_START.match(head):  # saved as index.php, article.aspx, or without a suffix
        kind = "html"
    return Input(path, source, kind, compression_of(head), n_bytes, sha256)


def _fingerprint(path: str) -> tuple[int, str, bytes]:
    """Return size, SHA-256 and first 4 KiB of a regular file; OSError for anything else."""
    status = os.stat(path)  # noqa: PTH116
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", path)
    with Path(path).open("rb") as file:
        head = file.read(_HEAD_BYTES)
        file.seek(0)
        return status.st_size, hashlib.file_digest(file, "sha256").hexdigest(), head
