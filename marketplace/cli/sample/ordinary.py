"""Which sample goods the sample people trade: all but those by the container, which only stand on offer."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func

from marketplace.catalogue.models import Product
from marketplace.cli.sample.containers import KEYS


def is_ordinary() -> ColumnElement[bool]:
    """Goods that anybody may draw; what is drawn stays the same however many others are added."""
    return ~func.coalesce(Product.external_key, "").startswith(KEYS)
