"""Opportunities: business that a distributor with a grade has found by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import member_ids
from marketplace.catalogue.registry.loading import load_registry
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.errors import Conflict, DomainError, Forbidden
from marketplace.kernel.events import record
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.policy import Actor
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.partners.models import Chapter, Opportunity
from marketplace.partners.opportunity_queries import graded_application, opportunity_of
from marketplace.partners.rules import OPPORTUNITY_MOVES, OpportunityState


@dataclass(frozen=True, slots=True)
class OpportunityDraft:
    """What a distributor tells of business it has found."""

    customer: str
    country: str
    commodity: str
    quantity: str = ""
    expected_on: date | None = None
    note: str = ""


def register_opportunity(session: Session, actor: Actor, draft: OpportunityDraft) -> Opportunity:
    """Register business that the actor's company has found; its chapter is told.

    `NotFound` for a company that is no approved distributor, `Forbidden` without a grade, `DomainError` for a draft
    that cannot be.
    """
    application, grade = graded_application(session, actor)
    if actor.is_suspended:
        raise Forbidden(_("Your organisation is suspended. You can still read your account and write to us."))
    if grade is None:
        raise Forbidden(_("Opportunities are for distributors with a grade. Ask your chapter for one."))
    if not draft.customer.strip():
        raise DomainError(_("Say whom you would sell to. It need not be a name."))
    if draft.country not in COUNTRIES or draft.commodity not in load_registry().commodities:
        raise DomainError(_("Choose a country and a commodity from the lists."))
    if draft.expected_on is not None and draft.expected_on < today():
        raise DomainError(_("The day lies in the past. Choose a later one."))
    row = Opportunity(
        key=new_public_key(),
        application_id=application.id,
        state=OpportunityState.OPEN,
        customer=cleaned(draft.customer, 200),
        country=draft.country,
        commodity=draft.commodity,
        quantity=cleaned(draft.quantity, 80),
        expected_on=draft.expected_on,
        note=cleaned(draft.note, 500),
        registered_by_id=actor.user_id,
        registered_at=now(),
    )
    session.add(row)
    session.flush()  # the audit and the notice name it
    audit(session, actor, "opportunity.registered", f"opportunity:{row.id}")
    chapter = session.get_one(Chapter, application.chapter_id)
    people = tuple(member_ids(session, chapter.organisation_id))
    context = {"distributor": application.company_name, "country": row.country, "commodity": row.commodity}
    about = f"opportunity:{row.id}"
    record(session, NoticeWanted("opportunity_registered", about, people, context, "/partner/opportunities"))
    return row


def close_opportunity(session: Session, actor: Actor, key: str, state: OpportunityState, version: int) -> Opportunity:
    """Say what became of one's own opportunity, once. `Conflict` where it was closed or changed meanwhile."""
    row = opportunity_of(session, actor, key)
    if row.version != version or row.state != OpportunityState.OPEN:
        raise Conflict(_("This opportunity has changed meanwhile. Reload the page to see how it stands."))
    row.state = advance(OpportunityState(row.state), state, OPPORTUNITY_MOVES)
    row.closed_at = now()
    audit(session, actor, "opportunity.closed", f"opportunity:{row.id}", state=state.value)
    return row
