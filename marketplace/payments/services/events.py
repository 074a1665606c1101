"""Signed events: kept once under their id, applied by a job, in any order and any number of times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.events import record
from marketplace.kernel.inserting import write
from marketplace.kernel.money import Money
from marketplace.kernel.outbox import enqueue
from marketplace.payments.events import PaymentFailed, PaymentSuspicious
from marketplace.payments.gateway import SignedEvent
from marketplace.payments.models import CheckoutAttempt, Dispute, Payment, Refund, SettlementAccount, WebhookEvent
from marketplace.payments.rules import (
    ATTEMPT_MOVES,
    AccountState,
    AttemptState,
    DisputeState,
    Method,
    PaymentState,
    RefundState,
)
from marketplace.payments.services.facts import settle
from marketplace.payments.services.holding import locked
from marketplace.payments.services.refunds import ask_refund, note_refund, state_in

APPLIED, UNKNOWN, MISMATCH, IGNORED = "applied", "unknown", "mismatch", "ignored"
# what is kept of an object: no card data, no address, no name
_KEPT = (
    "id", "object", "client_reference_id", "payment_status", "status", "amount", "amount_total", "currency",
    "payment_intent", "charge", "charges_enabled", "country", "expires_at",
)  # fmt: skip


def keep_event(session: Session, event: SignedEvent) -> bool:
    """Keep the event and queue its work; False where it was kept before."""
    content = {name: event.content.get(name) for name in _KEPT}
    content["metadata"] = {
        name: str(text)[:200]
        for name, text in _mapping(event.content.get("metadata")).items()
        if name in {"payment", "refund"}
    }
    content["disabled_reason"] = str(_mapping(event.content.get("requirements")).get("disabled_reason") or "")[:80]
    content["is_live"] = event.is_live
    row = WebhookEvent(
        event_id=event.event_id,
        kind=event.kind[:80],
        account=event.account,
        intent_id=_text(content.get("payment_intent")),
        content=content,
        made_at=event.made_at,
        received_at=now(),
        outcome="",
    )
    if not write(session, row, unless_taken=("event_id",)):
        return False
    enqueue(session, "payments.apply_event", dedupe_key=f"stripe:{event.event_id}", event_id=event.event_id)
    return True


def apply_event(session: Session, event_id: str, *, is_live: bool) -> str:
    """Bring our rows in line with one kept event; gives the outcome. Doing it again changes nothing."""
    row = session.scalars(select(WebhookEvent).where(WebhookEvent.event_id == event_id)).one()
    if row.outcome in {APPLIED, MISMATCH, IGNORED}:
        return row.outcome
    apply = _APPLIED_BY.get(row.kind)
    if apply is None:
        outcome = IGNORED
    elif bool(row.content.get("is_live")) is not is_live:
        outcome = MISMATCH
    else:
        outcome = apply(session, row)
    row.outcome, row.applied_at = outcome, now()
    if outcome == MISMATCH:
        record(session, PaymentSuspicious(webhook_event_id=row.id))
    return outcome


def _session(session: Session, row: WebhookEvent) -> str:
    """A card page was paid, failed or ran out."""
    content = row.content
    reference = _text(content.get("client_reference_id")) or _text(_mapping(content.get("metadata")).get("payment"))
    key = session.scalar(select(Payment.id).where(Payment.key == (reference or "")))
    if key is None:
        return UNKNOWN
    payment = locked(session, key)
    if not _is_ours(session, payment, row) or content.get("amount_total") != payment.minor:
        return MISMATCH
    is_paid = content.get("payment_status") == "paid" and row.kind != "checkout.session.expired"
    if is_paid and payment.paid_at is not None and payment.intent_id != row.intent_id:
        return MISMATCH  # paid a second time: somebody has to look and give one of them back
    attempt, is_news = _attempt(session, payment, _text(content.get("id"))), payment.paid_at is None
    if row.kind == "checkout.session.expired":
        _move(attempt, AttemptState.EXPIRED)
    elif row.kind == "checkout.session.async_payment_failed":
        _move(attempt, AttemptState.FAILED)
        record(session, PaymentFailed(payment_id=payment.id))
    elif is_paid:
        _paid(session, payment, attempt, row)
    else:
        _move(attempt, AttemptState.PROCESSING)
    settle(session, payment)
    if is_paid and is_news and payment.cancelled_at is not None and payment.state == PaymentState.PAID:
        left = Money(payment.minor, payment.currency)
        ask_refund(session, None, payment, left, "cancelled before it was paid")
    return APPLIED


def _paid(session: Session, payment: Payment, attempt: CheckoutAttempt | None, row: WebhookEvent) -> None:
    _move(attempt, AttemptState.COMPLETED)
    if payment.paid_at is not None:
        return
    payment.paid_at, payment.method, payment.intent_id = row.made_at, Method.CARD, row.intent_id
    session.flush()
    waiting = select(WebhookEvent.event_id).where(
        WebhookEvent.intent_id == row.intent_id, WebhookEvent.outcome == UNKNOWN
    )
    for number, event_id in enumerate(session.scalars(waiting).all()):
        key = f"stripe:{event_id}:after:{row.event_id}:{number}"
        enqueue(session, "payments.apply_event", dedupe_key=key, event_id=event_id)


def _refund(session: Session, row: WebhookEvent) -> str:
    """A refund, ours or one made elsewhere."""
    payment = _of_intent(session, row)
    if payment is None:
        return UNKNOWN
    content = row.content
    refund_id, minor = _text(content.get("id")), content.get("amount")
    if not _is_ours(session, payment, row) or refund_id is None or not isinstance(minor, int) or minor <= 0:
        return MISMATCH
    refund = session.scalar(select(Refund).where(Refund.refund_id == refund_id))
    if refund is None:
        ours = _text(_mapping(content.get("metadata")).get("refund"))
        refund = session.scalar(select(Refund).where(Refund.idempotency_key == ours, Refund.refund_id.is_(None)))
    if refund is None:
        refund = Refund(payment_id=payment.id, minor=minor, state="asked", asked_at=row.made_at, refund_id=refund_id)
        session.add(refund)
    if refund.minor != minor or refund.payment_id != payment.id:
        return MISMATCH
    if refund.refund_id is None and refund.state == RefundState.FAILED:
        refund.state = RefundState.ASKED  # a later try was refused, yet an earlier one without an answer made it
    refund.refund_id = refund_id
    note_refund(session, refund, state_in("failed" if row.kind == "refund.failed" else content.get("status")))
    settle(session, payment)
    return APPLIED


def _dispute(session: Session, row: WebhookEvent) -> str:
    """The payer's bank takes an amount back, or has decided."""
    payment = _of_intent(session, row)
    if payment is None:
        return UNKNOWN
    content = row.content
    dispute_id, minor, word = _text(content.get("id")), content.get("amount"), str(content.get("status"))
    if not _is_ours(session, payment, row) or dispute_id is None or not isinstance(minor, int) or minor <= 0:
        return MISMATCH
    if word.startswith("warning"):  # an inquiry before any money moves
        return IGNORED
    state = {"won": DisputeState.WON, "lost": DisputeState.LOST}.get(word, DisputeState.OPEN)
    dispute = session.scalar(select(Dispute).where(Dispute.dispute_id == dispute_id))
    if dispute is None:
        dispute = Dispute(payment_id=payment.id, dispute_id=dispute_id, minor=minor, state=state, opened_at=row.made_at)
        session.add(dispute)
    elif dispute.minor != minor or dispute.payment_id != payment.id:
        return MISMATCH
    elif dispute.state == DisputeState.OPEN:
        dispute.state = state
    settle(session, payment)
    return APPLIED


