"""How a payment is shared among those who made the goods, and when the rest of a deal becomes due."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.orders.rules.states import OrderState
from marketplace.quotes.rules import PaymentTerms

# in advance nothing is left; what goes through banks is due with the documents of the shipment
BALANCE_AT = {
    PaymentTerms.DEPOSIT_BEFORE_SHIPMENT: OrderState.PAPERS_READY,
    PaymentTerms.DEPOSIT_AGAINST_DOCUMENTS: OrderState.SHIPPED,
    PaymentTerms.LETTER_OF_CREDIT: OrderState.SHIPPED,
    PaymentTerms.DOCUMENTS_AGAINST_PAYMENT: OrderState.SHIPPED,
    PaymentTerms.OPEN_ACCOUNT: OrderState.ARRIVED,
}
THROUGH_BANKS = frozenset({PaymentTerms.LETTER_OF_CREDIT, PaymentTerms.DOCUMENTS_AGAINST_PAYMENT})


def parts_of(amounts: Sequence[int], part: int, whole: int) -> list[int]:
    """What each of ``amounts`` gets of ``part`` of ``whole``, in smallest units, rounded up or down.

    Rounded along their running sum: neither these parts nor what remains of the amounts is ever more than ``part`` or
    ``whole - part`` together, as long as the amounts are not more than ``whole``.
    """
    found, before, running = [], 0, 0
    for amount in amounts:
        running += amount
        until = running * part // whole
        found.append(until - before)
        before = until
    return found
