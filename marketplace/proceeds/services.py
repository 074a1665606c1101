"""A seller keeps the costs of their goods."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.measures import UNITS, Dimension
from marketplace.proceeds.models import ProductCost
from marketplace.proceeds.queries import cost_row
from marketplace.proceeds.rules import Costs

_MOST = Decimal(10) ** 9
_SIX_PLACES = Decimal("0.000001")


def keep_costs(session: Session, product_id: int, version: int, costs: Costs | None) -> None:
    """Keep the costs of a product that the caller has found to be the actor's own; None takes them back.

    ``version`` is that of what was shown, 0 for nothing. `Conflict` if a colleague changed it meanwhile.
    """
    row = cost_row(session, product_id)
    if (row.version if row is not None else 0) != version:
        raise Conflict(_("A colleague has changed this page meanwhile. Reload it and enter your changes again."))
    if costs is None:
        if row is not None:
            session.delete(row)
        return
    unit = UNITS.get(costs.unit)
    if unit is None or unit.dimension is Dimension.CONTAINER:
        raise DomainError(_("Choose a unit."))
    for amount in (costs.farm_gate, costs.export):
        if not 0 <= amount <= _MOST:
            raise DomainError(_("Give a number from zero to one thousand million."))
        if amount != amount.quantize(_SIX_PLACES):
            raise DomainError(_("At most six decimals are possible."))
    if row is None:
        row = ProductCost(product_id=product_id)
        session.add(row)
    row.unit, row.farm_gate, row.export, row.changed_at = costs.unit, costs.farm_gate, costs.export, now()
