"""Sign-in sessions as rows: opened, confirmed by a second factor, listed and ended."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, SessionRow, User
from marketplace.accounts.queries import hashed_token
from marketplace.accounts.rules import HALF_SESSION_LIFE, SESSION_IDLE, SESSION_LIFE
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.prepared import Prepared

_TOUCH = Prepared(update(SessionRow).where(SessionRow.id == bindparam("key")).values(last_seen_at=bindparam("moment")))

log = logging.getLogger(__name__)
SEEN_STEP = timedelta(minutes=5)


def open_session(
    session: Session, user: User, device: str, *, with_second_factor: bool = False, acting_for: int | None = None
) -> str:
    """Begin a session of ``user``; gives the token for the cookie, of which only the hash is kept.

    Where a second factor is set up and was not shown, the session is half: it opens nothing and soon ends.
    """
    is_half = user.totp_enabled_at is not None and not with_second_factor
    token = secrets.token_urlsafe(32)
    own = select(Membership.organisation_id).where(Membership.user_id == user.id)
    first_wished = (Membership.organisation_id != acting_for, Membership.id) if acting_for else (Membership.id,)
    organisation_id = session.scalar(own.order_by(*first_wished).limit(1))
    session.add(
        SessionRow(
            token_hash=hashed_token(token),
            user_id=user.id,
            organisation_id=organisation_id,
            created_at=now(),
            last_seen_at=now(),
            expires_at=now() + (HALF_SESSION_LIFE if is_half else SESSION_LIFE),
            second_factor_at=now() if with_second_factor else None,
            device=device[:80],
        )
    )
    kind = "half" if is_half else "code" if with_second_factor else "password"
    log.info("accounts.session_begun", extra={"user_id": user.id, "kind": kind})
    return token


def end_session(session: Session, user_id: int, session_id: int) -> None:
    """End one session of a person; a copied cookie is dead from now on."""
    gone = session.execute(
        delete(SessionRow).where(SessionRow.id == session_id, SessionRow.user_id == user_id).returning(SessionRow.id)
    ).first()
    if gone is None:
        raise NotFound


def end_all_sessions(session: Session, user_id: int, *, but: int | None = None) -> None:
    """End every session of a person, except ``but``: after a new password, a suspension, a changed role."""
    query = delete(SessionRow).where(SessionRow.user_id == user_id)
    session.execute(query if but is None else query.where(SessionRow.id != but))


def confirm_second_factor(session: Session, session_id: int) -> None:
    """The person showed a valid code in this session."""
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(second_factor_at=now()))


def switch_organisation(session: Session, user_id: int, session_id: int, organisation_id: int) -> None:
    """Act for another organisation of the same person from now on in this session."""
    member = session.scalar(
        select(Membership.id).where(Membership.user_id == user_id, Membership.organisation_id == organisation_id)
    )
    if member is None:
        raise NotFound
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(organisation_id=organisation_id))


def touch(session: Session, session_id: int) -> None:
    """Note that the session is in use."""
    _TOUCH.raw(session, key=session_id, moment=now())


def forget_ended(session: Session) -> None:
    """Drop sessions that ran out."""
    session.execute(
        delete(SessionRow).where((SessionRow.expires_at < now()) | (SessionRow.last_seen_at < now() - SESSION_IDLE))
    )
