"""Single-use links: issued with a purpose, shown without being used, used up by the form behind them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.events import LinkIssued
from marketplace.accounts.models import LinkToken
from marketplace.accounts.queries import hashed_token
from marketplace.accounts.rules import LINK_LIFE, Purpose
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.events import record


def make_link(
    session: Session, purpose: Purpose, user_id: int | None = None, payload: dict[str, Any] | None = None
) -> tuple[LinkToken, str]:
    """A new link and its token; the row keeps only a hash. Nothing is sent."""
    token = secrets.token_urlsafe(32)
    link = LinkToken(
        purpose=purpose,
        token_hash=hashed_token(token),
        user_id=user_id,
        payload=payload or {},
        created_at=now(),
        expires_at=now() + LINK_LIFE[purpose],
    )
    session.add(link)
    session.flush()  # events and callers need the key
    return link, token


def send_link(
    session: Session, purpose: Purpose, user_id: int, payload: dict[str, Any] | None = None, address: str = ""
) -> LinkToken:
    """Make a link and tell whoever sends mails."""
    link, token = make_link(session, purpose, user_id, payload)
    record(session, LinkIssued(link.id, user_id, purpose, token, address))
    return link


def open_link(session: Session, purpose: Purpose, token: str) -> LinkToken:
    """The link of ``token`` while it can be used; `NotFound` otherwise. Changes nothing."""
    link = session.scalar(
        select(LinkToken).where(
            LinkToken.token_hash == hashed_token(token[:100]),
            LinkToken.purpose == purpose,
            LinkToken.used_at.is_(None),
            LinkToken.expires_at > now(),
        )
    )
    if link is None:
        raise NotFound(_("This link has been used already or has run out. Ask for a new one."))
    return link


def use_link(session: Session, purpose: Purpose, token: str) -> LinkToken:
    """The link of ``token``, used up by this transaction; of two racing uses one finds `NotFound`."""
    link = open_link(session, purpose, token)
    used = session.execute(
        update(LinkToken)
        .where(LinkToken.id == link.id, LinkToken.used_at.is_(None))
        .values(used_at=now())
        .returning(LinkToken.id)
    ).first()
    if used is None:
        raise NotFound(_("This link has been used already or has run out. Ask for a new one."))
    return link


def waiting_links(session: Session, purpose: Purpose, user_id: int) -> Sequence[LinkToken]:
    """A person's links of this purpose that were not used."""
    return session.scalars(
        select(LinkToken).where(LinkToken.user_id == user_id, LinkToken.purpose == purpose, LinkToken.used_at.is_(None))
    ).all()


def drop_links(session: Session, user_id: int, *purposes: Purpose) -> None:
    """Make a person's waiting links of these purposes worthless."""
    session.execute(delete(LinkToken).where(LinkToken.user_id == user_id, LinkToken.purpose.in_(purposes)))


def forget_links(session: Session) -> None:
    """Drop links that were used or ran out: their payload may name a person."""
    session.execute(delete(LinkToken).where((LinkToken.expires_at < now()) | LinkToken.used_at.is_not(None)))
