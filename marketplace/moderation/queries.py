"""Reads for reports: what may be reported, who made which, what waits on the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product, ProductText
from marketplace.catalogue.policies import is_public
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.moderation.models import Report, ReportEvidence
from marketplace.moderation.policies import readable_by
from marketplace.moderation.rules import WAITING, ReportState, ReportTarget
from marketplace.reviews.models import Review
from marketplace.reviews.rules import ReviewState
from marketplace.rfqs.contacts import without_contacts
from marketplace.rfqs.models import Message, Recipient, Rfq
from marketplace.rfqs.queries.contacts import why_hidden
from marketplace.rfqs.rules import Side
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState


@dataclass(frozen=True)
class Reported:
    """A thing that was or may be reported: its key, whose it is, what it is called and its words, if it has any."""

    target: ReportTarget
    id: int
    owner_id: int | None
    title: str
    path: str
    text: str = ""
    language: str = ""


def reportable(session: Session, actor: Actor, target: ReportTarget, name: str) -> Reported:
    """The thing of this public name, if ``actor`` can see it and it is not their own; `NotFound` otherwise."""
    found = _FINDERS[target](session, actor, name)
    if found is None or found.owner_id == actor.organisation_id:
        raise NotFound
    return found


def _number(name: str) -> int | None:
    return int(name) if name.isascii() and name.isdigit() and len(name) < 12 else None


def _named(key: InstrumentedAttribute[int], slug: InstrumentedAttribute[str], name: str) -> ColumnElement[bool]:
    """The thing with this number, or with this address part."""
    number = _number(name)
    return key == number if number is not None else slug == name


def _product(session: Session, _actor: Actor, name: str) -> Reported | None:
    row = session.execute(
        select(Product.id, Seller.organisation_id, ProductText.title, Product.slug)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .join(ProductText, (ProductText.product_id == Product.id) & (ProductText.language == Product.original_language))
        .where(_named(Product.id, Product.slug, name), is_public())
    ).first()
    return Reported(ReportTarget.PRODUCT, row[0], row[1], row[2], f"/products/{row[3]}") if row else None


def _seller(session: Session, _actor: Actor, name: str) -> Reported | None:
    row = session.execute(
        select(Seller.id, Organisation.id, Organisation.name, Seller.slug)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(
            _named(Seller.id, Seller.slug, name),
            Seller.curation == CurationState.APPROVED,
            Organisation.suspended_at.is_(None),
        )
    ).first()
    return Reported(ReportTarget.SELLER, row[0], row[1], row[2], f"/sellers/{row[3]}") if row else None


def _message(session: Session, actor: Actor, name: str) -> Reported | None:
    number = _number(name)
    if number is None:
        return None
    row = session.execute(
        select(Message, Rfq.key, Rfq.buyer_id, Recipient.key, Seller.organisation_id, Recipient.id)
        .join(Recipient, Recipient.id == Message.recipient_id)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(Message.id == number, Message.is_hidden.is_(False), Message.side != Side.PROGRAMME)
    ).first()
    if row is None or actor.organisation_id not in {row[2], row[4]} or actor.organisation_id is None:
        return None
    message, rfq_key, buyer_id, recipient_key, seller_organisation_id, recipient_id = row
    is_from_buyer = message.side == Side.BUYER
    owner_id = buyer_id if is_from_buyer else seller_organisation_id
    path = f"/leads/{recipient_key}" if is_from_buyer else f"/requests/{rfq_key}/with/{recipient_key}"
    text = message.text if owner_id == actor.organisation_id else _guarded(session, recipient_id, message.text)
    return Reported(ReportTarget.MESSAGE, message.id, owner_id, "", path, text, message.language)


def _rfq(session: Session, actor: Actor, name: str) -> Reported | None:
    row = session.execute(
        select(Rfq, Recipient.key, Recipient.id)
        .join(Recipient, Recipient.rfq_id == Rfq.id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(Recipient.key == name, Seller.organisation_id == actor.organisation_id, Rfq.opened_at.is_not(None))
    ).first()
    if row is None:
        return None
    return Reported(ReportTarget.RFQ, row[0].id, row[0].buyer_id, row[0].key, f"/leads/{row[1]}",
                    _guarded(session, row[2], row[0].text), row[0].language)  # fmt: skip


def _guarded(session: Session, recipient_id: int, text: str) -> str:
    """The other side's words as their conversation shows them: who reports reads no more than who reads."""
    return without_contacts(text) if why_hidden(session, recipient_id) else text


def _review(session: Session, actor: Actor, name: str) -> Reported | None:
    return _of_review(session, actor, name, ReportTarget.REVIEW)


def _answer(session: Session, actor: Actor, name: str) -> Reported | None:
    return _of_review(session, actor, name, ReportTarget.ANSWER)


