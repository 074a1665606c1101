"""The double-entry ledger: every booking adds up to zero, and each cause is booked once.

Accounts: ``held`` (positive: money on the settlement account of an organisation), ``owed`` (negative: what an
organisation has to get), ``commission`` (negative: what a market partner has earned), ``dispute`` (positive: held back
by a payer's bank).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.money import Money
from marketplace.kernel.policy import Actor
from marketplace.payments.models import Dispute, LedgerEntry, Payment, PaymentShare, Posting, Refund, SettlementAccount
from marketplace.payments.queries import creditors
from marketplace.payments.rules import DisputeState, Method, RefundState, commission_back

HELD, OWED, COMMISSION, DISPUTE = "held", "owed", "commission", "dispute"


@dataclass(frozen=True, slots=True)
class Side:
    account: str
    organisation_id: int
    amount: Money


def book(
    session: Session,
    cause: str,
    sides: Iterable[Side],
    *,
    payment_id: int | None = None,
    author_id: int | None = None,
    note: str = "",
) -> bool:
    """Book once under ``cause``; False where it is booked already. `ValueError` where the sides do not add up."""
    kept = [side for side in sides if side.amount]
    sums: dict[str, int] = defaultdict(int)
    for side in kept:
        sums[side.amount.currency] += side.amount.minor
    if any(sums.values()):
        raise ValueError(f"the sides of {cause} do not add up")
    if session.scalar(select(LedgerEntry.id).where(LedgerEntry.cause == cause)) is not None:
        return False
    entry = LedgerEntry(cause=cause, payment_id=payment_id, at=now(), author_id=author_id, note=note)
    entry.postings = [
        Posting(account=s.account, organisation_id=s.organisation_id, minor=s.amount.minor, currency=s.amount.currency)
        for s in kept
    ]
    session.add(entry)
    session.flush()
    return True


def book_settlement(session: Session, payment: Payment, amount: Money) -> bool:
    """The whole amount arrived: held by the partner, owed to the seller but for the commission."""
    fee, members = Money(payment.commission_minor, payment.currency), _members(session, payment)
    return book(
        session,
        f"settled:{payment.key}",
        [
            Side(HELD, _holder(session, payment), amount),
            Side(OWED, payment.payee_id, -(amount - fee - sum(members.values(), Money.zero(payment.currency)))),
            *(Side(OWED, key, -part) for key, part in members.items()),
            Side(COMMISSION, _earner(payment), -fee),
        ],
        payment_id=payment.id,
    )


def book_refunds(session: Session, payment: Payment, amount: Money) -> list[Refund]:
    """Each refund that succeeded, in the order of their rows; one that failed afterwards is taken back.

    Gives those that went through and were not booked before.
    """
    arrived = []
    refunds = session.scalars(select(Refund).where(Refund.payment_id == payment.id).order_by(Refund.id)).all()
    holder = _holder(session, payment)
    for refund in refunds:
        booked = session.scalar(select(LedgerEntry.id).where(LedgerEntry.cause == f"refunded:{refund.id}"))
        part = Money(refund.minor, payment.currency)
        if refund.state == RefundState.SUCCEEDED and booked is None:
            _shared(session, f"refunded:{refund.id}", payment, amount, -part, holder)
            arrived.append(refund)
        elif refund.state == RefundState.FAILED and booked is not None:
            # by what is gone now, not as it was booked: another refund may have come in between
            _shared(session, f"refund-failed:{refund.id}", payment, amount, part, holder)
    return arrived


def book_disputes(session: Session, payment: Payment, amount: Money) -> bool:
    """Open: taken from what is held; won: back again; lost: gone for seller and partner in their shares.

    Gives whether one is lost that was not before.
    """
    is_lost = False
    holder = _holder(session, payment)
    for dispute in session.scalars(select(Dispute).where(Dispute.payment_id == payment.id).order_by(Dispute.id)):
        part = Money(dispute.minor, payment.currency)
        hold = [Side(HELD, holder, -part), Side(DISPUTE, holder, part)]
        book(session, f"dispute:{dispute.dispute_id}", hold, payment_id=payment.id)
        if dispute.state == DisputeState.WON:
            back = [Side(HELD, holder, part), Side(DISPUTE, holder, -part)]
            book(session, f"dispute-won:{dispute.dispute_id}", back, payment_id=payment.id)
        elif dispute.state == DisputeState.LOST:
            cause = f"dispute-lost:{dispute.dispute_id}"
            is_lost |= _shared(session, cause, payment, amount, -part, holder, source=DISPUTE)
    return is_lost


def mark_paid_out(
    session: Session,
    actor: Actor,
    holder: Organisation,
    receiver: Organisation,
    amount: Money,
    key: str,
    note: str = "",
) -> bool:
    """A partner paid a seller what was owed. Never more than is owed and held; once per ``key``."""
    if amount.minor <= 0:
        raise DomainError(_("The amount must be more than zero."))
    if session.scalar(select(LedgerEntry.id).where(LedgerEntry.cause == f"paid-out:{key}")) is not None:
        return False
    both = select(Organisation.id).where(Organisation.id.in_([holder.id, receiver.id])).order_by(Organisation.id)
    session.execute(both.with_for_update())
    # what other partners owe this seller is not this one's to write down
    found = (one for one in creditors(session, holder.id) if one.organisation_id == receiver.id)
    owed = sum(one.amount.minor for one in found if one.amount.currency == amount.currency)
    held = balance(session, HELD, holder.id, amount.currency).minor
    if amount.minor > min(owed, held):
        raise Conflict(_("That is more than is owed or held. Reload the page to see the present figures."))
    sides = [Side(OWED, receiver.id, amount), Side(HELD, holder.id, -amount)]
    audit(session, actor, "ledger.paid_out", f"organisation:{receiver.id}", currency=amount.currency)
    return book(session, f"paid-out:{key}", sides, author_id=actor.user_id, note=note[:200])


def balance(session: Session, account: str, organisation_id: int, currency: str) -> Money:
    """The sum of an organisation's postings on one account."""
    query = select(func.coalesce(func.sum(Posting.minor), 0)).where(
        Posting.account == account, Posting.organisation_id == organisation_id, Posting.currency == currency
    )
    return Money(int(session.scalar(query) or 0), currency)


