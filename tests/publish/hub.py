"""A stand-in for the endpoints of the Hugging Face Hub that a push uses, on the loopback; it keeps what it is sent."""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Hub(ThreadingHTTPServer):
    """`files` is the repository, `blobs` what large files' contents came up, by SHA-256."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.blobs: dict[str, bytes] = {}
        self.commits: list[str] = []
        self.asked: Counter[str] = Counter()
        self.broken_uploads = 0  # so many uploads fail from now on
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Answers as the Hub does, as far as huggingface_hub looks."""

    server: Hub

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""

    def answer(self, value: Any, status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_GET(self) -> None:
        self.server.asked["GET"] += 1
        if "/tree/" in self.path:
            found = [{"type": "file", "path": p, "size": len(b), "oid": "0" * 40} for p, b in self.server.files.items()]
            self.answer(found)
        else:
            names = [{"rfilename": path} for path in self.server.files]
            self.answer({"id": "who/bridges", "sha": "0" * 40, "siblings": names, "private": False, "tags": []})

    def do_PUT(self) -> None:
        content = self.body()
        if self.server.broken_uploads:
            self.server.broken_uploads -= 1
            self.answer({"error": "the disk is full"}, 507)
            return
        self.server.asked["PUT"] += 1
        self.server.blobs[sha256(content).hexdigest()] = content
        self.answer({})

    def do_POST(self) -> None:
        body = self.body()
        if self.headers.get("Authorization") == "Bearer wrong":
            self.answer({"error": "Invalid username or password."}, 401)
        elif self.path == "/api/repos/create":
            self.answer({"url": f"{self.server.url}/datasets/who/bridges"})
        elif self.path == "/api/validate-yaml":
            self.answer({"errors": [], "warnings": []})
        elif re.search(r"/preupload/", self.path):
            files = json.loads(body)["files"]
            mode = {True: "lfs", False: "regular"}
            modes = [
                {"path": f["path"], "uploadMode": mode[f["path"].endswith(".parquet")], "shouldIgnore": False}
                for f in files
            ]
            self.answer({"files": modes})
        elif self.path.endswith("/info/lfs/objects/batch"):
            self.answer({"transfer": "basic", "objects": [self.lfs(o) for o in json.loads(body)["objects"]]})
        elif re.search(r"/commit/", self.path):
            self.commit([json.loads(line) for line in body.decode().splitlines()])
            self.answer(
                {"commitOid": "1" * 40, "commitUrl": f"{self.server.url}/datasets/who/bridges/commit/{'1' * 40}"}
            )
        else:
            self.answer({"error": f"the stand-in knows no {self.path}"}, 404)

    def lfs(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Ask for the content of an object only when it is not there yet."""
        if wanted["oid"] in self.server.blobs:
            return wanted
        return wanted | {"actions": {"upload": {"href": f"{self.server.url}/blobs/{wanted['oid']}"}}}

    def commit(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            value = line["value"]
            if line["key"] == "header":
                self.server.commits.append(value["summary"])
            elif line["key"] == "file":
                self.server.files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                self.server.files[value["path"]] = self.server.blobs[value["oid"]]
            elif line["key"] == "deletedFile":
                del self.server.files[value["path"]]


@contextmanager
def running_hub() -> Iterator[Hub]:
    """Run a hub until the block ends."""
    hub = Hub()
    thread = Thread(target=hub.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()
