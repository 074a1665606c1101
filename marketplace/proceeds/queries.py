"""Reads behind what a seller receives: the commission that would hold today, and their costs."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.payments.queries import commission_terms
from marketplace.payments.rules import CommissionTerms, chosen_rule
from marketplace.proceeds.models import ProductCost
from marketplace.proceeds.rules import Costs


def commission_today(session: Session, commodity: str, chapter_id: int | None = None) -> CommissionTerms | None:
    """The rule for a deal in this commodity agreed today; ``chapter_id`` is the buyer's, where one is known."""
    return chosen_rule(commission_terms(session), chapter_id, commodity, today())


def cost_row(session: Session, product_id: int) -> ProductCost | None:
    """What was entered of a product's costs."""
    query = select(ProductCost).where(ProductCost.product_id == product_id)
    return session.scalar(query.execution_options(populate_existing=True))


def costs_of(session: Session, product_id: int) -> Costs | None:
    """A product's costs as a value."""
    row = cost_row(session, product_id)
    return Costs(row.unit, row.farm_gate, row.export) if row is not None else None
