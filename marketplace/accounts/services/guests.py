"""Guests: people who ask without an account. What they typed waits in a link; only who opens it comes into being.

A guest is a buyer like any other, with a person, an organisation and consents, but without a password. They come
back through a signed link that stands in our mails and can be made worthless; setting a password ends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts.acting import acting_for
from marketplace.accounts.events import GuestAsked
from marketplace.accounts.models import LinkToken, Membership, Organisation, User
from marketplace.accounts.rules import LINK_LIFE, Purpose
from marketplace.accounts.services import throttle
from marketplace.accounts.services.links import drop_links, make_link, open_link, use_link
from marketplace.accounts.services.people import person_of_address
from marketplace.accounts.services.registration import Registration, open_account
from marketplace.accounts.services.sessions import end_all_sessions
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, OrganisationKind, Role

_SALT = "souq.guest"
_WISH = "wish"


@dataclass(frozen=True)
class WaitingGuest:
    """What a guest's link would set going: who asked, what they wish, and whose account has to sign in for it."""

    name: str
    organisation: str
    country: str
    email: str
    locale: str
    wish: dict[str, Any]
    account_id: int | None


def ask_as_guest(session: Session, guest: Registration, wish: dict[str, Any], network: str | None) -> None:
    """Keep a visitor's ``wish`` (JSON) and send a link to their address. The caller learns nothing about it.

    An address with an account gets the same link; behind it the owner is asked to sign in. `TooMany` beyond the limits.
    """
    throttle.spend(session, throttle.GUEST_ADDRESS, throttle.network_of(network))
    throttle.spend(session, throttle.GUEST_RECIPIENT, guest.email)
    user = session.scalar(select(User).where(User.email == guest.email))
    if user is not None and user.suspended_at is not None:
        return
    payload = {**guest.as_payload(), _WISH: wish}
    link, token = make_link(session, Purpose.GUEST_REQUEST, user.id if user else None, payload)
    account_id = user.id if user is not None and _has_account(session, user) else None
    record(session, GuestAsked(link.id, token, guest.email, guest.locale, account_id))


def waiting_guest(session: Session, token: str) -> WaitingGuest:
    """What a link would set going; `NotFound` when it cannot be used. Changes nothing."""
    payload = open_link(session, Purpose.GUEST_REQUEST, token).payload
    user = session.scalar(select(User).where(User.email == payload["email"]))
    return WaitingGuest(
        name=payload["person_name"],
        organisation=payload["organisation_name"],
        country=payload["country"],
        email=payload["email"],
        locale=payload["locale"],
        wish=payload[_WISH],
        account_id=user.id if user is not None and _has_account(session, user) else None,
    )


def admit_guest(session: Session, token: str, actor: Actor | None) -> tuple[Actor, dict[str, Any]]:
    """Use a link up; gives who acts from now on and what they wish.

    Whoever has an account acts as themselves and must be signed in; anybody else becomes a guest, or is the guest they
    already were. `NotFound` for a link that cannot be used, or by somebody it was not meant for.
    """
    link = use_link(session, Purpose.GUEST_REQUEST, token)
    payload = link.payload
    user = session.scalar(select(User).where(User.email == payload["email"]))
    if user is not None and user.suspended_at is not None:
        raise NotFound
    if user is not None and _has_account(session, user):
        if actor is None or actor.user_id != user.id:
            raise NotFound
        return actor, payload[_WISH]
    if user is None:
        user = person_of_address(session, payload["email"], payload["person_name"], payload["locale"])
    user.email_verified_at = user.email_verified_at or now()
    organisation = _company_of(session, user)
    if organisation is None:
        organisation = open_account(session, user, link)
    if session.scalar(_access_of(user.id)) is None:
        make_link(session, Purpose.GUEST_ACCESS, user.id)
    return acting_for(user, organisation, Role.OWNER), payload[_WISH]


def access_token(session: Session, user_id: int, secret_key: str) -> str:
    """The signed name of a guest's access, empty where there is none (any more)."""
    access = session.scalar(_access_of(user_id))
    if access is None:
        return ""
    return str(URLSafeSerializer(secret_key, salt=_SALT).dumps([access.id, access.token_hash[:16]]))


def guest_of_access(session: Session, token: str, secret_key: str) -> User:
    """Whom a signed name lets in; `NotFound` where it is forged, withdrawn or has run out. Changes nothing."""
    try:
        link_id, mark = URLSafeSerializer(secret_key, salt=_SALT).loads(token[:200])
        key = int(link_id)
    except (BadSignature, ValueError, TypeError):
        raise NotFound(_worthless()) from None
    row = session.execute(
        _accesses().where(LinkToken.id == key, User.suspended_at.is_(None), User.erased_at.is_(None))
    ).first()
    if row is None or row[0].token_hash[:16] != mark:
        raise NotFound(_worthless())
    user: User = row[1]
    return user


def prolong_access(session: Session, user_id: int) -> None:
    """A guest came back: their link is good for another while."""
    access = session.scalar(_access_of(user_id))
    if access is not None:
        access.expires_at = now() + LINK_LIFE[Purpose.GUEST_ACCESS]


def is_guest(session: Session, user_id: int) -> bool:
    """Whether this person comes and goes by a guest's link."""
    return session.scalar(_access_of(user_id)) is not None


def guests_among(session: Session, user_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who come and go by a guest's link."""
    return frozenset(session.scalars(_accesses().with_only_columns(User.id).where(User.id.in_(set(user_ids)))))


def end_access(session: Session, actor: Actor) -> None:
    """Make a guest's link worthless, in every mail that holds it, and end every visit."""
    drop_links(session, actor.user_id, Purpose.GUEST_ACCESS)
    end_all_sessions(session, actor.user_id)


def password_link(session: Session, actor: Actor) -> str:
    """A token with which a guest sets their first password; `NotFound` for anybody else."""
    if not is_guest(session, actor.user_id):
        raise NotFound
    drop_links(session, actor.user_id, Purpose.RESET_PASSWORD)
    _link, token = make_link(session, Purpose.RESET_PASSWORD, actor.user_id)
    return token


def _has_account(session: Session, user: User) -> bool:
    """Whether the person signs in: with a password, or as somebody who is no buyer."""
    if user.password_hash is not None or user.totp_enabled_at is not None:
        return True
    other = select(Membership.id).join(Organisation, Organisation.id == Membership.organisation_id)
    query = other.where(Membership.user_id == user.id, Organisation.kind != OrganisationKind.BUYER)
    return session.scalar(query.limit(1)) is not None


def _company_of(session: Session, user: User) -> Organisation | None:
    return session.scalar(
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user.id, Organisation.kind == OrganisationKind.BUYER)
        .order_by(Membership.id)
        .limit(1)
    )


def _accesses() -> Select[LinkToken, User]:
    """Links of guests that still let somebody in: not run out, and their person has no password yet."""
    return (
        select(LinkToken, User)
        .join(User, User.id == LinkToken.user_id)
        .where(
            LinkToken.purpose == Purpose.GUEST_ACCESS,
            LinkToken.expires_at > now(),
            User.password_hash.is_(None),
        )
    )


def _access_of(user_id: int) -> Select[LinkToken]:
    newest = _accesses().where(LinkToken.user_id == user_id).order_by(LinkToken.id.desc()).limit(1)
    return newest.with_only_columns(LinkToken)


def _worthless() -> Any:
    return _("This link is not good any more. You can choose a password with your e-mail address and sign in.")
