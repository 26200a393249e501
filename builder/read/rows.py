"""One row of a .jsonl or .parquet file → one page."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from builder.errors import PageError
from builder.read.decode import decode
from builder.read.files import ReadSettings
from builder.records import MediaType, Page, Reject

# Epoch numbers from these on are nanoseconds, microseconds, milliseconds: in seconds, 1e11 is the year 5138.
_EPOCH_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))


def page_of_row(
    row: Mapping[str, object], source: str, settings: ReadSettings, charset: str = "utf-8"
) -> Page | Reject:
    """
    Read the page out of a row with the fields that `settings` names.

    Args:
        row: field → value. Content is text, or the bytes of the page, which are then decoded.
        source: where the row stands.
        charset: what decoded the row, for content that comes as text.

    Returns:
        A page, `text/html` when the HTML field holds anything, else `text/plain`; or a reject: `read:missing-field`,
        `read:wrong-type`, `read:too-large`, `read:binary`.
    """
    url = _url(row.get(settings.url_field))
    media_type: MediaType = "text/html" if row.get(settings.html_field) else "text/plain"
    field = settings.html_field if media_type == "text/html" else settings.text_field
    content = row.get(field)
    if content is None:
        if row.get(settings.html_field) is None:
            detail = f"neither {settings.html_field!r} nor {settings.text_field!r} is filled; [read] names other fields"
            return Reject(source, "read:missing-field", detail, url)
        content = ""  # an empty html field: an empty page, as an empty file is one
    if isinstance(content, str):
        content = _without_surrogates(content)
        raw = content.encode()
    elif isinstance(content, bytes):
        raw = content
    else:
        return Reject(source, "read:wrong-type", f"{field!r} holds {type(content).__name__}, not text", url)
    digest = sha256(raw).hexdigest()
    if len(raw) > settings.max_page_bytes:
        detail = f"{len(raw)} bytes, more than max_page_bytes = {settings.max_page_bytes}"
        return Reject(source, "read:too-large", detail, url, digest)
    if isinstance(content, bytes):
        try:
            content, charset = decode(content)
        except PageError as error:
            return Reject(source, error.reason, error.detail, url, digest)
    return Page(source, media_type, content, digest, url, parse_time(row.get(settings.fetched_at_field)), charset)


def parse_time(value: object) -> datetime | None:
    """
    Read a crawl time: ISO 8601, or seconds, milliseconds, microseconds or nanoseconds since 1970.

    A time without offset counts as UTC, since machines wrote it (unlike the times on a page, which are Chinese).

    Returns:
        An aware time, or None when the value is none: a page is worth keeping without it.

    >>> parse_time("2024-04-24 18:00:00+08:00"), parse_time(1713952800)
    ... # doctest: +NORMALIZE_WHITESPACE
    (datetime.datetime(2024, 4, 24, 18, 0, tzinfo=datetime.timezone(datetime.timedelta(seconds=28800))),
     datetime.datetime(2024, 4, 24, 10, 0, tzinfo=datetime.timezone.utc))
    """
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    try:
        match value:
            case str() if value.isdecimal() and len(value) > 8:  # 8 digits are a date: 20240424
                time = _from_epoch(int(value))
            case str():
                time = datetime.fromisoformat(value.strip())
            case bool():
                return None
            case int() | float():
                time = _from_epoch(value)
            case _:
                return None
    except (ValueError, OverflowError, OSError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _from_epoch(number: float) -> datetime:
    scale = next((scale for limit, scale in _EPOCH_UNITS if abs(number) >= limit), 1)
    return datetime.fromtimestamp(number / scale, UTC)


def _url(value: object) -> str | None:
    """Return the address, or None when the field holds no text."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    return _without_surrogates(value.strip()) or None if isinstance(value, str) else None


def _without_surrogates(text: str) -> str:
    r"""Join surrogate pairs; lone ones become U+FFFD: JSON can escape them (`"\ud83d"`), UTF-8 holds none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")
    return text
