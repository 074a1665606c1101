"""Freight of a sample that was promised back for a score sheet."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.money import Money


class FreightNews(StrEnum):
    """What its two sides are told once the score sheet is there, where not simply all of it goes back by card."""

    REST = "freight_rest"  # a part was given back before; what is missing goes back now
    DONE = "freight_done"  # as much was given back before
    HELD = "freight_held"  # the payer's bank has the payment, so nothing goes back
    BY_BANK = "freight_by_bank"  # the seller sends it


def freight_left(freight: Money, given_back: Money) -> Money:
    """What of promised freight has not gone back yet. What went back before counts, whatever it was given for: who gave
    it for something else is asked to say so."""
    return freight - given_back if given_back < freight else Money.zero(freight.currency)


def freight_news(*, is_by_card: bool, is_with_bank: bool, given_back: Money, left: Money) -> FreightNews | None:
    """What is to be told; None where all of it goes back by card, of which the payer hears anyway."""
    if not left:
        return FreightNews.DONE
    if is_with_bank:
        return FreightNews.HELD
    if not is_by_card:
        return FreightNews.BY_BANK
    return FreightNews.REST if given_back else None
