"""A payable amount comes to be, is cancelled, or is seen on a bank account."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.inserting import hold, write
from marketplace.kernel.money import Money
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import Prepared
from marketplace.kernel.public_keys import new_public_key
from marketplace.payments.models import CheckoutAttempt, Payment, PaymentShare
from marketplace.payments.rules import (
    AttemptState,
    CommissionTerms,
    Method,
    PaymentState,
    Purpose,
    commission_of,
)
from marketplace.payments.services.facts import settle
from marketplace.payments.services.holding import locked

_ASKED = Prepared(select(Payment.id).where(Payment.about == bindparam("about")))


def demand(
    session: Session,
    about: str,
    purpose: Purpose,
    description: str,
    amount: Money,
    *,
    payer_id: int,
    payee_id: int,
    settlement_account_id: int | None = None,
    commission: CommissionTerms | None = None,
    commission_to_id: int | None = None,
    shares: Mapping[int, int] | None = None,
) -> Payment:
    """The payable amount for ``about``; asked again, the same one. The commission is worked out once, here.

    ``shares`` are smallest units by organisation that are owed to others than the payee: together at most what is left
    after the commission.
    """
    if _ASKED.raw(session, about=about):
        return session.scalars(select(Payment).where(Payment.about == about)).one()
    payment = Payment(
        key=new_public_key(),
        about=about,
        purpose=purpose,
        description=description[:200],
        payer_id=payer_id,
        payee_id=payee_id,
        settlement_account_id=settlement_account_id,
        minor=amount.minor,
        currency=amount.currency,
        commission_minor=commission_of(amount, commission).minor if commission_to_id else 0,
        commission_to_id=commission_to_id,
        state=PaymentState.DUE,
        created_at=now(),
    )
    write(session, payment)
    hold(session, payment)
    owed = {key: minor for key, minor in (shares or {}).items() if minor > 0 and key != payee_id}
    if sum(owed.values()) > payment.minor - payment.commission_minor:
        raise ValueError(f"the shares of {about} are more than its amount")
    for key, minor in sorted(owed.items()):
        write(session, PaymentShare(payment_id=payment.id, organisation_id=key, minor=minor))
    return payment


def cancel_payment(session: Session, payment: Payment) -> None:
    """What is not paid is no longer due. A card page that is still open may yet be paid: that is then given back."""
    held = locked(session, payment.id)
    if held.paid_at is None and held.cancelled_at is None:
        held.cancelled_at = now()
        settle(session, held)


def waive_payment(session: Session, actor: Actor, payment: Payment) -> None:
    """The payee does without an amount that is due. `Conflict` where it is not due any more."""
    if locked(session, payment.id).state != PaymentState.DUE:
        raise Conflict(_("This payment is no longer open. Reload the page to see how it stands."))
    audit(session, actor, "payment.waived", f"payment:{payment.key}")
    cancel_payment(session, payment)


def confirm_bank_transfer(session: Session, actor: Actor, payment: Payment) -> None:
    """The payee saw the whole amount on its account."""
    _received(session, actor, payment, Method.BANK, "payment.received")


def note_paid_elsewhere(session: Session, actor: Actor, payment: Payment) -> None:
    """The payee has the whole amount another way, as by cash or set off against something else."""
    _received(session, actor, payment, Method.ELSEWHERE, "payment.received_elsewhere")


def _received(session: Session, actor: Actor, payment: Payment, method: Method, name: str) -> None:
    held = locked(session, payment.id)
    if held.state != PaymentState.DUE:
        raise Conflict(_("This payment is no longer open. Reload the page to see how it stands."))
    running = session.scalar(
        select(CheckoutAttempt.id).where(
            CheckoutAttempt.payment_id == held.id,
            CheckoutAttempt.state.in_([AttemptState.OPEN, AttemptState.ASKED, AttemptState.PROCESSING]),
            CheckoutAttempt.expires_at > now(),
        )
    )
    if running is not None:
        raise Conflict(_("The payer has a card page open for this payment. Wait until it is paid or has run out."))
    held.method, held.paid_at = method, now()
    audit(session, actor, name, f"payment:{held.key}")
    settle(session, held)
