"""Money goes back: asked in a transaction, sent by a job, decided by events."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.events import record
from marketplace.kernel.money import Money
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.policy import Actor
from marketplace.kernel.uow import transaction
from marketplace.payments.events import RefundFailed
from marketplace.payments.gateway import Gateway, RefundAnswer, RefundWish, Refused, Uncertain
from marketplace.payments.models import Payment, Refund, SettlementAccount
from marketplace.payments.queries import given_back
from marketplace.payments.rules import KEY_HOLDS_FOR, REFUND_RANK, WITH_BANK, PaymentState, RefundState
from marketplace.payments.services.facts import settle
from marketplace.payments.services.holding import locked

_STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
}


def ask_refund(
    session: Session, actor: Actor | None, payment: Payment, amount: Money, reason: str, *, left: int | None = None
) -> Refund:
    """Give back a part or all of what was paid; never more than is left of it. `Conflict`, `DomainError`.

    ``left`` is what a person saw as left, in smallest units: where a colleague gave something back meanwhile, theirs
    would come on top.
    """
    held = locked(session, payment.id)
    if held.paid_at is None:
        raise Conflict(_("Nothing was paid yet, so nothing can be given back."))
    if PaymentState(held.state) in WITH_BANK:  # it would go back twice
        raise Conflict(_("This payment is no longer open. Reload the page to see how it stands."))
    spoken_for = given_back(session, held).minor
    if left is not None and left != held.minor - spoken_for:
        raise Conflict(_("This has changed meanwhile. Reload the page to see how it stands now."))
    if amount.currency != held.currency or amount.minor <= 0:
        raise DomainError(_("Give an amount above zero in the currency of the payment."))
    if amount.minor + spoken_for > held.minor:
        raise Conflict(_("That is more than is left of this payment."))
    number = session.scalar(select(func.count(Refund.id)).where(Refund.payment_id == held.id))
    refund = Refund(
        payment_id=held.id,
        idempotency_key=f"refund-{held.key}-{int(number or 0) + 1}",
        minor=amount.minor,
        state=RefundState.ASKED,
        reason=reason[:200],
        asked_by_id=actor.user_id if actor else None,
        asked_at=now(),
    )
    session.add(refund)
    session.flush()
    audit(session, actor, "payment.refund_asked", f"payment:{held.key}")
    if held.is_by_card:
        enqueue(session, "payments.send_refund", refund_id=refund.id)
    else:  # by bank the payee sends it back itself and says so with this step
        refund.state = RefundState.SUCCEEDED
        settle(session, held)
    return refund


def send_refund(gateway: Gateway, refund_id: int) -> None:
    """Have a refund made, once. Lets `Uncertain` through: the job repeats it with the same key.

    Once the card company may have forgotten that key, what was made under it is looked for first.
    """
    refund = db.session.get(Refund, refund_id)
    if refund is None or refund.state != RefundState.ASKED or refund.idempotency_key is None:
        return
    payment = db.session.get_one(Payment, refund.payment_id)
    account = db.session.get_one(SettlementAccount, payment.settlement_account_id).stripe_account or ""
    wish = RefundWish(
        idempotency_key=refund.idempotency_key,
        account=account,
        intent_id=payment.intent_id or "",
        amount=Money(refund.minor, payment.currency),
        reference=refund.idempotency_key,
    )
    payment_id, asked_at = payment.id, refund.asked_at
    db.session.rollback()
    answer: RefundAnswer | None = None
    try:
        if now() - asked_at > KEY_HOLDS_FOR:
            answer = _found(gateway, wish)
        answer = answer or gateway.refund(wish)
    except Refused:
        answer = None
    with transaction() as session:
        held = locked(session, payment_id)
        kept = session.get_one(Refund, refund_id, populate_existing=True)
        if answer is None:
            note_refund(session, kept, RefundState.FAILED)
        else:
            kept.refund_id = kept.refund_id or answer.refund_id
            note_refund(session, kept, _STATES.get(answer.status, RefundState.PENDING))
        settle(session, held)


def _found(gateway: Gateway, wish: RefundWish) -> RefundAnswer | None:
    """What was made for a wish. A look that is refused says nothing of it: `Uncertain`, or it might be made again."""
    try:
        return gateway.find_refund(wish)
    except Refused as fault:
        raise Uncertain(f"not to be looked up: {fault}") from fault


def note_refund(session: Session, refund: Refund, state: RefundState) -> None:
    """Take over a word about a refund if it weighs more than what is known, and tell of a failure."""
    before = RefundState(refund.state)
    if REFUND_RANK[state] <= REFUND_RANK[before]:
        return
    refund.state = state
    if state is RefundState.FAILED:
        session.flush()  # the event needs the key
        record(session, RefundFailed(refund_id=refund.id, is_taken_back=before is RefundState.SUCCEEDED))


def state_in(word: object) -> RefundState:
    """Stripe's word for the state of a refund."""
    return _STATES.get(str(word), RefundState.PENDING)
