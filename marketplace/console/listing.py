"""A listing as a curator reads it: every fact in its place, with the code under which a note is pinned to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.catalogue.labels import CAPACITY, NOTED_FIELDS, REGISTRATIONS, certificate_name
from marketplace.catalogue.queries.product_view import CertificateView, LadderView, ProductView
from marketplace.catalogue.registry.calendar import MonthRange
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.registry.types import NumberRange, SpecField
from marketplace.catalogue.rules import CapacityKind
from marketplace.catalogue.trade_text import minimum_pair, packing_pairs, tariff_rows
from marketplace.i18n.formats import (
    format_country,
    format_date,
    format_list,
    format_month,
    format_number,
    format_quantity,
    format_unit_price,
    month_name,
)
from marketplace.i18n.locales import BY_LOCALE
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from marketplace.kernel.regions import REGENCIES


@dataclass(frozen=True)
class Fact:
    """One fact: the code of its note, its name, its lines, and whether it is a claim that changed."""

    code: str
    name: str
    lines: tuple[str, ...]
    is_changed_claim: bool = False
    lang: str = ""


def facts(view: ProductView, changed: tuple[str, ...], day: date, locale: str) -> list[Fact]:
    """Everything the listing states, in the order of the form that the seller fills in."""
    packing = packing_pairs(view.packing, locale)
    return [
        *_texts(view, changed),
        _fact(
            "hs",
            [
                f"{view.hs_code[:4]}.{view.hs_code[4:]}" if view.hs_code else "",
                *(f"{name}: {code} ({source})" for name, code, source in tariff_rows(view, locale)),
            ],
            "hs_code" in changed or "commodity" in changed,
        ),
        _fact("origin", _origin(view, locale), "origin" in changed),
        *_specs(view, changed, locale),
        _fact("moq", [_amount(view.moq, view.unit, locale), minimum_pair(view, locale)[1]]),
        _fact("capacity", [_amount(view.capacity_per_month, view.unit, locale)]),
        _fact("lead_time", [_days(view.lead_time_days)]),
        _fact("packaging", [view.packaging, *(f"{name}: {text}" for name, text in packing)]),
        _fact("price", [_ladder(ladder, locale) for ladder in view.ladders]),
        _fact("sample", _sample(view)),
        _fact("calendar", _calendar(view, locale)),
        _fact("certificates", _certificates(view, day, locale), "certificates" in changed),
        _fact("photos", [_photo_count(view)]),
    ]


def spoken_value(field: SpecField, value: SpecValue, locale: str) -> str:
    """A specification's value as people read it."""
    unit = f" {field.unit.labels.get(locale) or field.unit.code}" if field.unit else ""
    match value:
        case bool():
            return load_registry().term("bool:yes" if value else "bool:no", locale)
        case Decimal():
            return format_number(value, locale) + unit
        case NumberRange():
            return f"{format_number(value.low, locale)} – {format_number(value.high, locale)}{unit}"
        case MonthRange():
            return f"{month_name(value.first, locale)} – {month_name(value.last, locale)}"
        case date():
            return format_date(value, locale)
        case tuple():
            return format_list([_choice(field, one, locale) for one in value], locale)
        case _:
            return _choice(field, value, locale)


def _choice(field: SpecField, code: str, locale: str) -> str:
    return field.value_name(code, locale) if code in field.values else code


def _fact(code: str, lines: list[str], is_changed: bool = False) -> Fact:
    stated = tuple(line for line in lines if line)
    return Fact(code, str(NOTED_FIELDS[code]), stated or (_("not stated"),), is_changed)


def _texts(view: ProductView, changed: tuple[str, ...]) -> list[Fact]:
    claims = any(claim.startswith("text:") for claim in changed)
    found = []
    for text in sorted(view.texts.values(), key=lambda one: not one.is_original):
        language = BY_LOCALE[text.language].name if text.language in BY_LOCALE else text.language
        tag = BY_LOCALE[text.language].tag if text.language in BY_LOCALE else ""
        for code, words in (("title", text.title), ("description", text.description)):
            name = _("%(field)s (%(language)s)", field=str(NOTED_FIELDS[code]), language=language)
            found.append(Fact(code, name, (words or _("not stated"),), claims, tag))
    return found