def _account(session: Session, row: WebhookEvent) -> str:
    """A settlement account may take charges now, or no longer."""
    found = session.scalar(
        select(SettlementAccount)
        .where(SettlementAccount.stripe_account == _text(row.content.get("id")))
        .with_for_update()
    )
    if found is None:
        return UNKNOWN
    later = select(WebhookEvent.id).where(
        WebhookEvent.kind == row.kind,
        WebhookEvent.account == row.account,
        WebhookEvent.outcome == APPLIED,
        WebhookEvent.made_at > row.made_at,
    )
    if session.scalar(later.limit(1)) is None:  # an older word never overrides a newer one
        reason = str(row.content.get("disabled_reason") or "")
        found.state = account_state(bool(row.content.get("charges_enabled")), reason, AccountState(found.state))
    return APPLIED


def account_state(takes_charges: bool, disabled_reason: str, before: AccountState) -> AccountState:
    """What the card company's words mean for a settlement account."""
    if takes_charges:
        return AccountState.ACTIVE
    if disabled_reason.startswith("rejected"):
        return AccountState.REJECTED
    return AccountState.PENDING if before is AccountState.PENDING else AccountState.RESTRICTED


def _is_ours(session: Session, payment: Payment, row: WebhookEvent) -> bool:
    """Whether account and currency of the event are those of our row."""
    account = session.get(SettlementAccount, payment.settlement_account_id) if payment.settlement_account_id else None
    currency = str(row.content.get("currency") or "").upper()
    return account is not None and account.stripe_account == row.account and currency == payment.currency


def _of_intent(session: Session, row: WebhookEvent) -> Payment | None:
    if row.intent_id is None:
        return None
    key = session.scalar(select(Payment.id).where(Payment.intent_id == row.intent_id))
    return None if key is None else locked(session, key)


def _attempt(session: Session, payment: Payment, session_id: str | None) -> CheckoutAttempt | None:
    """The attempt of a card page; one whose answer never reached us is known by being the only one asked."""
    attempts = session.scalars(
        select(CheckoutAttempt).where(CheckoutAttempt.payment_id == payment.id).order_by(CheckoutAttempt.id)
    ).all()
    found = next((one for one in attempts if one.session_id == session_id), None)
    if found is None:
        found = next((one for one in attempts if one.session_id is None), None)
        if found is not None:
            found.session_id = session_id
    return found


def _move(attempt: CheckoutAttempt | None, target: AttemptState) -> None:
    """To ``target`` where the table allows it; a word that comes too late is passed over."""
    if attempt is not None and target in ATTEMPT_MOVES[AttemptState(attempt.state)]:
        attempt.state = target


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value[:200] if isinstance(value, str) and value else None


_Apply = Callable[[Session, WebhookEvent], str]
_APPLIED_BY: dict[str, _Apply] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _session,
    "checkout.session.expired": _session,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
    "account.updated": _account,
}
HANDLED = frozenset(_APPLIED_BY)
__all__ = ["HANDLED", "account_state", "apply_event", "keep_event"]
