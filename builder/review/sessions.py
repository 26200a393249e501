"""
Who is there: one-time links, signed cookies, and a token that a foreign page cannot know.

A link is good once and opens by a button, so that a mail scanner that fetches it does not use it up. The cookie names
the person and when it was made, signed with the secret of the store: it outlives a restart, and a copied store can let
nobody in elsewhere without its secret.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from hashlib import sha256

COOKIE = "zhnews-review"
#: A work month. A new link is a minute's work for the lead.
MAX_AGE_S = 31 * 24 * 3600


def new_token() -> str:
    """Return a token for a link: 192 random bits."""
    return secrets.token_urlsafe(24)


def token_digest(token: str) -> str:
    """What the store keeps of a token: whoever reads the store cannot use the link."""
    return sha256(token.encode()).hexdigest()


def make_cookie(secret: str, name: str, now: float) -> str:
    """Return the value of a cookie that says who it belongs to."""
    said = f"{urlsafe_b64encode(name.encode()).decode()}.{int(now)}"
    return f"{said}.{_sign(secret, 'cookie', said)}"


def read_cookie(secret: str, cookie: str, now: float) -> str | None:
    """
    Return whose cookie it is; None when it was not made by us, or long ago.

    >>> cookie = make_cookie("s", "林", 1000)
    >>> read_cookie("s", cookie, 2000), read_cookie("t", cookie, 2000), read_cookie("s", cookie, 9e9)
    ('林', None, None)
    """
    said, _, signature = cookie.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _sign(secret, "cookie", said).encode()):
        return None
    name, _, made_at = said.partition(".")
    if not now - MAX_AGE_S <= int(made_at) <= now + 60:
        return None
    try:
        return urlsafe_b64decode(name).decode()
    except (Base64Error, UnicodeDecodeError):
        return None


def csrf_token(secret: str, cookie: str) -> str:
    """Return what a request that writes must repeat in `X-CSRF`: it stands in our pages, which no other site reads."""
    return _sign(secret, "csrf", cookie)


def _sign(secret: str, purpose: str, said: str) -> str:
    return hmac.digest(secret.encode(), f"{purpose}\0{said}".encode(), "sha256").hex()