def _specs(view: ProductView, changed: tuple[str, ...], locale: str) -> list[Fact]:
    fields = load_registry().fields
    return [
        Fact(
            f"spec:{spec.field}",
            fields[spec.field].name(locale),
            (spoken_value(fields[spec.field], spec.value, locale),),
            f"spec:{spec.field}" in changed,
        )
        for spec in view.specs
        if spec.field in fields
    ]


def _origin(view: ProductView, locale: str) -> list[str]:
    region = REGENCIES[view.origin_region].full_name if view.origin_region in REGENCIES else view.origin_region
    place = format_list(
        [each for each in (region, format_country(view.origin_country, locale)) if each], locale, "facts"
    )
    producer = view.producer.name if view.producer else ""
    return [place, producer, view.crop_year]


def _amount(value: Decimal | None, unit: str, locale: str) -> str:
    return format_quantity(Quantity(value, unit), locale) if value is not None and unit else ""


def _days(days: int | None) -> str:
    return str(ngettext("%(num)s day", "%(num)s days", days)) if days is not None else ""


def _ladder(ladder: LadderView, locale: str) -> str:
    rungs = [
        _(
            "from %(quantity)s: %(price)s",
            quantity=format_quantity(Quantity(rung.min_quantity, ladder.unit), locale),
            price=format_unit_price(UnitPrice(rung.unit_price, ladder.currency, ladder.unit), locale),
        )
        for rung in ladder.rungs
    ]
    return f"{ladder.incoterm} {ladder.place}\n" + "\n".join(rungs)


def _sample(view: ProductView) -> list[str]:
    if not view.sample_is_offered:
        return [_("No samples")]
    return [
        _("Free of charge") if view.sample_is_free else _("Against payment"),
        _days(view.sample_days),
        view.sample_note,
    ]


def _calendar(view: ProductView, locale: str) -> list[str]:
    lines: list[str] = []
    of_kind: dict[str, list[str]] = {}  # months that carry no amount say what they are: harvest, or fully booked
    for one in view.months:
        month = month_name(one.month.month, locale) if one.month.year == 1 else format_month(one.month, locale)
        amount = _amount(one.quantity, view.unit, locale)
        if amount:
            lines.append(_("%(label)s: %(text)s", label=month, text=amount))
        else:
            of_kind.setdefault(one.kind, []).append(month)
    named = [
        _("%(label)s: %(text)s", label=CAPACITY[CapacityKind(kind)], text=format_list(months, locale))
        for kind, months in of_kind.items()
    ]
    return named + lines


def _certificates(view: ProductView, day: date, locale: str) -> list[str]:
    lines = [_certificate(one, day, locale) for one in view.certificates]
    for registration in view.registrations:
        name = str(REGISTRATIONS.get(registration.kind, registration.kind))
        until = format_date(registration.valid_to, locale) if registration.valid_to else ""
        lines.append(" · ".join(part for part in (name, registration.number, until) if part))
    return lines


def _certificate(one: CertificateView, day: date, locale: str) -> str:
    until = _("until %(date)s", date=format_date(one.valid_to, locale)) if one.valid_to else ""
    state = (
        _("has ended") if not one.is_valid_on(day) else (_("verified") if one.is_verified else _("not yet verified"))
    )
    parts = (certificate_name(one.code, locale), one.issuer, one.number, one.scope, until, state)
    return " · ".join(part for part in parts if part)


def _photo_count(view: ProductView) -> str:
    photos = [one for one in view.photos if not one.is_illustration]
    if photos:
        return str(ngettext("%(num)s photo", "%(num)s photos", len(photos)))
    return _("Illustration only") if view.photos else ""
