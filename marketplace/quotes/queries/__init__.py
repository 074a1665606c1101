"""Reads of quotes and agreements."""

from marketplace.quotes.queries.goods import held_certificates, own_goods, plan_rows, products_by_key, promised
from marketplace.quotes.queries.reading import (
    asked_of,
    current_of,
    deal_of,
    deal_of_request,
    lead_to_quote,
    lead_to_write,
    quotes_of_request,
    unsent_of,
    versions_of,
    waiting_page,
    waiting_version,
)

__all__ = [
    "asked_of",
    "current_of",
    "deal_of",
    "deal_of_request",
    "held_certificates",
    "lead_to_quote",
    "lead_to_write",
    "own_goods",
    "plan_rows",
    "products_by_key",
    "promised",
    "quotes_of_request",
    "unsent_of",
    "versions_of",
    "waiting_page",
    "waiting_version",
]
