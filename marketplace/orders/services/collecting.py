"""Through whose account an amount comes in: the chapter's where it has one, otherwise the seller's bank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.kernel.money import Money
from marketplace.orders.queries.deals import commodity_of_deal
from marketplace.orders.rules import BALANCE_AT, THROUGH_BANKS, OrderState, parts_of
from marketplace.partners.models import Chapter
from marketplace.payments.models import Payment
from marketplace.payments.queries import commission_terms, payment_about, settlement_account_of, shares_of_payment
from marketplace.payments.rules import AccountState, CommissionTerms, Purpose, chosen_rule, commission_of
from marketplace.payments.services import demand
from marketplace.quotes.models import Deal, QuoteVersion
from marketplace.quotes.rules import PaymentTerms
from marketplace.rfqs.models import Rfq
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class Claim:
    """What is asked for, and in whose trade."""

    about: str
    purpose: Purpose
    description: str
    amount: Money
    commodity: str = ""
    members: Mapping[int, int] = field(default_factory=dict)  # of a pool: smallest units by organisation
    is_through_banks: bool = False  # a letter of credit, documents against payment: no card
    agreed_at: datetime | None = None  # of a deal: the rule of that moment holds for all its payments


def collect(session: Session, claim: Claim, rfq: Rfq, seller_id: int) -> Payment:
    """The payable amount for ``claim.about``, asked once.

    The commission is the rule's that held when the deal was agreed, of a sample the one that holds today.
    """
    seller = session.get_one(Seller, seller_id)
    chapter = session.get(Chapter, rfq.chapter_id) if rfq.chapter_id is not None else None
    account = settlement_account_of(session, chapter.organisation_id) if chapter is not None else None
    takes = account is not None and account.state == AccountState.ACTIVE and not claim.is_through_banks
    rule = _rule(session, claim, rfq) if takes else None
    return demand(
        session,
        claim.about,
        claim.purpose,
        claim.description,
        claim.amount,
        payer_id=rfq.buyer_id,
        payee_id=seller.organisation_id,
        settlement_account_id=account.id if takes and account is not None else None,
        commission=rule,
        shares=_after_commission(claim, commission_of(claim.amount, rule)),
        commission_to_id=chapter.organisation_id if rule is not None and chapter is not None else None,
    )


def _rule(session: Session, claim: Claim, rfq: Rfq) -> CommissionTerms | None:
    """Rules end and are never changed, so the day of the agreement finds what was agreed, whatever came since."""
    day = claim.agreed_at.date() if claim.agreed_at is not None else today()
    return chosen_rule(commission_terms(session, claim.agreed_at), rfq.chapter_id, claim.commodity, day)


def collect_deposit(session: Session, deal: Deal, deposit: Money) -> Payment:
    """The deposit of a deal, with the part of each member of its pool."""
    return _collected(session, deal, "deposit", Purpose.DEPOSIT, deposit, _members(session, deal, deposit))


def collect_balance(session: Session, deal: Deal, milestone: OrderState) -> Payment | None:
    """What is left of a deal once its terms make it due at ``milestone``, asked once; None where nothing is due then.

    Each member of a pool gets what the deposit did not carry for it, so that both together are what it was promised.
    """
    terms = deal.terms.get("payment", "")
    if not terms or BALANCE_AT.get(PaymentTerms(terms)) is not milestone:
        return None
    deposit = payment_about(session, f"deposit:{deal.key}")
    left = deal.total if deposit is None else deal.total - Money(deposit.minor, deposit.currency)
    if left.minor <= 0:
        return None
    carried = shares_of_payment(session, deposit) if deposit is not None else {}
    whole = _members(session, deal, deal.total)
    rest = {key: max(0, minor - carried.get(key, 0)) for key, minor in whole.items()}
    is_through_banks = PaymentTerms(terms) in THROUGH_BANKS
    return _collected(session, deal, "balance", Purpose.BALANCE, left, rest, is_through_banks=is_through_banks)


def _collected(
    session: Session,
    deal: Deal,
    name: str,
    purpose: Purpose,
    amount: Money,
    members: dict[int, int],
    *,
    is_through_banks: bool = False,
) -> Payment:
    goods, about = commodity_of_deal(session, deal), f"{name}:{deal.key}"
    claim = Claim(about, purpose, deal.key.upper(), amount, goods, members, is_through_banks, deal.agreed_at)
    return collect(session, claim, session.get_one(Rfq, deal.rfq_id), deal.seller_id)


def _members(session: Session, deal: Deal, part: Money) -> dict[int, int]:
    """What each member of the pool behind a deal has to get of ``part`` of its sum, by organisation."""
    shares = session.get_one(QuoteVersion, deal.version_id).shares or []
    if not shares or not deal.total_minor:
        return {}
    keys = [one["seller_id"] for one in shares]
    query = select(Seller.id, Seller.organisation_id).where(Seller.id.in_(keys))
    organisations = dict(session.execute(query).all())
    parts = parts_of([one["amount_minor"] for one in shares], part.minor, deal.total_minor)
    return {organisations[one["seller_id"]]: minor for one, minor in zip(shares, parts, strict=True)}


def _after_commission(claim: Claim, commission: Money) -> dict[int, int]:
    """What members get, cut in proportion where the commission leaves too little."""
    whole, left = sum(claim.members.values()), claim.amount.minor - commission.minor
    return {key: minor if whole <= left else minor * left // whole for key, minor in claim.members.items()}
