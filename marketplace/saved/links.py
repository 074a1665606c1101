"""Signed addresses: the one that stops a saved search, and the one under which a list is shared."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

_STOP = "souq.saved.stop"
_SHARE = "souq.saved.share"


def stop_path(secret_key: str, search_id: int, user_id: int) -> str:
    """The local path that pauses one search of one person, and nothing else."""
    return f"/saved-searches/stop/{URLSafeSerializer(secret_key, salt=_STOP).dumps([search_id, user_id])}"


def read_stop(secret_key: str, token: str) -> tuple[int, int] | None:
    """The search and person of a token; None when it was not signed here."""
    return _pair(secret_key, _STOP, token)


def share_path(secret_key: str, shortlist_id: int, share_number: int) -> str:
    """The local path of a shared list; another number is another path."""
    return f"/shortlists/shared/{URLSafeSerializer(secret_key, salt=_SHARE).dumps([shortlist_id, share_number])}"


def read_share(secret_key: str, token: str) -> tuple[int, int] | None:
    """The list and number of a token; None when it was not signed here."""
    return _pair(secret_key, _SHARE, token)


def _pair(secret_key: str, salt: str, token: str) -> tuple[int, int] | None:
    try:
        first, second = URLSafeSerializer(secret_key, salt=salt).loads(token[:200])
        return int(first), int(second)
    except (BadSignature, ValueError, TypeError):
        return None
