"""A card page is asked for in a transaction, opened outside of it, and remembered in a second one."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict
from marketplace.kernel.money import Money
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.states import advance
from marketplace.kernel.uow import transaction
from marketplace.payments.gateway import CardPage, CheckoutWish, Gateway, Refused
from marketplace.payments.models import CheckoutAttempt, Payment, SettlementAccount
from marketplace.payments.queries import is_held_up
from marketplace.payments.rules import (
    ATTEMPT_MOVES,
    CARD_PAGE_LIVES,
    KEY_HOLDS_FOR,
    AccountState,
    AttemptState,
    PaymentState,
)
from marketplace.payments.services.holding import locked
from marketplace.payments.wording import title_of

RETRY_AFTER = timedelta(minutes=1)
_LIVING = (AttemptState.ASKED, AttemptState.OPEN)


def ask_card_page(session: Session, payment: Payment, language: str, address: str) -> CheckoutAttempt:
    """The attempt to go on with: one that is still open, or a new one whose key is kept before anybody is called.

    ``address`` is the payment's page on this site, to which the card page leads back.
    """
    held = locked(session, payment.id)
    if held.state != PaymentState.DUE:
        raise Conflict(_("This payment is no longer open. Reload the page to see how it stands."))
    if is_held_up(session, held):
        raise Conflict(_("Who would receive this money is suspended. Pay nothing before you have asked the programme."))
    account = session.get(SettlementAccount, held.settlement_account_id) if held.settlement_account_id else None
    if account is None or account.state != AccountState.ACTIVE or account.stripe_account is None:
        raise Conflict(_("This payment cannot be made by card. Please pay by bank transfer."))
    moment = now()
    found = session.scalar(
        select(CheckoutAttempt)
        .where(
            CheckoutAttempt.payment_id == held.id,
            CheckoutAttempt.state.in_(_LIVING),
            CheckoutAttempt.expires_at > moment + timedelta(minutes=1),
        )
        .order_by(CheckoutAttempt.id.desc())
        .limit(1)
    )
    if found is not None:
        return found
    number = session.scalar(select(func.count(CheckoutAttempt.id)).where(CheckoutAttempt.payment_id == held.id))
    attempt = CheckoutAttempt(
        payment_id=held.id,
        idempotency_key=f"checkout-{held.key}-{int(number or 0) + 1}",
        state=AttemptState.ASKED,
        language=language,
        asked_at=moment,
        expires_at=moment + CARD_PAGE_LIVES,
    )
    session.add(attempt)
    session.flush()
    enqueue(session, "payments.open_card_page", delay=RETRY_AFTER, attempt_id=attempt.id, address=address)
    return attempt


def open_card_page(gateway: Gateway, attempt_id: int, address: str) -> None:
    """Have the card page of an attempt opened, once. ``address`` is the payment's page on this site.

    Lets `Uncertain` through: the job repeats it with the same key.
    """
    attempt = db.session.get(CheckoutAttempt, attempt_id)
    if attempt is None or attempt.state != AttemptState.ASKED:
        return
    payment = db.session.get_one(Payment, attempt.payment_id)
    account = db.session.get_one(SettlementAccount, payment.settlement_account_id).stripe_account or ""
    with speaking(attempt.language):
        title = title_of(payment)
    wish = CheckoutWish(
        idempotency_key=attempt.idempotency_key,
        account=account,
        reference=payment.key,
        amount=Money(payment.minor, payment.currency),
        description=title,
        success_url=address,
        cancel_url=address,
        language=attempt.language,
        expires_at=attempt.expires_at,
    )
    asked_at, is_over = attempt.asked_at, attempt.expires_at <= now() + timedelta(minutes=31)
    db.session.rollback()  # nothing is locked while the card company is asked
    page: CardPage | None = None
    try:
        if now() - asked_at > KEY_HOLDS_FOR:
            page = gateway.find(account, wish.reference, asked_at - RETRY_AFTER, asked_at + KEY_HOLDS_FOR)
        if page is None and not is_over:
            page = gateway.open_checkout(wish)
    except Refused:
        page = None
    _remember(attempt_id, page)


def _remember(attempt_id: int, page: CardPage | None) -> None:
    with transaction() as session:
        payment_id = session.scalars(select(CheckoutAttempt.payment_id).where(CheckoutAttempt.id == attempt_id)).one()
        locked(session, payment_id)
        attempt = session.get_one(CheckoutAttempt, attempt_id, populate_existing=True)
        if attempt.state != AttemptState.ASKED:
            return  # an event was quicker
        if page is None:
            attempt.state = advance(AttemptState.ASKED, AttemptState.FAILED, ATTEMPT_MOVES)
            return
        attempt.session_id, attempt.url = page.session_id, page.url
        target = AttemptState.EXPIRED if page.status == "expired" else AttemptState.OPEN
        attempt.state = advance(AttemptState.ASKED, target, ATTEMPT_MOVES)
