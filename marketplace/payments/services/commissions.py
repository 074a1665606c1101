"""Rules of what a market partner keeps. A rule is never changed: it ends, and another begins."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict
from marketplace.kernel.money import Money
from marketplace.kernel.policy import Actor
from marketplace.payments.models import CommissionRule
from marketplace.payments.rules import CommissionKind

_ONE_DAY = timedelta(days=1)


def add_commission_rule(
    session: Session,
    actor: Actor,
    *,
    percent: Decimal = Decimal(0),
    fixed: Money | None = None,
    chapter_id: int | None,
    commodity: str,
    valid_from: date,
    valid_to: date | None,
) -> CommissionRule:
    """A share in percent, or a fixed amount of each payment, for a chapter, a commodity, both or all."""
    rule = CommissionRule(
        kind=CommissionKind.PERCENT if fixed is None else CommissionKind.FIXED,
        percent=percent if fixed is None else Decimal(0),
        fixed_minor=0 if fixed is None else fixed.minor,
        currency="" if fixed is None else fixed.currency,
        chapter_id=chapter_id,
        commodity=commodity,
        valid_from=valid_from,
        valid_to=valid_to,
        created_by_id=actor.user_id,
        created_at=now(),
    )
    session.add(rule)
    session.flush()
    audit(session, actor, "commission.added", f"commission_rule:{rule.id}", share=str(fixed or percent))
    return rule


def end_commission_rule(session: Session, actor: Actor, rule: CommissionRule) -> None:
    """Today is its last day; one that has not begun yet never holds. `Conflict` where it is over already."""
    if rule.valid_to is not None and (rule.valid_to <= today() or rule.valid_to < rule.valid_from):
        raise Conflict(_("This rule has ended already."))
    rule.valid_to = today() if rule.valid_from <= today() else rule.valid_from - _ONE_DAY
    audit(session, actor, "commission.ended", f"commission_rule:{rule.id}")
