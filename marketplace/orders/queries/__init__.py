"""Reads on samples, deals on their way and outcomes."""

from marketplace.orders.queries.deals import OrderRow, deal_and_order, goods_to_order_again, order_held, orders_page
from marketplace.orders.queries.ledger import MOST_ENTRIES, Entry, ledger
from marketplace.orders.queries.money_left import money_left, money_word
from marketplace.orders.queries.outcomes import OutcomeCount, counted, counted_at_fair, summed
from marketplace.orders.queries.samples import (
    SampleRow,
    freight_to_send,
    line_of,
    lines_to_sample,
    sample_held,
    sample_of,
    samples_about,
    samples_page,
    talk_of,
)

__all__ = [
    "MOST_ENTRIES",
    "Entry",
    "OrderRow",
    "OutcomeCount",
    "SampleRow",
    "counted",
    "counted_at_fair",
    "deal_and_order",
    "freight_to_send",
    "goods_to_order_again",
    "ledger",
    "line_of",
    "lines_to_sample",
    "money_left",
    "money_word",
    "order_held",
    "orders_page",
    "sample_held",
    "sample_of",
    "samples_about",
    "samples_page",
    "summed",
    "talk_of",
]
