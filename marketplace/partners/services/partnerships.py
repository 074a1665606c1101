"""Grades, days and territories of distributors: the chapter's own word, with a check that no two hold the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import member_ids
from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n.formats import format_country, format_date
from marketplace.i18n.translations import current_locale
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.events import record
from marketplace.kernel.inserting import hold, write
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.policy import Actor
from marketplace.partners.introduction_queries import approved_distributor
from marketplace.partners.models import Application, Chapter, Partnership, Territory
from marketplace.partners.partnership_queries import partnership_of, territory_of_chapter
from marketplace.partners.queries import chapter_of
from marketplace.partners.rules import (
    LONGEST_EXCLUSIVE,
    REVIEW_REMINDED,
    Grade,
    PartnershipFault,
    claim_of,
    is_exclusive,
    partnership_fault,
)

FAULTS = {
    PartnershipFault.SINCE_IN_FUTURE: _("A partnership begins today or began before. Check the day."),
    PartnershipFault.REVIEWED_OUT_OF_RANGE: _("The last review lies between the beginning and today. Check the day."),
    PartnershipFault.NEXT_NOT_AHEAD: _("The next review lies ahead. Choose a later day."),
}


@dataclass(frozen=True, slots=True)
class PartnershipDraft:
    """What a chapter says of a partnership; ``grade`` None: none yet."""

    grade: Grade | None
    since: date
    reviewed_on: date | None
    next_review_on: date | None


def state_partnership(session: Session, actor: Actor, key: int, draft: PartnershipDraft, version: int) -> Partnership:
    """Put down what the chapter says of one of its approved distributors; ``version`` 0 where nothing was said yet.

    `DomainError` for days that cannot be, `Conflict` where somebody changed it meanwhile.
    """
    application = approved_distributor(session, actor, key)
    fault = partnership_fault(draft.since, draft.reviewed_on, draft.next_review_on, today())
    if fault is not None:
        raise DomainError(FAULTS[fault])
    row = partnership_of(session, application.id)
    if (row.version if row is not None else 0) != version:
        raise Conflict(_("This partnership has changed meanwhile. Reload the page to see how it stands."))
    if row is None:
        row = Partnership(application_id=application.id, since=draft.since, stated_at=now())
        session.add(row)
    before = row.grade or ""
    row.grade, row.since = draft.grade or "", draft.since
    row.reviewed_on, row.next_review_on = draft.reviewed_on, draft.next_review_on
    row.stated_by_id, row.stated_at = actor.user_id, now()
    audit(session, actor, "partnership.stated", f"application:{application.id}", before=before, grade=row.grade)
    return row


def grant_territory(
    session: Session, actor: Actor, key: int, country: str, commodity: str, exclusive_until: date | None
) -> Territory:
    """Give an approved distributor of the actor's chapter a commodity in a country that the chapter represents; what
    it has there already is changed.

    `Conflict` where another distributor of any chapter has it exclusively, or has it at all and it would become
    exclusive; `DomainError` for a country, goods or a day that cannot be. Nothing is changed then.
    """
    application, day = approved_distributor(session, actor, key), today()
    if country not in chapter_of(session, actor).countries:
        raise DomainError(_("Your chapter does not represent this country."))
    if commodity not in load_registry().commodities:
        raise DomainError(_("Choose a commodity from the list."))
    if exclusive_until is not None and not day < exclusive_until <= day + LONGEST_EXCLUSIVE:
        raise DomainError(_("Choose a last day from tomorrow on, within five years."))
    # one grant at a time: another that is about to be written is seen by no query, and only exclusive ones have a claim
    session.execute(select(Chapter.id).order_by(Chapter.id).with_for_update(key_share=True))
    # what has ended is nobody's claim any more
    session.execute(update(Territory).where(Territory.exclusive_until < day).values(claim=None))
    others = session.scalars(
        select(Territory)
        .where(
            Territory.country == country, Territory.commodity == commodity, Territory.application_id != application.id
        )
        .options(joinedload(Territory.application))
        .with_for_update(of=Territory)
    ).all()
    for other in others:
        if exclusive_until is not None or is_exclusive(other.exclusive_until, day):
            raise Conflict(_overlap(session, application, other, day))
    claim = claim_of(country, commodity) if exclusive_until is not None else None
    row = session.scalar(
        select(Territory).where(
            Territory.application_id == application.id, Territory.country == country, Territory.commodity == commodity
        )
    )
    if row is None:
        row = Territory(
            application_id=application.id, country=country, commodity=commodity, exclusive_until=exclusive_until,
            claim=claim, granted_by_id=actor.user_id, granted_at=now(),
        )  # fmt: skip
        if not write(session, row, unless_taken=("claim",) if claim else ("application_id", "country", "commodity")):
            raise Conflict(_("Somebody was quicker. Reload the page to see how it stands."))
        hold(session, row)
    else:
        row.exclusive_until, row.claim, row.granted_by_id, row.granted_at = exclusive_until, claim, actor.user_id, now()
    audit(
        session, actor, "territory.granted", f"application:{application.id}",
        country=country, commodity=commodity, until=exclusive_until.isoformat() if exclusive_until else "",
    )  # fmt: skip
    return row


def end_territory(session: Session, actor: Actor, key: int) -> int:
    """Take a territory back at once; gives the distributor's application."""
    row = territory_of_chapter(session, actor, key)
    session.delete(row)
    audit(
        session, actor, "territory.ended", f"application:{row.application_id}",
        country=row.country, commodity=row.commodity,
    )  # fmt: skip
    return row.application_id


