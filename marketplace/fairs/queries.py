"""Reads of fairs."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.fairs.models import Fair
from marketplace.fairs.policies import kept_by
from marketplace.fairs.rules import code_in, counts_on
from marketplace.kernel.clock import today
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.partners.models import Chapter


def fairs_of(session: Session, actor: Actor, number: int) -> Page[Fair]:
    """Fairs that the actor looks after, those still ahead or latest first."""
    query = select(Fair).where(kept_by(actor)).order_by(Fair.first_day.desc(), Fair.id.desc())
    return page_of(session, query, number)


def fair_for(session: Session, actor: Actor, key: int, *, is_locked: bool = False) -> Fair:
    """One fair that the actor looks after; anything else does not exist."""
    query = select(Fair).where(Fair.id == key, kept_by(actor)).execution_options(populate_existing=True)
    found = session.scalar(query.with_for_update() if is_locked else query)
    if found is None:
        raise NotFound
    return found


def public_fair(session: Session, typed: object) -> Fair | None:
    """The fair of a code, while visitors may still be led to it; None for an unknown, withdrawn or long ended one."""
    code = code_in(typed)
    found = session.scalar(select(Fair).where(Fair.code == code)) if code else None
    return found if found is not None and counts_on(found.last_day, found.withdrawn_at is not None, today()) else None


def fairs_ahead(session: Session, most: int = 3) -> list[Fair]:
    """Fairs that are on or still to come, the next first; what visitors may know of them is who, where and when."""
    suspended = (
        select(Chapter.id)
        .join(Organisation, Organisation.id == Chapter.organisation_id)
        .where(Organisation.suspended_at.is_not(None))
    )
    query = select(Fair).where(
        Fair.withdrawn_at.is_(None),
        Fair.last_day >= today(),
        or_(Fair.chapter_id.is_(None), Fair.chapter_id.not_in(suspended)),
    )
    return list(session.scalars(query.order_by(Fair.first_day, Fair.id).limit(most)))


def fair_names(session: Session) -> dict[str, str]:
    """Name of every fair by code, with its year."""
    rows = session.execute(select(Fair.code, Fair.name, Fair.first_day))
    return {code: name if str(day.year) in name else f"{name} {day.year}" for code, name, day in rows}


def fair_name(session: Session, key: int) -> str:
    """What a fair is called, with its city."""
    row = session.execute(select(Fair.name, Fair.city).where(Fair.id == key)).one()
    return f"{row.name}, {row.city}"


def counted_fair_id(session: Session, code: str) -> int | None:
    """Key of the fair a new request counts for; None without a code or for one that counts no more.

    The row is kept from being deleted until the request that names it is written.
    """
    if not (code := code_in(code)):
        return None
    query = select(Fair.id, Fair.last_day, Fair.withdrawn_at).where(Fair.code == code)
    row = session.execute(query.with_for_update(read=True, key_share=True)).one_or_none()
    return row.id if row is not None and counts_on(row.last_day, row.withdrawn_at is not None, today()) else None
