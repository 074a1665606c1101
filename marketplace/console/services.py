"""What operators set: chapters with their managers, commodities, work to try again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.contact import email_or_none, zone_of
from marketplace.accounts.models import Membership, Organisation
from marketplace.accounts.queries import member_ids
from marketplace.accounts.rules import Purpose
from marketplace.accounts.services.links import send_link
from marketplace.accounts.services.organisations import suspend_organisation, unsuspend_organisation
from marketplace.accounts.services.people import person_of_address
from marketplace.catalogue.models import CommoditySetting
from marketplace.catalogue.registry.loading import load_registry
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.policy import HIDDEN, Actor, Role, require
from marketplace.kernel.text import cleaned
from marketplace.partners.models import Chapter


def invite_manager(session: Session, actor: Actor, chapter_id: int, name: str, email: str) -> None:
    """Send somebody a link to manage a chapter. `Conflict` if they do so already."""
    if not actor.is_operator:
        require(HIDDEN)
    chapter = session.get(Chapter, chapter_id)
    address = email_or_none(email)
    if chapter is None:
        raise NotFound
    if address is None:
        raise DomainError(_("This does not look like an e-mail address."))
    organisation = session.get_one(Organisation, chapter.organisation_id)
    user = person_of_address(session, address, name, actor.locale, zone_of(organisation.country))
    present = select(Membership.id).where(
        Membership.user_id == user.id, Membership.organisation_id == chapter.organisation_id
    )
    if session.scalar(present) is not None:
        raise Conflict(_("This person manages the chapter already."))
    payload = {
        "organisation_id": organisation.id,
        "organisation_name": organisation.name,
        "invited_by": actor.name,
        "inviter_id": actor.user_id,
        "inviter_organisation_id": actor.organisation_id,
        "name": cleaned(name, 200),
        "role": Role.OWNER.value,
    }
    send_link(session, Purpose.MEMBER_INVITE, user.id, payload, address)
    audit(session, actor, "chapter.manager_invited", f"chapter:{chapter.id}")


def suspend(session: Session, actor: Actor, organisation_id: int) -> None:
    """Take an organisation off the market and tell its people."""
    suspend_organisation(session, actor, organisation_id)
    _tell_people(session, organisation_id, "organisation_suspended")


def let_back(session: Session, actor: Actor, organisation_id: int) -> None:
    """Let an organisation back on the market and tell its people."""
    unsuspend_organisation(session, actor, organisation_id)
    _tell_people(session, organisation_id, "organisation_back")


def _tell_people(session: Session, organisation_id: int, kind: str) -> None:
    organisation = session.get_one(Organisation, organisation_id)
    about = f"organisation:{organisation_id}:{now():%Y%m%d%H%M%S%f}"
    people = tuple(member_ids(session, organisation_id))
    record(session, NoticeWanted(kind, about, people, {"organisation": organisation.name}, "/account"))


def set_commodity(session: Session, actor: Actor, key: str, *, is_offered: bool, note: str) -> CommoditySetting:
    """Offer or pause a commodity. What is listed stays; paused, nothing new can be listed."""
    if not actor.is_operator:
        require(HIDDEN)
    if key not in load_registry().commodities:
        raise NotFound
    if not is_offered and not note.strip():
        raise DomainError(_("Tell sellers why the commodity is paused and what to do."))
    row = session.get(CommoditySetting, key)
    if row is None:
        row = CommoditySetting(commodity=key)
        session.add(row)
    row.is_offered, row.note, row.changed_at = is_offered, cleaned(note, 500), now()
    audit(session, actor, "commodity.offered" if is_offered else "commodity.paused", f"commodity:{key}")
    return row


def retry_task(session: Session, actor: Actor, task_id: int) -> Task:
    """Queue work that was given up once more. `Conflict` where it was not given up."""
    if not actor.is_operator:
        require(HIDDEN)
    task = session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise NotFound
    if task.state != TaskState.DEAD:
        raise Conflict(_("This work was not given up; there is nothing to try again."))
    task.state, task.attempts, task.due_at, task.finished_at = TaskState.READY, 0, now(), None
    audit(session, actor, "job.retried", f"task:{task.id}", job=task.job)
    return task
