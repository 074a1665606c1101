"""Who may see and change products; each judgement with its twin in SQL."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Certificate, Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision, refused
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState


def is_public() -> ColumnElement[bool]:
    """Open to everyone: listed, by an approved seller whose organisation is not suspended.

    For queries that join Seller and Organisation.
    """
    return and_(
        Product.state == ListingState.LISTED,
        Seller.curation == CurationState.APPROVED,
        Organisation.suspended_at.is_(None),
    )


def owned_by(actor: Actor) -> ColumnElement[bool]:
    """Products of the actor's own organisation."""
    return Product.seller_id.in_(sellers_of(actor))


def held_by(actor: Actor) -> ColumnElement[bool]:
    """Certificates of the actor's own organisation."""
    return Certificate.seller_id.in_(sellers_of(actor))


def readable_by(actor: Actor | None) -> ColumnElement[bool]:
    """Products that this person may see; for queries that join Seller and Organisation."""
    if actor is None:
        return is_public()
    if actor.is_staff and actor.has_second_factor:
        return true()
    if actor.is_seller:
        return or_(is_public(), Seller.organisation_id == actor.organisation_id)
    return is_public()


def sellers_of(actor: Actor) -> Select[int]:
    """The keys of the actor's sellers of record, as a subquery."""
    return select(Seller.id).where(Seller.organisation_id == actor.organisation_id)


def may_edit(actor: Actor, product: Product, organisation_id: int) -> Decision:
    """The seller may change what is theirs, unless moderation holds it."""
    if not actor.is_seller or actor.organisation_id != organisation_id:
        return HIDDEN
    if product.state == ListingState.HIDDEN:
        return refused(_("The programme has hidden this listing. Your notices give the reason and the way to appeal."))
    return ALLOWED


def may_curate(actor: Actor) -> Decision:
    """Curators and operators decide about listings and certificates."""
    return ALLOWED if actor.is_staff else HIDDEN
