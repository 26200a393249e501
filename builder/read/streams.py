"""Open an input, plain or compressed, as one stream of bytes that says when it is cut short or damaged."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from builder.errors import PageError

Compression = Literal["", "gzip", "zstd"]

MAGIC: dict[Compression, bytes] = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}

# What is fed to a decompressor at once bounds what it can return at once, whatever a bomb claims: deflate expands at
# most 1032 times (16 MiB from 16 KiB), zstd makes 128 KiB of a 4-byte block (32 MiB from 1 KiB).
_FEED_BYTES: dict[Compression, int] = {"gzip": 16384, "zstd": 1024}

# A file that expands so much, and to more than so many bytes, is a bomb: text of news shrinks to a third or a tenth,
# thousands of pages of one template to a hundredth. gzip can make 1,032 times of its bytes, zstd 32,768 times.
MAX_RATIO = 500
_ALWAYS_READ_BYTES = 64 << 20


def compression_of(head: bytes) -> Compression:
    """Return the compression that the first bytes of a file show; suffixes lie, since servers and browsers unpack."""
    return next((name for name, magic in MAGIC.items() if head.startswith(magic)), "")


def most_bytes(packed: int) -> int:
    """Return the most bytes that so many compressed ones may expand to."""
    return max(_ALWAYS_READ_BYTES, MAX_RATIO * packed)


def open_stream(path: str, compression: Compression) -> BinaryIO:
    """
    Open a file for reading, decompressed.

    Reading raises PageError `read:truncated` when a compressed stream ends too early, `read:damaged` when it cannot be
    decompressed, and `read:bomb` when it expands to more than `most_bytes`; what came before has then been returned.
    Memory stays bounded whatever the stream expands to.
    """
    return decompressed(Path(path).open("rb"), compression)


def decompressed(file: BinaryIO, compression: Compression) -> BinaryIO:
    """Wrap an open file from where it stands; closing the result closes the file."""
    if not compression:
        return file
    return io.BufferedReader(_Decompressed(file, compression), buffer_size=1 << 16)


class _Decompressor(Protocol):
    """What zlib and zstandard have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _decompressor(compression: Compression) -> tuple[Callable[[], _Decompressor], type[Exception]]:
    """Return what makes a decompressor for one member or frame, and the error it raises on damage."""
    if compression == "gzip":
        return lambda: zlib.decompressobj(wbits=31), zlib.error
    import zstandard

    return lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError


class _Decompressed(io.RawIOBase):
    """
    Bytes of a file of gzip members or zstd frames, one after the other.

    The readers of gzip and zstandard differ where it matters here: zstandard takes a truncated stream for a complete
    one, and gzip throws away the page before trailing garbage.
    """

    def __init__(self, file: BinaryIO, compression: Compression) -> None:
        self._file = file
        self._compression = compression
        self._new, self._error = _decompressor(compression)
        self._member = self._new()
        self._ready = memoryview(b"")
        self._taken = self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's Buffer is 3.12's
        while not self._ready:
            packed = self._member.unused_data if self._member.eof else b""
            if not packed:
                packed = self._file.read(_FEED_BYTES[self._compression])
                self._taken += len(packed)
            if self._member.eof:
                if not packed.startswith(MAGIC[self._compression][:2]):
                    return 0  # the end, or padding after it
                self._member = self._new()
            elif not packed:
                raise PageError("read:truncated", f"the {self._compression} stream ends before its end mark")
            try:
                self._ready = memoryview(self._member.decompress(packed))
            except self._error as error:
                raise PageError("read:damaged", f"the {self._compression} stream cannot be decompressed") from error
            self._given += len(self._ready)
            if self._given > most_bytes(self._taken):
                raise PageError("read:bomb", f"the {self._compression} stream expands to {self._given} bytes and more")
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        self._file.close()
        super().close()
