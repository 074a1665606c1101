"""The trial seller: where files go that belong to no seller of the market."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import now
from marketplace.kernel.events import record
from marketplace.kernel.policy import OrganisationKind
from marketplace.sellers.events import SellerRegistered
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState, SellerForm

SLUG = "trial-seller"
NAME = "Trial seller (imports)"
NOT_YET = 0  # its key before it is made, so that a rehearsal need not make it


def trial_seller(session: Session) -> Seller:
    """The one trial seller, made when it is first needed: nobody's organisation, with its nature in its name."""
    seller = session.scalar(select(Seller).where(Seller.slug == SLUG))
    if seller is not None:
        return seller
    organisation = Organisation(kind=OrganisationKind.SELLER, slug=SLUG, name=NAME, country="ID", created_at=now())
    session.add(organisation)
    session.flush()  # the seller needs its key
    seller = Seller(
        organisation_id=organisation.id,
        slug=SLUG,
        form=SellerForm.EXPORTER,
        curation=CurationState.APPROVED,
        languages=["en"],
        created_at=now(),
    )
    session.add(seller)
    session.flush()  # the event needs its key
    record(session, SellerRegistered(seller.id))
    return seller


def seller_by_slug(session: Session, slug: str) -> Seller | None:
    """The seller of record with this address."""
    return session.scalar(select(Seller).where(Seller.slug == slug))
