"""Through whose account an amount comes in: the chapter's where it has one, otherwise the seller's bank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.kernel.money import Money
from marketplace.partners.models import Chapter
from marketplace.payments.models import Payment
from marketplace.payments.queries import commission_terms, settlement_account_of
from marketplace.payments.rules import AccountState, Purpose, chosen_rule, commission_of
from marketplace.payments.services import demand
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


def collect(session: Session, claim: Claim, rfq: Rfq, seller_id: int) -> Payment:
    """The payable amount for ``claim.about``, asked once; the commission is the rule's that holds today."""
    seller = session.get_one(Seller, seller_id)
    chapter = session.get(Chapter, rfq.chapter_id) if rfq.chapter_id is not None else None
    account = settlement_account_of(session, chapter.organisation_id) if chapter is not None else None
    takes = chapter is not None and account is not None and account.state == AccountState.ACTIVE
    rule = chosen_rule(commission_terms(session), rfq.chapter_id, claim.commodity, today()) if takes else None
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


def _after_commission(claim: Claim, commission: Money) -> dict[int, int]:
    """What members get, cut in proportion where the commission leaves too little."""
    whole, left = sum(claim.members.values()), claim.amount.minor - commission.minor
    return {key: minor if whole <= left else minor * left // whole for key, minor in claim.members.items()}
