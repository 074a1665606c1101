"""Terms of trade in the reader's words: where a smallest order comes from, packing figures, national customs codes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import lazy_gettext

from marketplace.catalogue.queries.product_view import ProductView, TariffCodeView
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.card import contents_of
from marketplace.catalogue.rules.minimum import MinimumBasis, UsualMinimum, usual_minimum
from marketplace.catalogue.rules.packing import Packing
from marketplace.catalogue.rules.tariffs import SCHEDULES, TariffMarket, grouped, reading_order
from marketplace.i18n import formats
from marketplace.i18n.translations import gettext as _
from marketplace.kernel.measures import UNITS, Dimension, Quantity

TARIFF_MARKETS: Mapping[str, object] = {
    TariffMarket.EU: lazy_gettext("European Union, 8 digits (CN)"),
    TariffMarket.US: lazy_gettext("United States, 10 digits (HTS)"),
    TariffMarket.HK: lazy_gettext("Hong Kong, 8 digits (HKHS)"),
}


def usual_words(usual: UsualMinimum, locale: str) -> str:
    """The usual smallest order and whose it is: "usual minimum for Green coffee: 300 kg"."""
    quantity = formats.format_quantity(usual.quantity, locale)
    if usual.basis is MinimumBasis.SYSTEM:
        return str(_("usual minimum of this marketplace: %(quantity)s", quantity=quantity))
    goods = load_registry().group_name(usual.group, locale)
    return str(_("usual minimum for %(goods)s: %(quantity)s", goods=goods, quantity=quantity))


def minimum_pair(product: ProductView, locale: str) -> tuple[str, str]:
    """The smallest order and where it comes from; no note where the seller stated it."""
    registry = load_registry()
    commodity = registry.commodity(product.commodity)
    group = registry.usual_minimum(commodity)
    if product.moq is not None:
        told = formats.format_quantity(Quantity(product.moq, product.unit), locale)
        if product.moq_basis == MinimumBasis.GROUP and group is not None:
            goods = registry.group_name(group[0], locale)
            return told, str(_("the usual minimum for %(goods)s, which the seller keeps to", goods=goods))
        if product.moq_basis == MinimumBasis.SYSTEM:
            return told, str(_("the usual minimum of this marketplace, which the seller keeps to"))
        return told, ""
    unit = product.unit or commodity.moq_unit
    contents = contents_of(unit, product.unit_weight_kg, commodity.contents(), product.packing)
    usual = usual_minimum(unit, group, contents)
    if usual is None:
        return "–", ""
    return "–", str(_("%(usual)s; the seller has stated none", usual=usual_words(usual, locale)))


def packing_pairs(packing: Packing, locale: str) -> list[tuple[str, str]]:
    """Packing figures, each with its name; nothing where they say nothing."""
    if not packing.is_stated or packing.net_kg is None:
        return []
    unit = formats.format_unit(packing.unit, locale)
    rows = [(str(_("Packed in")), str(_("%(unit)s of %(weight)s net", unit=unit, weight=_kg(packing.net_kg, locale))))]
    if packing.per_carton and packing.outer_kg is not None:
        inside = formats.format_quantity(Quantity(Decimal(packing.per_carton), packing.unit), locale)
        rows.append((str(_("Carton")), _with_weight(inside, packing.outer_kg, locale)))
    for size, container in (("20 ft", "fcl20"), ("40 ft", "fcl40hc")):
        count, weight = packing.loaded(container), packing.load_kg(container)
        if count is not None and weight is not None:
            loaded = formats.format_quantity(Quantity(Decimal(count), packing.outer), locale)
            rows.append((str(_("Load of a %(size)s container", size=size)), _with_weight(loaded, weight, locale)))
    return rows


def pack_choices(held: str, locale: str) -> dict[str, str]:
    """The packages to choose from by code, with the one that is ``held``."""
    codes = [code for code, unit in UNITS.items() if unit.dimension is Dimension.PACKAGE and code != "set"]
    return {code: formats.format_unit(code, locale) for code in dict.fromkeys((*codes, "piece", held)) if code}


def tariff_rows(product: ProductView, locale: str) -> list[tuple[str, str, str]]:
    """National customs codes: schedule, code and source; the reader's likely market first."""
    known = {one.market: one for one in product.tariff_codes}
    rows = []
    for market in reading_order(list(known), locale):
        one = known[market]
        code = f"{SCHEDULES[TariffMarket(market)]} {grouped(market, one.code)}"
        rows.append((str(TARIFF_MARKETS[market]), code, _source(one)))
    return rows


def national_code(product: ProductView, market: TariffMarket | None, locale: str) -> tuple[str, str]:
    """The code of one customs territory as its schedule prints it, and its source; empty texts where none is known."""
    rows = {one.market: one for one in product.tariff_codes}
    if market is None or market not in rows:
        return "", ""
    one = rows[market]
    return f"{SCHEDULES[market]} {grouped(market, one.code)}", _source(one)


def _source(one: TariffCodeView) -> str:
    return str(_("%(source)s, checked by the programme", source=one.source)) if one.is_by_staff else one.source


def _with_weight(text: str, weight: Decimal, locale: str) -> str:
    return str(_("%(quantity)s, %(weight)s net", quantity=text, weight=_kg(weight, locale)))


def _kg(weight: Decimal, locale: str) -> str:
    return formats.format_quantity(Quantity(weight.normalize() + 0, "kg"), locale)
