"""Invitations: a curator's to a pesantren by WhatsApp, an owner's to a colleague by mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.contact import phone_or_none, whatsapp_address
from marketplace.accounts.models import LinkToken, User
from marketplace.accounts.rules import LINK_PATHS, Document, Purpose
from marketplace.accounts.services import throttle
from marketplace.accounts.services.links import make_link, open_link, use_link
from marketplace.accounts.services.registration import Registration, open_account
from marketplace.i18n.addresses import localised
from marketplace.i18n.locales import known
from marketplace.i18n.translations import speaking
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.kernel.text import cleaned

_HAS_ACCOUNT = _("This number has an account already. Sign in, or ask your curator for a new password.")
INVITE_PERSON = throttle.Limit("invite/person", 100, timedelta(days=1))


def invite_seller(
    session: Session, actor: Actor, phone: str, pesantren_name: str, person_name: str, locale: str = "id"
) -> tuple[LinkToken, str]:
    """A link that opens a seller's account, and its token, to hand over by WhatsApp. Staff only, audited.

    Raises `DomainError` for a number that cannot exist and `Conflict` for one that has an account.
    """
    name = cleaned(pesantren_name, 200)
    registration = Registration(
        kind=OrganisationKind.SELLER,
        person_name=cleaned(person_name, 200),
        organisation_name=name,
        country="ID",
        locale=known(locale),
        phone=phone,
        profile={"pesantren_name": name},
    )
    return _invite(session, actor, registration.as_payload())


def invite_applicant(session: Session, actor: Actor, application_id: int) -> tuple[LinkToken, str]:
    """The same for someone who registered by telephone number; their waiting registration is used up."""
    waiting = session.get(LinkToken, application_id)
    if waiting is None or waiting.purpose != Purpose.SELLER_APPLY or waiting.expires_at <= now():
        raise NotFound
    made = _invite(session, actor, dict(waiting.payload))
    session.delete(waiting)
    return made


def drop_application(session: Session, actor: Actor, application_id: int) -> None:
    """Put a registration by telephone number aside. Staff only, audited."""
    _require_staff(actor)
    waiting = session.get(LinkToken, application_id)
    if waiting is None or waiting.purpose != Purpose.SELLER_APPLY:
        raise NotFound
    session.delete(waiting)
    audit(session, actor, "seller.application_dropped", f"link:{application_id}")


def waiting_applications(session: Session) -> list[LinkToken]:
    """Sellers who registered by telephone number and wait for their link, oldest first."""
    query = select(LinkToken).where(LinkToken.purpose == Purpose.SELLER_APPLY, LinkToken.expires_at > now())
    return list(session.scalars(query.order_by(LinkToken.id)))


def invitation_address(public_url: str, locale: str, token: str) -> str:
    """The address of a seller's invitation in their language."""
    return localised(public_url, known(locale), LINK_PATHS[Purpose.SELLER_INVITE].format(token=token))


def invitation_by_whatsapp(public_url: str, link: LinkToken, token: str) -> str:
    """A wa.me address that opens a chat with the invited person and a prepared text in their language."""
    payload = link.payload
    with speaking(payload["locale"]):
        text = gettext(
            "Assalamualaikum %(name)s, here is your link to open the account of %(pesantren)s at Pesantren Souq, the "
            "export marketplace of the pesantren: %(address)s The link is meant for you alone and is good for 14 days.",
            name=payload["person_name"],
            pesantren=payload["organisation_name"],
            address=invitation_address(public_url, payload["locale"], token),
        )
    return whatsapp_address(payload["phone"], text)


def invited_seller(session: Session, token: str) -> dict[str, Any]:
    """What a seller's invitation holds; opening it uses nothing up."""
    return dict(open_link(session, Purpose.SELLER_INVITE, token).payload)


def accept_seller_invitation(
    session: Session,
    token: str,
    password_hash: str,
    *,
    person_name: str,
    organisation_name: str,
    locale: str,
    profile: dict[str, Any],
) -> User:
    """Open the seller's account: the number is theirs, because the link reached them there."""
    link = use_link(session, Purpose.SELLER_INVITE, token)
    phone = str(link.payload["phone"])
    if session.scalar(select(User.id).where(User.phone == phone)) is not None:
        raise Conflict(_HAS_ACCOUNT)
    link.payload = {
        **link.payload,
        "person_name": cleaned(person_name, 200),
        "organisation_name": cleaned(organisation_name, 200),
        "locale": known(locale),
        "consents": [document.value for document in Document],
        "profile": {**link.payload["profile"], **profile},
        "at": now().isoformat(),
    }
    user = User(
        name=link.payload["person_name"],
        phone=phone,
        password_hash=password_hash,
        locale=link.payload["locale"],
        time_zone="Asia/Jakarta",
        created_at=now(),
    )
    try:
        with session.begin_nested():  # the organisation's membership needs the key
            session.add(user)
    except IntegrityError:  # another invitation of the same number was taken up in this moment
        raise Conflict(_HAS_ACCOUNT) from None
    open_account(session, user, link)
    return user


def _invite(session: Session, actor: Actor, payload: dict[str, Any]) -> tuple[LinkToken, str]:
    _require_staff(actor)
    throttle.spend(session, INVITE_PERSON, str(actor.user_id))
    number = phone_or_none(payload["phone"])
    if number is None:
        raise DomainError(
            _("This number cannot be reached. Write it with its country code, such as +62 812 3456 7890.")
        )
    if session.scalar(select(User.id).where(User.phone == number)) is not None:
        raise Conflict(_("This number has an account already. Send its owner a link for a new password instead."))
    link, token = make_link(session, Purpose.SELLER_INVITE, None, {**payload, "phone": number})
    audit(session, actor, "seller.invited", f"link:{link.id}")
    return link, token


def _require_staff(actor: Actor) -> None:
    if not actor.is_staff:
        raise Forbidden(_("Only the programme's staff can do this."))
