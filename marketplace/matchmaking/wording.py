"""Reasons, obstacles and chips in the reader's language, made from codes and values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext, ngettext

from marketplace.catalogue.labels import REGISTRATIONS, certificate_codes, certificate_name
from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n import formats
from marketplace.kernel.clock import today
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from marketplace.matchmaking.corrections import FIELD_OF, limit_of, name_of, siblings_of, turns_of
from marketplace.matchmaking.rules import CERTIFICATE_OF_REGISTRY, REGISTRATION, UNIT_OF_SITE
from search.analysis import lexicon

if TYPE_CHECKING:
    from matching.profile import Understood

Values = Mapping[str, Any]


def _(text: str, **values: object) -> str:
    """The sentence in the reader's language."""
    return str(gettext(text, **values))


def concept_name(concept: str, locale: str) -> str:
    """The name of a concept: the registry's own for what the registry knows."""
    commodity = load_registry().commodities.get(concept)
    if commodity:
        return commodity.name(locale)
    code = CERTIFICATE_OF_REGISTRY.get(concept, concept)
    if code in certificate_codes():
        return certificate_name(code, locale)
    for kind, name in REGISTRATION.items():
        if name == concept and kind in REGISTRATIONS:
            return str(REGISTRATIONS[kind])
    known = lexicon().concepts.get(concept)
    return known.label(locale) if known else concept


# Measures that buyers write and no listing here counts in.
_SIGNS = {"m2": "m²", "m3": "m³"}


def quantity_of(values: Values, name: str, locale: str) -> str:
    """A quantity among a reason's values, with how often where that is told."""
    unit = UNIT_OF_SITE.get(str(values.get("unit")), "kg")
    amount = Decimal(str(round(float(values[name]), 3)))
    if sign := _SIGNS.get(str(values.get("unit"))):
        return f"{formats.format_number(amount.normalize(), locale)}\xa0{sign}"
    if name == "capacity" and amount >= 100:  # an estimate: three digits say all it knows
        amount = Decimal(round(amount, 2 - amount.adjusted()))
    told = formats.format_quantity(Quantity(amount.normalize() if amount else amount, unit), locale)
    period = values.get("period") if name in ("amount", "capacity") else ""
    return _every(told, str(period)) if period else told


def _every(quantity: str, period: str) -> str:
    """An amount with its period; the amount alone where this release does not know the period."""
    named = {
        "week": _("%(quantity)s a week", quantity=quantity),
        "month": _("%(quantity)s a month", quantity=quantity),
        "quarter": _("%(quantity)s a quarter", quantity=quantity),
        "half-year": _("%(quantity)s every half year", quantity=quantity),
        "year": _("%(quantity)s a year", quantity=quantity),
    }
    count, _dash, unit = period.partition("-")
    if count.isdigit() and unit == "weeks":
        return str(
            ngettext(
                "%(quantity)s every %(num)s week", "%(quantity)s every %(num)s weeks", int(count), quantity=quantity
            )
        )
    if count.isdigit() and unit == "months":
        return str(
            ngettext(
                "%(quantity)s every %(num)s month", "%(quantity)s every %(num)s months", int(count), quantity=quantity
            )
        )
    return named.get(period, quantity)


def price_of(values: Values, name: str, locale: str) -> str:
    """A price among a reason's values, in dollars a unit."""
    unit = UNIT_OF_SITE.get(str(values.get("unit")), "kg")
    return formats.format_unit_price(UnitPrice(Decimal(str(round(float(values[name]), 4))), "USD", unit), locale)


def day_of(values: Values, name: str, locale: str) -> str:
    """A day among a reason's values."""
    return formats.format_date(date.fromisoformat(str(values[name])), locale)


def _percent(values: Values, locale: str) -> str:
    return formats.format_percent(Decimal(str(values["percent"])), locale)


def _certificate(values: Values, locale: str) -> str:
    name = concept_name(str(values["certificate"]), locale)
    if "until" in values:
        return _("%(certificate)s, valid until %(date)s", certificate=name, date=day_of(values, "until", locale))
    return name


def _lines(values: Values) -> str:
    served = int(values["served"])
    if served == int(values["lines"]):
        return _("Has everything you ask for")
    return str(
        ngettext(
            "Has %(num)s of the %(all)s goods you ask for",
            "Has %(num)s of the %(all)s goods you ask for",
            served,
            all=int(values["lines"]),
        )
    )


