"""Registering: everything waits in the link until its owner opens it and types the password they chose.

An address that has an account gets the same answer; its owner gets a mail that says so. Nothing of a
registration counts before the link: not the name, not the company, not the password. So nobody can
prepare an account for somebody else's address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts.contact import zone_of
from marketplace.accounts.events import AccountOpened, RegisteredAgain, RegistrationConfirmed
from marketplace.accounts.models import LinkToken, Membership, Organisation, User
from marketplace.accounts.passwords import matches
from marketplace.accounts.rules import UNCONFIRMED_LIFE, Document, Purpose
from marketplace.accounts.services import throttle
from marketplace.accounts.services.consents import give_consent
from marketplace.accounts.services.links import make_link, open_link, send_link, use_link
from marketplace.accounts.services.organisations import add_member, create_organisation
from marketplace.accounts.services.people import person_of_address
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import OrganisationKind, Role


@dataclass(frozen=True)
class Registration:
    """A person and the organisation they register; ``profile`` holds the answers of the organisation's own domain."""

    kind: OrganisationKind
    person_name: str
    organisation_name: str
    country: str
    locale: str
    email: str = ""
    phone: str = ""
    city: str = ""
    website: str = ""
    registration_number: str = ""
    consents: tuple[Document, ...] = (Document.TERMS, Document.PRIVACY, Document.TRANSFER)
    profile: dict[str, Any] = field(default_factory=dict)

    def as_payload(self) -> dict[str, Any]:
        """JSON values for a link."""
        return {
            "kind": self.kind.value,
            "person_name": self.person_name,
            "organisation_name": self.organisation_name,
            "country": self.country,
            "locale": self.locale,
            "email": self.email,
            "phone": self.phone,
            "city": self.city,
            "website": self.website,
            "registration_number": self.registration_number,
            "consents": [document.value for document in self.consents],
            "profile": self.profile,
            "at": now().isoformat(),
        }


def register(session: Session, registration: Registration, password_hash: str, network: str | None) -> None:
    """Send a link to the address, or a word to its owner that an account exists. The caller learns nothing.

    ``password_hash`` is made by the caller before, so that both ways cost the same.
    """
    throttle.spend(session, throttle.MAIL_ADDRESS, throttle.network_of(network))
    throttle.spend(session, throttle.MAIL_RECIPIENT, registration.email)
    user = person_of_address(session, registration.email, registration.person_name, registration.locale)
    if user.email_verified_at is not None or user.password_hash is not None:
        record(session, RegisteredAgain(user.id))
        return
    send_link(
        session,
        Purpose.VERIFY_EMAIL,
        user.id,
        {**registration.as_payload(), "password_hash": password_hash},
        registration.email,
    )


def apply_by_phone(session: Session, registration: Registration, network: str | None) -> None:
    """Keep a seller's registration by telephone number alone until a curator sends the WhatsApp link."""
    throttle.spend(session, throttle.MAIL_ADDRESS, throttle.network_of(network))
    throttle.spend(session, throttle.MAIL_RECIPIENT, registration.phone)
    make_link(session, Purpose.SELLER_APPLY, None, registration.as_payload())


def waiting_registration(session: Session, token: str) -> dict[str, Any]:
    """What a confirmation link would open; `NotFound` when it cannot be used."""
    return dict(open_link(session, Purpose.VERIFY_EMAIL, token).payload)


def confirm_registration(session: Session, token: str, password: str) -> User | None:
    """Open the account of a link with the password chosen at registration; None for another password."""
    link = open_link(session, Purpose.VERIFY_EMAIL, token)
    if not matches(link.payload["password_hash"], password):
        return None
    link = use_link(session, Purpose.VERIFY_EMAIL, token)
    user = session.get(User, link.user_id)
    if user is None or user.erased_at is not None or user.suspended_at is not None:
        raise NotFound
    if user.email_verified_at is not None:
        raise NotFound(_("This address has an account already. Sign in, or set a new password."))
    user.password_hash = link.payload["password_hash"]
    user.email_verified_at = now()
    session.execute(  # other registrations of the same address are void
        delete(LinkToken).where(
            LinkToken.user_id == user.id, LinkToken.purpose == Purpose.VERIFY_EMAIL, LinkToken.id != link.id
        )
    )
    open_account(session, user, link)
    return user


def open_account(session: Session, user: User, link: LinkToken) -> Organisation:
    """Give ``user`` the name, consents and organisation that wait in ``link``, and tell the organisation's domain."""
    payload = link.payload
    user.name, user.locale = payload["person_name"], payload["locale"]
    user.time_zone = zone_of(payload["country"])
    phone = payload.get("phone")
    if phone and phone != user.phone:  # nobody has shown that it is theirs
        user.stated_phone = phone
    given_at = datetime.fromisoformat(payload["at"])
    give_consent(session, user.id, [Document(code) for code in payload["consents"]], user.locale, given_at)
    kind = OrganisationKind(payload["kind"])
    organisation = create_organisation(
        session,
        kind,
        payload["organisation_name"],
        payload["country"],
        city=payload["city"],
        website=payload["website"],
        registration_number=payload["registration_number"],
    )
    add_member(session, organisation.id, user.id, Role.OWNER)
    record(session, RegistrationConfirmed(link.id, user.id, organisation.id, kind))
    record(session, AccountOpened(user.id))
    return organisation


def forget_unconfirmed(session: Session) -> int:
    """Drop addresses that nobody confirmed for a month; gives how many."""
    waiting = select(LinkToken.user_id).where(LinkToken.user_id.is_not(None), LinkToken.expires_at > now())
    gone = session.execute(
        delete(User)
        .where(
            User.email_verified_at.is_(None),
            User.password_hash.is_(None),
            User.phone.is_(None),
            User.erased_at.is_(None),
            User.created_at < now() - UNCONFIRMED_LIFE,
            User.id.not_in(select(Membership.user_id)),
            User.id.not_in(waiting),
        )
        .returning(User.id)
    ).all()
    return len(gone)
