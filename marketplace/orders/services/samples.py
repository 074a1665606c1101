"""A sample from the asking to the score sheet. Every step locks the sample, so that it happens once."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.queries import is_blocked
from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.orders.drafts import Judgement, SampleTerms, SampleWish
from marketplace.orders.events import (
    SampleApproved,
    SampleAsked,
    SampleDeclined,
    SampleDelivered,
    SampleJudged,
    SamplePaid,
    SampleShipped,
)
from marketplace.orders.models import Sample
from marketplace.orders.policies import side_of
from marketplace.orders.queries import line_of, sample_held, talk_of
from marketplace.orders.rules import (
    SAMPLE_MOVES,
    SAMPLE_OVER,
    SampleDecline,
    SampleState,
    final_score,
)
from marketplace.orders.services.collecting import Claim, collect
from marketplace.orders.services.freight import give_freight_back
from marketplace.orders.sheets import sheet_of
from marketplace.payments.queries import payment_about
from marketplace.payments.rules import Purpose
from marketplace.payments.services import cancel_payment
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import MomentCode, Side
from marketplace.rfqs.services.limiting import spend_message
from marketplace.rfqs.services.timeline import note_moment


def ask_sample(session: Session, actor: Actor, recipient_key: str, wish: SampleWish) -> Sample:
    """The buyer asks one seller for a sample of one line; one of each kind at a time."""
    recipient, seller, _buyer = talk_of(session, actor, recipient_key)
    if side_of(actor) is not Side.BUYER:
        raise NotFound
    if is_blocked(session, recipient.rfq.buyer_id, seller.id):
        raise Forbidden(_("You and this party cannot write to each other, because one side has blocked the other."))
    line = line_of(recipient, wish.line_id)
    goods = line.description or recipient.rfq.subject  # a line taken from a text may have no words of its own
    address = cleaned(wish.address, 500)
    if not address:
        raise DomainError(_("Write the address the sample should be sent to."))
    if wish.quantity is not None and wish.quantity <= 0:
        raise DomainError(_("Give a quantity above zero, or leave it to the seller."))
    session.execute(select(Recipient.id).where(Recipient.id == recipient.id).with_for_update())
    open_one = select(Sample.id).where(
        Sample.recipient_id == recipient.id,
        Sample.kind == wish.kind,
        Sample.description == goods,
        Sample.state.not_in(SAMPLE_OVER | {SampleState.FEEDBACK, SampleState.DELIVERED}),
    )
    if session.scalar(open_one.limit(1)) is not None:
        raise Conflict(_("You have already asked for this sample. Open it to see how it stands."))
    spend_message(session, recipient.rfq.buyer_id)  # asked and cancelled in turns, it is as good as a message
    product = session.get(Product, line.product_id) if line.product_id is not None else None
    row = Sample(
        key=new_public_key(),
        rfq_id=recipient.rfq_id,
        recipient_id=recipient.id,
        seller_id=recipient.seller_id,
        buyer_id=recipient.rfq.buyer_id,
        product_id=line.product_id,
        commodity=product.commodity if product is not None else line.commodity,
        description=goods,
        hs_code=product.hs_code if product is not None else "",
        kind=wish.kind,
        state=SampleState.REQUESTED,
        quantity=wish.quantity,
        unit=wish.unit if wish.quantity is not None else "",
        address=address,
        wish=cleaned(wish.wish, 500),
        scores={},
        asked_by_id=actor.user_id,
        asked_at=now(),
    )
    session.add(row)
    session.flush()  # the event needs the key
    _note(session, row, MomentCode.SAMPLE_ASKED, Side.BUYER)
    record(session, SampleAsked(sample_id=row.id))
    return row


def approve_sample(session: Session, actor: Actor, key: str, terms: SampleTerms) -> Sample:
    """The seller says yes: free, or for an amount that becomes due at once."""
    row = _held(session, actor, key, Side.SELLER)
    if terms.price_minor < 0 or terms.freight_minor < 0:
        raise DomainError(_("Give amounts of zero or more."))
    whole = terms.price_minor + terms.freight_minor
    target = SampleState.PAYMENT_DUE if whole else SampleState.FREE
    row.state = advance(SampleState(row.state), target, SAMPLE_MOVES)
    row.currency = terms.currency if whole else ""
    row.price_minor, row.freight_minor = terms.price_minor, terms.freight_minor
    row.refunds_freight = terms.refunds_freight and terms.freight_minor > 0
    row.ready_on, row.reply = terms.ready_on, cleaned(terms.reply, 500)
    row.decided_at, row.decided_by_id = now(), actor.user_id
    if row.amount is not None:
        rfq = session.get_one(Rfq, row.rfq_id)
        claim = Claim(row.about, Purpose.SAMPLE, row.description, row.amount, row.commodity)
        collect(session, claim, rfq, row.seller_id)
    _note(session, row, MomentCode.SAMPLE_APPROVED, Side.SELLER)
    record(session, SampleApproved(sample_id=row.id))
    return row


def decline_sample(session: Session, actor: Actor, key: str, reason: SampleDecline, reply: str = "") -> Sample:
    """The seller says no, and why."""
    row = _held(session, actor, key, Side.SELLER)
    row.state = advance(SampleState(row.state), SampleState.DECLINED, SAMPLE_MOVES)
    row.decline_reason, row.reply = reason, cleaned(reply, 500)
    row.decided_at = row.ended_at = now()
    row.decided_by_id = actor.user_id
    _note(session, row, MomentCode.SAMPLE_DECLINED, Side.SELLER)
    record(session, SampleDeclined(sample_id=row.id))
    return row


def cancel_sample(session: Session, actor: Actor, key: str, version: int) -> Sample:
    """The buyer needs it no more: before it was paid or sent. `Conflict` where the seller has decided meanwhile."""
    row = _held(session, actor, key, Side.BUYER)
    if row.version != version:
        raise Conflict(_("This sample has changed meanwhile. Reload the page to see how it stands now."))
    row.state = advance(SampleState(row.state), SampleState.CANCELLED, SAMPLE_MOVES)
    row.ended_at = now()
    payment = payment_about(session, row.about)
    if payment is not None:
        cancel_payment(session, payment)
    _note(session, row, MomentCode.SAMPLE_CANCELLED, Side.BUYER)
    return row


def sample_paid(session: Session, key: str) -> None:
    """The whole amount has arrived. A sample that was cancelled meanwhile stays so."""
    row = session.scalar(select(Sample).where(Sample.key == key).with_for_update(of=Sample))
    if row is None or row.state != SampleState.PAYMENT_DUE:
        return
    row.state = advance(SampleState(row.state), SampleState.PAID, SAMPLE_MOVES)
    row.paid_at = now()
    record(session, SamplePaid(sample_id=row.id))


def ship_sample(session: Session, actor: Actor, key: str, carrier: str, tracking: str) -> Sample:
    """The seller has handed it to a carrier."""
    row = _held(session, actor, key, Side.SELLER)
    row.carrier, row.tracking = cleaned(carrier, 80), cleaned(tracking, 80)
    if not row.carrier:
        raise DomainError(_("Write who carries the sample."))
    row.state = advance(SampleState(row.state), SampleState.SHIPPED, SAMPLE_MOVES)
    row.shipped_at = now()
    _note(session, row, MomentCode.SAMPLE_SENT, Side.SELLER)
    record(session, SampleShipped(sample_id=row.id))
    return row


def confirm_delivery(session: Session, actor: Actor, key: str) -> Sample:
    """The buyer has it in hand."""
    row = _held(session, actor, key, Side.BUYER)
    row.state = advance(SampleState(row.state), SampleState.DELIVERED, SAMPLE_MOVES)
    row.delivered_at = now()
    _note(session, row, MomentCode.SAMPLE_ARRIVED, Side.BUYER)
    record(session, SampleDelivered(sample_id=row.id))
    return row


def judge_sample(session: Session, actor: Actor, key: str, judgement: Judgement) -> Sample:
    """The buyer's score sheet. Freight that was promised for it goes back (`give_freight_back`)."""
    row = _held(session, actor, key, Side.BUYER)
    row.state = advance(SampleState(row.state), SampleState.FEEDBACK, SAMPLE_MOVES)
    if judgement.points:
        try:
            score = final_score(judgement.points, sheet_of(row.commodity), judgement.taints, judgement.faults)
        except ValueError:
            raise DomainError(_("Give points for every attribute, or for none.")) from None
        row.score = score
        row.scores = {name: str(points) for name, points in judgement.points.items()} | {
            "taints": judgement.taints,
            "faults": judgement.faults,
        }
    row.verdict, row.feedback = judgement.verdict, cleaned(judgement.words, 5000)
    row.judged_at, row.judged_by_id = now(), actor.user_id
    give_freight_back(session, actor, row)
    _note(session, row, MomentCode.SAMPLE_JUDGED, Side.BUYER)
    record(session, SampleJudged(sample_id=row.id))
    return row


def close_sample(session: Session, actor: Actor, key: str) -> Sample:
    """The seller has read the score sheet; nothing is left to do."""
    row = _held(session, actor, key, Side.SELLER)
    if row.state != SampleState.FEEDBACK:
        raise Conflict(_("Wait for the buyer's feedback. A sample without any is closed after 60 days."))
    row.state = advance(SampleState(row.state), SampleState.CLOSED, SAMPLE_MOVES)
    row.ended_at = now()
    return row


def _held(session: Session, actor: Actor, key: str, side: Side) -> Sample:
    row = sample_held(session, actor, key)
    if side_of(actor) is not side:
        raise Forbidden(_("This step belongs to the other side."))
    return row


def _note(session: Session, row: Sample, code: MomentCode, side: Side) -> None:
    note_moment(session, row.rfq_id, code, side, recipient_id=row.recipient_id)
