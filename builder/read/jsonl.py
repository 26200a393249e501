"""JSON Lines → pages, a line at a time: one bad line never costs its neighbours."""

import codecs
import io
import json
from collections.abc import Iterator
from typing import BinaryIO

from builder.errors import PageError
from builder.read.decode import decode
from builder.read.files import Input, ReadSettings
from builder.read.rows import page_of_row
from builder.read.streams import open_stream
from builder.records import Page, Reject

# A line may hold text and html, and JSON's \uXXXX doubles the three bytes of a Chinese character.
_LINE_BYTES_PER_PAGE_BYTE = 4
_READ_BYTES = 1 << 16


def read_jsonl(item: Input, settings: ReadSettings) -> Iterator[Page | Reject]:
    """
    Read the pages of a .jsonl file; the source of each is `FILE#LINE`, lines count from 1, empty ones are skipped.

    A file that begins with the mark of UTF-16, as Windows writes it, is read as that.

    Rejects: `read:malformed-line` (no JSON, or no object), `read:too-large`, those of `page_of_row`, and once for the
    file `read:truncated`, `read:damaged` or `read:bomb` where its compressed stream ends.
    """
    limit = settings.max_page_bytes * _LINE_BYTES_PER_PAGE_BYTE
    number = 0
    with open_stream(item.path, item.compression) as stored:
        stream = io.BufferedReader(_AsUtf8(stored), _READ_BYTES)
        while True:
            number += 1
            source = f"{item.source}#{number}"
            try:
                line = stream.readline(limit)
                if not line:
                    return
                if len(line) == limit and not line.endswith(b"\n"):
                    yield Reject(source, "read:too-large", f"line {number} is longer than {limit} bytes")
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(limit)
                    continue
            except PageError as error:
                yield Reject(source, error.reason, f"{error.detail}; nothing from line {number} on could be read")
                return
            if line.strip():
                yield _page_of_line(line, number, source, settings)


class _AsUtf8(io.RawIOBase):
    """A stream of bytes as it is, but UTF-8 of one that begins with the mark of UTF-16; U+FFFD for what is damaged."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder: codecs.IncrementalDecoder | None = None
        self._begun = False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's Buffer is 3.12's
        while not self._ready:
            raw = self._stream.read(_READ_BYTES)
            if not self._begun and raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
            self._begun = True
            text = self._decoder.decode(raw, final=not raw).encode() if self._decoder else raw
            if not raw and not text:
                return 0
            self._ready = memoryview(text)
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size


def _page_of_line(line: bytes, number: int, source: str, settings: ReadSettings) -> Page | Reject:
    """Parse one line; a line that is no UTF-8 is decoded by itself."""
    try:
        text, charset = decode(line)
        row = json.loads(text)
    except PageError as error:
        return Reject(source, error.reason, f"line {number}: {error.detail}")
    except json.JSONDecodeError as error:
        return Reject(source, "read:malformed-line", f"line {number}, column {error.colno}: {error.msg}")
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of nested lists
        return Reject(source, "read:malformed-line", f"line {number} is no JSON that can be read")
    if not isinstance(row, dict):
        return Reject(source, "read:malformed-line", f"line {number} holds {type(row).__name__}, not an object")
    return page_of_row(row, source, settings, charset)
