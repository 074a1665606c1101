"""The parts of a product page as ready strings for the components."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext

from marketplace.catalogue.labels import REGISTRATIONS, VERIFIED_BY, certificate_name
from marketplace.catalogue.photos import drawing_path, photo_path
from marketplace.catalogue.queries.product_view import CertificateView, LadderView, ProductView
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import CapacityKind, Stage
from marketplace.catalogue.rules.card import contents_of
from marketplace.catalogue.rules.registers import register_of
from marketplace.catalogue.rules.trade import SEA_TERMS
from marketplace.catalogue.spec_text import field_name, limit_text, value_text
from marketplace.catalogue.trade_text import minimum_pair, packing_pairs, tariff_rows
from marketplace.i18n import formats
from marketplace.i18n.translations import gettext as _
from marketplace.i18n.translations import ngettext
from marketplace.kernel.clock import today
from marketplace.kernel.exchange import reference_rates
from marketplace.kernel.measures import Quantity, UnitMismatch
from marketplace.kernel.money import UnitPrice
from marketplace.kernel.ports import with_code, with_codes
from marketplace.web.market_parts import place_names

STAGES: Mapping[str, object] = {
    Stage.PETIK: lazy_gettext("Pick (petik)"),
    Stage.OLAH: lazy_gettext("Process (olah)"),
    Stage.KEMAS: lazy_gettext("Pack (kemas)"),
    Stage.JUAL: lazy_gettext("Sell (jual)"),
}
SOON = 60  # days before its end at which a certificate is shown as ending
WIDTHS = (320, 640, 1280)
CONTAINERS = {"20 ft": "fcl20", "40 ft": "fcl40hc"}
LEAST_SHARE = 0.005  # of a container; less would read as 0 %


def photos(product: ProductView, locale: str, title: str) -> list[dict[str, Any]]:
    """Pictures for the gallery; a drawing says that it is one."""
    shown = []
    for photo in product.photos:
        entry: dict[str, Any] = {
            "src": photo_path(photo.stem, 1280),
            "small_src": photo_path(photo.stem, 320),
            "width": photo.width,
            "height": photo.height,
            "alt": photo.alt_in(locale, title),
            "credit": _("Illustration, not a photo of the goods") if photo.is_illustration else "",
        }
        if not photo.is_illustration:
            entry["sources"] = [
                (f"image/{ending}", ", ".join(f"{photo_path(photo.stem, w, ending)} {w}w" for w in WIDTHS))
                for ending in ("avif", "webp")
            ]
        shown.append(entry)
    return shown or [_drawing(product.commodity, title)]


def _drawing(commodity: str, title: str) -> dict[str, Any]:
    """What stands in for a photo that nobody has added."""
    address = drawing_path(commodity)
    credit = _("Illustration, not a photo of the goods")
    return {"src": address, "small_src": address, "width": 400, "height": 300, "alt": title, "credit": credit}


def ladders(product: ProductView, locale: str) -> list[dict[str, Any]]:
    """Price ladders, the one of the card first, each rung also in US dollars per kilogram where that can be told."""
    commodity = load_registry().commodity(product.commodity)
    contents = contents_of(product.unit, product.unit_weight_kg, commodity.contents(), product.packing)
    ordered = sorted(product.ladders, key=lambda one: f"{one.incoterm} {one.place}" != product.card_price_term)
    shown = []
    for ladder in ordered:
        rungs = []
        for rung in ladder.rungs:
            price = UnitPrice(rung.unit_price, ladder.currency, ladder.unit)
            quantity = formats.format_quantity(Quantity(rung.min_quantity, ladder.unit), locale)
            rungs.append(
                {
                    "quantity": _("from %(quantity)s", quantity=quantity),
                    "price": formats.format_unit_price(price, locale),
                    "normalised": _per_kg(ladder, rung.unit_price, contents, locale),
                }
            )
        place = with_code(ladder.place) if ladder.incoterm in SEA_TERMS else ladder.place
        shown.append(
            {
                "term": f"{ladder.incoterm} {place}",
                "unit": _("per %(unit)s", unit=formats.format_unit(ladder.unit, locale)),
                "rungs": rungs,
            }
        )
    return shown


def _per_kg(ladder: LadderView, price: Decimal, contents: Any, locale: str) -> str:
    from marketplace.catalogue.rules.card import price_per_kg_usd
    from marketplace.catalogue.rules.trade import Rung

    if ladder.unit == "kg" and ladder.currency == "USD":
        return ""
    rung = Rung(ladder.incoterm, ladder.place, ladder.unit, ladder.currency, Decimal(1), price)
    found = price_per_kg_usd(rung, contents, reference_rates())
    if found is None:
        return ""
    return "≈ " + formats.format_unit_price(UnitPrice(found.quantize(Decimal("0.01")), "USD", "kg"), locale)


def container(product: ProductView, locale: str) -> dict[str, Any] | None:
    """What share of a 20 ft container the smallest order fills, by the registry's usual load."""
    commodity = load_registry().commodity(product.commodity)
    load = commodity.load("fcl20")
    if load is None or product.moq is None:
        return None
    contents = contents_of(product.unit, product.unit_weight_kg, commodity.contents(), product.packing)
    try:
        kilograms = Quantity(product.moq, product.unit).to("kg", contents).amount
        full = load.low.to("kg", contents).amount
    except (UnitMismatch, ValueError):
        return None
    share = float(kilograms / full) if full else 0.0
    if share < LEAST_SHARE:
        return None
    text = _(
        "The minimum order fills %(share)s of a 20 ft container (usual load %(load)s).",
        share=formats.format_percent(min(share, 99.0) * 100, locale),
        load=formats.format_quantity(load.low, locale),
    )
    return {"share": min(share, 1.0), "text": text}


