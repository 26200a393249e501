"""A stand-in for an S3 store on the loopback, as far as Arrow's client asks; it keeps what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any, BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class S3(ThreadingHTTPServer):
    """`objects` are the bytes by `bucket/key`; the next `broken_uploads` objects are refused."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.written: list[str] = []
        self.broken_uploads = 0

    def uri(self, path: str) -> str:
        """Name a path of the store."""
        return f"s3://{path}?endpoint_override=127.0.0.1:{self.server_port}&scheme=http&region=local"


class Handler(BaseHTTPRequestHandler):
    """Answers as S3 does."""

    protocol_version = "HTTP/1.1"
    server: S3

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    @property
    def asked(self) -> tuple[str, dict[str, str]]:
        """Key and query."""
        split = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
        return unquote(split.path).strip("/"), query

    def body(self) -> bytes:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            raw = unchunked(self.rfile)
        return unchunked(BytesIO(raw)) if self.headers.get("Content-Encoding") == "aws-chunked" else raw

    def do_HEAD(self) -> None:
        key, _ = self.asked
        content = self.server.objects.get(key)
        if content is not None:
            self.answer(body=content, Last_Modified="Thu, 01 Jan 2026 00:00:00 GMT", ETag='"x"')
        else:
            self.answer(200 if "/" not in key else 404)

    def do_GET(self) -> None:
        key, query = self.asked
        if "list-type" in query:
            self.answer(body=self.listing(key, query))
        elif key in self.server.objects:
            content = self.server.objects[key]
            first, _, last = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
            part = content[int(first) : int(last or len(content)) + 1]
            where = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
            self.answer(206, part, Content_Range=where, ETag='"x"', Last_Modified="Thu, 01 Jan 2026 00:00:00 GMT")
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def listing(self, bucket: str, query: dict[str, str]) -> bytes:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        found, folders = [], set()
        for name, content in sorted(self.server.objects.items()):
            key = name.removeprefix(f"{bucket}/")
            if not name.startswith(f"{bucket}/{prefix}"):
                continue
            rest = key[len(prefix) :]
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
            else:
                about = f"<Size>{len(content)}</Size><LastModified>2026-01-01T00:00:00Z</LastModified>"
                found.append(f"<Contents><Key>{escape(key)}</Key>{about}</Contents>")
        found += [f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in sorted(folders)]
        inner = "".join(found[: int(query.get("max-keys", 1000))])
        return f"<ListBucketResult><KeyCount>{len(found)}</KeyCount>{inner}</ListBucketResult>".encode()

    def do_PUT(self) -> None:
        key, query = self.asked
        content = self.body()
        if self.server.broken_uploads and content:
            self.server.broken_uploads -= 1
            self.answer(403, b"<Error><Code>AccessDenied</Code><Message>not today</Message></Error>")
        elif "partNumber" in query:
            self.server.parts.setdefault(key, {})[int(query["partNumber"])] = content
            self.answer(ETag='"x"')
        else:
            self.keep(key, content)
            self.answer(ETag='"x"')

    def do_POST(self) -> None:
        key, query = self.asked
        self.body()
        if "uploads" in query:
            self.answer(body=b"<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>")
        else:
            parts = self.server.parts.pop(key)
            self.keep(key, b"".join(parts[number] for number in sorted(parts)))
            self.answer(body=b'<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>')

    def keep(self, key: str, content: bytes) -> None:
        self.server.objects[key] = content
        self.server.written.append(key)


def unchunked(stream: BinaryIO) -> bytes:
    """Put the chunks of a body together: SIZE CRLF BYTES CRLF … 0 CRLF, and lines up to an empty one."""
    content = b""
    while size := int(stream.readline().partition(b";")[0], 16):
        content += stream.read(size)
        stream.readline()
    while stream.readline().strip():
        pass
    return content


@contextmanager
def s3_store() -> Iterator[S3]:
    """Run a store until the block ends."""
    with S3() as store:
        Thread(target=store.serve_forever, daemon=True).start()
        yield store
        store.shutdown()
