"""Flask's signed cookie, read once for the many requests that bring the same one."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from json import JSONEncoder
from typing import Any

from flask import Flask, Request, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, Signer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.url_safe import URLSafeSerializerMixin
from werkzeug.http import dump_cookie

_LONGEST_COOKIE = 1_000  # one that carries more is read anew each time
_SHORT = 400  # bytes
_LONGEST_PLAIN = 3_000  # letters of a cookie's value
_VALUE = "value-of-the-session"
_FLASHES, _TUPLE = "_flashes", " t"  # Flask's names: of sentences to show, and of a pair among JSON's lists
_JSON = JSONEncoder(separators=(",", ":"), sort_keys=True)
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
        says_that_it_varies = "Cookie" in response.headers.get("Vary", "")
        is_read_alone = not session.modified and not app.config["SESSION_REFRESH_EACH_REQUEST"]
        if is_read_alone and says_that_it_varies:
            return  # everything that there was to say of it is said
        signer = self.get_signing_serializer(app)
        if not says_that_it_varies or not session or not session.modified or signer is None:
            super().save_session(app, session, response)
            return
        text = _cookie(
            self.get_cookie_name(app), self.get_cookie_domain(app), self.get_cookie_path(app),
            self.get_cookie_secure(app), self.get_cookie_httponly(app), self.get_cookie_samesite(app),
            self.get_cookie_partitioned(app), self.get_expiration_time(app, session),
        )  # fmt: skip
        value = signer.dumps(dict(session))
        if not isinstance(value, str) or len(value) > _LONGEST_PLAIN:  # the library warns of what browsers refuse
            super().save_session(app, session, response)
            return
        response.headers.add("Set-Cookie", text.replace(_VALUE, value, 1))


@lru_cache(maxsize=64)
def _cookie(
    name: str, domain: str | None, path: str, secure: bool, httponly: bool, samesite: str | None, partitioned: bool,
    expires: datetime | None,
) -> str:  # fmt: skip
    """The cookie as the library writes it, with `_VALUE` in the place of its value, which needs no quotes."""
    return dump_cookie(
        name, _VALUE, expires=expires, path=path, domain=domain, secure=secure, httponly=httponly, samesite=samesite,
        partitioned=partitioned,
    )  # fmt: skip


class _Tags(TaggedJSONSerializer):
    """Flask's JSON, which asks eight questions of every text before it leaves it as it is."""

    def dumps(self, value: Any) -> str:
        """As Flask's; what nearly every session holds, plain values and sentences to show, is written in one go."""
        if not isinstance(value, dict) or len(value) < 2:  # a single name might look like a tag
            return super().dumps(value)
        said = dict(value)
        sentences = said.get(_FLASHES)
        if type(sentences) is list and all(map(_is_sentence, sentences)):
            said[_FLASHES] = [{_TUPLE: one} for one in sentences]
        elif sentences is not None:
            return super().dumps(value)
        if any(type(one) not in _PLAIN for name, one in said.items() if name != _FLASHES):
            return super().dumps(value)
        return _JSON.encode(said)

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


def _is_sentence(one: Any) -> bool:
    """Whether this is a kind and a sentence as `flask.flash` keeps them."""
    return type(one) is tuple and len(one) == 2 and type(one[0]) is str and type(one[1]) is str


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
