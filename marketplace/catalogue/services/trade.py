"""A seller states terms of trade: quantities, prices, calendar, markets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.models import MarketRegistration, MonthPlan, PriceRung, Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Commodity
from marketplace.catalogue.rules import CapacityKind, MarketRegistrationKind
from marketplace.catalogue.rules.card import contents_of
from marketplace.catalogue.rules.minimum import MinimumBasis, UsualMinimum, usual_minimum
from marketplace.catalogue.rules.packing import Packing, packing_faults
from marketplace.catalogue.rules.trade import LARGEST_NUMBER, MOST_RUNGS, Incoterm, Rung, ladder_faults, normal_place
from marketplace.catalogue.services.drafts import MarketsDraft, MonthDraft, PricesDraft, TradeDraft
from marketplace.catalogue.services.editing import editing
from marketplace.catalogue.services.problems import Unfit
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.currencies import CURRENCIES
from marketplace.kernel.measures import UNITS, Contents, Dimension
from marketplace.kernel.policy import Actor
from marketplace.kernel.ports import find_sea_port
from marketplace.kernel.text import cleaned

LONGEST_LEAD_DAYS = 730
MOST_MONTHS = 60
MOST_PORTS = 20
_SIX_PLACES = Decimal("0.000001")
PACKING_SENTENCES = {
    "unit": _("Choose a package, for example bag, carton or bottle."),
    "unit_missing": _("Choose what the goods are packed in; then the figures say something."),
    "weight_missing": _("Give the net weight of one package in kg."),
    "weight_range": _("The net weight of a package must be above zero and at most 30 t."),
    "count_range": _("Give a whole number above zero."),
    "carton_in_carton": _("The goods are packed in cartons already; leave this empty."),
    "too_heavy": _("So many weigh more than a container may carry. Check the number and the net weight."),
    "too_fine": _("At most six decimals are possible."),
}
LADDER_SENTENCES = {
    "price_out_of_range": _("A price must be above zero and at most one thousand million."),
    "quantity_out_of_range": _("A quantity must be above zero and at most one thousand million."),
    "port_needed": _("FAS, FOB, CFR and CIF need a sea port, for example Tanjung Perak. Choose FCA for other places."),
    "place_needed": _("Name the place at which the seller's duty ends."),
    "step_twice": _("This quantity stands twice in the same ladder."),
    "dearer_for_more": _("A larger quantity cannot cost more per unit than a smaller one."),
    "too_many": _("At most 40 prices are possible."),
    "term_unknown": _("Choose an Incoterm."),
    "unit_unknown": _("Choose a unit."),
    "currency_unknown": _("Choose a currency."),
    "too_fine": _("At most six decimals are possible."),
}


def edit_trade(session: Session, actor: Actor, slug: str, version: int, draft: TradeDraft) -> Product:
    """Set MOQ, capacity, lead time, packaging, loads, ports and samples."""
    with editing(session, actor, slug, version) as product:
        problems = trade_problems(draft)
        if problems:
            raise Unfit(problems)
        product.unit, product.capacity_per_month = draft.unit, draft.capacity_per_month
        product.moq, product.moq_basis = minimum_of(draft, load_registry().commodity(product.commodity))
        product.lead_time_days, product.packaging = draft.lead_time_days, cleaned(draft.packaging, 200)
        product.unit_weight_kg = draft.unit_weight_kg
        for name, value in packing_columns(draft.packing).items():
            setattr(product, name, value)
        product.units_per_fcl20, product.units_per_fcl40 = draft.units_per_fcl20, draft.units_per_fcl40
        product.ports = normal_ports(draft.ports)
        product.has_private_label = draft.has_private_label
        product.sample_is_offered = draft.sample_is_offered
        product.sample_is_free = draft.sample_is_offered and draft.sample_is_free
        product.sample_days = draft.sample_days if draft.sample_is_offered else None
        product.sample_note = cleaned(draft.sample_note, 200) if draft.sample_is_offered else ""
    return product


def trade_problems(draft: TradeDraft) -> dict[str, object]:
    """What cannot stand in the terms, by field."""
    problems: dict[str, object] = {}
    unit = UNITS.get(draft.unit)
    if unit is None or not unit.is_trade or unit.dimension is Dimension.CONTAINER:
        problems["unit"] = _("Choose a unit of trade, for example kg, bag or piece.")
    for name in ("moq", "capacity_per_month", "unit_weight_kg", "units_per_fcl20", "units_per_fcl40"):
        value = getattr(draft, name)
        if value is not None and not 0 < value <= LARGEST_NUMBER:
            problems[name] = _("Give a number above zero and at most one thousand million.")
        elif value is not None and value != value.quantize(_SIX_PLACES):
            problems[name] = LADDER_SENTENCES["too_fine"]
    if draft.lead_time_days is not None and not 0 <= draft.lead_time_days <= LONGEST_LEAD_DAYS:
        problems["lead_time_days"] = _("The lead time must lie between 0 and 730 days.")
    if draft.sample_days is not None and not 0 <= draft.sample_days <= LONGEST_LEAD_DAYS:
        problems["sample_days"] = _("The days must lie between 0 and 730.")
    if len(draft.ports) > MOST_PORTS:
        problems["ports"] = _("At most %(most)s ports are possible.", most=MOST_PORTS)
    payloads = {code: one.max_payload for code, one in load_registry().containers.items()}
    for name, code in packing_faults(draft.packing, payloads).items():
        problems.setdefault(name, PACKING_SENTENCES[code])
    return problems


def usual_minimum_of(commodity: Commodity, unit: str, contents: Contents) -> UsualMinimum | None:
    """What the smallest order of these goods usually is, counted in ``unit``."""
    return usual_minimum(unit, load_registry().usual_minimum(commodity), contents)


def minimum_of(draft: TradeDraft, commodity: Commodity) -> tuple[Decimal | None, str]:
    """The smallest order that holds and who said it; nothing as long as nobody has stated or accepted one."""
    if draft.moq is not None:
        return draft.moq, MinimumBasis.OWN
    if not draft.takes_usual_moq:
        return None, ""
    contents = contents_of(draft.unit, draft.unit_weight_kg, commodity.contents(), draft.packing)
    found = usual_minimum_of(commodity, draft.unit, contents)
    return (found.quantity.amount, found.basis) if found else (None, "")


def packing_columns(packing: Packing) -> dict[str, Any]:
    """How a packing is kept."""
    return {
        "pack_unit": packing.unit,
        "pack_net_kg": packing.net_kg,
        "packs_per_carton": packing.per_carton,
        "cartons_per_fcl20": packing.cartons_per_fcl20,
        "cartons_per_fcl40": packing.cartons_per_fcl40,
    }


def edit_prices(session: Session, actor: Actor, slug: str, version: int, draft: PricesDraft) -> Product:
    """Replace the price ladders; `Unfit` names each rung that cannot stand as ``rungs-<row>``."""
    with editing(session, actor, slug, version) as product:
        problems = rung_problems(draft.rungs)
        if problems:
            raise Unfit({f"rungs-{row}": sentence for row, sentence in problems.items()})
        kept = {(row.incoterm, row.place, row.unit, row.currency, row.min_quantity): row for row in product.prices}
        rows = []
        for rung in normal_rungs(draft.rungs):
            row = kept.get((*rung.ladder, rung.min_quantity)) or PriceRung(
                incoterm=rung.incoterm, place=rung.place, unit=rung.unit, currency=rung.currency,
                min_quantity=rung.min_quantity,
            )  # fmt: skip
            row.unit_price = rung.unit_price
            rows.append(row)
        product.prices = sorted(rows, key=lambda row: (row.incoterm, row.place, row.currency, row.min_quantity))
    return product


def normal_rungs(rungs: Sequence[Rung]) -> list[Rung]:
    """The rungs with places as they are kept."""
    return [
        Rung(
            rung.incoterm, normal_place(rung.incoterm, rung.place) or rung.place, rung.unit, rung.currency,
            rung.min_quantity, rung.unit_price,
        )
        for rung in rungs
    ]  # fmt: skip


def rung_problems(rungs: Sequence[Rung]) -> dict[int, object]:
    """A sentence for each rung that cannot stand, by its place in the list."""
    found: dict[int, object] = {}
    for row, rung in enumerate(rungs):
        unit = UNITS.get(rung.unit)
        if rung.incoterm not in set(Incoterm):
            found[row] = LADDER_SENTENCES["term_unknown"]
        elif unit is None or unit.dimension is Dimension.CONTAINER:
            found[row] = LADDER_SENTENCES["unit_unknown"]
        elif rung.currency not in CURRENCIES:
            found[row] = LADDER_SENTENCES["currency_unknown"]
        elif any(_is_too_fine(number) for number in (rung.min_quantity, rung.unit_price)):
            found[row] = LADDER_SENTENCES["too_fine"]
    if not found:
        for fault in ladder_faults(normal_rungs(rungs)):
            found.setdefault(min(fault.row, MOST_RUNGS), LADDER_SENTENCES[fault.code])
    return found


def _is_too_fine(number: Decimal) -> bool:
    return abs(number) <= LARGEST_NUMBER and number != number.quantize(_SIX_PLACES)


def edit_calendar(session: Session, actor: Actor, slug: str, version: int, months: Sequence[MonthDraft]) -> Product:
    """Replace the harvest and capacity calendar."""
    with editing(session, actor, slug, version) as product:
        keys = [(month.month, month.kind) for month in months]
        if len(set(keys)) != len(keys) or len(keys) > MOST_MONTHS:
            raise Unfit({"months": _("Each month can have one entry of a kind.")})
        for plan in months:
            if plan.kind not in set(CapacityKind) or plan.month.day != 1:
                raise Unfit({"months": _("Choose the months from the list.")})
            if plan.quantity is not None and not 0 <= plan.quantity <= LARGEST_NUMBER:
                raise Unfit({f"free-{plan.month.month}": _("Give a number from zero to one thousand million.")})
        kept = {(row.month, row.kind): row for row in product.months}
        rows = []
        for plan in months:
            row = kept.get((plan.month, plan.kind)) or MonthPlan(month=plan.month, kind=plan.kind)
            row.quantity = plan.quantity
            rows.append(row)
        product.months = rows
    return product


def edit_markets(session: Session, actor: Actor, slug: str, version: int, draft: MarketsDraft) -> Product:
    """Set destinations and market registrations."""
    with editing(session, actor, slug, version) as product:
        if set(draft.destinations) - COUNTRIES:
            raise Unfit({"destinations": _("Choose the countries from the list.")})
        kinds = [registration.kind for registration in draft.registrations]
        if len(set(kinds)) != len(kinds) or set(kinds) - set(MarketRegistrationKind):
            raise Unfit({"registrations": _("Each registration can stand once.")})
        product.destinations = sorted(set(draft.destinations))
        kept = {row.kind: row for row in product.registrations}
        rows = []
        for registration in draft.registrations:
            row = kept.get(registration.kind) or MarketRegistration(kind=registration.kind)
            row.number, row.valid_to = cleaned(registration.number, 80), registration.valid_to
            rows.append(row)
        product.registrations = rows
    return product


def normal_ports(ports: Sequence[str]) -> list[str]:
    """The ports under their usual names, each once; one that the table does not have stays as it was written."""
    found = ((find_sea_port(port), cleaned(port, 80)) for port in ports)
    return list(dict.fromkeys(port.name if port is not None else written for port, written in found if port or written))
