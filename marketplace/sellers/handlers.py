"""A registered organisation of the seller's kind gets its profile; a changed one is told on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.events import OrganisationChanged, RegistrationConfirmed
from marketplace.accounts.models import LinkToken, Organisation
from marketplace.kernel.events import on, record
from marketplace.kernel.policy import OrganisationKind
from marketplace.sellers.events import SellerChanged
from marketplace.sellers.queries import seller_ids_of
from marketplace.sellers.services import SellerProfile, register_seller


@on(RegistrationConfirmed)
def begin_profile(session: Session, event: RegistrationConfirmed) -> None:
    """Make the seller and its pesantren from what waits in the link."""
    if event.kind != OrganisationKind.SELLER:
        return
    organisation = session.get_one(Organisation, event.organisation_id)
    payload = session.get_one(LinkToken, event.link_id).payload
    register_seller(
        session, organisation, SellerProfile.from_payload(payload["profile"], organisation, payload["phone"])
    )


@on(OrganisationChanged)
def tell_on(session: Session, event: OrganisationChanged) -> None:
    """Name, suspension and verification of an organisation show with its sellers."""
    for seller_id in seller_ids_of(session, event.organisation_id):
        record(session, SellerChanged(seller_id))
