"""Partnerships and territories as the chapter, the distributor and introductions read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from marketplace.kernel.clock import today
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.partners.models import Application, Partnership, Territory
from marketplace.partners.policies import of_own_chapter
from marketplace.partners.rules import ApplicationState, Grade


@dataclass(frozen=True, slots=True)
class Held:
    """A commodity in a country that another distributor has to itself."""

    country: str
    commodity: str
    until: date


def partnership_of(session: Session, application_id: int) -> Partnership | None:
    """The partnership with one distributor; None while the chapter has said nothing of it."""
    return session.scalar(select(Partnership).where(Partnership.application_id == application_id))


def grades_of(session: Session, applications: Collection[int]) -> dict[int, str]:
    """Grades by distributor; those without one are left out."""
    rows = session.execute(
        select(Partnership.application_id, Partnership.grade).where(
            Partnership.application_id.in_(applications), Partnership.grade != ""
        )
    )
    return {row[0]: row[1] for row in rows}


def grade_of_company(session: Session, organisation_id: int | None) -> Grade | None:
    """The grade of a company that is an approved distributor; None without one."""
    found = session.scalar(
        select(Partnership.grade)
        .join(Application, Application.id == Partnership.application_id)
        .where(Application.organisation_id == organisation_id, Application.state == ApplicationState.APPROVED)
    )
    return Grade(found) if found else None


def territories_by(session: Session, applications: Collection[int]) -> dict[int, list[Territory]]:
    """Territories by distributor, in order of country and commodity."""
    found: dict[int, list[Territory]] = defaultdict(list)
    query = select(Territory).where(Territory.application_id.in_(applications))
    for row in session.scalars(query.order_by(Territory.country, Territory.commodity)):
        found[row.application_id].append(row)
    return found


def territories_of_chapter(session: Session, actor: Actor) -> Sequence[Territory]:
    """All territories that the actor's chapter has granted, each with its distributor."""
    query = (
        select(Territory)
        .join(Application, Application.id == Territory.application_id)
        .where(of_own_chapter(actor))
        .options(contains_eager(Territory.application))
        .order_by(Territory.country, Territory.commodity, Application.company_name, Territory.id)
    )
    return session.scalars(query).all()


def partnerships_of_chapter(session: Session, actor: Actor) -> dict[int, Partnership]:
    """Partnerships of the actor's chapter by distributor."""
    query = (
        select(Partnership).join(Application, Application.id == Partnership.application_id).where(of_own_chapter(actor))
    )
    return {one.application_id: one for one in session.scalars(query)}


def territory_of_chapter(session: Session, actor: Actor, key: int) -> Territory:
    """One territory of the actor's chapter, locked; any other does not exist."""
    found = session.scalar(
        select(Territory)
        .join(Application, Application.id == Territory.application_id)
        .where(Territory.id == key, of_own_chapter(actor))
        .with_for_update(of=Territory)
    )
    if found is None:
        raise NotFound
    return found


def held_by_others(session: Session, application: Application) -> list[Held]:
    """What of a distributor's commodities and countries others have to themselves today."""
    rows = session.execute(
        select(Territory.country, Territory.commodity, Territory.exclusive_until)
        .where(
            Territory.application_id != application.id,
            Territory.exclusive_until >= today(),
            Territory.country.in_(application.territories),
        )
        .order_by(Territory.country, Territory.commodity)
    )
    return [Held(country, commodity, until) for country, commodity, until in rows if until is not None]
