"""Setting a new password: by a link, or by someone who knows the present one."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.contact import identifier, whatsapp_address
from marketplace.accounts.events import SecurityChanged
from marketplace.accounts.models import LinkToken, Membership, Organisation, User
from marketplace.accounts.passwords import hash_password, password_fault
from marketplace.accounts.queries import user_of_identifier
from marketplace.accounts.rules import LINK_PATHS, Purpose
from marketplace.accounts.services import throttle
from marketplace.accounts.services.links import drop_links, make_link, open_link, send_link, use_link
from marketplace.accounts.services.sessions import end_all_sessions
from marketplace.i18n.addresses import localised
from marketplace.i18n.locales import known
from marketplace.i18n.translations import speaking
from marketplace.kernel.audit import audit
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor


def words_about(session: Session, user: User) -> list[str]:
    """What a person's password must not contain: their address, name and organisations."""
    names = session.scalars(
        select(Organisation.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user.id)
    )
    return [user.email or "", user.name, *names]


def new_password_fault(session: Session, user: User, password: str) -> Any:
    """Why ``user`` cannot take this password, or None."""
    return password_fault(password, words_about(session, user))


def ask_for_reset(session: Session, typed: str, address: str | None) -> None:
    """Send a link to set a new password, if there is such an account with an e-mail address. The answer never tells."""
    who = identifier(typed)
    throttle.spend(session, throttle.MAIL_ADDRESS, throttle.network_of(address))
    throttle.spend(session, throttle.MAIL_RECIPIENT, who)
    user = user_of_identifier(session, who)
    if user is None or user.suspended_at is not None or not user.email or user.email_verified_at is None:
        return
    drop_links(session, user.id, Purpose.RESET_PASSWORD)
    send_link(session, Purpose.RESET_PASSWORD, user.id)


def reset_link_by_hand(session: Session, actor: Actor, user_id: int) -> str:
    """A reset link's token for staff to hand to a seller without e-mail, by WhatsApp. Audited."""
    if not actor.is_staff:
        raise Forbidden(_("Only the programme's staff can do this."))
    user = session.get(User, user_id)
    if user is None or user.erased_at is not None:
        raise NotFound
    if user.email and user.email_verified_at is not None:
        raise Conflict(_("This person has an e-mail address and can ask for a link there."))
    drop_links(session, user.id, Purpose.RESET_PASSWORD)
    _link, token = make_link(session, Purpose.RESET_PASSWORD, user.id)
    audit(session, actor, "account.reset_link_made", f"user:{user.id}")
    return token


def reset_by_whatsapp(public_url: str, user: User, token: str) -> tuple[str, str]:
    """The address of a reset link in the person's language, and a wa.me address with a text that carries it."""
    locale = known(user.locale)
    address = localised(public_url, locale, LINK_PATHS[Purpose.RESET_PASSWORD].format(token=token))
    with speaking(locale):
        text = gettext(
            "Assalamualaikum %(name)s, with this link you set a new password at Pesantren Souq: %(address)s "
            "The link is meant for you alone, works once and is good for two hours.",
            name=user.name,
            address=address,
        )
    return address, whatsapp_address(user.phone or "", text)


def person_of_reset(session: Session, token: str) -> User:
    """Whose password a reset link sets; `NotFound` when it cannot be used."""
    link = open_link(session, Purpose.RESET_PASSWORD, token)
    return _person(session, link)


def reset_password(session: Session, token: str, password: str) -> User:
    """Set a new password by a link: every session ends, and other reset links are void."""
    link = use_link(session, Purpose.RESET_PASSWORD, token)
    user = _person(session, link)
    set_password(session, user, password)
    drop_links(session, user.id, Purpose.RESET_PASSWORD)
    return user


def set_password(session: Session, user: User, password: str) -> None:
    """Give ``user`` a new password and end all their sessions; the caller opens a fresh one where it should go on."""
    fault = new_password_fault(session, user, password)
    if fault is not None:
        raise DomainError(fault)
    user.password_hash = hash_password(password)
    drop_links(session, user.id, Purpose.GUEST_ACCESS)  # a guest who sets a password signs in from now on
    end_all_sessions(session, user.id)
    record(session, SecurityChanged(user.id, "password"))


def _person(session: Session, link: LinkToken) -> User:
    user = session.get(User, link.user_id) if link.user_id else None
    if user is None or user.suspended_at is not None or user.erased_at is not None:
        raise NotFound
    return user
