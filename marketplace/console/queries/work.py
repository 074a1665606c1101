"""Chapters, commodities, queued work and the audit trail."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.models import Membership, User
from marketplace.catalogue.models import CommoditySetting, Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.paging import Page, page_of
from marketplace.partners.models import Attribution, Chapter


@dataclass(frozen=True)
class ChapterRow:
    """A chapter with its people and how many companies it brought."""

    chapter: Chapter
    people: tuple[str, ...]
    distributors: int


@dataclass(frozen=True)
class CommodityRow:
    """A commodity with what operators set and how many products list it."""

    key: str
    name: str
    category: str
    hs: str
    listed: int
    is_offered: bool
    note: str


def chapter_rows(session: Session) -> list[ChapterRow]:
    """All chapters by name."""
    chapters = session.scalars(select(Chapter).options(joinedload(Chapter.organisation))).all()
    people: dict[int, list[str]] = {}
    rows = session.execute(
        select(Membership.organisation_id, User.name)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id.in_([one.organisation_id for one in chapters]))
        .order_by(Membership.id)
    )
    for organisation_id, name in rows:
        people.setdefault(organisation_id, []).append(name)
    brought = dict(session.execute(select(Attribution.chapter_id, func.count()).group_by(Attribution.chapter_id)).all())
    found = [ChapterRow(one, tuple(people.get(one.organisation_id, ())), brought.get(one.id, 0)) for one in chapters]
    return sorted(found, key=lambda row: row.chapter.organisation.name)


def commodity_rows(session: Session, text: str, show: str, locale: str) -> list[CommodityRow]:
    """The registry's commodities whose name contains ``text``; ``show`` paused or listed narrows them."""
    registry = load_registry()
    settings = {row.commodity: row for row in session.scalars(select(CommoditySetting))}
    listed = dict(
        session.execute(
            select(Product.commodity, func.count())
            .where(Product.state == ListingState.LISTED)
            .group_by(Product.commodity)
        ).all()
    )
    wish = text.strip().casefold()
    rows = []
    for one in registry:
        name, setting = one.name(locale), settings.get(one.key)
        row = CommodityRow(
            one.key,
            name,
            " › ".join(step.name(locale) for step in registry.path(one.category)),
            one.hs,
            listed.get(one.key, 0),
            setting.is_offered if setting else True,
            setting.note if setting else "",
        )
        if wish and wish not in f"{name} {one.key} {one.hs}".casefold():
            continue
        if (show == "paused" and row.is_offered) or (show == "listed" and not row.listed):
            continue
        rows.append(row)
    return sorted(rows, key=lambda row: (row.category, row.name))


def job_counts(session: Session) -> dict[str, int]:
    """How many tasks are in each state."""
    rows = session.execute(select(Task.state, func.count()).group_by(Task.state)).all()
    return {state.value: dict(rows).get(state, 0) for state in TaskState}


def tasks_page(session: Session, state: str, job: str, number: int) -> Page[Task]:
    """Tasks, newest first, of one state and job or all."""
    query = select(Task).order_by(Task.id.desc())
    if state in set(TaskState):
        query = query.where(Task.state == state)
    if job:
        query = query.where(Task.job == job)
    return page_of(session, query, number)


def audit_page(session: Session, action: str, subject: str, person: str, number: int) -> Page[tuple[AuditEntry, str]]:
    """The audit trail, newest first; ``action`` and ``subject`` match from their beginning, ``person`` is a key."""
    query = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    if action:
        query = query.where(AuditEntry.action.startswith(action, autoescape=True))
    if subject:
        query = query.where(AuditEntry.subject.startswith(subject, autoescape=True))
    if person.isascii() and person.isdigit() and len(person) < 12:
        query = query.where(AuditEntry.user_id == int(person))
    return page_of(session, query, number)
