"""The way of a distributor: invited, applied, asked for more, approved or refused."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned, normal_email
from marketplace.partners.events import (
    ApplicationNeedsInfo,
    DistributorApplied,
    DistributorApproved,
    DistributorInvited,
    DistributorRefused,
)
from marketplace.partners.models import Application, ApplicationDocument, ApplicationNote, Attribution
from marketplace.partners.policies import of_own_company
from marketplace.partners.queries import application_for_partner, chapter_of, hashed_invite, invitation
from marketplace.partners.rules import APPLICATION_MOVES, ApplicationState

INVITE_LIFE = timedelta(days=30)


@dataclass(frozen=True)
class ApplicationDraft:
    """What a distributor says about themselves; ``documents`` are pairs of kind and stored file key."""

    about: str
    yearly_volume: str
    channels: list[str]
    territories: list[str]
    interests: list[str]
    documents: list[tuple[str, int]] = field(default_factory=list)


def invite_distributor(session: Session, actor: Actor, company_name: str, email: str) -> tuple[Application, str]:
    """A new invitation of the actor's chapter and the token of its link, which is kept as a hash only."""
    chapter = chapter_of(session, actor)
    token = secrets.token_urlsafe(24)
    application = Application(
        chapter_id=chapter.id,
        state=ApplicationState.INVITED,
        invite_hash=hashed_invite(token),
        invite_expires_at=now() + INVITE_LIFE,
        invited_by_id=actor.user_id,
        invited_email=normal_email(email),
        company_name=cleaned(company_name, 200),
        channels=[],
        territories=[],
        interests=[],
        created_at=now(),
    )
    session.add(application)
    session.flush()  # note and event name it
    _note(session, application, actor, "partner", "")
    record(session, DistributorInvited(application.id, token))
    audit(session, actor, "distributor.invited", f"application:{application.id}")
    return application, token


def apply_as_distributor(session: Session, actor: Actor, token: str, draft: ApplicationDraft) -> Application:
    """Answer an invitation with the company's data; the link is used up by it."""
    application = invitation(session, token)
    if not actor.is_buyer or actor.organisation_id is None:
        raise DomainError(_("Only a buying company can apply as a distributor. Register your company first."))
    if actor.is_suspended:
        raise Forbidden(_("Your organisation is suspended. You can still read your account and write to us."))
    pending = session.scalar(
        select(Application.id).where(
            of_own_company(actor),
            Application.state.in_([ApplicationState.APPLIED, ApplicationState.NEEDS_INFO, ApplicationState.APPROVED]),
        )
    )
    if pending is not None:
        raise Conflict(_("Your company already has an application with a chapter."))
    company = session.get_one(Organisation, actor.organisation_id)
    application.organisation_id = company.id
    application.applicant_id = actor.user_id
    application.company_name = company.name
    application.country = company.country
    application.registration_number = company.registration_number
    application.website = company.website
    application.applied_at = now()
    _fill(session, application, draft)
    _move(session, application, ApplicationState.APPLIED, actor, "distributor", "")
    record(session, DistributorApplied(application.id))
    return application


def answer_question(session: Session, actor: Actor, version: int, text: str, draft: ApplicationDraft) -> Application:
    """The distributor hands in what was asked for; the application is with the chapter again."""
    application = _own(session, actor, {ApplicationState.NEEDS_INFO})
    _check_version(application, version)
    if not text.strip():
        raise DomainError(_("Please write a short answer to the question."))
    _fill(session, application, draft)
    _move(session, application, ApplicationState.APPLIED, actor, "distributor", text)
    record(session, DistributorApplied(application.id))
    return application


def withdraw(session: Session, actor: Actor, version: int) -> Application:
    """The distributor takes the application back."""
    application = _own(session, actor, {ApplicationState.APPLIED, ApplicationState.NEEDS_INFO})
    _check_version(application, version)
    _move(session, application, ApplicationState.WITHDRAWN, actor, "distributor", "")
    return application


def ask_for_more(session: Session, actor: Actor, key: int, version: int, text: str) -> Application:
    """The chapter needs something more before it decides; the question is required."""
    application = _decidable(session, actor, key, version)
    if not text.strip():
        raise DomainError(_("Write what you need to know, so that the distributor can answer it."))
    _move(session, application, ApplicationState.NEEDS_INFO, actor, "partner", text)
    record(session, ApplicationNeedsInfo(application.id))
    return application


def approve(session: Session, actor: Actor, key: int, version: int, text: str) -> Application:
    """Take the distributor on: from now on its requests count for the chapter."""
    application = _decidable(session, actor, key, version)
    if application.organisation_id is None:
        raise NotFound
    taken = session.scalar(
        select(Attribution.chapter_id).where(Attribution.organisation_id == application.organisation_id)
    )
    if taken is not None and taken != application.chapter_id:
        raise Conflict(_("This company already works with another chapter."))
    _decide(session, application, ApplicationState.APPROVED, actor, text)
    session.flush()  # of two who decide at once, the second finds another version here
    if taken is None:
        session.add(
            Attribution(organisation_id=application.organisation_id, chapter_id=application.chapter_id, since=now())
        )
    record(session, DistributorApproved(application.id))
    return application


def refuse(session: Session, actor: Actor, key: int, version: int, text: str) -> Application:
    """Say no, with a reason that the distributor reads."""
    application = _decidable(session, actor, key, version)
    if not text.strip():
        raise DomainError(_("Write the reason, so that the distributor can understand the decision."))
    _decide(session, application, ApplicationState.REFUSED, actor, text)
    record(session, DistributorRefused(application.id))
    return application


def _decide(session: Session, application: Application, target: ApplicationState, actor: Actor, text: str) -> None:
    application.decided_at = now()
    application.decided_by_id = actor.user_id
    _move(session, application, target, actor, "partner", text)


def _decidable(session: Session, actor: Actor, key: int, version: int) -> Application:
    application = application_for_partner(session, actor, key)
    _check_version(application, version)
    return application


def _own(session: Session, actor: Actor, states: set[ApplicationState]) -> Application:
    found = session.scalar(
        select(Application).where(of_own_company(actor), Application.state.in_(states)).order_by(Application.id.desc())
    )
    if found is None:
        raise NotFound
    return found


def _check_version(application: Application, version: int) -> None:
    if application.version != version:
        raise Conflict(_("This application has changed meanwhile. Reload the page to see how it stands now."))


def _move(
    session: Session, application: Application, target: ApplicationState, actor: Actor, side: str, text: str
) -> None:
    application.state = advance(ApplicationState(application.state), target, APPLICATION_MOVES)
    _note(session, application, actor, side, text)
    audit(session, actor, f"distributor.{target}", f"application:{application.id}")


def _note(session: Session, application: Application, actor: Actor, side: str, text: str) -> None:
    session.add(
        ApplicationNote(
            application_id=application.id,
            author_id=actor.user_id,
            author_side=side,
            state=application.state,
            text=cleaned(text, 4000),
            created_at=now(),
        )
    )


def _fill(session: Session, application: Application, draft: ApplicationDraft) -> None:
    application.about = cleaned(draft.about, 4000)
    application.yearly_volume = cleaned(draft.yearly_volume, 80)
    application.channels = list(draft.channels)
    application.territories = list(draft.territories)
    application.interests = list(draft.interests)
    for kind, file_id in draft.documents:
        session.add(ApplicationDocument(application_id=application.id, kind=kind, file_id=file_id))
