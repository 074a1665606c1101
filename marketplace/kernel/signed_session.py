"""Flask's signed cookie, read once for the many requests that bring the same one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, Signer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.url_safe import URLSafeSerializerMixin

_LONGEST_COOKIE = 1_000  # one that carries more is read anew each time
_SHORT = 400  # bytes
_PLAIN = frozenset({str, int, bool, type(None)})
_Flat = tuple[tuple[str, Any], ...]


class Cookies(SecureCookieSessionInterface):
    """The session in a signed cookie. Signer and key are made once, and a cookie that came before is known.

    What is known are names and plain values of a cookie whose signature was right; its age is judged each time.
    """

    def __init__(self) -> None:
        self._signer: tuple[object, URLSafeTimedSerializer | None] | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = (app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ()))
        held = self._signer
        if held is None or held[0] != keys:
            held = self._signer = (keys, _serializer(keys[0], keys[1]))
        return held[1]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        text = request.cookies.get(self.get_cookie_name(app), "")
        signer = self.get_signing_serializer(app)
        if signer is not None and 0 < len(text) <= _LONGEST_COOKIE:
            flat, signed_at = _read(signer, text)
            age = _timestamp(signer) - signed_at
            if flat is not None and 0 <= age <= app.permanent_session_lifetime.total_seconds():
                return self.session_class(dict(flat))
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        is_read_alone = not session.modified and not app.config["SESSION_REFRESH_EACH_REQUEST"]
        if is_read_alone and "Cookie" in response.headers.get("Vary", ""):
            return  # everything that there was to say of it is said
        super().save_session(app, session, response)


class _Tags(TaggedJSONSerializer):
    """Flask's JSON, which asks eight questions of every text before it leaves it as it is."""

    def tag(self, value: Any) -> Any:
        return value if type(value) in _PLAIN else super().tag(value)


class _Signer(TimestampSigner):
    """A signer that derives its keys once."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._derived: dict[str | bytes | None, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        found = self._derived.get(secret_key)
        if found is None:
            found = self._derived[secret_key] = super().derive_key(secret_key)
        return found


class _Serializer(URLSafeTimedSerializer):
    """The library's, with one signer for all it signs."""

    default_signer = _Signer
    _made: Signer | None = None

    def dump_payload(self, obj: Any) -> bytes:
        """As the library writes it, but nothing short is packed: that took longer than signing, and saved little."""
        plain = super(URLSafeSerializerMixin, self).dump_payload(obj)
        return base64_encode(plain) if len(plain) <= _SHORT else super().dump_payload(obj)

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        if salt not in (None, self.salt):
            return super().make_signer(salt)
        if self._made is None:
            self._made = super().make_signer(salt)
        return self._made


def _serializer(key: str | bytes | None, older: tuple[str | bytes, ...]) -> URLSafeTimedSerializer | None:
    """As Flask makes it: the newest key stands last."""
    if not key:
        return None
    ways = {"key_derivation": Cookies.key_derivation, "digest_method": Cookies.digest_method}
    keys: Any = [*older, key]  # of texts or of bytes, the library says, where both do
    return _Serializer(keys, salt=Cookies.salt, serializer=_Tags(), signer_kwargs=ways)


def _timestamp(signer: URLSafeTimedSerializer) -> int:
    """Seconds by the clock that signs and that judges ages."""
    made = signer.make_signer()
    assert isinstance(made, TimestampSigner)
    return made.get_timestamp()


@lru_cache(maxsize=1024)
def _read(signer: URLSafeTimedSerializer, text: str) -> tuple[_Flat | None, int]:
    """Names and values of a cookie, None for a wrong one or values that change; and when it was signed (seconds)."""
    try:
        data, moment = signer.loads(text, return_timestamp=True)
    except BadSignature:
        return None, 0
    is_flat = isinstance(data, dict) and all(type(value) in _PLAIN for value in data.values())
    return (tuple(data.items()) if is_flat else None), int(moment.timestamp())
