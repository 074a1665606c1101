"""Says the same thing in each language of a paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from marketplace.documents.sheet import Texts
from marketplace.i18n.formats import (
    format_country,
    format_date,
    format_datetime,
    format_money,
    format_quantity,
    format_unit_price,
)
from marketplace.i18n.translations import speaking
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import Money, UnitPrice
from marketplace.kernel.regions import TIME_ZONE


class Voice:
    """``languages`` are locales, the leading one first; needs an application context."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages

    def say(self, text: Callable[[str], str]) -> Texts:
        """What ``text`` gives in each language; once where all say the same."""
        found = []
        for locale in self.languages:
            with speaking(locale):
                found.append(str(text(locale)))
        return tuple(found) if len(set(found)) > 1 else tuple(found[:1])

    def pick(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        """A text of the data, in the paper's languages as far as it has them."""
        found = [texts[locale] for locale in self.languages if texts.get(locale)]
        return tuple(dict.fromkeys(found)) or tuple(texts.values())[:1] or ("",)

    def date(self, day: date) -> Texts:
        return self.say(lambda locale: format_date(day, locale, "long"))

    def moment(self, moment: datetime) -> Texts:
        """Day and hour by the sellers' clock."""
        return self.say(lambda locale: format_datetime(moment, locale, TIME_ZONE, "long"))

    def country(self, code: str) -> Texts:
        return self.say(lambda locale: format_country(code, locale))

    def quantity(self, quantity: Quantity) -> str:
        """As the leading language writes it: numbers are printed once."""
        return format_quantity(quantity, self.languages[0])

    def money(self, money: Money | None) -> str:
        return "" if money is None else format_money(money, self.languages[0])

    def unit_price(self, price: UnitPrice | None) -> str:
        return "" if price is None else format_unit_price(price, self.languages[0])
