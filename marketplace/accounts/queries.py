"""Reads about people, organisations and sessions."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Exists, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import (
    Block,
    Consent,
    LegalText,
    LinkToken,
    Membership,
    Organisation,
    SessionRow,
    User,
    Verification,
)
from marketplace.accounts.rules import SESSION_IDLE
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.kernel.prepared import On, Prepared


def hashed_token(token: str) -> str:
    """How a random token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


_BY_TOKEN = Prepared(
    select(
        SessionRow.id,
        SessionRow.last_seen_at,
        SessionRow.expires_at,
        SessionRow.second_factor_at,
        User.id,
        User.name,
        User.locale,
        User.time_zone,
        User.suspended_at,
        User.erased_at,
        User.totp_enabled_at,
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
    .where(SessionRow.token_hash == bindparam("token_hash"))
)


def actor_of_token(on: On, token: str) -> tuple[Actor, datetime] | None:
    """The person behind a session token and when they were last seen; None when it is dead.

    One statement: session, account, membership and organisation are read as columns, because every
    signed-in request pays for it.
    """
    row = next(iter(_BY_TOKEN.rows(on, token_hash=hashed_token(token))), None)
    if row is None:
        return None
    (
        key,
        seen,
        expires,
        second,
        user_id,
        name,
        locale,
        time_zone,
        suspended,
        erased,
        totp_enabled,
        org_id,
        org_name,
        kind,
        org_suspended,
        role,
    ) = row
    moment = now()
    if suspended or erased or expires <= moment or seen + SESSION_IDLE <= moment:
        return None
    if totp_enabled and second is None:
        return None  # the password was right, the code is still to come
    actor = Actor(
        user_id=user_id,
        name=name,
        organisation_id=org_id,
        organisation_name=org_name or "",
        kind=OrganisationKind(kind) if kind else None,
        roles=frozenset({Role(role)}) if role else frozenset(),
        locale=locale,
        time_zone=time_zone,
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


def blocked_between(one: Any, other: Any) -> Exists:
    """Whether either of two organisations, given by SQL, has blocked the other; a part of a statement."""
    return exists().where(
        Block.organisation_id.in_([one, other]),
        Block.blocked_id.in_([one, other]),
        Block.organisation_id != Block.blocked_id,
    )


_BLOCKED = Prepared(select(blocked_between(bindparam("one"), bindparam("other"))))


def is_blocked(session: Session, one: int, other: int) -> bool:
    """Whether either organisation has blocked the other."""
    return bool(_BLOCKED.raw(session, one=one, other=other)[0][0])


def newest_verification(session: Session, organisation_id: int) -> Verification | None:
    """The check that counts today."""
    return session.scalar(
        select(Verification)
        .where(Verification.organisation_id == organisation_id)
        .order_by(Verification.id.desc())
        .limit(1)
    )


def programme_of(session: Session, user_id: int | None) -> str | None:
    """The name of the programme whose staff ``user_id`` belongs to: it answers for a check, not the person."""
    return session.scalar(
        select(Organisation.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id, Organisation.kind == OrganisationKind.PROGRAMME)
        .limit(1)
    )


def user_of_identifier(session: Session, identifier: str) -> User | None:
    """The account of a normalised e-mail address or telephone number (see `contact.identifier`)."""
    column = User.email if "@" in identifier else User.phone
    return session.scalar(select(User).where(column == identifier, User.erased_at.is_(None)))


def half_signed_in(session: Session, token: str) -> tuple[int, User] | None:
    """The session key and person who gave the right password and still owe a code; None otherwise."""
    row = session.execute(
        select(SessionRow.id, User)
        .join(User, User.id == SessionRow.user_id)
        .where(
            SessionRow.token_hash == hashed_token(token),
            SessionRow.expires_at > now(),
            SessionRow.second_factor_at.is_(None),
            User.totp_enabled_at.is_not(None),
            User.suspended_at.is_(None),
            User.erased_at.is_(None),
        )
    ).first()
    return (row[0], row[1]) if row else None


def open_sessions(session: Session, user_id: int) -> list[SessionRow]:
    """A person's live sessions, the last used first."""
    query = select(SessionRow).where(
        SessionRow.user_id == user_id,
        SessionRow.expires_at > now(),
        SessionRow.last_seen_at > now() - SESSION_IDLE,
    )
    return list(session.scalars(query.order_by(SessionRow.last_seen_at.desc(), SessionRow.id.desc())))


def members_of(session: Session, organisation_id: int) -> list[tuple[User, Membership]]:
    """The people of an organisation, oldest membership first."""
    rows = session.execute(
        select(User, Membership)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Membership.id)
    )
    return [(user, membership) for user, membership in rows]


_MEMBERS = Prepared(
    select(Membership.user_id)
    .join(User, User.id == Membership.user_id)
    .where(
        Membership.organisation_id == bindparam("organisation_id"),
        User.suspended_at.is_(None),
        User.erased_at.is_(None),
    )
    .order_by(Membership.id)
)


def member_ids(session: Session, organisation_id: int) -> list[int]:
    """Keys of the people who act for an organisation and can sign in: whom notices reach."""
    return [key for (key,) in _MEMBERS.raw(session, organisation_id=organisation_id)]


def owner_count(session: Session, organisation_id: int, role: str) -> int:
    """How many members hold ``role``."""
    query = select(func.count()).select_from(Membership)
    return session.scalar(query.where(Membership.organisation_id == organisation_id, Membership.role == role)) or 0


def blocked_organisations(session: Session, organisation_id: int) -> list[tuple[Block, Organisation]]:
    """Whom an organisation has blocked, newest first."""
    rows = session.execute(
        select(Block, Organisation)
        .join(Organisation, Organisation.id == Block.blocked_id)
        .where(Block.organisation_id == organisation_id)
        .order_by(Block.id.desc())
    )
    return [(block, organisation) for block, organisation in rows]


def consents_of(session: Session, user_id: int) -> list[Consent]:
    """What a person agreed to, newest first."""
    return list(session.scalars(select(Consent).where(Consent.user_id == user_id).order_by(Consent.id.desc())))


def organisation_of_slug(session: Session, organisation_slug: str) -> Organisation | None:
    """The organisation with this address part."""
    return session.scalar(select(Organisation).where(Organisation.slug == organisation_slug))


def link_id_of(session: Session, token: str) -> int | None:
    """The key under which tries at a link are counted."""
    return session.scalar(select(LinkToken.id).where(LinkToken.token_hash == hashed_token(token[:100])))


def kept_text(session: Session, user_id: int, document: str, version: str) -> LegalText:
    """The words of a document as a person agreed to them, in their language; `NotFound` where they did not."""
    text = session.scalar(
        select(LegalText)
        .join(
            Consent,
            (Consent.document == LegalText.document) & (Consent.document_version == LegalText.document_version),
        )
        .join(User, User.id == Consent.user_id)
        .where(Consent.user_id == user_id, LegalText.document == document, LegalText.document_version == version)
        .order_by(LegalText.language != User.locale, LegalText.id)
        .limit(1)
    )
    if text is None:
        raise NotFound
    return text


def organisations_left_empty(session: Session, user_id: int) -> list[int]:
    """Organisations in which a person is the only member: they close with the person's erasure."""
    others = aliased(Membership)
    has_others = exists().where(others.organisation_id == Membership.organisation_id, others.user_id != user_id)
    query = select(Membership.organisation_id).where(Membership.user_id == user_id, ~has_others)
    return list(session.scalars(query.order_by(Membership.id)))
