"""What visitors typed before they signed in: kept for two days, then gone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.text import cleaned
from marketplace.rfqs.models import KeptText
from marketplace.rfqs.rules import KEPT_FOR

MAX_FIELDS = 120


def keep_text(session: Session, fields: Mapping[str, str]) -> str:
    """Keep the typed fields; gives the token that brings them back, of which only a hash stays here."""
    token = secrets.token_urlsafe(24)
    kept = {name[:40]: cleaned(value) for name, value in list(fields.items())[:MAX_FIELDS]}
    session.add(KeptText(token_hash=_hashed(token), fields=kept, created_at=now(), expires_at=now() + KEPT_FOR))
    return token


def kept_text(session: Session, token: str) -> dict[str, str]:
    """The kept fields, empty where there is nothing (any more)."""
    if not token:
        return {}
    fields = session.scalar(
        select(KeptText.fields).where(KeptText.token_hash == _hashed(token), KeptText.expires_at > now())
    )
    return {str(name): str(value) for name, value in (fields or {}).items()}


def drop_text(session: Session, token: str) -> None:
    """Forget what was kept under this token."""
    session.execute(delete(KeptText).where(KeptText.token_hash == _hashed(token)))


def drop_old_texts(session: Session) -> None:
    """Forget what nobody came back for."""
    session.execute(delete(KeptText).where(KeptText.expires_at <= now()))


def _hashed(token: str) -> str:
    return hashlib.sha256(token[:200].encode()).hexdigest()
