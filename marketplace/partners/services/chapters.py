"""A chapter: made by an operator, described by its own people."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.policy import Actor, OrganisationKind
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
