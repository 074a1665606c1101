"""Reads: one's own payments, bank details for papers, balances of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.money import Money
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.payments.models import (
    BankAccount,
    CheckoutAttempt,
    CommissionRule,
    LedgerEntry,
    Payment,
    PaymentShare,
    Posting,
    Refund,
    SettlementAccount,
    WebhookEvent,
)
from marketplace.payments.rules import (
    CHANGE_IS_TOLD_FOR,
    AttemptState,
    BankState,
    CommissionKind,
    CommissionTerms,
    Method,
    RefundState,
)


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Confirmed bank details; ``changed_on`` while the change is young enough to warn of."""

    holder: str
    bank: str
    account: str
    swift: str
    currency: str
    changed_on: date | None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A line of a company's list of payments."""

    payment: Payment
    amount: Money
    other: str


@dataclass(frozen=True, slots=True)
class Balance:
    """The sum of one organisation's postings on one account of the ledger; ``is_chapter`` tells what it is to them."""

    account: str
    organisation_id: int
    name: str
    amount: Money
    is_chapter: bool = False


def payment_of(session: Session, actor: Actor, key: str) -> Payment:
    """A payment of one's own company, as payer, payee or holder of the money; `NotFound` for everybody else's."""
    own = actor.organisation_id
    holds = select(SettlementAccount.id).where(SettlementAccount.organisation_id == own)
    found = session.scalar(
        select(Payment)
        .where(
            Payment.key == key,
            or_(Payment.payer_id == own, Payment.payee_id == own, Payment.settlement_account_id.in_(holds)),
        )
        .options(
            selectinload(Payment.attempts),
            selectinload(Payment.refunds),
            selectinload(Payment.disputes),
            selectinload(Payment.settlement_account),
        )
    )
    if found is None:
        raise NotFound
    return found


def payments_of(session: Session, actor: Actor, number: int) -> Page[PaymentRow]:
    """The company's payments, newest first, with the other side's name."""
    own = actor.organisation_id
    holds = select(SettlementAccount.id).where(SettlementAccount.organisation_id == own)
    other = case((Payment.payer_id == own, Payment.payee_id), else_=Payment.payer_id)
    query = (
        select(Payment, Organisation.name)
        .join(Organisation, Organisation.id == other)
        .where(or_(Payment.payer_id == own, Payment.payee_id == own, Payment.settlement_account_id.in_(holds)))
        .order_by(Payment.id.desc())
    )
    page = page_of(session, query, number)
    rows = [PaymentRow(payment, Money(payment.minor, payment.currency), name) for payment, name in page.items]
    return Page(rows, page.number, page.size, page.has_next)


def names(session: Session, organisation_ids: set[int]) -> dict[int, str]:
    """Names of organisations by key."""
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisation_ids))
    return dict(session.execute(query).all())


def is_held_up(session: Session, payment: Payment) -> bool:
    """Whether who would receive the money is suspended, so that nothing is paid through this site."""
    receivers = {payment.payee_id}
    if payment.settlement_account_id is not None:
        receivers.add(session.get_one(SettlementAccount, payment.settlement_account_id).organisation_id)
    held = select(Organisation.id).where(Organisation.id.in_(receivers), Organisation.suspended_at.is_not(None))
    return session.scalar(held.limit(1)) is not None


def payment_about(session: Session, about: str) -> Payment | None:
    """The payment that was asked for this."""
    return session.scalar(select(Payment).where(Payment.about == about))


def given_back(session: Session, payment: Payment) -> Money:
    """What of a payment went back or is on its way back: every refund that did not fail."""
    whole = select(func.coalesce(func.sum(Refund.minor), 0))
    gone = session.scalar(whole.where(Refund.payment_id == payment.id, Refund.state != RefundState.FAILED))
    return Money(int(gone or 0), payment.currency)


def shares_of_payment(session: Session, payment: Payment) -> dict[int, int]:
    """What of a payment is owed to others than its payee: smallest units by organisation."""
    query = select(PaymentShare.organisation_id, PaymentShare.minor).where(PaymentShare.payment_id == payment.id)
    return dict(session.execute(query).all())


def open_page(payment: Payment) -> CheckoutAttempt | None:
    """The card page that can be used now, if any; needs the attempts loaded."""
    moment = now()
    living = [one for one in payment.attempts if one.state == AttemptState.OPEN and one.expires_at > moment]
    return living[-1] if living else None


def is_preparing(payment: Payment) -> bool:
    """Whether a card page was asked for and is not open yet."""
    moment = now()
    return any(one.state == AttemptState.ASKED and one.expires_at > moment for one in payment.attempts)


def bank_accounts(session: Session, organisation_id: int) -> Sequence[BankAccount]:
    """A company's bank details of all states, newest first."""
    return session.scalars(
        select(BankAccount)
        .where(BankAccount.organisation_id == organisation_id)
        .order_by(BankAccount.id.desc())
        .limit(20)
    ).all()


def settlement_account_of(session: Session, organisation_id: int) -> SettlementAccount | None:
    """An organisation's settlement account."""
    return session.scalar(select(SettlementAccount).where(SettlementAccount.organisation_id == organisation_id))


