"""Chapters and distributors: what their events tell either side."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, User
from marketplace.accounts.queries import member_ids
from marketplace.kernel.events import on
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import SECRET, notify, notify_address
from marketplace.partners.events import (
    ApplicationNeedsInfo,
    DistributorApplied,
    DistributorApproved,
    DistributorInvited,
    DistributorRefused,
)
from marketplace.partners.models import Application, Chapter


@on(DistributorInvited)
def invite(session: Session, event: DistributorInvited) -> None:
    """The invitation leaves by mail where an address was given; otherwise the inviter hands the link over."""
    application = session.get_one(Application, event.application_id)
    inviter = session.get(User, application.invited_by_id) if application.invited_by_id is not None else None
    context = {SECRET: event.token, "organisation": _chapter_name(session, application)}
    notify_address(
        session,
        Kind.DISTRIBUTOR_INVITED,
        f"application:{application.id}:{application.invite_hash[:12]}",
        application.invited_email,
        inviter.locale if inviter else "en",
        context,
    )


@on(DistributorApplied)
def say_applied(session: Session, event: DistributorApplied) -> None:
    """The chapter's people learn of an application, and of each that comes back."""
    application = session.get_one(Application, event.application_id)
    chapter = session.get_one(Chapter, application.chapter_id)
    notify(
        session,
        Kind.DISTRIBUTOR_APPLIED,
        _about(application),
        member_ids(session, chapter.organisation_id),
        {"organisation": application.company_name},
        f"/partner/distributors/{application.id}",
    )


@on(ApplicationNeedsInfo)
def say_question(session: Session, event: ApplicationNeedsInfo) -> None:
    """The applicant learns that the chapter has a question."""
    _tell_applicant(session, event.application_id, Kind.APPLICATION_NEEDS_INFO, "/distributor/application")


@on(DistributorApproved)
def say_approved(session: Session, event: DistributorApproved) -> None:
    """The applicant learns that they are in."""
    _tell_applicant(session, event.application_id, Kind.APPLICATION_APPROVED, "/requests/new")


@on(DistributorRefused)
def say_refused(session: Session, event: DistributorRefused) -> None:
    """The applicant learns that the chapter decided against it."""
    _tell_applicant(session, event.application_id, Kind.APPLICATION_REFUSED, "/distributor/application")


def _tell_applicant(session: Session, application_id: int, kind: Kind, href: str) -> None:
    application = session.get_one(Application, application_id)
    people = member_ids(session, application.organisation_id) if application.organisation_id is not None else []
    if application.applicant_id is not None and application.applicant_id not in people:
        people = [*people, application.applicant_id]
    context = {"organisation": _chapter_name(session, application)}
    notify(session, kind, _about(application), people, context, href)


def _about(application: Application) -> str:
    return f"application:{application.id}:{application.version}"


def _chapter_name(session: Session, application: Application) -> str:
    query = (
        select(Organisation.name)
        .join(Chapter, Chapter.organisation_id == Organisation.id)
        .where(Chapter.id == application.chapter_id)
    )
    return session.scalar(query) or ""
