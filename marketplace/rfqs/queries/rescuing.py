"""Leads without an answer, as those read them who look after them; and whom else a released buyer could ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session, contains_eager

from marketplace.accounts.models import Organisation, User
from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.product_view import title_in
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.rfqs.models import Recipient, Rfq, RfqMoment
from marketplace.rfqs.policies import can_be_asked, looked_after_by
from marketplace.rfqs.rules import LIVE, RESCUE_STEPS, UNANSWERED, MomentCode, RecipientState
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class WaitingLead:
    """A silent lead (with request, lines, buyer, seller and their organisation), its mentor and its last step."""

    recipient: Recipient
    mentor: str
    step: MomentCode | None


@dataclass(frozen=True)
class OtherOffer:
    """Goods of a seller who was not asked yet."""

    slug: str
    title: str
    seller: str


def rescue_steps(session: Session, rfq_ids: Iterable[int]) -> dict[int, MomentCode]:
    """The last step of the rescue by recipient, where there was any."""
    rows = session.execute(
        select(RfqMoment.recipient_id, RfqMoment.code).where(
            RfqMoment.rfq_id.in_(list(rfq_ids)),
            RfqMoment.recipient_id.is_not(None),
            RfqMoment.code.in_(RESCUE_STEPS),
        )
    )
    found: dict[int, MomentCode] = {}
    for recipient_id, code in rows:
        key, step = recipient_id or 0, MomentCode(code)
        if key not in found or RESCUE_STEPS.index(step) > RESCUE_STEPS.index(found[key]):
            found[key] = step
    return found


def waiting_leads(session: Session, actor: Actor, number: int, size: int = 25) -> Page[WaitingLead]:
    """Leads that wait for an answer beyond two days (staff) or three (partners), one's own pesantren's first."""
    query = _leads().where(looked_after_by(actor), _waits(actor))
    own = case((Seller.mentor_id == actor.user_id, 0), else_=1)
    page = page_of(session, query.order_by(own, Recipient.deadline_at, Recipient.id), number, size)
    steps = rescue_steps(session, {one.rfq_id for one in page.items})
    mentors = _names(session, {one.seller.mentor_id for one in page.items if one.seller.mentor_id})
    rows = [WaitingLead(one, mentors.get(one.seller.mentor_id or 0, ""), steps.get(one.id)) for one in page.items]
    return Page(rows, page.number, page.size, page.has_next)


def waiting_lead(session: Session, actor: Actor, key: str) -> WaitingLead:
    """One lead that waits for an answer, or whose conversation the programme took over.

    `NotFound` for another chapter's, for one that nobody was called to, and once the seller answered by themselves:
    what the two write then is theirs.
    """
    may_read = looked_after_by(actor) & _was_called(actor) & (_is_silent() | _has(MomentCode.TAKEN_OVER))
    found = session.scalar(_leads().where(Recipient.key == key, may_read))
    if found is None:
        raise NotFound
    mentors = _names(session, {found.seller.mentor_id} if found.seller.mentor_id else set())
    step = rescue_steps(session, [found.rfq_id]).get(found.id)
    return WaitingLead(found, mentors.get(found.seller.mentor_id or 0, ""), step)


def others_offering(session: Session, rfq: Rfq, locale: str, limit: int = 4) -> list[OtherOffer]:
    """Goods of the same kind from sellers who were not asked with this request, one of each seller."""
    commodities = {line.commodity for line in rfq.lines if line.commodity}
    asked = {one.seller_id for one in rfq.recipients}
    newest = (
        select(func.max(Product.id))
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(
            Product.state == ListingState.LISTED,
            Product.commodity.in_(commodities),
            Product.seller_id.not_in(asked),
            can_be_asked(),
        )
        .group_by(Product.seller_id)
    )
    rows = session.execute(
        select(Product.slug, Product.card_titles, Product.original_language, Organisation.name)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Product.id.in_(newest))
        .order_by(Organisation.name, Product.id)
        .limit(limit)
    )
    return [OtherOffer(slug, title_in(titles, locale, original) or slug, name) for slug, titles, original, name in rows]


def _leads() -> Select[Recipient]:
    return (
        select(Recipient)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .options(
            contains_eager(Recipient.rfq).selectinload(Rfq.lines),
            contains_eager(Recipient.rfq).joinedload(Rfq.buyer, innerjoin=True),
            contains_eager(Recipient.seller).joinedload(Seller.organisation, innerjoin=True),
        )
    )


def _waits(actor: Actor) -> ColumnElement[bool]:
    """Still without a word, and this person was called."""
    return (
        _is_silent()
        & Recipient.info_asked_at.is_(None)
        & Rfq.state.in_(LIVE)
        & _was_called(actor)
        & ~_has(MomentCode.RELEASED)
    )


def _is_silent() -> ColumnElement[bool]:
    return Recipient.state.in_({*UNANSWERED, RecipientState.NO_ANSWER})


def _was_called(actor: Actor) -> ColumnElement[bool]:
    called = _has(MomentCode.PARTNER_CALLED)
    return called | _has(MomentCode.MENTOR_CALLED) if actor.is_staff else called


def _has(code: MomentCode) -> ColumnElement[bool]:
    return exists().where(
        RfqMoment.rfq_id == Recipient.rfq_id, RfqMoment.recipient_id == Recipient.id, RfqMoment.code == code
    )


def _names(session: Session, keys: set[int]) -> dict[int, str]:
    if not keys:
        return {}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(keys)))
    return {row.id: row.name for row in rows}
