"""Answers without signing in: single-use links bound to one lead, one person and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.acting import acting_for
from marketplace.accounts.models import LinkToken, Membership, Organisation, User
from marketplace.accounts.rules import Purpose
from marketplace.accounts.services.links import make_link, open_link, use_link, waiting_links
from marketplace.i18n.translations import speaking
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.leads.queries import lead
from marketplace.leads.services import answer_lead, ask_information, decline_lead
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.phrases.parts import put_together
from marketplace.rfqs.rules import DeclineReason
from marketplace.sellers.models import Seller

# what a seller says with one tap; spoken in the language of the request
READY_YES = lazy_gettext("We have read your request and would like to make you an offer. You will hear from us soon.")

# sentences of the phrase bank that need nothing to be filled in, in the order of a letter
ANSWER_SENTENCES = (
    "greeting.thanks_message",
    "moq.mixed_container",
    "samples.need_address",
    "samples.before_shipment",
    "packing.label_text",
    "shipping.your_forwarder",
    "documents.usual_set",
    "quality.inspection",
    "decline.late_answer",
    "closing.questions",
    "closing.look_forward",
    "closing.regards",
)


class LinkAction(StrEnum):
    """What a link lets its holder do, one of them once."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


@dataclass(frozen=True)
class LinkAnswer:
    """What was chosen on the page behind a link.

    ``reason`` belongs to a no, words to the other two, sentences of the phrase bank to a yes.
    """

    action: LinkAction
    text: str
    language: str
    reason: str = ""
    sentences: tuple[str, ...] = ()


def make_answer_link(session: Session, recipient: Recipient, user_id: int) -> str:
    """A token with which this person may answer this lead once within three days; only its hash is kept.

    Those made before for the same person and lead are worthless from now on.
    """
    for link in waiting_links(session, Purpose.LEAD_REMINDER, user_id):
        if link.payload.get("recipient") == recipient.key:
            session.delete(link)
    payload = {"recipient": recipient.key, "actions": [one.value for one in LinkAction]}
    _link, token = make_link(session, Purpose.LEAD_REMINDER, user_id, payload)
    return token


def opened_by_link(session: Session, token: str) -> tuple[Actor, Recipient]:
    """Whom a link belongs to and the lead it opens. Changes nothing; `NotFound` if it is forged, used or over."""
    link = open_link(session, Purpose.LEAD_REMINDER, token)
    key = str(link.payload.get("recipient", ""))
    actor = _holder(session, link, key)
    return actor, lead(session, actor, key)


def answer_by_link(session: Session, token: str, answer: LinkAnswer) -> Recipient:
    """Use a link up and do what was chosen, both or neither.

    `NotFound` as in `opened_by_link`, also for the later of two at once; `Conflict` if the lead was settled meanwhile.
    """
    link = use_link(session, Purpose.LEAD_REMINDER, token)
    if answer.action not in link.payload.get("actions", ()):
        raise NotFound
    key = str(link.payload.get("recipient", ""))
    actor = _holder(session, link, key)
    recipient = lead(session, actor, key)
    if answer.action is LinkAction.NO:
        if answer.reason not in set(DeclineReason):
            raise DomainError(_("Choose a reason. The buyer reads it, and the programme learns from it."))
        return decline_lead(session, actor, key, DeclineReason(answer.reason), answer.text)
    if answer.action is LinkAction.ASK:
        ask_information(session, actor, key, answer.text, language=answer.language)
        return recipient
    text, language = answer.text.strip(), answer.language
    chosen = [code for code in ANSWER_SENTENCES if code in answer.sentences]
    parts = put_together([{"phrase": code, "values": {}} for code in chosen], text) if chosen else []
    if not text and not parts:
        language = recipient.rfq.language
        with speaking(language):
            text = str(READY_YES)
    answer_lead(session, actor, key, text, language=language, parts=parts)
    return recipient


def _holder(session: Session, link: LinkToken, key: str) -> Actor:
    """The person of a link, acting for the seller who was asked; `NotFound` once they may not any more."""
    row = session.execute(
        select(User, Organisation, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Seller, Seller.organisation_id == Organisation.id)
        .join(Recipient, Recipient.seller_id == Seller.id)
        .where(
            Recipient.key == key,
            User.id == link.user_id,
            User.suspended_at.is_(None),
            User.erased_at.is_(None),
            Organisation.kind == OrganisationKind.SELLER,
            Organisation.suspended_at.is_(None),
        )
    ).first()
    if row is None:
        raise NotFound
    user, organisation, role = row
    return acting_for(user, organisation, Role(role))
