"""A product put together from the typed values of a row, and what a row's values say about each other."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from marketplace.catalogue.importing.columns import (
    MOST_CERTIFICATES,
    MOST_RUNGS,
    SPEC_PREFIX,
    Kind,
    standard_columns,
)
from marketplace.catalogue.importing.problems import RowProblem
from marketplace.catalogue.importing.products import ImportedCertificate, ImportedProduct, ImportedRung
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.registry.types import LOCALES, Commodity, Level, Stage
from marketplace.catalogue.rules.card import contents_of
from marketplace.catalogue.rules.minimum import usual_minimum
from marketplace.catalogue.rules.packing import UNPACKED, Packing
from marketplace.catalogue.rules.tariffs import TariffCode, TariffMarket
from marketplace.kernel.measures import UNITS, Dimension, Quantity, UnitMismatch
from marketplace.kernel.money import UnitPrice
from marketplace.kernel.numerals import ParseError

_STAGES = {Level.RAW: Stage.PETIK, Level.PROCESSED: Stage.OLAH, Level.PACKAGED: Stage.KEMAS}
_TITLES = tuple((locale, f"title_{locale}") for locale in LOCALES)
_DESCRIPTIONS = tuple((locale, f"description_{locale}") for locale in LOCALES)
_PRICES = (("price", "price_from"), *((f"price_{n}", f"price_{n}_from") for n in range(2, MOST_RUNGS + 1)))
_CERTIFICATES = tuple(
    (f"certificate_{n}", tuple(f"certificate_{n}_{part}" for part in ("code", "issuer", "number", "from", "to")))
    for n in range(1, MOST_CERTIFICATES + 1)
)
_LISTED = tuple(
    column.name for column in standard_columns().values() if column.is_for_listing and column.kind is not Kind.PRICE
)


class Draft:
    """What has been read of a row so far."""

    __slots__ = ("filled_in", "is_lost", "problems", "row", "specs", "values")

    def __init__(self, row: int) -> None:
        self.row = row
        self.values: dict[str, Any] = {}
        self.specs: dict[str, SpecValue] = {}
        self.filled_in: list[str] = []
        self.problems: list[RowProblem] = []
        self.is_lost = False

    def take(self, name: str, spec: str, value: Any, is_filled_in: bool) -> None:
        """Keep a typed value; ``spec`` is the field of the specification, where it is one."""
        if spec:
            self.specs[spec] = value
        else:
            self.values[name] = value
        if is_filled_in:
            self.filled_in.append(name)

    def refuse(self, column: str, fault: ParseError, *, is_fatal: bool) -> None:
        """Keep a problem; a cell that two fields are made of is wrong once."""
        self.is_lost = self.is_lost or is_fatal
        if not any(told.code == fault.code and told.params == fault.params for told in self.problems):
            self.problems.append(RowProblem(self.row, column, fault.code, fault.params, is_fatal))

    def tell(self, name: str, code: str, *, is_fatal: bool = True, **params: str) -> None:
        """Keep a problem that several values make together, under the heading of one of them."""
        self.is_lost = self.is_lost or is_fatal
        self.problems.append(RowProblem(self.row, standard_columns()[name].heading_en, code, params, is_fatal))

    def or_else(self, name: str, otherwise: str) -> str:
        """The value, or what stands in for it, which is then told as filled in."""
        found = self.values.get(name)
        if found:
            return str(found)
        self.filled_in.append(name)
        return otherwise


def assemble(draft: Draft, commodity: Commodity) -> ImportedProduct | None:
    """The product, or nothing when its values contradict each other; problems and what was filled in are told."""
    values, specs = draft.values, draft.specs
    titles = {locale: values[name] for locale, name in _TITLES if name in values}
    descriptions = {locale: values[name] for locale, name in _DESCRIPTIONS if name in values}
    language = _language(draft, titles)
    packing = _packing(draft)
    takes_usual = _takes_usual(draft, commodity, packing)
    moq: Quantity | None = values.get("moq")
    unit = moq.unit if moq else _unit_of(draft, commodity)
    capacity = _capacity(draft, commodity, unit, moq)
    rungs = _rungs(draft, moq)
    certificates = _certificates(draft)
    weight: Quantity | None = values.get("unit_weight")
    if weight is not None and not weight.converts_to("kg"):
        draft.tell("unit_weight", "quantity_unconvertible", source=weight.unit, target="kg")
    if draft.is_lost:
        return None
    stage = draft.or_else("stage", _STAGES[commodity.level].value)
    hs_code = draft.or_else("hs_code", commodity.hs)
    tariff_codes = _tariff_codes(draft, hs_code)
    missing = [name for name in _LISTED if not values.get(name) and not (name == "packaging" and packing.is_stated)]
    if not rungs:
        missing.append("price")
    missing += [SPEC_PREFIX + key for key in _required(commodity.key) if key not in specs]
    return ImportedProduct(
        row=draft.row,
        external_key=values["external_key"],
        commodity=commodity.key,
        category=commodity.category,
        titles=MappingProxyType(titles),
        descriptions=MappingProxyType(descriptions),
        original_language=language,
        stage=stage,
        hs_code=hs_code,
        tariff_codes=tariff_codes,
        producer=values.get("producer", ""),
        origin_country=values.get("origin_country", ""),
        origin_region=values.get("origin_region", ""),
        unit=unit,
        moq=moq,
        takes_usual_moq=takes_usual,
        capacity_per_month=capacity,
        lead_time_days=values.get("lead_time_days"),
        packaging=values.get("packaging", ""),
        packing=packing,
        unit_weight_kg=weight.to("kg").amount if weight else None,
        units_per_fcl20=values.get("units_per_fcl20"),
        units_per_fcl40=values.get("units_per_fcl40"),
        rungs=rungs,
        sample_is_offered=values.get("sample_offered", False),
        sample_is_free=values.get("sample_free", False),
        sample_days=values.get("sample_days"),
        sample_note=values.get("sample_note", ""),
        ports=values.get("ports", ()),
        destinations=values.get("destinations", ()),
        has_private_label=values.get("private_label", False),
        certificates=certificates,
        photos=values.get("photos", ()),
        specs=MappingProxyType(specs),
        filled_in=tuple(draft.filled_in),
        missing=tuple(missing),
    )


def _unit_of(draft: Draft, commodity: Commodity) -> str:
    """The unit in which a row counts goods whose smallest order it does not state: that of its price, of its capacity,
    the registry's; never a container."""
    price: UnitPrice | None = draft.values.get("price")
    capacity: Quantity | None = draft.values.get("capacity_per_month")
    said = [each.unit for each in (price, capacity) if each is not None]
    units = (*said, commodity.moq_unit, *commodity.units, "kg")
    return next(unit for unit in units if UNITS[unit].is_trade and UNITS[unit].dimension is not Dimension.CONTAINER)


