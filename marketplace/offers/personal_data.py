"""What this domain keeps about a person: offers they made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisations_left_empty
from marketplace.kernel.clock import now
from marketplace.kernel.events import record
from marketplace.kernel.personal_data import PersonalData, register
from marketplace.offers.events import OfferChanged
from marketplace.offers.models import OfferBuyer, SpotOffer
from marketplace.sellers.models import Seller


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Offers the person made for their pesantren, and those that name their company alone are the company's."""
    rows = session.scalars(select(SpotOffer).where(SpotOffer.created_by_id == user_id).order_by(SpotOffer.id))
    return {
        "offers": [
            {
                "lot": one.lot,
                "quantity": str(one.quantity),
                "unit": one.unit,
                "from": one.opens_at.isoformat(),
                "until": one.closes_at.isoformat(),
                "note": one.note,
            }
            for one in rows
        ]
    }


def erase(session: Session, user_id: int) -> None:
    """Offers stay with the seller, without the person. Where nobody of the seller is left they are withdrawn and their
    words go; a company that nobody is left of is named in no offer any more."""
    closing = organisations_left_empty(session, user_id)
    sellers = select(Seller.id).where(Seller.organisation_id.in_(closing))
    open_ones = select(SpotOffer.id, SpotOffer.product_id).where(
        SpotOffer.seller_id.in_(sellers), SpotOffer.withdrawn_at.is_(None)
    )
    for offer_id, product_id in session.execute(open_ones.order_by(SpotOffer.id)).all():
        record(session, OfferChanged(offer_id, product_id))  # pages that show the lot are made anew
    for statement in (
        update(SpotOffer).where(SpotOffer.created_by_id == user_id).values(created_by_id=None),
        update(SpotOffer).where(SpotOffer.seller_id.in_(sellers)).values(lot="", note=""),
        update(SpotOffer)
        .where(SpotOffer.seller_id.in_(sellers), SpotOffer.withdrawn_at.is_(None))
        .values(withdrawn_at=now(), is_end_noted=True),
        delete(OfferBuyer).where(OfferBuyer.organisation_id.in_(closing)),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    session.expire_all()


register(PersonalData("offers", export, erase))
