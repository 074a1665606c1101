"""What of a deal's money is not there, and what the seller said became of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.orders.rules import MoneyWord
from marketplace.payments.models import Payment
from marketplace.payments.rules import PaymentState
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import RfqMoment
from marketplace.rfqs.rules import MomentCode

_LEFT = (PaymentState.DUE, PaymentState.PROCESSING, PaymentState.DISPUTED, PaymentState.CHARGED_BACK)
MOMENTS = {MoneyWord.ELSEWHERE: MomentCode.PAID_ELSEWHERE, MoneyWord.WAIVED: MomentCode.MONEY_WAIVED}
_WORDS = {moment: word for word, moment in MOMENTS.items()}


def money_left(session: Session, deal: Deal) -> list[Payment]:
    """Deposit and balance as far as they are due, with the banks, or taken back by one."""
    abouts = [f"{name}:{deal.key}" for name in ("deposit", "balance")]
    query = select(Payment).where(Payment.about.in_(abouts), Payment.state.in_(_LEFT)).order_by(Payment.id)
    return list(session.scalars(query))


def money_word(session: Session, deal: Deal) -> MoneyWord | None:
    """What the seller said last became of money that was still due; None where nothing was."""
    code = session.scalar(
        select(RfqMoment.code)
        .where(RfqMoment.recipient_id == deal.recipient_id, RfqMoment.code.in_(_WORDS))
        .order_by(RfqMoment.id.desc())
        .limit(1)
    )
    return None if code is None else _WORDS[MomentCode(code)]
