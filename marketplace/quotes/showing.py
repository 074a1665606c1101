"""Quotes as values for templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.i18n import formats
from marketplace.kernel.clock import now
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from marketplace.kernel.regions import TIME_ZONE
from marketplace.quotes.models import QuoteVersion
from marketplace.quotes.queries.sheets import Sheet, SheetLine
from marketplace.quotes.rules import STANDING, LineAnswer, QuoteState
from marketplace.quotes.wording import ANSWERS, FREIGHT, PAYMENTS, STATES, Pill
from marketplace.rfqs.rules import Side
from marketplace.rfqs.showing import certificate_names, time_left

Pairs = list[tuple[Any, ...]]
_CONTAINERS = {"fcl20": "20 ft", "fcl40hc": "40 ft HC", "fcl40rf": "40 ft reefer"}


def sheet_view(sheet: Sheet, locale: str, zone: str) -> dict[str, Any]:
    """A sheet for `quotes/parts.html`: its lines as cards, the terms as pairs, the sum."""
    return {
        "lines": [line_view(line, sheet, locale) for line in sheet.lines],
        "terms": terms_pairs(sheet, locale, zone),
        "total": formats.format_money(sheet.total, locale),
        "note": sheet.note,
        "language": sheet.language,
        "sha256": sheet.sha256,
        "weight": _weight(sheet, locale),
        "shares": [
            (share.name or _("a further seller"), formats.format_quantity(Quantity(share.quantity, share.unit), locale))
            for share in sheet.shares
        ],
    }


def line_view(line: SheetLine, sheet: Sheet, locale: str) -> dict[str, Any]:
    """One line: goods, what was said to it, figures, further prices."""
    is_left_out = line.answer == LineAnswer.NOT_AVAILABLE and sheet.author_side == Side.BUYER
    answer = _("Left out by the buyer") if is_left_out else ANSWERS[line.answer]
    pairs: Pairs = []
    if line.quantity is not None and line.unit:
        pairs.append((_("Quantity"), formats.format_quantity(Quantity(line.quantity, line.unit), locale)))
    if line.unit_price is not None and line.price_unit:
        price = UnitPrice(line.unit_price, sheet.currency, line.price_unit)
        pairs.append((_("Price"), formats.format_unit_price(price, locale)))
        pairs.append((_("Sum of this line"), formats.format_money(line.amount, locale)))
    for least, cost in line.rungs:
        label = _("From %(quantity)s", quantity=formats.format_quantity(Quantity(least, line.unit), locale))
        pairs.append((label, formats.format_unit_price(UnitPrice(cost, sheet.currency, line.price_unit), locale)))
    return {
        "goods": line.description,
        "is_answered": line.is_answered,
        "is_plain": line.answer == LineAnswer.OFFERED,
        "answer": answer,
        "reason": line.reason,
        "pairs": pairs,
    }


def terms_pairs(sheet: Sheet, locale: str, zone: str) -> Pairs:
    """What holds for the whole quote; what was left open is not shown."""
    pairs: Pairs = []
    if sheet.incoterm:
        pairs.append((_("Incoterm 2020"), f"{sheet.incoterm} {sheet.place}".strip()))
    if sheet.port and sheet.port != sheet.place:
        pairs.append((_("Port of loading"), sheet.port))
    if sheet.valid_until is not None:
        end = formats.format_datetime(sheet.valid_until, locale, TIME_ZONE)
        here = formats.format_datetime(sheet.valid_until, locale, zone)
        note = "" if zone == TIME_ZONE else _("by the seller's clock; by yours %(when)s", when=here)
        pairs.append((_("Valid until"), end, note))
    if lead_text(sheet, locale):
        pairs.append((_("Lead time"), lead_text(sheet, locale)))
    if sheet.payment:
        pairs.append((_("Payment"), payment_text(sheet, locale), sheet.payment_note))
    pairs.append((_("Sample"), sample_text(sheet), sheet.sample_note))
    if sheet.packing:
        pairs.append((_("Packing"), sheet.packing))
    if loading_text(sheet.loading, locale):
        pairs.append(
            (_("Loading"), loading_text(sheet.loading, locale), _("by usual loads; the final plan may differ"))
        )
    if sheet.certificates:
        pairs.append((_("Certificates"), formats.format_list(certificate_names(sheet.certificates, locale), locale)))
    return pairs


def lead_text(sheet: Sheet, locale: str) -> str:
    """When the goods are ready."""
    if sheet.ship_by is not None:
        return str(_("shipped by %(date)s", date=formats.format_date(sheet.ship_by, locale)))
    if sheet.lead_time_days is not None:
        days = sheet.lead_time_days
        return str(ngettext("%(num)s day after the deposit", "%(num)s days after the deposit", days))
    return ""


def payment_text(sheet: Sheet, locale: str) -> str:
    """How it is paid."""
    name = str(PAYMENTS.get(sheet.payment, ""))
    if sheet.deposit_percent is None:
        return name
    return str(_("%(terms)s (%(percent)s)", terms=name, percent=formats.format_percent(sheet.deposit_percent, locale)))


def sample_text(sheet: Sheet) -> str:
    """Whether a sample is sent, at whose cost, and how fast."""
    if not sheet.sample_is_offered:
        return str(_("not offered"))
    words = [_("free") if sheet.sample_is_free else _("at the buyer's cost")]
    if sheet.sample_days is not None:
        words.append(ngettext("ready in %(num)s day", "ready in %(num)s days", sheet.sample_days))
    if sheet.sample_freight:
        words.append(str(FREIGHT[sheet.sample_freight]))
    return " · ".join(str(word) for word in words)


def loading_text(plan: Mapping[str, Any], locale: str) -> str:
    """Packages, pallets, and which container how full."""
    words = []
    if "packages" in plan:
        packages = formats.format_quantity(Quantity(Decimal(plan["packages"]), plan["package_unit"]), locale)
        words.append(_("%(packages)s of %(size)s kg", packages=packages, size=plan["package_kg"]))
    if "pallets" in plan:
        words.append(ngettext("%(num)s pallet if palletised", "%(num)s pallets if palletised", plan["pallets"]))
    if "container" in plan:
        kind, full = _CONTAINERS[plan["container"]], formats.format_percent(plan["percent"], locale)
        words.append(
            ngettext(
                "%(num)s container %(kind)s, %(percent)s full",
                "%(num)s containers %(kind)s, %(percent)s full",
                plan["containers"],
                kind=kind,
                percent=full,
            )
        )
    return " · ".join(str(word) for word in words)


def _weight(sheet: Sheet, locale: str) -> str:
    weight = sheet.kilograms
    return "" if weight is None else formats.format_quantity(Quantity(weight, "kg"), locale)


def pill_of(row: QuoteVersion, reader: Side) -> Pill:
    """How a version stands now; one whose last second has passed says so before any job does."""
    state = QuoteState(row.state)
    if state in STANDING:
        if row.valid_until is not None and now() > row.valid_until:
            return STATES[QuoteState.EXPIRED]
        if row.author_side != reader:
            return _("Waits for your answer"), "caution"
    return STATES[state]


def versions_view(
    rows: Sequence[QuoteVersion], reader: Side, base: str, shown: int, locale: str, zone: str
) -> list[dict[str, Any]]:
    """All versions for the history, newest first; ``base`` is the address their numbers are added to."""
    return [
        {
            "href": f"{base}/{row.number}" if row.number else base,
            "title": _("Version %(number)s", number=row.number) if row.number else _("Not sent yet"),
            "who": _("You") if row.author_side == reader
            else _("The buyer") if row.author_side == Side.BUYER else _("The seller"),
            "when": formats.format_datetime(row.sent_at or row.changed_at, locale, zone),
            "total": formats.format_money(row.total, locale),
            "pill": pill_of(row, reader),
            "is_shown": row.id == shown,
        }
        for row in rows
    ]  # fmt: skip


def left_of(row: QuoteVersion) -> str:
    """The time left to answer a standing version."""
    if QuoteState(row.state) not in STANDING or row.valid_until is None or now() > row.valid_until:
        return ""
    return time_left(row.valid_until)
