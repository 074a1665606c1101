"""A person's own data: name, language, time zone, telephone number, e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

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

PHONE_CHANGES = throttle.Limit("phone/account", 10, timedelta(hours=1))


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
    """Keep a telephone number (E.164) at which the person can be reached, or none where an e-mail address remains.

    What is typed here proves nothing: it opens no account, stands in nobody's way, and the answer does not
    tell whether it belongs to another account. The number a person signs in with is set by a link that reached it.
    """
    throttle.spend(session, PHONE_CHANGES, str(actor.user_id))
    user = session.get_one(User, actor.user_id)
    if phone:
        user.stated_phone = None if phone == user.phone else phone
        return
    if not user.email:
        raise DomainError(_("Keep the number: it is the only way to sign in. Add an e-mail address first."))
    user.phone = user.stated_phone = None


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
