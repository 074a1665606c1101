"""Words for what buying companies do."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.buyers.rules import Trade

TRADE_NAMES: dict[Trade, Any] = {
    Trade.IMPORTER: _("Importer"),
    Trade.WHOLESALER: _("Wholesaler"),
    Trade.ROASTER: _("Coffee roaster"),
    Trade.MANUFACTURER: _("Manufacturer"),
    Trade.RETAILER: _("Retailer"),
    Trade.HOSPITALITY: _("Hotels and restaurants"),
    Trade.DISTRIBUTOR: _("Distributor"),
    Trade.OTHER: _("Other trade"),
}
