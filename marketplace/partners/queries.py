"""Reads for chapters and distributors."""

from __future__ import annotations

import hashlib

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.partners.models import Application, ApplicationDocument, Attribution, Chapter
from marketplace.partners.policies import of_own_chapter, of_own_company
from marketplace.partners.rules import ApplicationState


def hashed_invite(token: str) -> str:
    """How an invitation's token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def chapter_of(session: Session, actor: Actor) -> Chapter:
    """The chapter ``actor`` works for."""
    chapter = session.scalar(
        select(Chapter)
        .where(Chapter.organisation_id == actor.organisation_id)
        .options(joinedload(Chapter.organisation))
    )
    if chapter is None:
        raise NotFound
    return chapter


def chapter_names(session: Session) -> dict[int, str]:
    """Name of every chapter by key."""
    rows = session.execute(
        select(Chapter.id, Organisation.name).join(Organisation, Organisation.id == Chapter.organisation_id)
    )
    return {row[0]: row[1] for row in rows}


def application_for_partner(session: Session, actor: Actor, key: int) -> Application:
    """One application of the actor's own chapter with documents and notes; anything else does not exist."""
    found = session.scalar(
        select(Application)
        .where(Application.id == key, of_own_chapter(actor))
        .options(
            selectinload(Application.documents).joinedload(ApplicationDocument.file),
            selectinload(Application.notes),
            joinedload(Application.organisation),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def own_application(session: Session, actor: Actor) -> Application | None:
    """The newest application of the actor's company."""
    return session.scalar(
        select(Application)
        .where(of_own_company(actor))
        .order_by(Application.id.desc())
        .limit(1)
        .options(
            selectinload(Application.documents).joinedload(ApplicationDocument.file), selectinload(Application.notes)
        )
        .execution_options(populate_existing=True)
    )


def invitation(session: Session, token: str) -> Application:
    """The open invitation behind a link; a used, ended or unknown one does not exist."""
    found = session.scalar(
        select(Application).where(
            Application.invite_hash == hashed_invite(token),
            Application.state == ApplicationState.INVITED,
            Application.invite_expires_at > now(),
        )
    )
    if found is None:
        raise NotFound(_("This invitation does not hold any more. Ask for a new one."))
    return found


def stage_counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many distributors of the actor's chapter stand at each stage."""
    rows = session.execute(
        select(Application.state, func.count()).where(of_own_chapter(actor)).group_by(Application.state)
    )
    return {row[0]: row[1] for row in rows}


def applications(session: Session, actor: Actor, state: str | None, number: int) -> Page[Application]:
    """Distributors of the actor's chapter, newest first, of one stage or all."""
    query = select(Application).where(of_own_chapter(actor)).order_by(Application.id.desc())
    if state:
        query = query.where(Application.state == state)
    return page_of(session, query, number)


def attributed_chapter(session: Session, organisation_id: int) -> int | None:
    """The chapter that brought an organisation, if any: its requests count for that chapter."""
    return session.scalar(select(Attribution.chapter_id).where(Attribution.organisation_id == organisation_id))


def reads_as_reviewer(session: Session, actor: Actor, file_id: int) -> bool:
    """Whether a stored file was handed in with an application to the actor's chapter."""
    query = (
        select(ApplicationDocument.id)
        .join(Application, Application.id == ApplicationDocument.application_id)
        .where(ApplicationDocument.file_id == file_id, of_own_chapter(actor))
        .limit(1)
    )
    return session.scalar(query) is not None