def _packing(draft: Draft) -> Packing:
    """The packing figures; what contradicts itself is judged with the site's rules."""
    values = draft.values
    weight: Quantity | None = values.get("pack_net_weight")
    if weight is not None and not weight.converts_to("kg"):
        draft.tell("pack_net_weight", "quantity_unconvertible", source=weight.unit, target="kg")
        return UNPACKED
    net_kg = weight.to("kg").rounded().amount if weight else None
    counts = (values.get(name) for name in ("packs_per_carton", "cartons_per_fcl20", "cartons_per_fcl40"))
    return Packing(values.get("pack_unit", ""), net_kg, *counts)


def _takes_usual(draft: Draft, commodity: Commodity, packing: Packing) -> bool:
    """Puts the usual smallest order in the place of one that is not stated, where the row accepts it."""
    if draft.values.get("moq") or not draft.values.get("moq_usual"):
        return False
    unit = _unit_of(draft, commodity)
    weight: Quantity | None = draft.values.get("unit_weight")
    kilograms = weight.to("kg").amount if weight is not None and weight.converts_to("kg") else None
    contents = contents_of(unit, kilograms, commodity.contents(), packing)
    usual = usual_minimum(unit, load_registry().usual_minimum(commodity), contents)
    if usual is None:
        return False
    draft.values["moq"] = usual.quantity
    return True


