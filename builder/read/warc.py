"""
WARC → pages, through FastWARC.

A page is a response; a resource, which holds one without HTTP; or a conversion, the text that was made of one (WET).
FastWARC stops at the first damaged record, and ends without a word where a gzip stream is cut. Here reading starts
again at the next record that can be found, and each stretch that was passed over becomes one reject.
"""

import mmap
import re
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType
from fastwarc.stream_io import BrotliReader

from builder.errors import PageError
from builder.privacy import excerpt
from builder.read.decode import decode
from builder.read.files import Input, ReadSettings, looks_like_mark_up
from builder.read.rows import parse_time
from builder.read.streams import MAGIC, compression_of, decompressed, most_bytes
from builder.records import NOTHING_ASKED, MediaType, Page, Reject
from builder.rights import rights_of_headers

_MEDIA_TYPES: dict[str, MediaType] = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
}
_PAGES = (WarcRecordType.response, WarcRecordType.resource, WarcRecordType.conversion)
_NO_PAGES = (
    WarcRecordType.warcinfo,
    WarcRecordType.request,
    WarcRecordType.metadata,
    WarcRecordType.revisit,
    WarcRecordType.continuation,
)
_PLAIN_RECORD = b"WARC/1."
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


def read_warc(item: Input, settings: ReadSettings) -> Iterator[Page | Reject]:
    """
    Read the pages of a .warc file; the source of each is `FILE#OFFSET`, in bytes of the file as stored.

    Request, metadata, revisit and other records are no pages and are passed over. Rejects: for a response, resource or
    conversion `read:not-html`, `read:http-status`, `read:malformed-record`, `read:too-large`, `read:binary`,
    `read:truncated`, `read:damaged`, `read:bomb`; for a stretch of bytes without a readable record
    `read:malformed-record` (`FILE#FROM-TO`); for a compressed file cut short `read:truncated`.
    """
    if not item.n_bytes:  # nothing to map
        yield Reject(item.source, "read:malformed-record", "the file is empty")
        return
    with Path(item.path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start_mark = MAGIC.get(item.compression, _PLAIN_RECORD)
        start, last, place = 0, -1, 1  # where reading (re)starts; offset of the last record; its number at that offset
        gap_from, truncated = -1, False
        while start >= 0:
            file.seek(start)
            try:
                for record in ArchiveIterator(file, parse_http=True):
                    if gap_from >= 0:
                        yield _gap(item, gap_from, record.stream_pos)
                        gap_from = -1
                    # Records share an offset where the whole file is one gzip member: #1234, #1234.2, #1234.3
                    place = place + 1 if record.stream_pos == last else 1
                    last = record.stream_pos
                    source = f"{item.source}#{last}" if place == 1 else f"{item.source}#{last}.{place}"
                    if bomb := _bomb(record, source, item, data):
                        yield bomb
                        # Its end would be found by unpacking all of it; the next record is found by its mark.
                        start, truncated = data.find(start_mark, last + 1), True
                        break
                    if found := _read_record(record, source, settings):
                        truncated = isinstance(found, Reject) and found.reason == "read:truncated"
                        yield found
                else:
                    start = -1
            except OSError:  # FastWARC's word for anything malformed
                last = max(last, start)
                gap_from = last if gap_from < 0 else gap_from
                start = data.find(start_mark, last + 1)
        if gap_from >= 0 or last < 0:
            yield _gap(item, max(gap_from, 0), item.n_bytes)
        elif item.compression and not truncated:
            yield from _cut_short(item, data, last)


def _bomb(record: WarcRecord, source: str, item: Input, data: mmap.mmap) -> Reject | None:
    """Return a reject when a record of a compressed file expands to more than `most_bytes`."""
    if not item.compression or record.content_length <= most_bytes(0):
        return None
    end = data.find(MAGIC[item.compression], record.stream_pos + 1)
    packed = (end if end > 0 else item.n_bytes) - record.stream_pos
    if record.content_length <= most_bytes(packed):
        return None
    return Reject(source, "read:bomb", f"{record.content_length} bytes in {packed} packed ones")


def _gap(item: Input, start: int, end: int) -> Reject:
    detail = f"no record could be read whole between bytes {start} and {end}"
    return Reject(f"{item.source}#{start}-{end}", "read:malformed-record", detail)


def _cut_short(item: Input, data: mmap.mmap, last: int) -> Iterator[Reject]:
    """Yield a reject when the last member of a compressed file has no end mark."""
    # In a file that is one single member, the last record's offset is no start of a member: go from the front.
    start = last if last >= 0 and data[last : last + 4].startswith(MAGIC[item.compression]) else 0
    try:
        with Path(item.path).open("rb") as file:
            file.seek(start)
            with decompressed(file, item.compression) as stream:
                while stream.read(1 << 20):
                    pass
    except PageError as error:
        yield Reject(f"{item.source}#{start}-{item.n_bytes}", error.reason, f"{error.detail}, after byte {start}")


def _read_record(record: WarcRecord, source: str, settings: ReadSettings) -> Page | Reject | None:
    """Read a page, pass over the other records, and reject what lost its header; OSError as in _read_page."""
    if record.record_type in _PAGES and "Content-Length" in record.headers:
        return _read_page(record, source, settings)
    if record.record_type in _NO_PAGES and "Content-Length" in record.headers:
        return None
    return Reject(source, "read:malformed-record", "the header of the record names no known type or no length")


def _read_page(record: WarcRecord, source: str, settings: ReadSettings) -> Page | Reject:
    """
    Turn one response, resource or conversion into a page or a reject.

    Raises:
        OSError: its bytes cannot be decompressed, or its stated length runs over the records after it.
    """
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ") or None  # wget writes <http://…>
    raw_sha256 = None
    try:
        media_type, charset = _media_type(record)
        payload = record.reader.read(settings.max_page_bytes + 1)
        if b"\r\n\r\n" + _PLAIN_RECORD in payload:
            raise OSError("the stated length of the record runs over the next")
        if len(payload) < min(record.content_length, settings.max_page_bytes + 1):
            raise PageError("read:truncated", "the record ends before its stated length")
        raw = _unpack(payload, record, settings.max_page_bytes + 1) if record.is_http else payload
        if len(raw) > settings.max_page_bytes:
            raise PageError("read:too-large", f"more than max_page_bytes = {settings.max_page_bytes}")
        raw_sha256 = sha256(raw).hexdigest()
        if media_type is None:
            if not looks_like_mark_up(raw[:4096]):
                raise PageError("read:not-html", "no content type, and no mark-up")
            media_type = "text/html"
        text, codec = decode(raw, charset)
    except PageError as error:
        return Reject(source, error.reason, error.detail, url, raw_sha256)
    fetched_at = parse_time(record.headers.get("WARC-Date"))
    rights = rights_of_headers(list(record.http_headers.items())) if record.is_http else NOTHING_ASKED
    return Page(source, media_type, text, raw_sha256, url, fetched_at, codec, rights)


def _media_type(record: WarcRecord) -> tuple[MediaType | None, str | None]:
    """Return media type and charset of a usable record, each None when unstated; PageError for all others."""
    stated: str
    if record.is_http:
        headers = record.http_headers
        if headers is None or headers.status_code is None:
            raise PageError("read:malformed-record", "the record holds no HTTP status line")
        if headers.status_code != 200:
            raise PageError("read:http-status", f"HTTP {headers.status_code}")
        stated, charset = record.http_content_type or "", record.http_charset
    else:
        stated = record.headers.get("Content-Type") or ""
        if record.record_type == WarcRecordType.response:
            raise PageError("read:not-html", f"the record holds {excerpt(stated)}, not HTTP")
        found = _CHARSET.search(stated)
        charset = found[1] if found else None
    content_type = stated.partition(";")[0].strip().lower()
    if content_type and content_type not in _MEDIA_TYPES:
        raise PageError("read:not-html", f"content type {excerpt(content_type)}")
    return _MEDIA_TYPES.get(content_type), charset


def _unpack(payload: bytes, record: WarcRecord, limit: int) -> bytes:
    """
    Undo transfer and content encoding, at most `limit` bytes of the result.

    Archives often hold the decoded body under the headers of the encoded one: what does not look encoded stays.
    """
    headers = record.http_headers
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        payload = _join_chunks(payload)
    if compression := compression_of(payload):
        with decompressed(BytesIO(payload), compression) as stream:
            return stream.read(limit)
    match (headers.get("Content-Encoding") or "").strip().lower():
        case "deflate":
            return _inflate(payload, limit)
        case "br":
            try:
                return BrotliReader(BytesIO(payload)).read(limit)
            except OSError as error:
                if not looks_like_mark_up(payload[:4096]):
                    raise PageError("read:damaged", "the brotli body cannot be decompressed") from error
    return payload


def _join_chunks(payload: bytes) -> bytes:
    """Undo chunked transfer; of a body that breaks off, return the chunks before the break, as browsers show them."""
    chunks: list[bytes] = []
    at = 0
    while size := _CHUNK_SIZE.match(payload, at):
        start, length = size.end(), int(size[1], 16)
        if not length:
            break
        chunks.append(payload[start : start + length])
        at = start + length
        at += 2 if payload.startswith(b"\r\n", at) else 1
    return b"".join(chunks) or payload


def _inflate(payload: bytes, limit: int) -> bytes:
    """Undo `deflate`, which servers send with the zlib header and without."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(wbits).decompress(payload, limit)
        except zlib.error:
            continue
    return payload