STRENGTHS: Mapping[str, Callable[[Values, str], str]] = {
    "lines": lambda v, at: _lines(v),
    "same_goods": lambda v, at: _("Offers %(goods)s", goods=concept_name(v["goods"], at)),
    "similar_goods": lambda v, at: _("Offers %(goods)s, close to what you ask for", goods=concept_name(v["goods"], at)),
    "related_goods": lambda v, at: _("Offers %(goods)s, goods of the same group", goods=concept_name(v["goods"], at)),
    "attribute": lambda v, at: _("%(attribute)s, as you ask", attribute=concept_name(v["attribute"], at)),
    "certificate": _certificate,
    "price": lambda v, at: _("About %(price)s, within your target", price=price_of(v, "asked", at)),
    "deadline": lambda v, at: (
        _("Can leave by about %(date)s", date=day_of(v, "leaving", at))
        if "leaving" in v
        else _("Can arrive by about %(date)s", date=day_of(v, "arrival", at))
    ),
    "capacity": lambda v, at: (
        _("Can make up to %(quantity)s", quantity=quantity_of(v, "capacity", at))
        if v.get("period")
        else _("Can make up to %(quantity)s in the time there is", quantity=quantity_of(v, "capacity", at))
    ),
    "minimum": lambda v, at: _("Takes orders from %(quantity)s on", quantity=quantity_of(v, "minimum", at)),
    "incoterm": lambda v, at: _("Sells %(incoterm)s", incoterm=v["incoterm"]),
    "destination": lambda v, at: _("Ships to %(country)s", country=formats.format_country(v["destination"], at)),
    "registration": lambda v, at: _("Done: %(registration)s", registration=concept_name(v["registration"], at)),
    "sample": lambda v, at: _("Sends samples"),
}


def _expiring(values: Values, locale: str) -> str:
    if "until" in values and date.fromisoformat(str(values["until"])) < today():
        name = concept_name(str(values["certificate"]), locale)
        return _("%(certificate)s ended on %(date)s", certificate=name, date=day_of(values, "until", locale))
    days = int(float(values["days"]))
    if "leaving" in values:
        sentence = ngettext(
            "Would leave about %(date)s, %(num)s day late",
            "Would leave about %(date)s, %(num)s days late",
            days,
            date=day_of(values, "leaving", locale),
        )
        return str(sentence)
    sentence = ngettext(
        "%(certificate)s ends %(num)s day before you need the goods",
        "%(certificate)s ends %(num)s days before you need the goods",
        days,
        certificate=concept_name(str(values["certificate"]), locale),
    )
    return str(sentence)


def _late(values: Values, locale: str) -> str:
    days = int(float(values["days"]))
    sentence = ngettext(
        "Would arrive about %(date)s, %(num)s day late",
        "Would arrive about %(date)s, %(num)s days late",
        days,
        date=day_of(values, "arrival", locale),
    )
    return str(sentence)


def _capacity_short(values: Values, locale: str) -> tuple[str, str]:
    able = quantity_of(values, "capacity", locale)
    if values.get("period"):
        return _("Can make about %(capacity)s", capacity=able), _("It would fit with a smaller quantity.")
    return (
        _("Can make about %(capacity)s in the time there is", capacity=able),
        _("It would fit with a smaller quantity, or with more time."),
    )


OBSTACLES: Mapping[str, Callable[[Values, str], tuple[str, str]]] = {
    "certificate_expiring": lambda v, at: (_expiring(v, at), _("Ask whether it is being renewed.")),
    "certificate_expired": lambda v, at: (_expiring(v, at), _("It would fit with the certificate renewed.")),
    "certificate": lambda v, at: (
        _("No %(certificate)s on record", certificate=concept_name(v["certificate"], at)),
        _("It would fit with this certificate, or if you can do without it."),
    ),
    "registration": lambda v, at: (
        _("Not done yet: %(registration)s", registration=concept_name(v["registration"], at)),
        _("Ask when it will be."),
    ),
    "minimum": lambda v, at: (
        _("The minimum is %(minimum)s, %(percent)s above your quantity", minimum=quantity_of(v, "minimum", at),
          percent=_percent(v, at)),
        _("It would fit from %(minimum)s on.", minimum=quantity_of(v, "minimum", at)),
    ),
    "capacity": _capacity_short,
    "price": lambda v, at: (
        _("Asks about %(price)s, %(percent)s above your target", price=price_of(v, "asked", at),
          percent=_percent(v, at)),
        _("It would fit with a higher target price."),
    ),
    "destination": lambda v, at: (
        _("Does not ship to %(country)s yet", country=formats.format_country(v["destination"], at)),
        _("Ask whether that can change."),
    ),
    "deadline": lambda v, at: (_late(v, at), _("It would fit with a later date.")),
    "closed": lambda v, at: (
        _("Closed from %(first)s to %(last)s, before the goods could leave", first=day_of(v, "first", at),
          last=day_of(v, "last", at)),
        _("It would fit with a date before or after these days."),
    ),
    "incoterm": lambda v, at: (
        _("Does not offer %(incoterm)s", incoterm=v["incoterm"]),
        _("It would fit with another Incoterm."),
    ),
    "sample": lambda v, at: (_("Does not offer samples"), _("Ask for one all the same.")),
    "attribute": lambda v, at: (
        _("States something else than %(attribute)s", attribute=concept_name(v["attribute"], at)),
        _("Ask what else is made."),
    ),
}  # fmt: skip


