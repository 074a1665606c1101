"""What this domain keeps about a person: the quotes and notes they wrote, and what they accepted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.quotes.models import Deal, QuoteVersion
from marketplace.quotes.rules import QuoteState


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Versions the person wrote with their notes, what they said to others' versions, and their agreements."""
    written = session.scalars(select(QuoteVersion).where(QuoteVersion.author_id == user_id).order_by(QuoteVersion.id))
    reviewed = session.scalars(
        select(QuoteVersion).where(QuoteVersion.reviewed_by_id == user_id).order_by(QuoteVersion.id)
    )
    deals = session.scalars(select(Deal).where(Deal.accepted_by_id == user_id).order_by(Deal.id))
    return {
        "quotes": [
            {
                "number": one.number,
                "state": one.state,
                "note": one.note,
                "payment_note": one.payment_note,
                "sample_note": one.sample_note,
                "packing": one.packing,
                "created_at": one.created_at.isoformat(),
            }
            for one in written
        ],
        "reviews": [{"note": one.review_note, "state": one.state} for one in reviewed],
        "agreements": [{"key": one.key, "agreed_at": one.agreed_at.isoformat()} for one in deals],
    }


def erase(session: Session, user_id: int) -> None:
    """Drafts go; of sent quotes the terms of trade stay with both companies, the person's note and name do not.

    The fingerprint of a sent version holds the note by its digest only, so the terms stay provable.
    """
    own = QuoteVersion.author_id == user_id
    unsynced = {"synchronize_session": False}
    session.execute(delete(QuoteVersion).where(own, QuoteVersion.state == QuoteState.DRAFT), execution_options=unsynced)
    session.execute(
        update(QuoteVersion).where(own, QuoteVersion.note != "").values(note=ERASED_NAME), execution_options=unsynced
    )
    session.execute(update(QuoteVersion).where(own).values(author_id=None), execution_options=unsynced)
    session.execute(
        update(QuoteVersion).where(QuoteVersion.reviewed_by_id == user_id).values(review_note="", reviewed_by_id=None),
        execution_options=unsynced,
    )
    session.execute(
        update(Deal).where(Deal.accepted_by_id == user_id).values(accepted_by_id=None), execution_options=unsynced
    )
    session.expire_all()


register(PersonalData("quotes", export=export, erase=erase))