def _of_review(session: Session, _actor: Actor, name: str, target: ReportTarget) -> Reported | None:
    row = session.execute(
        select(Review, Seller.organisation_id, Seller.slug, Product.slug)
        .join(Seller, Seller.id == Review.seller_id)
        .outerjoin(Product, Product.id == Review.product_id)
        .where(Review.key == name, Review.state == ReviewState.PUBLISHED)
    ).first()
    if row is None:
        return None
    review, seller_organisation_id, seller_slug, product_slug = row
    path = f"/products/{product_slug}/reviews" if product_slug else f"/sellers/{seller_slug}/reviews"
    if target is ReportTarget.REVIEW:
        return Reported(target, review.id, review.buyer_id, "", path, review.text, review.language)
    if review.answered_at is None or review.is_answer_hidden:
        return None
    return Reported(target, review.id, seller_organisation_id, "", path, review.answer, review.answer_language)


_FINDERS = {
    ReportTarget.PRODUCT: _product,
    ReportTarget.SELLER: _seller,
    ReportTarget.MESSAGE: _message,
    ReportTarget.RFQ: _rfq,
    ReportTarget.REVIEW: _review,
    ReportTarget.ANSWER: _answer,
}


def reported(session: Session, report: Report) -> Reported:
    """The reported thing as the desk sees it, whatever became of it."""
    target = ReportTarget(report.target)
    title, path, text, language = "", "", "", ""
    if target is ReportTarget.PRODUCT:
        row = session.execute(
            select(ProductText.title, Product.slug, ProductText.description, ProductText.language)
            .join(Product, Product.id == ProductText.product_id)
            .where(Product.id == report.target_id, ProductText.language == Product.original_language)
        ).first()
        if row:
            title, path, text, language = row[0], f"/products/{row[1]}", row[2], row[3]
    elif target is ReportTarget.SELLER:
        found = session.execute(
            select(Organisation.name, Seller.slug)
            .join(Seller, Seller.organisation_id == Organisation.id)
            .where(Seller.id == report.target_id)
        ).first()
        if found:
            title, path = found[0], f"/console/sellers/{found[1]}"
    elif target is ReportTarget.MESSAGE:
        message = session.get(Message, report.target_id)
        if message:
            text, language = message.text, message.language
    elif target in {ReportTarget.REVIEW, ReportTarget.ANSWER}:
        review = session.get(Review, report.target_id)
        if review:
            is_answer, path = target is ReportTarget.ANSWER, f"/console/reviews/{review.key}"
            text, language = (review.answer, review.answer_language) if is_answer else (review.text, review.language)
    else:
        rfq = session.get(Rfq, report.target_id)
        if rfq:
            title, path, text, language = rfq.key, f"/console/requests/{rfq.key}", rfq.text, rfq.language
    return Reported(target, report.target_id, report.owner_id, title, path, text, language)


def own_report(session: Session, actor: Actor, key: str, *, is_locked: bool = False) -> Report:
    """A report this person may read; `NotFound` otherwise."""
    query = select(Report).where(Report.key == key, readable_by(actor))
    report = session.scalar(query.with_for_update() if is_locked else query)
    if report is None:
        raise NotFound
    return report


def any_report(session: Session, actor: Actor, key: str, *, is_locked: bool = False) -> Report:
    """A report as the desk sees it; `NotFound` for everyone else."""
    query = select(Report).where(Report.key == key)
    report = session.scalar(query.with_for_update() if is_locked else query) if actor.is_staff else None
    if report is None:
        raise NotFound
    return report


def reports_of(session: Session, actor: Actor, number: int) -> Page[Report]:
    """Reports a person made or that concern their organisation, newest first."""
    return page_of(session, select(Report).where(readable_by(actor)).order_by(Report.id.desc()), number)


def report_queue(session: Session, state: ReportState | None, number: int) -> Page[Report]:
    """Reports on the desk: those that wait, the longest overdue first; or those in one state, newest first."""
    query = select(Report)
    if state is None:
        # what is overdue comes first; those from before there was a clock are older still
        query = query.where(Report.state.in_(WAITING)).order_by(
            func.coalesce(Report.due_at, Report.created_at), Report.id
        )
    else:
        query = query.where(Report.state == state).order_by(Report.id.desc())
    return page_of(session, query, number)


def evidence_of(session: Session, report_id: int) -> Sequence[ReportEvidence]:
    """What a report rests on, with its documents; whoever calls has checked that the reader may see it."""
    return session.scalars(
        select(ReportEvidence)
        .where(ReportEvidence.report_id == report_id)
        .options(joinedload(ReportEvidence.file))
        .order_by(ReportEvidence.position)
    ).all()


def waiting_count(session: Session) -> int:
    """How many reports and appeals wait for a decision."""
    return session.scalar(select(func.count()).select_from(Report).where(Report.state.in_(WAITING))) or 0


def other_upheld(session: Session, report: Report) -> bool:
    """Whether another report about the same thing stands upheld, so that its effect must stay."""
    query = select(Report.id).where(
        Report.target == report.target,
        Report.target_id == report.target_id,
        Report.id != report.id,
        Report.is_upheld.is_(True),
    )
    return session.scalar(query.limit(1)) is not None