def _open_names(locale: str) -> dict[str, str]:
    return {
        "minimum": _("the minimum order"),
        "capacity": _("the capacity"),
        "price": _("the price"),
        "deadline": _("the lead time"),
        "incoterm": _("the Incoterms"),
        "unit": _("the quantity in your unit"),
        "paper": _("the papers made for each lot"),
    }


def strength_sentences(reasons: Iterable[Values], locale: str) -> list[str]:
    """Reasons for, as sentences; a code this release does not know is left out."""
    return [STRENGTHS[each["code"]](each["values"], locale) for each in reasons if each["code"] in STRENGTHS]


def obstacle_sentences(reasons: Iterable[Values], locale: str) -> list[dict[str, str]]:
    """What nearly fits or does not, each with what would make it fit."""
    found = []
    for each in reasons:
        if each["code"] in OBSTACLES:
            text, remedy = OBSTACLES[each["code"]](each["values"], locale)
            if goods := each["values"].get("of_goods"):
                text = _("%(goods)s: %(sentence)s", goods=concept_name(goods, locale), sentence=text)
            found.append({"text": text, "remedy": remedy})
    return found


def open_sentence(reasons: Iterable[Values], locale: str) -> str:
    """What the offer does not say, in one sentence; empty when it says everything."""
    names = _open_names(locale)
    found = [
        concept_name(each["values"]["attribute"], locale)
        if each["code"] == "attribute"
        else names.get(each["code"], "")
        for each in reasons
    ]
    listed = list(dict.fromkeys(name for name in found if name))
    return _("Not stated, so ask: %(list)s.", list=formats.format_list(listed, locale)) if listed else ""


def chip_rows(understood: Iterable[Understood], locale: str) -> list[dict[str, Any]]:
    """What was read, as chips: label, source words, tone, the name under which it is taken away or changed, what a
    click turns it into, other values to choose from, the number to type anew, and the form's field that holds it."""
    rows = []
    for chip in understood:
        label = _chip_label(chip, locale)
        if label:
            tone = {"excluded": "caution", "assumed": "plain"}.get(chip.stance, "read")
            others = sorted((concept_name(each, locale), each) for each in siblings_of(chip) if each != chip.value)
            rows.append(
                {
                    "label": label, "source": chip.source.text, "tone": tone, "name": name_of(chip),
                    "turns": turns_of(chip), "others": others, "number": limit_of(chip),
                    "field": FIELD_OF.get(chip.kind, "") if chip.stance != "excluded" else "",
                }
            )  # fmt: skip
    return list({row["label"]: row for row in reversed(rows)}.values())[::-1]


def _chip_label(chip: Understood, locale: str) -> str:
    label = _value_label(chip, locale)
    if not label:
        return ""
    if chip.stance == "excluded":
        return _("not: %(thing)s", thing=label)
    if chip.stance == "preferred":
        return _("if possible: %(thing)s", thing=label)
    if chip.stance == "assumed" and chip.kind == "goods":
        return _("%(thing)s, assumed from your words", thing=label)
    if chip.stance == "assumed":
        return _("%(thing)s, assumed from the language", thing=label)
    return label


def _value_label(chip: Understood, locale: str) -> str:
    kind, value = chip.kind, chip.value
    if kind in ("goods", "attribute", "certificate"):
        return concept_name(value, locale)
    if kind == "limit":
        figure, bound, amount = value.split(" ")
        name, number = concept_name(figure, locale), formats.format_number(Decimal(amount), locale)
        if bound == "most":
            return _("%(figure)s at most %(number)s", figure=name, number=number)
        return _("%(figure)s at least %(number)s", figure=name, number=number)
    if kind == "quantity":
        amount, unit, *period = value.split(" ")
        return quantity_of({"amount": amount, "unit": unit, "period": "".join(period)}, "amount", locale)
    if kind == "packing":
        size, _space, unit = value.rpartition(" ")
        return _("in packs of %(quantity)s", quantity=quantity_of({"size": size, "unit": unit}, "size", locale))
    if kind == "price":
        amount, _space, rest = value.partition(" ")
        currency, _slash, unit = rest.partition("/")
        price = UnitPrice(Decimal(str(round(float(amount), 6))), currency, UNIT_OF_SITE.get(unit, "kg"))
        told = formats.format_unit_price(price, locale)
        if sign := _SIGNS.get(unit):
            told = f"{told.rpartition(' / ')[0]} / {sign}"
        return _("at most %(price)s", price=told)
    if kind == "deadline":
        return _("by %(date)s", date=formats.format_date(date.fromisoformat(value), locale))
    if kind == "destination":
        return formats.format_country(value, locale) if len(value) == 2 else concept_name(f"place/{value}", locale)
    named = {"incoterm": value, "sample": _("sample"), "private_label": _("private label")}
    return _("as soon as possible") if kind == "soon" else named.get(kind, "")
