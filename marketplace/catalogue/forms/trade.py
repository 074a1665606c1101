"""Terms of trade, prices, calendar and markets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, FieldList, Form, FormField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from marketplace.accounts.forms.parts import VersionField, at_most, clean
from marketplace.catalogue.forms.parts import CURRENCIES, ExactField, WholeField, mark_needed, unit_choices
from marketplace.catalogue.labels import REGISTRATIONS
from marketplace.catalogue.models import Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Commodity
from marketplace.catalogue.rules import CapacityKind, MarketRegistrationKind
from marketplace.catalogue.rules.card import contents_of
from marketplace.catalogue.rules.minimum import MinimumBasis
from marketplace.catalogue.rules.packing import Packing
from marketplace.catalogue.rules.trade import MOST_RUNGS, SEA_TERMS, Incoterm, Rung
from marketplace.catalogue.services.drafts import (
    MarketsDraft,
    MonthDraft,
    PricesDraft,
    RegistrationDraft,
    TradeDraft,
)
from marketplace.catalogue.services.trade import packing_columns, usual_minimum_of
from marketplace.catalogue.trade_text import pack_choices, usual_words
from marketplace.i18n.formats import format_country, month_name
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.countries import find_country
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.kernel.measures import UNITS, Dimension
from marketplace.kernel.numerals import ParseError
from marketplace.kernel.ports import sea_ports, with_codes
from marketplace.marketaccess.facts import load_facts

EMPTY_ROWS = 2
MONTHS = 12  # that a calendar looks ahead
_COMMON_UNITS = ("kg", "mt", "piece", "carton", "litre")
# where the goods of East Java usually go; other countries are typed
USUAL_MARKETS = ("AE", "AT", "AU", "BE", "BN", "CA", "CH", "CN", "DE", "DK", "ES", "FR", "GB", "HK", "IT", "JP", "KR",
                 "MY", "NL", "NZ", "PL", "QA", "SA", "SE", "SG", "TR", "TW", "US")  # fmt: skip


class TradeForm(GuardedForm):
    """MOQ, capacity, lead time, packaging, loads, ports and samples."""

    usual_moq: str = ""  # what is usual for these goods, in words
    version = VersionField()
    unit = SelectField(_("Unit of trade"), description=_("All quantities of this product are counted in it."))
    moq = ExactField(_("Minimum order (MOQ)"), description=_("The least you sell in one order."))
    takes_usual_moq = BooleanField(_("We keep to the usual minimum"))
    capacity_per_month = ExactField(
        _("Capacity per month"), description=_("What you can deliver in an ordinary month.")
    )
    lead_time_days = WholeField(_("Lead time in days"), description=_("From order to readiness for shipment."))
    packaging = StringField(_("Packaging"), filters=[clean], validators=[at_most(200)])
    unit_weight_kg = ExactField(
        _("Net weight of one unit in kg"), description=_("Only where the unit is not a weight itself.")
    )
    units_per_fcl20 = ExactField(_("Units in a 20 ft container"))
    units_per_fcl40 = ExactField(_("Units in a 40 ft container"))
    pack_unit = SelectField(_("Packed in"), validators=[Optional()])
    pack_net_kg = ExactField(_("Net weight of one package in kg"))
    packs_per_carton = WholeField(
        _("Packages in a carton"), most_digits=6, description=_("Empty where nothing is put into cartons.")
    )
    cartons_per_fcl20 = WholeField(
        _("Cartons in a 20 ft container"), most_digits=7, description=_("Without cartons: packages.")
    )
    cartons_per_fcl40 = WholeField(
        _("Cartons in a 40 ft container"), most_digits=7, description=_("Without cartons: packages.")
    )
    ports = StringField(
        _("Ports you ship from"), filters=[clean], validators=[at_most(600)],
        description=_(
            "Names or UN/LOCODEs, separated by semicolons, for example Tanjung Perak; IDSRG. A port we do not know "
            "stays as you write it."
        ),
    )  # fmt: skip
    has_private_label = BooleanField(_("We pack under the buyer's own label"))
    sample_is_offered = BooleanField(_("We send samples"))
    sample_is_free = BooleanField(_("Samples are free"))
    sample_days = WholeField(_("Samples ready in days"))
    sample_note = StringField(
        _("About samples"), filters=[clean], validators=[at_most(200)],
        description=_("For example: 300 g, freight paid by the buyer."),
    )  # fmt: skip

    @classmethod
    def of(cls, product: Product) -> TradeForm:
        """The form as the product stands, or as it was sent."""
        names = ("version", *(field.name for field in fields(TradeDraft) if hasattr(product, field.name)))
        is_own = product.moq_basis in ("", MinimumBasis.OWN)
        form = cls(
            data={name: getattr(product, name) for name in names}
            | packing_columns(product.packing)
            | {
                "moq": product.moq if is_own else None,
                "takes_usual_moq": not is_own,
                "ports": "; ".join(with_codes(product.ports)),
            }
        )
        commodity = load_registry().commodity(product.commodity)
        form.usual_moq = _usual_moq(product, commodity)
        form.pack_unit.choices = {"": ""} | pack_choices(product.pack_unit, current_locale())
        form.unit.choices = unit_choices((*commodity.units, commodity.moq_unit, product.unit, *_COMMON_UNITS))
        mark_needed(form.unit, form.moq, form.capacity_per_month, form.lead_time_days, form.packaging)
        return form

    def as_draft(self) -> TradeDraft:
        """What was entered."""
        return TradeDraft(
            unit=self.unit.data,
            moq=self.moq.data,
            takes_usual_moq=self.takes_usual_moq.data,
            capacity_per_month=self.capacity_per_month.data,
            lead_time_days=self.lead_time_days.data,
            packaging=self.packaging.data or "",
            unit_weight_kg=self.unit_weight_kg.data,
            units_per_fcl20=self.units_per_fcl20.data,
            units_per_fcl40=self.units_per_fcl40.data,
            packing=Packing(
                self.pack_unit.data or "",
                self.pack_net_kg.data,
                self.packs_per_carton.data,
                self.cartons_per_fcl20.data,
                self.cartons_per_fcl40.data,
            ),
            ports=tuple(part.strip() for part in (self.ports.data or "").split(";") if part.strip()),
            has_private_label=self.has_private_label.data,
            sample_is_offered=self.sample_is_offered.data,
            sample_is_free=self.sample_is_free.data,
            sample_days=self.sample_days.data,
            sample_note=self.sample_note.data or "",
        )


def _usual_moq(product: Product, commodity: Commodity) -> str:
    """The usual smallest order of these goods with the group it belongs to, in the unit the product is counted in."""
    contents = contents_of(product.unit, product.unit_weight_kg, commodity.contents(), product.packing)
    found = usual_minimum_of(commodity, product.unit or commodity.moq_unit, contents)
    return usual_words(found, current_locale()) if found else ""


class RungForm(Form):  # type: ignore[misc]  # WTForms has no types
    """One price; an empty price is no row."""

    incoterm = SelectField(_("Incoterm"), choices={term.value: term.value for term in Incoterm})
    place = StringField(_("Place"), filters=[clean], validators=[at_most(80)], render_kw={"list": "places"})
    min_quantity = ExactField(_("From quantity"))
    unit = SelectField(_("Unit"))
    currency = SelectField(_("Currency"), choices={code: code for code in CURRENCIES})
    unit_price = ExactField(_("Price per unit"), currency_field="currency")

    @property
    def is_empty(self) -> bool:
        return not self.unit_price.typed and self.unit_price.data is None


class PricesForm(GuardedForm):
    """All prices of a product; a row is removed by emptying its price."""

    version = VersionField()
    rungs = FieldList(FormField(RungForm), max_entries=MOST_RUNGS)

    @classmethod
    def of(cls, product: Product) -> PricesForm:
        """The form as the product stands, with empty rows to fill, or as it was sent."""
        commodity = load_registry().commodity(product.commodity)
        rows = [
            {
                "incoterm": row.incoterm, "place": row.place, "min_quantity": row.min_quantity, "unit": row.unit,
                "currency": row.currency, "unit_price": row.unit_price,
            }
            for row in product.prices
        ]  # fmt: skip
        last = rows[-1] if rows else {
            "incoterm": "FOB", "place": (product.ports or ["Tanjung Perak"])[0], "unit": product.unit,
            "currency": "USD", "min_quantity": product.moq,
        }  # fmt: skip
        blank = {**last, "unit_price": None, "min_quantity": None if rows else last["min_quantity"]}
        for _row in range(min(EMPTY_ROWS, MOST_RUNGS - len(rows))):
            rows.append(dict(blank))
        form = cls(data={"version": product.version, "rungs": rows})
        units = unit_choices(
            code
            for code in (product.unit, *commodity.units, *(row.unit for row in product.prices), *_COMMON_UNITS)
            if code in UNITS and UNITS[code].dimension is not Dimension.CONTAINER
        )
        for place, entry in enumerate(form.rungs):
            entry.form.unit.choices = units
            if place == 0:
                mark_needed(entry.form.incoterm, entry.form.min_quantity, entry.form.unit_price)
        return form

    def validate(self, extra_validators: object = None) -> bool:
        """Rows without a price are left out, the others need their quantity and place."""
        for entry in self.rungs:
            if entry.form.is_empty:
                # what stands beside an empty price was only proposed
                entry.form.min_quantity.typed, entry.form.min_quantity.data = "", None
        is_valid = bool(super().validate(extra_validators))
        for entry in self.rungs:
            row = entry.form
            if row.is_empty:
                continue
            if row.min_quantity.data is None and not row.min_quantity.errors:
                row.min_quantity.errors = [_("From which quantity does this price hold?")]
                is_valid = False
            if not row.place.data:
                needs_port = row.incoterm.data in SEA_TERMS
                row.place.errors = [_("Name the sea port.") if needs_port else _("Name the place.")]
                is_valid = False
        return is_valid

    def as_draft(self) -> PricesDraft:
        """The rows that have a price, each at its place in the form."""
        return PricesDraft(
            tuple(
                Rung(
                    row.incoterm.data, row.place.data or "", row.unit.data, row.currency.data,
                    row.min_quantity.data or Decimal(0), row.unit_price.data,
                )
                for row in (entry.form for entry in self.rungs)
                if not row.is_empty
            )
        )  # fmt: skip

    def row_of(self, number: int) -> int:
        """The row on the page of the draft's price ``number``: empty rows are not counted there."""
        filled = [place for place, entry in enumerate(self.rungs) if not entry.form.is_empty]
        return filled[number] if number < len(filled) else number


