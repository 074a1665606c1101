"""Short secrets that have to be read again, sealed before they are kept: a copied database alone does not tell them.

The key comes from SECRET_KEY by HKDF (RFC 5869). A text is encrypted by HMAC-SHA256 in counter mode under a fresh
nonce, then authenticated (encrypt-then-MAC), so that nothing beyond the standard library is needed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_PREFIX = "v1."
_NONCE, _TAG, _BLOCK = 16, 32, 32


class Unreadable(ValueError):
    """The text was sealed under another key, or was changed."""


def seal(text: str, secret_key: str, purpose: str) -> str:
    """``text`` in a form to keep; only `unseal` with the same key and purpose reads it."""
    encrypting, signing = _keys(secret_key, purpose)
    nonce = secrets.token_bytes(_NONCE)
    body = _mixed(text.encode(), encrypting, nonce)
    tag = hmac.digest(signing, nonce + body, "sha256")
    return _PREFIX + base64.urlsafe_b64encode(nonce + tag + body).decode()


def unseal(sealed: str, secret_key: str, purpose: str) -> str:
    """The text behind `seal`. Raises `Unreadable` for another key or purpose, or a changed text."""
    try:
        packed = base64.b64decode(sealed.removeprefix(_PREFIX), altchars=b"-_", validate=True)
    except ValueError as failure:
        raise Unreadable from failure
    nonce, tag, body = packed[:_NONCE], packed[_NONCE : _NONCE + _TAG], packed[_NONCE + _TAG :]
    encrypting, signing = _keys(secret_key, purpose)
    if not is_sealed(sealed) or not hmac.compare_digest(tag, hmac.digest(signing, nonce + body, "sha256")):
        raise Unreadable
    return _mixed(body, encrypting, nonce).decode()


def is_sealed(text: str) -> bool:
    """Whether ``text`` looks like what `seal` gives."""
    return text.startswith(_PREFIX)


def _keys(secret_key: str, purpose: str) -> tuple[bytes, bytes]:
    """One key to encrypt and one to sign, both for this purpose alone."""
    extracted = hmac.digest(b"pesantren-souq sealing v1", secret_key.encode(), "sha256")
    first = hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")
    second = hmac.digest(extracted, first + purpose.encode() + b"\x02", "sha256")
    return first, second


def _mixed(text: bytes, key: bytes, nonce: bytes) -> bytes:
    """``text`` combined with the key stream of ``nonce``; doing it twice gives it back."""
    blocks = -(-len(text) // _BLOCK)
    stream = b"".join(hmac.new(key, nonce + n.to_bytes(4, "big"), hashlib.sha256).digest() for n in range(blocks))
    return bytes(one ^ other for one, other in zip(text, stream, strict=False))
