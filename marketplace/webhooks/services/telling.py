"""What an event says to each organisation that may know of it: keys, states and a link, never a rival's words.

Where nobody listens, an event costs one look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.outside import settings
from marketplace.kernel.policy import OrganisationKind
from marketplace.kernel.prepared import Prepared
from marketplace.kernel.uow import once
from marketplace.partners.models import Chapter
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.sellers.models import Seller
from marketplace.webhooks.models import WebhookEndpoint
from marketplace.webhooks.rules import KINDS, Happening
from marketplace.webhooks.services.queueing import queue

BUYER, SELLER, CHAPTER = OrganisationKind.BUYER, OrganisationKind.SELLER, OrganisationKind.CHAPTER
BOTH = frozenset({BUYER, SELLER})
ALL = frozenset({BUYER, SELLER, CHAPTER})
_ANY = Prepared(select(WebhookEndpoint.id).where(WebhookEndpoint.off_at.is_(None)).limit(1))
_LISTENING = Prepared(
    select(WebhookEndpoint.id, WebhookEndpoint.kinds, WebhookEndpoint.organisation_id)
    .join(Organisation, Organisation.id == WebhookEndpoint.organisation_id)
    .where(
        WebhookEndpoint.off_at.is_(None),
        Organisation.suspended_at.is_(None),
        (WebhookEndpoint.organisation_id == bindparam("buyer_id"))
        | (WebhookEndpoint.organisation_id == bindparam("seller_id"))
        | (WebhookEndpoint.organisation_id == bindparam("chapter_id")),
    )
    .order_by(WebhookEndpoint.id)
)
_REQUEST = (Rfq.key, Rfq.state, Rfq.buyer_id, Chapter.organisation_id)
_OF_RECIPIENT = Prepared(
    select(*_REQUEST, Recipient.key, Recipient.state, Recipient.deadline_at, Seller.organisation_id)
    .join(Recipient, Recipient.rfq_id == Rfq.id)
    .join(Seller, Seller.id == Recipient.seller_id)
    .outerjoin(Chapter, Chapter.id == Rfq.chapter_id)
    .where(Recipient.id == bindparam("recipient_id"))
)
_OF_RFQ = Prepared(
    select(*_REQUEST).outerjoin(Chapter, Chapter.id == Rfq.chapter_id).where(Rfq.id == bindparam("rfq_id"))
)


@dataclass(frozen=True)
class Lead:
    """A request and one of its recipients, with the organisations that may know of them; 0 for none."""

    request: str
    state: str
    buyer_id: int
    chapter_id: int
    key: str = ""
    lead_state: str = ""
    answer_by: datetime | None = None
    seller_id: int = 0


def is_heard(session: Session) -> bool:
    """Whether anybody listens to anything; asked once for all that one action lets happen."""
    return once(session, "webhooks", lambda asked: bool(_ANY.raw(asked)))


def lead_of(session: Session, recipient_id: int) -> Lead | None:
    """A recipient as events speak of it; None where nobody listens to anything."""
    if not is_heard(session):
        return None
    ((request, state, buyer, chapter, key, lead_state, deadline, seller),) = _OF_RECIPIENT.rows(
        session, recipient_id=recipient_id
    )
    return Lead(request, state, buyer, chapter or 0, key, lead_state, deadline, seller)


def tell(
    session: Session,
    kind: Happening,
    lead: Lead,
    to: frozenset[OrganisationKind] = BOTH,
    data: Mapping[str, Any] | None = None,
    *,
    for_sides: Mapping[str, Any] | None = None,
    path: str = "",
) -> None:
    """Queue an event for every endpoint of ``to`` that asked for its kind.

    ``for_sides`` is not for the chapter. ``path`` is where all of them read more, instead of in their conversation.
    """
    places = {SELLER: lead.seller_id, BUYER: lead.buyer_id, CHAPTER: lead.chapter_id}
    ids = {who: place if who in to else 0 for who, place in places.items()}
    rows = _LISTENING.rows(session, buyer_id=ids[BUYER], seller_id=ids[SELLER], chapter_id=ids[CHAPTER])
    for endpoint_id, kinds, organisation_id in rows:
        who = next(one for one, place in ids.items() if place == organisation_id)
        if kind in kinds and kind in KINDS[who]:
            said = _about(lead, who) | dict(data or {}) | (dict(for_sides or {}) if who is not CHAPTER else {})
            queue(session, endpoint_id, kind, {**said, "url": settings().web.public_url + (path or _page(lead, who))})


def tell_of_request(
    session: Session,
    kind: Happening,
    rfq_id: int,
    data: Mapping[str, Any] | None = None,
    *,
    for_buyer: Mapping[str, Any] | None = None,
) -> None:
    """The same of a whole request, for the buyer and their chapter; ``for_buyer`` is not for the chapter."""
    if is_heard(session):
        ((request, state, buyer, chapter),) = _OF_RFQ.rows(session, rfq_id=rfq_id)
        tell(
            session,
            kind,
            Lead(request, state, buyer, chapter or 0),
            frozenset({BUYER, CHAPTER}),
            data,
            for_sides=for_buyer,
        )


def _about(lead: Lead, who: OrganisationKind) -> dict[str, Any]:
    """The request as this organisation's own pages show it. A seller learns of its own lead alone."""
    if who is SELLER:
        return {
            "request": lead.request,
            "lead": lead.key,
            "lead_state": lead.lead_state,
            "answer_by": lead.answer_by.isoformat() if lead.answer_by is not None else None,
        }
    said = {"request": lead.request, "request_state": lead.state}
    if who is BUYER and lead.key:
        said |= {"lead": lead.key, "lead_state": lead.lead_state}
    return said


def _page(lead: Lead, who: OrganisationKind) -> str:
    if who is CHAPTER:
        return "/partner/leads"
    if who is SELLER:
        return f"/leads/{lead.key}"
    return f"/requests/{lead.request}/with/{lead.key}" if lead.key else f"/requests/{lead.request}"