def _tariff_codes(draft: Draft, hs_code: str) -> tuple[TariffCode, ...]:
    """The national codes that stand; one without a source or of other goods is told and left out."""
    found = []
    for market in TariffMarket:
        name = f"tariff_{market}"
        code, source = draft.values.get(name), draft.values.get(f"{name}_source", "")
        if not code:
            continue
        if not code.startswith(hs_code):
            draft.tell(name, "tariff_other_goods", is_fatal=False, text=code, hs=hs_code)
        elif not source:
            draft.tell(f"{name}_source", "tariff_source_missing", is_fatal=False)
        else:
            found.append(TariffCode(market.value, code, source))
    return tuple(found)


@cache
def _required(commodity: str) -> tuple[str, ...]:
    return tuple(rule.field.key for rule in load_registry().commodity(commodity).required)


def _language(draft: Draft, titles: Mapping[str, str]) -> str:
    """The language the seller wrote in: as stated, else that of the only title, else Indonesian before English."""
    if not titles:
        draft.tell("title_en", "title_missing")
        return ""
    stated: str | None = draft.values.get("language")
    if stated is None:
        draft.filled_in.append("language")
        return next((locale for locale in ("id", "en") if locale in titles), next(iter(titles)))
    if stated not in titles:
        draft.tell("language", "title_original_missing", language=stated)
    return stated


def _capacity(draft: Draft, commodity: Commodity, unit: str, moq: Quantity | None) -> Quantity | None:
    """The capacity in the unit of the minimum order, by which all quantities of a product are counted."""
    capacity: Quantity | None = draft.values.get("capacity_per_month")
    if capacity is None:
        return None
    try:
        counted = capacity if capacity.unit == unit else capacity.to(unit, commodity.contents()).rounded()
    except UnitMismatch as fault:
        draft.tell("capacity_per_month", "quantity_unconvertible", source=fault.source, target=fault.target)
        return None
    if moq is not None and counted.amount < moq.amount:
        shown = [f"{quantity.amount.normalize():f} {quantity.unit}" for quantity in (moq, counted)]
        draft.tell("moq", "moq_above_capacity", is_fatal=False, moq=shown[0], capacity=shown[1])
    return counted


def _rungs(draft: Draft, moq: Quantity | None) -> tuple[ImportedRung, ...]:
    values = draft.values
    prices = [(name, values[name], values.get(start)) for name, start in _PRICES if name in values]
    if not prices:
        return ()
    incoterm: str | None = values.get("incoterm")
    place: str | None = values.get("price_place")
    if not incoterm:
        draft.tell("incoterm", "incoterm_missing")
        return ()
    if not place:
        draft.tell("price_place", "place_missing", incoterm=incoterm)
        return ()
    found: dict[Decimal, ImportedRung] = {}
    for name, price, stated in prices:
        # The first price holds from the minimum order on; without one, from the first unit.
        start = stated or ((moq or Quantity(Decimal(1), price.unit)) if name == "price" else None)
        if start is None:
            draft.tell(f"{name}_from", "price_from_missing")
        elif not start.converts_to(price.unit):
            draft.tell(f"{name}_from", "quantity_unconvertible", source=start.unit, target=price.unit)
        else:
            counted = start if start.unit == price.unit else start.to(price.unit).rounded()
            if counted.amount in found:
                draft.tell(f"{name}_from", "price_from_twice")
            found[counted.amount] = ImportedRung(incoterm, place, price, counted)
    return tuple(found[amount] for amount in sorted(found))


def _certificates(draft: Draft) -> tuple[ImportedCertificate, ...]:
    values = draft.values
    found = []
    for name, parts in _CERTIFICATES:
        if not any(part in values for part in parts):
            continue
        code, issuer, number, valid_from, valid_to = map(values.get, parts)
        if not (code and issuer and number):
            draft.tell(f"{name}_code", "certificate_incomplete")
        elif valid_from and valid_to and valid_to < valid_from:
            draft.tell(f"{name}_to", "certificate_reversed")
        else:
            found.append(ImportedCertificate(code, issuer, number, valid_from, valid_to))
    return tuple(found)