def months(product: ProductView, locale: str) -> list[dict[str, Any]]:
    """Twelve months from this one on: free capacity, harvest, or booked."""
    if not product.months:
        return []
    by_kind: dict[tuple[str, int, int], Decimal | None] = {
        (row.kind, row.month.year, row.month.month): row.quantity for row in product.months
    }
    capacity = product.capacity_per_month
    start, strip = today(), []
    for step in range(12):
        year, month = divmod(start.year * 12 + start.month - 1 + step, 12)
        month += 1
        free = by_kind.get((CapacityKind.FREE, year, month), by_kind.get((CapacityKind.FREE, 1, month)))
        is_closed = (CapacityKind.CLOSED, year, month) in by_kind or (CapacityKind.CLOSED, 1, month) in by_kind
        is_harvest = (CapacityKind.HARVEST, year, month) in by_kind or (CapacityKind.HARVEST, 1, month) in by_kind
        share = min(1.0, float(free / capacity)) if free is not None and capacity else None
        words = [formats.format_quantity(Quantity(free, product.unit), locale)] if free is not None else []
        if is_closed:
            words = [_("fully booked")]
        if is_harvest:
            words.append(_("harvest"))
        state = "none" if is_closed else "harvest" if is_harvest else "none"
        if share is not None and not is_closed and not is_harvest:
            state = "full" if share > 0.66 else "some" if share > 0.33 else "low"
        strip.append(
            {
                "label": formats.month_name(month, locale, is_short=True),
                "name": formats.format_month(date(year, month, 1), locale),
                "share": 1.0 if is_harvest and share is None else share,
                "state": state,
                "text": formats.format_list(words, locale, "facts") or _("on request"),
            }
        )
    return strip


def specifications(product: ProductView, locale: str) -> list[tuple[str, str, str]]:
    """Field, value and what a standard says; fields by which buyers decide stand first (see `listed._specs`)."""
    rules = load_registry().commodity(product.commodity).rules
    stated = {spec.field for spec in product.specs}
    crop = [(field_name("crop_year", locale), product.crop_year, "")] if product.crop_year else []
    return ([] if "crop_year" in stated else crop) + [
        (
            field_name(spec.field, locale),
            value_text(spec.field, spec.value, locale),
            limit_text(rules.get(spec.field), locale),
        )
        for spec in product.specs
        if spec.field != "certifications"  # the certificates themselves stand beside it, with their dates
    ]


def certificates(product: ProductView, locale: str) -> list[dict[str, Any]]:
    """Badges of certificates that hold today, and of those that have ended."""
    day = today()
    shown = [_certificate(one, day, locale) for one in product.certificates_on(day)]
    return shown + [_certificate(one, day, locale) for one in product.ended_certificates(day)]


