"""Where money may go: connected accounts of partners, and bank details that staff have confirmed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, Forbidden
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.kernel.uow import transaction
from marketplace.payments.events import BankAccountDecided, BankAccountProposed
from marketplace.payments.gateway import Gateway
from marketplace.payments.models import BankAccount, SettlementAccount
from marketplace.payments.rules import BANK_MOVES, KEY_HOLDS_FOR, AccountState, BankState
from marketplace.payments.services.events import account_state

# Where Stripe opens accounts, of the countries in which the programme has partners or buyers
# (https://stripe.com/global, read in November 2026); Indonesia is not among them.
SERVED = frozenset(
    ("AE", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR",
     "HK", "HR", "HU", "IE", "IT", "JP", "LI", "LT", "LU", "LV", "MT", "MX", "MY", "NL", "NO", "NZ", "PL", "PT", "RO",
     "SE", "SG", "SI", "SK", "TH", "US")
)  # fmt: skip


def settlement_account(session: Session, actor: Actor, organisation: Organisation, country: str) -> SettlementAccount:
    """The organisation's account row, made once; the connected account is opened under its key."""
    if country not in SERVED:
        raise Conflict(_("Stripe opens no accounts in this country. Use the account of a partner elsewhere."))
    session.execute(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())
    found = session.scalar(select(SettlementAccount).where(SettlementAccount.organisation_id == organisation.id))
    if found is not None:
        return found
    account = SettlementAccount(
        organisation_id=organisation.id,
        country=country,
        idempotency_key=f"account-{new_public_key()}",
        state=AccountState.PENDING,
        created_at=now(),
    )
    session.add(account)
    session.flush()
    audit(session, actor, "settlement_account.asked", f"organisation:{organisation.id}")
    return account


def connect_account(gateway: Gateway, account: SettlementAccount, email: str, return_url: str, refresh_url: str) -> str:
    """The page on which the owner proves who they are. The connected account is opened first, once.

    Talks to the card company: call it outside of a transaction. `Uncertain` or `Refused`. What was asked for so
    long ago that the key is forgotten is looked for first: an answer may have been lost.
    """
    connected = account.stripe_account
    if connected is None:
        key, asked_at = account.idempotency_key, account.created_at
        found = gateway.find_account(key, asked_at) if now() - asked_at > KEY_HOLDS_FOR else None
        answer = found or gateway.open_account(key, account.country, email)
        connected = answer.account
        with transaction() as session:
            held = session.get_one(SettlementAccount, account.id, with_for_update=True, populate_existing=True)
            held.stripe_account = held.stripe_account or connected
            held.state = account_state(answer.takes_charges, answer.disabled_reason, AccountState(held.state))
    return gateway.onboarding_link(connected, return_url, refresh_url)


def propose_bank_account(
    session: Session, actor: Actor, *, holder: str, bank: str, account: str, swift: str, currency: str
) -> BankAccount:
    """New bank details of one's own company; papers go on showing the old ones until staff have confirmed these."""
    waiting = session.scalars(
        select(BankAccount).where(
            BankAccount.organisation_id == actor.organisation_id,
            BankAccount.currency == currency,
            BankAccount.state == BankState.PROPOSED,
        )
    )
    for older in waiting:
        older.state = advance(BankState(older.state), BankState.REPLACED, BANK_MOVES)
    row = BankAccount(
        organisation_id=actor.organisation_id,
        holder=holder,
        bank=bank,
        account=account,
        swift=swift,
        currency=currency,
        state=BankState.PROPOSED,
        proposed_by_id=actor.user_id,
        proposed_at=now(),
    )
    session.add(row)
    session.flush()
    audit(session, actor, "bank_account.proposed", f"bank_account:{row.id}")
    record(session, BankAccountProposed(bank_account_id=row.id))
    return row


def decide_bank_account(session: Session, actor: Actor, row: BankAccount, is_confirmed: bool, note: str) -> None:
    """Staff called the company by a number known before, or saw a paper of the bank. Nobody decides on their own."""
    if row.proposed_by_id == actor.user_id:
        raise Forbidden(_("Somebody else has to check details that you entered yourself."))
    if is_confirmed and not row.account:
        raise Conflict(_("These details were erased. Ask the company to enter them again."))
    target = BankState.CONFIRMED if is_confirmed else BankState.REFUSED
    row.state = advance(BankState(row.state), target, BANK_MOVES)
    row.decided_by_id, row.decided_at, row.note = actor.user_id, now(), note[:500]
    if is_confirmed:
        former = session.scalars(
            select(BankAccount).where(
                BankAccount.organisation_id == row.organisation_id,
                BankAccount.currency == row.currency,
                BankAccount.state == BankState.CONFIRMED,
                BankAccount.id != row.id,
            )
        ).all()
        for older in former:
            older.state = advance(BankState(older.state), BankState.REPLACED, BANK_MOVES)
        row.is_change = bool(former)
    audit(session, actor, f"bank_account.{row.state}", f"bank_account:{row.id}")
    record(session, BankAccountDecided(bank_account_id=row.id))
