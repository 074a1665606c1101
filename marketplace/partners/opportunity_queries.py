"""Opportunities as the distributor and its chapter read them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.partners.models import Application, Opportunity
from marketplace.partners.partnership_queries import grade_of_company
from marketplace.partners.policies import of_own_chapter, of_own_company
from marketplace.partners.rules import ApplicationState, Grade, OpportunityState


def graded_application(session: Session, actor: Actor) -> tuple[Application, Grade | None]:
    """The approved application of the actor's company and its grade; `NotFound` for any other company."""
    found = session.scalar(
        select(Application).where(of_own_company(actor), Application.state == ApplicationState.APPROVED)
    )
    if found is None:
        raise NotFound
    return found, grade_of_company(session, actor.organisation_id)


def opportunity_of(session: Session, actor: Actor, key: str) -> Opportunity:
    """One opportunity of the actor's own company, locked; any other does not exist."""
    found = session.scalar(
        select(Opportunity)
        .join(Application, Application.id == Opportunity.application_id)
        .where(Opportunity.key == key, of_own_company(actor))
        .with_for_update(of=Opportunity)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def opportunities(session: Session, actor: Actor, number: int) -> Page[Opportunity]:
    """Opportunities of the actor's company, or of its chapter's distributors: open ones first, each the newest."""
    whose = of_own_chapter(actor) if actor.is_partner else of_own_company(actor)
    query = (
        select(Opportunity)
        .join(Application, Application.id == Opportunity.application_id)
        .where(whose)
        .options(contains_eager(Opportunity.application))
        .order_by((Opportunity.state == OpportunityState.OPEN).desc(), Opportunity.id.desc())
    )
    return page_of(session, query, number)
