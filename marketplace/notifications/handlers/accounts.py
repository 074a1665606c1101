"""Accounts, sellers and partners: what their events tell whom."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.events import (
    DataExported,
    GuestAsked,
    LinkIssued,
    OrganisationVerified,
    RegisteredAgain,
    SecurityChanged,
)
from marketplace.accounts.models import LinkToken, Organisation, User
from marketplace.accounts.queries import hashed_token, member_ids, newest_verification
from marketplace.kernel.events import on
from marketplace.kernel.notices import NoticeWanted
from marketplace.notifications.queries import count_of_kind, curators
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import SECRET, notify, notify_address
from marketplace.sellers.events import SellerCurated, SellerRegistered
from marketplace.sellers.models import Seller, SellerNote

SECURITY_KINDS = {
    "password": Kind.PASSWORD_CHANGED,
    "second_factor_on": Kind.SECOND_FACTOR_ON,
    "second_factor_off": Kind.SECOND_FACTOR_OFF,
    "email": Kind.EMAIL_CHANGED,
}


@on(NoticeWanted)
def tell_as_wished(session: Session, event: NoticeWanted) -> None:
    """Domains beside this one say themselves whom to tell."""
    notify(session, Kind(event.kind), event.about, event.user_ids, event.context, event.href)


@on(LinkIssued)
def send_link(session: Session, event: LinkIssued) -> None:
    """A single-use link leaves by mail; without an address it is shown to whoever issued it."""
    user = session.get(User, event.user_id)
    if user is None:
        return
    context = {SECRET: event.token, "organisation": _invited_to(session, event.link_id)}
    # not by its key: links are deleted, and a database may give their keys to the next ones
    about = f"link:{hashed_token(event.token)[:32]}"
    address = event.address or user.email or ""
    notify_address(session, Kind(event.purpose), about, address, user.locale, context, user_id=user.id)


@on(GuestAsked)
def ask_to_confirm(session: Session, event: GuestAsked) -> None:
    """Whoever the address belongs to reads the same invitation to look; an owner of an account signs in for it."""
    kind = Kind.GUEST_SIGN_IN if event.user_id is not None else Kind.GUEST_REQUEST
    about = f"link:{hashed_token(event.token)[:32]}"
    notify_address(session, kind, about, event.address, event.locale, {SECRET: event.token}, user_id=event.user_id)


@on(RegisteredAgain)
def say_account_exists(session: Session, event: RegisteredAgain) -> None:
    """The owner of the address learns of it; whoever typed it does not."""
    user = session.get(User, event.user_id)
    if user is None or not user.email:
        return
    count = count_of_kind(session, user.id, Kind.ACCOUNT_EXISTS)
    notify_address(
        session, Kind.ACCOUNT_EXISTS, f"again:{count}", user.email, user.locale, {}, user_id=user.id, href="/sign-in"
    )


@on(SecurityChanged)
def say_security_changed(session: Session, event: SecurityChanged) -> None:
    """Who did not change it themselves learns it in time; a changed address is told to the former one, too."""
    user = session.get(User, event.user_id)
    kind = SECURITY_KINDS.get(event.what)
    if user is None or kind is None:
        return
    count = count_of_kind(session, user.id, kind)
    notify(session, kind, f"security:{count}", [user.id], href="/account")
    if event.address:
        notify_address(session, kind, f"former:{user.id}:{count}", event.address, user.locale, {}, href="/account")


@on(DataExported)
def say_data_are_ready(session: Session, event: DataExported) -> None:
    """The copy of one's data lies ready."""
    notify(session, Kind.DATA_READY, f"data:{event.request_id}", [event.user_id], href="/account/privacy")


@on(OrganisationVerified)
def say_verified(session: Session, event: OrganisationVerified) -> None:
    """The members learn their organisation's new level."""
    organisation = session.get_one(Organisation, event.organisation_id)
    check = newest_verification(session, organisation.id)
    context = {"organisation": organisation.name, "level": event.level}
    about = f"verification:{organisation.id}:{check.id if check else event.level}"
    notify(session, Kind.ORGANISATION_VERIFIED, about, member_ids(session, organisation.id), context, "/account")


@on(SellerRegistered)
def call_curators_to_seller(session: Session, event: SellerRegistered) -> None:
    """A new seller waits for a first look."""
    seller = session.get_one(Seller, event.seller_id)
    context = {"organisation": _name(session, seller.organisation_id)}
    href = f"/console/sellers/{seller.slug}"
    notify(session, Kind.QUEUE_SELLER, f"seller:{seller.id}", curators(session), context, href)


@on(SellerCurated)
def say_curated(session: Session, event: SellerCurated) -> None:
    """The seller's people learn where they stand."""
    seller = session.get_one(Seller, event.seller_id)
    note_id = session.scalar(
        select(SellerNote.id).where(SellerNote.seller_id == seller.id).order_by(SellerNote.id.desc()).limit(1)
    )
    context = {"organisation": _name(session, seller.organisation_id), "curation": event.state}
    about = f"curation:{seller.id}:{event.state}:{note_id or seller.version}"
    people = member_ids(session, seller.organisation_id)
    notify(session, Kind.SELLER_CURATED, about, people, context, "/selling/profile")


def _name(session: Session, organisation_id: int) -> str:
    return session.scalar(select(Organisation.name).where(Organisation.id == organisation_id)) or ""


def _invited_to(session: Session, link_id: int) -> str:
    """The organisation a link leads into, as whoever sent it wrote it."""
    link = session.get(LinkToken, link_id)
    return str(link.payload.get("organisation_name") or "Pesantren Souq") if link else "Pesantren Souq"