def remind_of_reviews(session: Session) -> int:
    """Tell chapters of partnerships to be looked at within two weeks, once each; gives how many."""
    rows = session.execute(
        select(Partnership, Application.company_name, Chapter.organisation_id)
        .join(Application, Application.id == Partnership.application_id)
        .join(Chapter, Chapter.id == Application.chapter_id)
        .where(
            Partnership.next_review_on <= today() + REVIEW_REMINDED,
            Partnership.reminded_for.is_distinct_from(Partnership.next_review_on),
        )
        .with_for_update(of=Partnership)
    ).all()
    for row, company, organisation_id in rows:
        if row.next_review_on is None:
            continue  # the query leaves them out
        row.reminded_for = row.next_review_on
        people = tuple(member_ids(session, organisation_id))
        context = {"distributor": company, "date": row.next_review_on.isoformat()}
        about = f"partnership:{row.id}:{row.next_review_on}"
        page = f"/partner/distributors/{row.application_id}/partnership"
        record(session, NoticeWanted("partnership_review", about, people, context, page))
    return len(rows)


def _overlap(session: Session, application: Application, other: Territory, day: date) -> str:
    """Who stands in the way; a distributor of another chapter is not named, its chapter is."""
    locale = current_locale()
    goods = load_registry().commodity(other.commodity).name(locale)
    values = {"goods": goods, "country": format_country(other.country, locale)}
    if other.application.chapter_id == application.chapter_id:
        values["who"] = other.application.company_name
    else:
        chapter = session.scalar(
            select(Organisation.name)
            .join(Chapter, Chapter.organisation_id == Organisation.id)
            .where(Chapter.id == other.application.chapter_id)
        )
        values["who"] = gettext("A distributor of %(chapter)s", chapter=chapter)
    if other.exclusive_until is not None and is_exclusive(other.exclusive_until, day):
        values["day"] = format_date(other.exclusive_until, locale)
        known: str = gettext(
            "%(who)s has %(goods)s in %(country)s exclusively until %(day)s. Nothing was changed; end that first.",
            **values,
        )
        return known
    said: str = gettext(
        "%(who)s has %(goods)s in %(country)s too, so it cannot become exclusive. Nothing was changed; end that first.",
        **values,
    )
    return said