class MonthsField(FieldList):  # type: ignore[misc]  # WTForms has no types
    """One entry for each of the next twelve months, at its place also where a request leaves some out."""

    def _extract_indices(self, prefix: str, formdata: object) -> Iterable[int]:
        return range(MONTHS)


class CalendarForm(GuardedForm):
    """Harvest months of every year, and what is free in the next twelve months."""

    version = VersionField()
    harvest = CheckListField(_("Harvest months"), coerce=int, validators=[Optional()])
    free = MonthsField(ExactField(""), max_entries=MONTHS)

    @classmethod
    def of(cls, product: Product) -> CalendarForm:
        """The form as the product stands, or as it was sent."""
        held = {(row.month, row.kind): row.quantity for row in product.months}
        form = cls(
            data={
                "version": product.version,
                "harvest": [row.month.month for row in product.months if row.kind == CapacityKind.HARVEST],
                "free": [held.get((month, CapacityKind.FREE)) for month in next_months()],
            }
        )
        locale = current_locale()
        form.harvest.choices = {number: month_name(number, locale) for number in range(1, 13)}
        return form

    def months(self) -> list[MonthDraft]:
        """What was entered; a free quantity of zero says that the month is booked."""
        harvest = sorted(set(self.harvest.data or ()))
        found = [MonthDraft(date(1, number, 1), CapacityKind.HARVEST) for number in harvest]
        for month, entry in zip(next_months(), self.free, strict=False):
            if entry.data is not None:
                found.append(MonthDraft(month, CapacityKind.FREE, entry.data))
        return found


