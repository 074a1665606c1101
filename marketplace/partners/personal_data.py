"""What this domain keeps about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisations_left_empty
from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.partners.models import Application, ApplicationNote, Introduction, Opportunity, Partnership, Territory


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Applications the person made, and what they wrote in them."""
    made = session.scalars(select(Application).where(Application.applicant_id == user_id)).all()
    introduced = session.scalars(select(Introduction).where(Introduction.proposed_by_id == user_id)).all()
    notes = session.scalars(select(ApplicationNote).where(ApplicationNote.author_id == user_id)).all()
    return {
        "applications": [
            {"company": one.company_name, "about": one.about, "state": one.state, "applied_at": str(one.applied_at)}
            for one in made
        ],
        "introductions": [
            {"note": one.note, "state": one.state, "at": one.proposed_at.isoformat()} for one in introduced
        ],
        "opportunities": [
            {
                "customer": one.customer,
                "quantity": one.quantity,
                "note": one.note,
                "state": one.state,
                "at": one.registered_at.isoformat(),
            }
            for one in session.scalars(select(Opportunity).where(Opportunity.registered_by_id == user_id))
        ],
        "partnerships_stated": [
            {"grade": one.grade, "since": str(one.since), "at": one.stated_at.isoformat()}
            for one in session.scalars(select(Partnership).where(Partnership.stated_by_id == user_id))
        ],
        "territories_granted": [
            {"country": one.country, "commodity": one.commodity, "at": one.granted_at.isoformat()}
            for one in session.scalars(select(Territory).where(Territory.granted_by_id == user_id))
        ],
        "notes": [{"text": one.text, "at": one.created_at.isoformat()} for one in notes],
    }


def erase(session: Session, user_id: int) -> None:
    """The company's application stays with the chapter; the person leaves it, and so do their words."""
    session.execute(update(ApplicationNote).where(ApplicationNote.author_id == user_id).values(author_id=None, text=""))
    session.execute(
        update(Application)
        .where(Application.applicant_id == user_id)
        .values(applicant_id=None, about="", invited_email="")
    )
    session.execute(
        update(Introduction).where(Introduction.proposed_by_id == user_id).values(proposed_by_id=None, note="")
    )
    left = organisations_left_empty(session, user_id)
    session.execute(update(Introduction).where(Introduction.organisation_id.in_(left)).values(refusal_note=""))
    session.execute(
        update(Opportunity)
        .where(Opportunity.registered_by_id == user_id)
        .values(registered_by_id=None, customer=ERASED_NAME, quantity="", note="")
    )
    session.execute(update(Partnership).where(Partnership.stated_by_id == user_id).values(stated_by_id=None))
    session.execute(update(Territory).where(Territory.granted_by_id == user_id).values(granted_by_id=None))
    for column in (Application.invited_by_id, Application.decided_by_id):
        session.execute(update(Application).where(column == user_id).values({column.key: None}))


register(PersonalData("partners", export=export, erase=erase))
