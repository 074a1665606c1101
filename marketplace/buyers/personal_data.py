"""What the buyers' domain keeps about a person: what they wrote about their company."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership
from marketplace.accounts.queries import organisations_left_empty
from marketplace.buyers.models import Buyer
from marketplace.kernel.personal_data import PersonalData, register


def export(session: Session, user_id: int) -> dict[str, Any]:
    """The pages of a person's companies."""
    rows = session.scalars(
        select(Buyer)
        .join(Membership, Membership.organisation_id == Buyer.organisation_id)
        .where(Membership.user_id == user_id)
    )
    return {
        "companies": [
            {"trade": one.trade, "about": one.about, "import_history": one.import_history, "interests": one.interests}
            for one in rows
        ]
    }


def erase(session: Session, user_id: int) -> None:
    """Empty the pages of companies that nobody is left to run."""
    closing = organisations_left_empty(session, user_id)
    session.execute(
        update(Buyer).where(Buyer.organisation_id.in_(closing)).values(about="", import_history="", interests=[])
    )


register(PersonalData("buyers", export=export, erase=erase))