def creditors(session: Session, holder_id: int) -> list[Balance]:
    """To whom something is owed out of payments that this organisation received; positive amounts."""
    theirs = (
        select(LedgerEntry.id)
        .join(Payment, Payment.id == LedgerEntry.payment_id)
        .join(SettlementAccount, SettlementAccount.id == Payment.settlement_account_id)
        .where(SettlementAccount.organisation_id == holder_id, Payment.method == Method.CARD)
    )
    paid = select(Posting.entry_id).where(Posting.organisation_id == holder_id, Posting.account == "held")
    query = (
        select(Posting.organisation_id, Organisation.name, Posting.currency, func.sum(Posting.minor))
        .join(Organisation, Organisation.id == Posting.organisation_id)
        .where(Posting.account == "owed", or_(Posting.entry_id.in_(theirs), Posting.entry_id.in_(paid)))
        .where(Posting.organisation_id != holder_id)
        .group_by(Posting.organisation_id, Organisation.name, Posting.currency)
        .having(func.sum(Posting.minor) < 0)
        .order_by(Organisation.name, Posting.currency)
    )
    return [
        Balance("owed", key, name, Money(-int(minor), currency))
        for key, name, currency, minor in session.execute(query)
    ]


def is_shared(session: Session, payment: Payment) -> bool:
    """Whether others than the payee get a part of it: members of a pool, or a partner its commission."""
    query = select(PaymentShare.id).where(PaymentShare.payment_id == payment.id).limit(1)
    return payment.commission_minor > 0 or session.scalar(query) is not None


def bank_details(session: Session, organisation_id: int, currency: str) -> BankDetails | None:
    """The confirmed account for a currency, else the company's newest one."""
    rows = session.scalars(
        select(BankAccount)
        .where(BankAccount.organisation_id == organisation_id, BankAccount.state == BankState.CONFIRMED)
        .order_by(BankAccount.decided_at.desc(), BankAccount.id.desc())
    ).all()
    row = next((one for one in rows if one.currency == currency), rows[0] if rows else None)
    if row is None:
        return None
    decided = row.decided_at
    is_young = row.is_change and decided is not None and now() - decided < CHANGE_IS_TOLD_FOR
    changed = decided.date() if is_young and decided is not None else None
    return BankDetails(row.holder, row.bank, row.account, row.swift, row.currency, changed)


def balances(session: Session, organisation_id: int | None = None) -> list[Balance]:
    """Every account that is not at zero, of one organisation or of all."""
    query = (
        select(
            Posting.account,
            Posting.organisation_id,
            Organisation.name,
            Posting.currency,
            func.sum(Posting.minor),
            Organisation.kind,
        )
        .join(Organisation, Organisation.id == Posting.organisation_id)
        .group_by(Posting.account, Posting.organisation_id, Organisation.name, Organisation.kind, Posting.currency)
        .having(func.sum(Posting.minor) != 0)
        .order_by(Organisation.name, Posting.account, Posting.currency)
    )
    if organisation_id is not None:
        query = query.where(Posting.organisation_id == organisation_id)
    return [
        Balance(account, key, name, Money(int(minor), currency), is_chapter=kind == OrganisationKind.CHAPTER)
        for account, key, name, currency, minor, kind in session.execute(query)
    ]


def statement(session: Session, organisation_id: int, limit: int = 200) -> Sequence[tuple[LedgerEntry, Posting]]:
    """The newest bookings that touch an organisation, with its side of each."""
    query = (
        select(LedgerEntry, Posting)
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .where(Posting.organisation_id == organisation_id)
        .order_by(LedgerEntry.id.desc(), Posting.id)
        .limit(limit)
    )
    return [(entry, posting) for entry, posting in session.execute(query)]


def commission_terms(session: Session, known_at: datetime | None = None) -> list[CommissionTerms]:
    """All rules as values, or those that had been written down at a moment."""
    query = select(CommissionRule)
    if known_at is not None:
        query = query.where(CommissionRule.created_at <= known_at)
    return [
        CommissionTerms(
            rule_id=row.id,
            kind=CommissionKind(row.kind),
            percent=row.percent,
            fixed=row.fixed,
            chapter_id=row.chapter_id,
            commodity=row.commodity,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in session.scalars(query)
    ]


def commission_rules(session: Session) -> Sequence[CommissionRule]:
    """All rules, the newest first."""
    return session.scalars(select(CommissionRule).order_by(CommissionRule.id.desc()).limit(200)).all()


def proposed_bank_accounts(session: Session) -> list[tuple[BankAccount, Organisation, BankAccount | None]]:
    """Bank details to check, the oldest first: with the company and what stands on its papers now."""
    rows = session.execute(
        select(BankAccount, Organisation)
        .join(Organisation, Organisation.id == BankAccount.organisation_id)
        .where(BankAccount.state == BankState.PROPOSED)
        .order_by(BankAccount.id)
        .limit(50)
    ).all()
    found = []
    for row, organisation in rows:
        before = session.scalar(
            select(BankAccount).where(
                BankAccount.organisation_id == row.organisation_id,
                BankAccount.currency == row.currency,
                BankAccount.state == BankState.CONFIRMED,
            )
        )
        found.append((row, organisation, before))
    return found


def suspicious_events(session: Session) -> Sequence[WebhookEvent]:
    """Signed events that disagree with our rows, the newest first."""
    query = select(WebhookEvent).where(WebhookEvent.outcome == "mismatch").order_by(WebhookEvent.id.desc()).limit(50)
    return session.scalars(query).all()
