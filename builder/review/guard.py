"""
What every request passes, whatever it asks for: the right Host, a small body, and headers that disarm hostile pages.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Bytes of a request's body. Roles of a page of 2,000 blocks take 20 kB.
MAX_BODY = 1 << 20

#: No script but our one file, no style but our one file, nothing from another host, in nobody's frame.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: An original page is somebody else's: no script, no form, no network, no origin of its own.
SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)

HEADERS = {
    "content-security-policy": CSP,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


class Guard:
    """ASGI middleware; see the module."""

    def __init__(self, app: App, hosts: frozenset[str]) -> None:
        """Guard `app`. `hosts`: names by which it may be called, without port."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on with its body counted and its answer's headers set."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if host_name(host) not in self._hosts:  # another site's name that points here (DNS rebinding)
            await _refuse(send, 421, f"This server is not {host!r}.")
            return
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MAX_BODY:
            await _refuse(send, 413, f"A request may have {MAX_BODY} bytes.")
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            # A chunked body has no length to refuse it by; the route sees the client go.
            return {"type": "http.disconnect"} if taken > MAX_BODY else message

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                added = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in there]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, counted, with_headers)


def host_name(host: str) -> str:
    """
    Return a Host header without its port.

    >>> [host_name(host) for host in ("127.0.0.1:8765", "[::1]:8765", "LOCALHOST")]
    ['127.0.0.1', '[::1]', 'localhost']
    """
    bare, colon, port = host.rpartition(":")
    return (bare if colon and port.isdigit() else host).lower()


async def _refuse(send: Send, status: int, words: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})