def _certificate(one: CertificateView, day: date, locale: str) -> dict[str, Any]:
    state = "valid" if one.is_verified else "unverified"
    if one.valid_to is not None and one.valid_to < day:
        state = "expired"
    elif one.is_verified and one.valid_to is not None and (one.valid_to - day).days <= SOON:
        state = "expiring"
    checked = ""
    if one.verified_at is not None:
        how = VERIFIED_BY.get(one.verified_method, "")
        checked = formats.format_date(one.verified_at.date(), locale) + (f", {how}" if how else "")
    return {
        "label": certificate_name(one.code, locale),
        "state": state,
        "until": formats.format_date(one.valid_to, locale) if one.valid_to else None,
        "checked": checked,
        "issuer": one.issuer,
        "register": register_of(one.code),
        "number": one.number,
        "scope": one.scope,
    }


def trade_terms(product: ProductView, locale: str) -> list[tuple[str, ...]]:
    """The key figures of the offer."""

    def amount(value: Decimal | None) -> str:
        return "–" if value is None else formats.format_quantity(Quantity(value, product.unit), locale)

    least, basis = minimum_pair(product, locale)
    rows: list[tuple[str, ...]] = [
        (_("Minimum order (MOQ)"), least, basis) if basis else (_("Minimum order (MOQ)"), least),
        (_("Capacity per month"), amount(product.capacity_per_month)),
    ]
    if product.lead_time_days is not None:
        days = product.lead_time_days
        rows.append((_("Lead time"), ngettext("%(num)s day", "%(num)s days", days)))
    rows.append((_("Samples"), sample_text(product, locale)))
    return rows


def sample_text(product: ProductView, locale: str) -> str:
    """Whether samples are sent, at whose cost, and how fast."""
    if not product.sample_is_offered:
        return str(_("not offered"))
    words = [_("free") if product.sample_is_free else _("at the buyer's cost")]
    if product.sample_days is not None:
        words.append(ngettext("ready in %(num)s day", "ready in %(num)s days", product.sample_days))
    return formats.format_list(words, locale, "facts")


def logistics(product: ProductView, locale: str) -> list[tuple[str, ...]]:
    """Packing, loading, where the goods may go, and the codes they are declared under."""
    national = tariff_rows(product, locale)
    figures = packing_pairs(product.packing, locale)
    rows: list[tuple[str, ...]] = [(_("Packaging"), product.packaging)] if product.packaging or not figures else []
    rows += figures
    if product.unit_weight_kg is not None:
        weight = formats.format_quantity(Quantity(product.unit_weight_kg, "kg"), locale)
        rows.append((_("Net weight per %(unit)s", unit=formats.format_unit(product.unit, locale)), weight))
    for name, units in (("20 ft", product.units_per_fcl20), ("40 ft", product.units_per_fcl40)):
        if units is not None and product.packing.load_kg(CONTAINERS[name]) is None:
            loaded = formats.format_quantity(Quantity(units, product.unit), locale)
            rows.append((_("Load of a %(size)s container", size=name), loaded))
    ports = formats.format_list(with_codes(product.ports), locale)
    rows.append((_("Ports of loading"), ports if product.ports else "–"))
    goes = place_names(product.destinations, locale)
    rows.append((_("Ships to"), formats.format_list(goes, locale) if goes else _("every country")))
    rows.append((_("Private label"), _("Yes") if product.has_private_label else _("No")))
    rows.append((_("HS code"), f"{product.hs_code[:4]}.{product.hs_code[4:]}"))
    rows += [(_("Customs code, %(market)s", market=name), code, source) for name, code, source in national]
    return rows


def registrations(product: ProductView, locale: str) -> list[tuple[str, ...]]:
    """Registrations for markets, with their end; one that has ended is left out."""
    day = today()
    return [
        (
            str(REGISTRATIONS.get(one.kind, one.kind)),
            one.number or "–",
            _("until %(day)s", day=formats.format_date(one.valid_to, locale)) if one.valid_to else "",
        )
        for one in product.registrations
        if one.valid_to is None or one.valid_to >= day
    ]


def chain(product_stage: str) -> list[dict[str, Any]]:
    """The way from harvest to sale with a product's place in it."""
    order = list(Stage)
    here = order.index(Stage(product_stage)) if product_stage in set(Stage) else 0
    return [
        {"label": str(STAGES[stage]), "note": "", "is_here": place == here, "is_done": place < here}
        for place, stage in enumerate(order)
    ]
