"""Reads about people, organisations and sessions."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block, Membership, Organisation, SessionRow, User, Verification
from marketplace.accounts.rules import SESSION_IDLE
from marketplace.kernel.clock import now
from marketplace.kernel.policy import Actor, OrganisationKind, Role


def hashed_token(token: str) -> str:
    """How a random token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of_token(session: Session, token: str) -> tuple[Actor, datetime] | None:
    """The person behind a session token and when they were last seen; None when it is dead.

    One statement: session, account, membership and organisation are read as columns, because every
    signed-in request pays for it.
    """
    row = session.execute(
        select(
            SessionRow.id,
            SessionRow.last_seen_at,
            SessionRow.expires_at,
            SessionRow.second_factor_at,
            User.id,
            User.name,
            User.locale,
            User.suspended_at,
            User.erased_at,
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            Organisation.suspended_at,
            Membership.role,
        )
        .join(User, User.id == SessionRow.user_id)
        .outerjoin(
            Membership,
            (Membership.user_id == User.id) & (Membership.organisation_id == SessionRow.organisation_id),
        )
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(SessionRow.token_hash == hashed_token(token))
    ).first()
    if row is None:
        return None
    (key, seen, expires, second, user_id, name, locale, suspended, erased, org_id, org_name, kind, org_suspended,
     role) = row
    moment = now()
    if suspended or erased or expires <= moment or seen + SESSION_IDLE <= moment:
        return None
    actor = Actor(
        user_id=user_id,
        name=name,
        organisation_id=org_id,
        organisation_name=org_name or "",
        kind=OrganisationKind(kind) if kind else None,
        roles=frozenset({Role(role)}) if role else frozenset(),
        locale=locale,
        session_id=key,
        has_second_factor=second is not None,
        is_suspended=org_suspended is not None,
    )
    return actor, seen


def organisations_of(session: Session, user_id: int) -> list[tuple[Organisation, str]]:
    """The organisations a person belongs to, each with their role, oldest membership first."""
    rows = session.execute(
        select(Organisation, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.id)
    )
    return [(organisation, role) for organisation, role in rows]


def is_blocked(session: Session, one: int, other: int) -> bool:
    """Whether either organisation has blocked the other."""
    pairs = (Block.organisation_id == one) & (Block.blocked_id == other) | (Block.organisation_id == other) & (
        Block.blocked_id == one
    )
    return session.scalar(select(Block.id).where(pairs).limit(1)) is not None


def newest_verification(session: Session, organisation_id: int) -> Verification | None:
    """The check that counts today."""
    return session.scalar(
        select(Verification)
        .where(Verification.organisation_id == organisation_id)
        .order_by(Verification.id.desc())
        .limit(1)
    )
