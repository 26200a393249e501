"""`zhnews review`: load the release, make a link for everybody who is named, and serve until interrupted."""

import json
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click
import uvicorn

from builder.errors import BuilderError, SettingsError
from builder.review.app import make_app
from builder.review.desk import ReviewSettings
from builder.review.load import LoadSettings, load_release, manifest_of, store_path
from builder.review.sessions import new_token, token_digest
from builder.review.store import Store


@dataclass(frozen=True, slots=True)
class Address:
    """
    Where the server listens, and how browsers reach it.

    Attributes:
        url: `https://…` that browsers use, where it is another: of a proxy that ends TLS before us, or of our own TLS.
        certificate, key: files of our own TLS.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    url: str | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def encrypted(self) -> bool:
        """True when nobody on the way can read a link or a cookie."""
        return self.url is not None or self.certificate is not None


def check_address(address: Address) -> None:
    """SettingsError when the address would send links and cookies in the clear, or makes no sense."""
    if (address.certificate is None) != (address.key is None):
        raise SettingsError("--tls-cert and --tls-key go together")
    if address.url and not (address.url.startswith("https://") and urlsplit(address.url).hostname):
        raise SettingsError(f"--url {address.url}: give the https:// address by which browsers reach the proxy")
    if not is_loopback(address.host) and not address.encrypted:
        raise SettingsError(
            f"--host {address.host} is reached over the network, where links and cookies could be read on the way; "
            "give --tls-cert and --tls-key, or --url https://… of a proxy before this server"
        )
    if is_every_address(address.host) and not address.url:
        raise SettingsError(f"--host {address.host} has no name of its own; give the one browsers use: --url https://…")


def is_every_address(host: str) -> bool:
    """True for 0.0.0.0 and ::, which no browser can call."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """
    Return True for names and addresses of this machine alone.

    >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "0.0.0.0", "review.example")]
    [True, True, True, False, False]
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def serve(
    release: Path,
    address: Address,
    review: ReviewSettings,
    load: LoadSettings,
    *,
    annotators: Sequence[str],
    adjudicators: Sequence[str],
    store: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Serve the review page of a release; returns when the server is interrupted."""
    check_address(address)
    path = store or store_path(release)
    places = load_release(release, path, load)
    opened = Store(path, manifest_of(release)["name"])
    listener = listen(address)
    base = address.url or base_url(address, listener.getsockname()[1])
    if not quiet:
        click.echo(f"{places} places in the queue; verdicts are kept in {path}", err=True)
    for role, names in (("annotator", annotators), ("adjudicator", adjudicators)):
        for name in names:
            token = new_token()
            opened.set_token(name, token_digest(token), role)
            link = f"{base.rstrip('/')}/enter?token={token}"
            told = {"name": name, "role": role, "url": link}
            click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{name} ({role}): {link}")
    config = uvicorn.Config(
        make_app(opened, hosts_of(address), ReviewSettings(review.overlap, address.encrypted)),
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except ssl.SSLError as error:
        raise SettingsError(f"--tls-cert, --tls-key: {error}") from error
    finally:
        opened.close()


def listen(address: Address) -> socket.socket:
    """Take the port; BuilderError when it is taken."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
    except OSError as error:
        raise BuilderError(
            f"{address.host}:{address.port} cannot be listened on ({error.strerror}); give another --port"
        ) from error
    return listener


def base_url(address: Address, port: int) -> str:
    """The address to print when there is no proxy."""
    scheme = "https" if address.certificate else "http"
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{scheme}://{host}:{port}"


def hosts_of(address: Address) -> frozenset[str]:
    """Names by which browsers may call the server."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    named = urlsplit(address.url).hostname if address.url else None
    return frozenset(filter(None, ["127.0.0.1", "localhost", "[::1]", host.lower(), named]))
