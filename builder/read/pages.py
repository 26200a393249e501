"""One input file → its pages, whatever the format."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from builder.errors import PageError
from builder.read.decode import decode
from builder.read.files import SUFFIXES, Input, ReadSettings
from builder.read.remote import fetched, is_remote
from builder.read.streams import open_stream
from builder.records import Page, Reject


def read_input(item: Input, settings: ReadSettings) -> Iterator[Page | Reject]:
    """
    Read the pages of one file, a few at a time in memory.

    Bad data never raises and never costs a neighbour: whatever cannot become a page comes as a Reject with its place
    and its reason (`read:…`). Each format's module lists its own.
    """
    if not item.sha256:
        yield Reject(
            item.source, "read:unreadable", "not a regular file, or a broken link, or no permission to read it"
        )
        return
    if is_remote(item.path):
        with fetched(item.path, item.sha256) as path:
            yield from read_input(replace(item, path=path), settings)
        return
    try:
        match item.kind:
            case "html" | "text":
                yield _read_page(item, settings)
            case "jsonl":
                from builder.read.jsonl import read_jsonl

                yield from read_jsonl(item, settings)
            case "parquet":
                from builder.read.parquet import read_parquet

                yield from read_parquet(item, settings)
            case "warc":
                from builder.read.warc import read_warc

                yield from read_warc(item, settings)
            case "unknown":
                detail = f"the suffix says nothing about the content; files of pages end in {SUFFIXES}"
                yield Reject(item.source, "read:unknown-suffix", detail, raw_sha256=item.sha256)
    except OSError as error:  # the file is gone since it was listed, or the disk fails
        yield Reject(item.source, "read:unreadable", error.strerror or type(error).__name__)


def _read_page(item: Input, settings: ReadSettings) -> Page | Reject:
    """Read a file that holds one page: all its text, or a reject."""
    raw_sha256 = None
    try:
        with open_stream(item.path, item.compression) as stream:
            raw = stream.read(settings.max_page_bytes + 1)
        if len(raw) > settings.max_page_bytes:
            raise PageError("read:too-large", f"more than max_page_bytes = {settings.max_page_bytes}")
        raw_sha256 = sha256(raw).hexdigest()
        text, charset = decode(raw)
    except PageError as error:
        return Reject(item.source, error.reason, error.detail, raw_sha256=raw_sha256)
    return Page(item.source, "text/html" if item.kind == "html" else "text/plain", text, raw_sha256, charset=charset)
