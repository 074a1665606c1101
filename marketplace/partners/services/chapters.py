"""A chapter: made by an operator, described by its own people."""

from __future__ import annotations

import hashlib

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.events import OrganisationChanged
from marketplace.accounts.models import Organisation
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import HIDDEN, Actor, OrganisationKind, require
from marketplace.kernel.text import cleaned, slug
from marketplace.partners.models import Chapter
from marketplace.partners.queries import chapter_of


def create_chapter(
    session: Session, actor: Actor | None, name: str, city: str, countries: list[str], *, is_sample: bool = False
) -> Chapter:
    """A new chapter with its organisation; ``countries`` are the ISO codes it represents."""
    organisation = Organisation(
        kind=OrganisationKind.CHAPTER,
        slug=slug(f"{name}-{city}", "chapter"),
        name=cleaned(name, 200),
        country=countries[0],
        city=cleaned(city, 80),
        is_sample=is_sample,
        created_at=now(),
    )
    session.add(organisation)
    session.flush()  # the chapter needs its key
    chapter = Chapter(
        organisation_id=organisation.id, slug=organisation.slug, countries=sorted(set(countries)), created_at=now()
    )
    session.add(chapter)
    session.flush()  # the audit names it
    audit(session, actor, "chapter.created", f"chapter:{chapter.id}")
    return chapter


def update_chapter(session: Session, actor: Actor, about: str, city: str, website: str) -> Chapter:
    """What a chapter says about itself; which countries it represents stays with the operator."""
    chapter = chapter_of(session, actor)
    chapter.about = cleaned(about, 500)
    chapter.organisation.city = cleaned(city, 80)
    chapter.organisation.website = cleaned(website, 200)
    audit(session, actor, "chapter.changed", f"chapter:{chapter.id}")
    return chapter


def represent(session: Session, actor: Actor, chapter_id: int, name: str, countries: list[str], seen: str) -> Chapter:
    """Rename a chapter and set the ISO codes it represents; leads it has been given stay with it.

    ``seen`` is the `mark_of` the chapter that the form showed. `NotFound`, or `Conflict` if it changed since.
    """
    if not actor.is_operator:
        require(HIDDEN)
    wanted = (
        select(Chapter)
        .where(Chapter.id == chapter_id)
        .options(joinedload(Chapter.organisation))
        .with_for_update(of=Chapter)
    )
    chapter = session.scalars(wanted).one_or_none()
    if chapter is None:
        raise NotFound
    if mark_of(chapter) != seen:
        raise Conflict(_("Somebody changed this chapter meanwhile. Look at it again."))
    before = ",".join(chapter.countries)
    chapter.countries = sorted(set(countries))
    if chapter.organisation.name != (wished := cleaned(name, 200)):
        chapter.organisation.name = wished
        record(session, OrganisationChanged(chapter.organisation_id))
    if chapter.organisation.country not in chapter.countries:
        chapter.organisation.country = chapter.countries[0]
    after = ",".join(chapter.countries)
    audit(session, actor, "chapter.represents", f"chapter:{chapter.id}", before=before, after=after)
    return chapter


def mark_of(chapter: Chapter) -> str:
    """What a form of a chapter showed, to tell a stale edit."""
    return hashlib.sha256("|".join((chapter.organisation.name, *chapter.countries)).encode()).hexdigest()[:16]