class RegistrationForm(Form):  # type: ignore[misc]  # WTForms has no types
    """One registration that a market asks for."""

    is_held = BooleanField(_("Registered"))
    number = StringField(_("Number"), filters=[clean], validators=[at_most(80)])
    valid_to = DateField(_("Valid to"), validators=[Optional()])


class MarketsForm(GuardedForm):
    """Where the goods may go, and which registrations exist."""

    version = VersionField()
    usual = CheckListField(_("Countries you ship to"), validators=[Optional()])
    others = StringField(
        _("Other countries"), filters=[clean], validators=[at_most(400)],
        description=_("Names or two-letter codes, separated by semicolons. Nothing chosen at all means everywhere."),
    )  # fmt: skip
    registrations = FieldList(FormField(RegistrationForm), max_entries=len(MarketRegistrationKind))

    @classmethod
    def of(cls, product: Product) -> MarketsForm:
        """The form as the product stands, or as it was sent."""
        locale = current_locale()
        held = {row.kind: row for row in product.registrations}
        chosen = _with_blocs(product.destinations)
        others = [format_country(code, locale) for code in chosen if code not in (*USUAL_MARKETS, *_blocs())]
        form = cls(
            data={
                "version": product.version,
                "usual": [code for code in chosen if code in (*USUAL_MARKETS, *_blocs())],
                "others": "; ".join(others),
                "registrations": [
                    {
                        "is_held": kind in held,
                        "number": held[kind].number if kind in held else "",
                        "valid_to": held[kind].valid_to if kind in held else None,
                    }
                    for kind in MarketRegistrationKind
                ],
            }
        )
        names = {code: format_country(code, locale) for code in USUAL_MARKETS}
        whole = {code: format_country(code, locale) for code in _blocs()}
        form.usual.choices = {**whole, **dict(sorted(names.items(), key=lambda pair: pair[1]))}
        return form

    def validate_others(self, field: StringField) -> None:
        """Every country must be one we know."""
        for part in _parts(field.data):
            try:
                find_country(part)
            except ParseError:
                raise ValidationError(_("We do not know a country called %(name)s.", name=part[:60])) from None

    def as_draft(self) -> MarketsDraft:
        """What was entered."""
        typed = [find_country(part) for part in _parts(self.others.data)]
        registrations = tuple(
            RegistrationDraft(kind, entry.form.number.data or "", entry.form.valid_to.data)
            for kind, entry in zip(MarketRegistrationKind, self.registrations, strict=False)
            if entry.form.is_held.data
        )
        ticked = [code for one in self.usual.data or () for code in sorted(_blocs().get(one, {one}))]
        return MarketsDraft(tuple(dict.fromkeys([*ticked, *typed])), registrations)

    def registration_rows(self) -> list[tuple[object, Form]]:
        """Each registration's name with its controls."""
        return [
            (REGISTRATIONS[kind], entry.form)
            for kind, entry in zip(MarketRegistrationKind, self.registrations, strict=False)
        ]


def _blocs() -> Mapping[str, frozenset[str]]:
    """Blocs that are ticked as one, with their members."""
    return load_facts().blocs


def _with_blocs(codes: Collection[str]) -> list[str]:
    """The countries, with a bloc in the place of its members where all of them are there."""
    whole = {bloc: members for bloc, members in _blocs().items() if members <= set(codes)}
    inside = frozenset[str]().union(*whole.values())
    return [*whole, *(code for code in codes if code not in inside)]


def next_months() -> list[date]:
    """The first days of this month and the eleven after it."""
    start = today().replace(day=1)
    return [
        date(start.year + (start.month - 1 + step) // 12, (start.month - 1 + step) % 12 + 1, 1)
        for step in range(MONTHS)
    ]


def port_options() -> list[str]:
    """Ports with their codes for suggestions, those of Indonesia first."""
    own = [port.label for port in sea_ports("ID")]
    return own + [port.label for port in sea_ports() if port.country != "ID"]


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]
