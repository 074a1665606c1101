"""Answers that were given by telephone or WhatsApp, put down here by who heard them, and shown as such."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.policy import Actor, OrganisationKind, Role, require
from marketplace.leads.policies import may_settle
from marketplace.leads.queries import lead
from marketplace.leads.services import answer_lead, decline_lead
from marketplace.rfqs.models import HeardAnswer, Message, Recipient
from marketplace.rfqs.rules import DeclineReason, HeardBy, Side, WrittenBy
from marketplace.rfqs.services.conversation import add_message
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class HeardDraft:
    """What was said; ``reason`` makes it a no. ``said_by_id`` is one of the seller's people, None for anybody else."""

    channel: HeardBy
    said_by_id: int | None
    said_on: date
    text: str
    language: str
    reason: DeclineReason | None = None


def people_of(session: Session, recipient: Recipient) -> list[tuple[int, str]]:
    """Who may have said it: the seller's people, key and name."""
    rows = session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Seller, Seller.organisation_id == Membership.organisation_id)
        .where(Seller.id == recipient.seller_id, User.erased_at.is_(None))
        .order_by(User.name, User.id)
    )
    return [(key, name) for key, name in rows]


def log_answer(session: Session, actor: Actor, key: str, draft: HeardDraft) -> Message:
    """Put down what one of the actor's colleagues said to the buyer or to them; it binds as an answer written here.

    Refused where the lead was answered or closed, `DomainError` for a day ahead or before the lead came.
    """
    return _written(session, actor, key, draft, WrittenBy.COLLEAGUE)


def log_answer_for(session: Session, actor: Actor, recipient: Recipient, draft: HeardDraft) -> Message:
    """The same by staff, in the seller's name; the audit trail says who did. Whoever calls has loaded the lead by what
    the actor may look after."""
    if not actor.is_staff:
        raise NotFound
    organisation = session.scalars(
        select(Organisation)
        .join(Seller, Seller.organisation_id == Organisation.id)
        .where(Seller.id == recipient.seller_id)
    ).one()
    acting = replace(
        actor,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        kind=OrganisationKind.SELLER,
        roles=frozenset({Role.MEMBER}),
    )
    message = _written(session, acting, recipient.key, draft, WrittenBy.PROGRAMME)
    audit(session, actor, "lead.answer_logged", f"recipient:{recipient.id}", channel=draft.channel.value)
    return message


def answer_from_outside(
    session: Session, actor: Actor, key: str, text: str, *, language: str, said_on: date
) -> Message:
    """An answer that came in by WhatsApp from the person themselves."""
    draft = HeardDraft(HeardBy.WHATSAPP, actor.user_id, said_on, text, language)
    return _written(session, actor, key, draft, WrittenBy.SELF)


def _written(session: Session, actor: Actor, key: str, draft: HeardDraft, written_by: WrittenBy) -> Message:
    recipient = lead(session, actor, key, is_locked=True)
    if written_by is not WrittenBy.SELF:  # who answers by WhatsApp themselves goes on with the conversation
        require(may_settle(recipient))
    if not recipient.invited_at.date() <= draft.said_on <= today():
        raise DomainError(_("Choose a day since the lead came, and not a future one."))
    if draft.said_by_id is not None and draft.said_by_id not in dict(people_of(session, recipient)):
        raise DomainError(_("Choose one of the seller's people."))
    if draft.reason is None:
        message = answer_lead(session, actor, key, draft.text, language=draft.language)
    else:
        message = add_message(session, actor, recipient, Side.SELLER, draft.text, language=draft.language)
        recipient.seen_at = recipient.seen_at or now()
        decline_lead(session, actor, key, draft.reason)
    session.add(
        HeardAnswer(
            message_id=message.id,
            channel=draft.channel,
            said_by_id=draft.said_by_id,
            said_on=draft.said_on,
            written_by=written_by,
        )
    )
    return message
