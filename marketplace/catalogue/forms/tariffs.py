"""National customs codes, one row a market: a seller's in the origin of a product, a curator's at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field, StringField

from marketplace.accounts.forms.parts import VersionField, at_most, clean
from marketplace.catalogue.rules.tariffs import TariffCode, TariffMarket, grouped
from marketplace.catalogue.trade_text import TARIFF_MARKETS
from marketplace.kernel.forms import GuardedForm


def _code() -> StringField:
    return StringField(
        _("Customs code"), filters=[clean], validators=[at_most(20)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )  # fmt: skip


def _source() -> StringField:
    return StringField(_("Where it was read"), filters=[clean], validators=[at_most(200)])


class TariffFields(GuardedForm):
    """A code and its source for each market; an empty row is no code."""

    tariff_eu = _code()
    tariff_eu_source = _source()
    tariff_us = _code()
    tariff_us_source = _source()
    tariff_hk = _code()
    tariff_hk_source = _source()

    @staticmethod
    def tariff_data(codes: Iterable[Any]) -> dict[str, str]:
        """The rows' first values from codes with ``market``, ``code`` and ``source``."""
        found: dict[str, str] = {}
        for one in codes:
            found[f"tariff_{one.market}"] = grouped(one.market, one.code)
            found[f"tariff_{one.market}_source"] = one.source
        return found

    def tariff_rows(self) -> list[tuple[object, Field, Field]]:
        """Each market's name with its two controls."""
        return [
            (TARIFF_MARKETS[market], self[f"tariff_{market}"], self[f"tariff_{market}_source"])
            for market in TariffMarket
        ]

    def tariff_codes(self) -> tuple[TariffCode, ...]:
        """What was entered, empty rows included."""
        return tuple(
            TariffCode(market.value, code.data or "", source.data or "")
            for market, (_name, code, source) in zip(TariffMarket, self.tariff_rows(), strict=True)
        )


class TariffForm(TariffFields):
    """A curator's correction of a product's national codes."""

    version = VersionField()
