"""Signed addresses: the one that stops a saved search, and the one under which a list is shared.

They name the moment at which their thing was made, too: a database may give the key of something deleted to the next.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

_STOP = "souq.saved.stop"
_SHARE = "souq.saved.share"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stamp(made: datetime) -> int:
    """A moment to the microsecond, as links name it."""
    return (made - _EPOCH) // timedelta(microseconds=1)


def stop_path(secret_key: str, search_id: int, user_id: int, made: datetime) -> str:
    """The local path that pauses one search of one person, and nothing else."""
    return f"/saved-searches/stop/{URLSafeSerializer(secret_key, salt=_STOP).dumps([search_id, user_id, stamp(made)])}"


def read_stop(secret_key: str, token: str) -> tuple[int, int, int] | None:
    """The search, person and stamp of a token; None when it was not signed here."""
    return _three(secret_key, _STOP, token)


def share_path(secret_key: str, shortlist_id: int, share_number: int, made: datetime) -> str:
    """The local path of a shared list; another number is another path."""
    token = URLSafeSerializer(secret_key, salt=_SHARE).dumps([shortlist_id, share_number, stamp(made)])
    return f"/shortlists/shared/{token}"


def read_share(secret_key: str, token: str) -> tuple[int, int, int] | None:
    """The list, number and stamp of a token; None when it was not signed here."""
    return _three(secret_key, _SHARE, token)


def _three(secret_key: str, salt: str, token: str) -> tuple[int, int, int] | None:
    try:
        first, second, third = URLSafeSerializer(secret_key, salt=salt).loads(token[:200])
        return int(first), int(second), int(third)
    except (BadSignature, ValueError, TypeError):
        return None