def _shared(
    session: Session, cause: str, payment: Payment, amount: Money, change: Money, holder: int, source: str = HELD
) -> bool:
    """A part goes back, or comes again: in proportion of the seller's and the partner's shares, exact over all parts
    together and whatever their order. False where it is booked already.
    """
    fee = Money(payment.commission_minor, payment.currency)
    gone = -_gone_before(session, payment)
    share = commission_back(fee, amount, gone - change) - _commission_gone(session, payment, fee)
    parts = {
        key: commission_back(part, amount, gone - change) - _share_gone(session, payment, key, part)
        for key, part in _members(session, payment).items()
    }
    return book(
        session,
        cause,
        [
            Side(source, holder, change),
            Side(COMMISSION, _earner(payment), share),
            *(Side(OWED, key, part) for key, part in parts.items()),
            Side(OWED, payment.payee_id, -change - share - sum(parts.values(), Money.zero(payment.currency))),
        ],
        payment_id=payment.id,
    )


def _gone_before(session: Session, payment: Payment) -> Money:
    """How much of the payment has gone back so far, as a negative amount."""
    query = (
        select(func.coalesce(func.sum(Posting.minor), 0))
        .join(LedgerEntry)
        .where(LedgerEntry.payment_id == payment.id, Posting.account.in_([HELD, DISPUTE]))
    )
    present = int(session.scalar(query) or 0)
    return Money(present - payment.minor, payment.currency)


def _commission_gone(session: Session, payment: Payment, fee: Money) -> Money:
    """How much of the commission has really been booked back, so that parts add up whatever their order."""
    query = (
        select(func.coalesce(func.sum(Posting.minor), 0))
        .join(LedgerEntry)
        .where(LedgerEntry.payment_id == payment.id, Posting.account == COMMISSION)
    )
    return fee + Money(int(session.scalar(query) or 0), payment.currency)


def _members(session: Session, payment: Payment) -> dict[int, Money]:
    """What members of a pool have to get of a payment, by organisation."""
    rows = session.execute(
        select(PaymentShare.organisation_id, PaymentShare.minor)
        .where(PaymentShare.payment_id == payment.id)
        .order_by(PaymentShare.id)
    )
    return {key: Money(minor, payment.currency) for key, minor in rows}


def _share_gone(session: Session, payment: Payment, organisation_id: int, part: Money) -> Money:
    """How much of a member's part has been booked back."""
    query = (
        select(func.coalesce(func.sum(Posting.minor), 0))
        .join(LedgerEntry)
        .where(
            LedgerEntry.payment_id == payment.id,
            Posting.account == OWED,
            Posting.organisation_id == organisation_id,
        )
    )
    return part + Money(int(session.scalar(query) or 0), payment.currency)


def _holder(session: Session, payment: Payment) -> int:
    """Who holds the money: the partner's account; what did not come by card the payee itself."""
    if payment.method in {Method.BANK, Method.ELSEWHERE} or payment.settlement_account_id is None:
        return payment.payee_id
    owner = select(SettlementAccount.organisation_id).where(SettlementAccount.id == payment.settlement_account_id)
    return session.scalars(owner).one()


def _earner(payment: Payment) -> int:
    return payment.commission_to_id or payment.payee_id
