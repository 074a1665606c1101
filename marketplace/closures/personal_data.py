"""What this domain keeps about a person: closures they entered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisations_left_empty
from marketplace.closures.models import SellerClosure
from marketplace.kernel.personal_data import PersonalData, register
from marketplace.sellers.models import Seller


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Closures the person entered, for their own pesantren or as its mentor."""
    rows = session.scalars(
        select(SellerClosure).where(SellerClosure.created_by_id == user_id).order_by(SellerClosure.id)
    )
    return {
        "closures": [
            {
                "from": one.closed_from.isoformat(),
                "to": one.closed_to.isoformat(),
                "note": one.note,
                "at": one.created_at.isoformat(),
            }
            for one in rows
        ]
    }


def erase(session: Session, user_id: int) -> None:
    """Days stay with the seller, without the person; the words go where nobody of the seller is left."""
    left = select(Seller.id).where(Seller.organisation_id.in_(organisations_left_empty(session, user_id)))
    for statement in (
        update(SellerClosure).where(SellerClosure.created_by_id == user_id).values(created_by_id=None),
        update(SellerClosure).where(SellerClosure.seller_id.in_(left)).values(note=""),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    session.expire_all()


register(PersonalData("closures", export, erase))
