"""
Files named by URI: `s3://`, `gs://`, `abfs://`, `hdfs://` through Arrow, any other scheme that fsspec knows.

A reader needs a file of its own to seek in, so a worker brings each object to a temporary file while it reads it, and
checks that it is still the one that was listed. Credentials, region and endpoint are those of the environment or of
the URI (`s3://bucket/path?endpoint_override=localhost:9000&scheme=http`).
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from builder.errors import BuilderError, SettingsError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_WILDCARD = re.compile(r"[*?[]")
_STEP_BYTES = 1 << 20

# Objects looked at together: most of the time of a small one is waiting for an answer.
_AT_ONCE = 16


class Remote(NamedTuple):
    """An object: its URI, its name below the parent of what was named, size in bytes, SHA-256 and first bytes."""

    uri: str
    name: str
    n_bytes: int
    sha256: str
    head: bytes


def is_uri(name: str) -> bool:
    """
    Return True for `scheme://…`, which a path never looks like.

    >>> is_uri("s3://bucket/crawl"), is_uri("pages/crawl")
    (True, False)
    """
    return _URI.match(name) is not None


def is_remote(name: str) -> bool:
    """Return True for a URI that names nothing on this machine."""
    return is_uri(name) and not name.startswith("file://")


def local_path(name: str) -> str:
    """
    Return the path that a `file://` URI names; a path as it is.

    >>> local_path("file:///data/a%20b"), local_path("data/a%20b")
    ('/data/a b', 'data/a%20b')
    """
    return unquote(urlsplit(name).path) if name.startswith("file://") else name


def open_filesystem(uri: str) -> "tuple[FileSystem, str]":
    """
    Return the file system of a URI, and the path on it.

    Raises:
        SettingsError: nothing knows the scheme, or what it needs is not installed or not there; or the URI holds a
            password, which would stand in tables and settings.
    """
    if urlsplit(uri).password is not None:
        raise SettingsError(f"{uri.partition(':')[0]}://…: a URI must hold no password; put it into the environment")
    import fsspec  # comes with datasets
    import pyarrow as pa
    from pyarrow.fs import FileSystem, FSSpecHandler, PyFileSystem

    scheme = uri.partition("://")[0]
    try:
        filesystem, path = FileSystem.from_uri(uri)
    except pa.ArrowInvalid as error:
        if scheme not in fsspec.available_protocols():
            raise SettingsError(
                f"{uri!r}: {_first_line(error)}; known are s3, gs, abfs, hdfs, file, fsspec's"
            ) from None
        try:
            found, path = fsspec.core.url_to_fs(uri)
        except (ImportError, OSError, ValueError) as failed:
            raise SettingsError(f"{uri!r}: {_first_line(failed)}") from None
        filesystem = PyFileSystem(FSSpecHandler(found))
    except (OSError, NotImplementedError) as error:
        raise SettingsError(f"{uri!r} cannot be opened: {_first_line(error)}") from None
    return filesystem, path.rstrip("/")


def find_objects(uri: str, head_bytes: int) -> list[Remote]:
    """
    List the objects that a URI names: one, all below a folder but nothing hidden, or those that match a glob.

    Every object is read once, for its digest.

    Raises:
        SettingsError: it names nothing, or what stores it does not answer or refuses.
    """
    from pyarrow.fs import FileSelector, FileType

    address, options = split_options(uri)
    fixed, pattern = _split_glob(address)
    filesystem, root = open_filesystem(fixed + options)
    try:
        about = filesystem.get_file_info(root)
        if about.type is FileType.File and not pattern:
            found = [about]
        elif about.type is FileType.NotFound:
            found = []
        else:
            found = filesystem.get_file_info(FileSelector(root, recursive=True))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{uri!r} cannot be listed: {_first_line(error)}") from None
    above = str(PurePosixPath(root).parent) if not pattern else root
    listed = []
    for each in found:
        below = PurePosixPath(each.path).relative_to(root)
        wanted = each.type is FileType.File and not any(part.startswith(".") for part in below.parts)
        if wanted and (not pattern or _matches(below, pattern)):
            place = f"{fixed}/{below}" if below.parts else fixed
            name = str(PurePosixPath(each.path).relative_to(above))
            listed.append((place + options, name, each.path))
    if not listed:
        raise SettingsError(f"{uri!r} does not exist, or holds no file")
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        looked = threads.map(lambda entry: _look(filesystem, entry[2], head_bytes, entry[0]), sorted(listed))
        return [Remote(place, name, *told) for (place, name, _), told in zip(sorted(listed), looked, strict=True)]


@contextmanager
def fetched(uri: str, sha256: str) -> Iterator[str]:
    """
    Give the path of a temporary file with the object at `uri`.

    Raises:
        BuilderError: it cannot be read, or is not the object with this digest any more. The same command goes on.
    """
    with tempfile.TemporaryDirectory(prefix="zhnews-") as folder:
        path = Path(folder) / PurePosixPath(urlsplit(uri).path).name
        filesystem, place = open_filesystem(uri)
        try:
            with filesystem.open_input_stream(place, compression=None) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, _STEP_BYTES)
        except OSError as error:
            raise BuilderError(f"{uri} cannot be read: {_first_line(error)}; the same command goes on") from None
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise BuilderError(f"{uri} changed while it was read; run the same command again")
        yield str(path)


def _look(filesystem: "FileSystem", path: str, head_bytes: int, uri: str) -> tuple[int, str, bytes]:
    """Size, SHA-256 and first bytes of an object."""
    digest, n_bytes, head = hashlib.sha256(), 0, b""
    try:
        with filesystem.open_input_stream(path, compression=None) as stream:
            while part := stream.read(_STEP_BYTES):
                head = head or part[:head_bytes]
                digest.update(part)
                n_bytes += len(part)
    except OSError as error:
        raise SettingsError(f"{uri!r} cannot be read: {_first_line(error)}") from None
    return n_bytes, digest.hexdigest(), head


def split_options(uri: str) -> tuple[str, str]:
    """
    Cut off the options of a file system; any other question mark is a wildcard.

    >>> split_options("s3://bucket/a?.gz?scheme=http"), split_options("s3://bucket/a?.gz")
    (('s3://bucket/a?.gz', '?scheme=http'), ('s3://bucket/a?.gz', ''))
    """
    address, _, options = uri.rpartition("?")
    return (address, f"?{options}") if "=" in options and address else (uri, "")


def below(uri: str, name: str) -> str:
    """
    Return the URI of `name` in the folder that a URI names.

    >>> below("s3://bucket/datasets/?scheme=http", "zhnews-0.1.0")
    's3://bucket/datasets/zhnews-0.1.0?scheme=http'
    """
    address, options = split_options(uri)
    return f"{address.rstrip('/')}/{name}{options}"


def _split_glob(address: str) -> tuple[str, str]:
    """
    Cut a URI before its first part with a wildcard.

    >>> _split_glob("s3://bucket/crawl/2024-*/*.warc.gz")
    ('s3://bucket/crawl', '2024-*/*.warc.gz')
    """
    scheme, _, rest = address.rstrip("/").partition("://")
    parts = rest.split("/")
    first = next((n for n, part in enumerate(parts) if _WILDCARD.search(part)), len(parts))
    return f"{scheme}://{'/'.join(parts[:first])}", "/".join(parts[first:])


def _matches(path: PurePosixPath, pattern: str) -> bool:
    """
    Match a whole relative path; `**` stands for any folders, as in paths on this machine.

    >>> _matches(PurePosixPath("a/b/c.gz"), "**/*.gz"), _matches(PurePosixPath("a/c.gz"), "*.gz")
    (True, False)
    """
    import fnmatch

    def match(parts: tuple[str, ...], wanted: list[str]) -> bool:
        if not wanted:
            return not parts
        if wanted[0] == "**":
            return any(match(parts[n:], wanted[1:]) for n in range(len(parts) + 1))
        return bool(parts) and fnmatch.fnmatchcase(parts[0], wanted[0]) and match(parts[1:], wanted[1:])

    return match(path.parts, pattern.split("/"))


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
