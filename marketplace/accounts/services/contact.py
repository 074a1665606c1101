"""A person's own data: name, language, time zone, telephone number, e-mail address."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.events import RegisteredAgain, SecurityChanged
from marketplace.accounts.models import User
from marketplace.accounts.rules import Purpose
from marketplace.accounts.services import throttle
from marketplace.accounts.services.links import drop_links, open_link, send_link, use_link
from marketplace.i18n.locales import known
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.text import cleaned


@dataclass(frozen=True)
class PersonDraft:
    """What a person may change about themselves at once."""

    name: str
    locale: str
    time_zone: str


def change_person(session: Session, actor: Actor, draft: PersonDraft) -> None:
    """Keep name, language and time zone."""
    user = session.get_one(User, actor.user_id)
    user.name = cleaned(draft.name, 200)
    user.locale = known(draft.locale)
    user.time_zone = draft.time_zone


def change_phone(session: Session, actor: Actor, phone: str) -> None:
    """Keep a telephone number (E.164), or none where an e-mail address remains.

    A number of another account is refused in the same words as one that cannot be reached.
    """
    user = session.get_one(User, actor.user_id)
    if not phone:
        if not user.email:
            raise DomainError(_("Keep the number: it is the only way to sign in. Add an e-mail address first."))
        user.phone = None
        return
    if phone == user.phone:
        return
    if session.scalar(select(User.id).where(User.phone == phone)) is not None:
        raise DomainError(_("This number cannot be used here. If it is yours, ask a curator to look into it."))
    user.phone = phone


def ask_for_new_email(session: Session, actor: Actor, address: str, network: str | None) -> None:
    """Send a link to the new address; it counts once the link was used. The answer never tells who has an account."""
    throttle.spend(session, throttle.MAIL_ADDRESS, throttle.network_of(network))
    throttle.spend(session, throttle.MAIL_RECIPIENT, address)
    drop_links(session, actor.user_id, Purpose.CHANGE_EMAIL)
    owner = session.scalar(select(User.id).where(User.email == address))
    if owner == actor.user_id:
        raise DomainError(_("This is your address already."))
    if owner is not None:
        record(session, RegisteredAgain(owner))
        return
    send_link(session, Purpose.CHANGE_EMAIL, actor.user_id, {"email": address}, address)


def address_of_change(session: Session, token: str) -> str:
    """The address that a link of an e-mail change would set."""
    return str(open_link(session, Purpose.CHANGE_EMAIL, token).payload["email"])


def change_email(session: Session, token: str) -> User:
    """Set the address a link was sent to; the former one is told."""
    link = use_link(session, Purpose.CHANGE_EMAIL, token)
    user = session.get(User, link.user_id)
    if user is None or user.erased_at is not None or user.suspended_at is not None:
        raise NotFound
    address = str(link.payload["email"])
    if session.scalar(select(User.id).where(User.email == address, User.id != user.id)) is not None:
        raise Conflict(_("This address cannot be used any more. Ask for a link to another one."))
    former = user.email
    user.email, user.email_verified_at = address, now()
    drop_links(session, user.id, Purpose.RESET_PASSWORD)  # they went to the former address
    record(session, SecurityChanged(user.id, "email", former or ""))
    return user
