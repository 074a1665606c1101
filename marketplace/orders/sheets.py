"""Which score sheet goods are judged by: the registry knows their branch."""

from __future__ import annotations

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.lookup import CommodityUnknown
from marketplace.orders.rules import Scale, scale_for


def sheet_of(commodity: str) -> Scale:
    """The sheet of a commodity's key; goods that the registry does not know, or no more, are judged as food."""
    try:
        return scale_for(commodity, load_registry().commodity(commodity).category)
    except CommodityUnknown:
        return scale_for(commodity)
