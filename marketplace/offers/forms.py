"""The form of an offer of a lot, made for a phone: how much, at which price, from when to when, for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from marketplace.accounts.forms.parts import at_most, clean
from marketplace.catalogue.forms.parts import CURRENCIES, ExactField, mark_needed, unit_choices
from marketplace.catalogue.models import Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.trade import Incoterm, Rung
from marketplace.closures.rules import day_there
from marketplace.i18n.formats import format_month
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.kernel.measures import UNITS, Dimension
from marketplace.offers.models import SpotOffer
from marketplace.offers.rules import MOST_PRICES, NOTE_LENGTH, OfferKind, Visibility
from marketplace.offers.services import OfferDraft
from marketplace.offers.wording import KINDS, VISIBILITIES

ROWS = 3
_USUAL_DAYS = 35  # long enough for samples to travel
_MONTHS = 15
_SMALLEST = Decimal(1)


class OfferPriceForm(Form):  # type: ignore[misc]  # WTForms has no types
    """One price; an empty one is no row."""

    incoterm = SelectField(_("Incoterm"), choices={term.value: term.value for term in Incoterm})
    place = StringField(_("Place"), filters=[clean], validators=[at_most(80)], render_kw={"list": "places"})
    unit_price = ExactField(_("Price per unit"), currency_field="currency")
    currency = SelectField(_("Currency"), choices={code: code for code in CURRENCIES})
    min_quantity = ExactField(_("From quantity"), description=_("Empty means: from the least you sell."))

    @property
    def is_empty(self) -> bool:
        return not self.unit_price.typed and self.unit_price.data is None


class OfferForm(GuardedForm):
    """An offer of a lot."""

    version = HiddenField()
    lot = StringField(
        _("Name of the lot"), filters=[clean], validators=[at_most(80)],
        description=_("Buyers read it, for example: this harvest, lot A-12."),
    )  # fmt: skip
    quantity = ExactField(_("Quantity"), validators=[InputRequired(_("Say how much you offer."))])
    unit = SelectField(_("Unit"))
    kind = RadioField(_("Are the goods there?"), choices=[SelectChoice(one.value, KINDS[one]) for one in OfferKind])
    ship_month = SelectField(_("Ready for shipment in"), validators=[Optional()])
    prices = FieldList(FormField(OfferPriceForm), max_entries=MOST_PRICES)
    is_firm = BooleanField(
        _("The price is firm"), description=_("You do not change it before the last day. Buyers count on that.")
    )
    opens_on = DateField(_("First day"), validators=[InputRequired(_("Choose the first day."))])
    closes_on = DateField(_("Last day"), validators=[InputRequired(_("Choose the last day."))])
    visibility = RadioField(
        _("Who sees it?"), choices=[SelectChoice(one.value, VISIBILITIES[one]) for one in Visibility]
    )
    buyers = CheckListField(
        _("Buyers"), coerce=int, validators=[Optional()],
        description=_("Companies whose requests you answered. Nobody else learns of a private offer."),
    )  # fmt: skip
    note = StringField(_("A word to buyers"), filters=[clean], validators=[Length(max=NOTE_LENGTH)])

    @classmethod
    def of(cls, product: Product, offer: SpotOffer | None, buyers: Sequence[tuple[int, str]]) -> OfferForm:
        """The form as an offer stands, or with what the product says, or as it was sent."""
        form = cls(data=_data(product, offer))
        commodity = load_registry().commodity(product.commodity)
        codes = (product.unit, *commodity.units, offer.unit if offer else "", "kg", "mt", "piece", "carton", "litre")
        form.unit.choices = unit_choices(
            code for code in codes if code in UNITS and UNITS[code].dimension is not Dimension.CONTAINER
        )
        form.ship_month.choices = _month_choices(offer)
        form.buyers.choices = list(buyers)
        mark_needed(form.quantity, form.kind, form.opens_on, form.closes_on, form.visibility)
        if form.prices.entries:
            mark_needed(form.prices[0].form.incoterm, form.prices[0].form.unit_price)
        return form

    def draft(self, product: Product) -> OfferDraft | None:
        """What was entered; None, with sentences at the fields, where it is wrong."""
        if not self.validate_on_submit():
            return None
        least = product.moq if product.moq and product.unit == self.unit.data else _SMALLEST
        rungs = tuple(
            Rung(
                row.incoterm.data, row.place.data or "", self.unit.data, row.currency.data,
                row.min_quantity.data or min(least, self.quantity.data), row.unit_price.data,
            )
            for row in (entry.form for entry in self.prices)
            if not row.is_empty
        )  # fmt: skip
        return OfferDraft(
            kind=self.kind.data,
            visibility=self.visibility.data,
            quantity=self.quantity.data,
            unit=self.unit.data,
            rungs=rungs,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            is_firm=self.is_firm.data,
            lot=self.lot.data or "",
            ship_month=date.fromisoformat(self.ship_month.data) if self.ship_month.data else None,
            note=self.note.data or "",
            buyers=tuple(self.buyers.data or ()),
        )


def _data(product: Product, offer: SpotOffer | None) -> dict[str, Any]:
    today = day_there(now())
    if offer is None:
        rungs = [
            {"incoterm": one.incoterm, "place": one.place, "currency": one.currency, "unit_price": one.unit_price}
            for one in product.prices[:1]
            if one.unit == product.unit
        ] or [{"incoterm": "FOB", "place": (product.ports or ["Tanjung Perak"])[0], "currency": "USD"}]
        return {
            "unit": product.unit, "kind": OfferKind.SPOT.value, "visibility": Visibility.PUBLIC.value, "is_firm": True,
            "opens_on": today, "closes_on": today + timedelta(days=_USUAL_DAYS), "prices": _with_blank(rungs),
        }  # fmt: skip
    names = ("incoterm", "place", "currency", "min_quantity", "unit_price")
    rungs = [{name: getattr(one, name) for name in names} for one in offer.prices]
    return {
        **{name: getattr(offer, name) for name in ("version", "lot", "quantity", "unit", "kind", "is_firm", "note")},
        "visibility": offer.visibility,
        "ship_month": offer.ship_month.isoformat() if offer.ship_month else "",
        "opens_on": day_there(offer.opens_at),
        "closes_on": day_there(offer.closes_at - timedelta(seconds=1)),
        "buyers": [one.organisation_id for one in offer.buyers],
        "prices": _with_blank(rungs),
    }


def _with_blank(rungs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows to fill besides, with the terms of the last one."""
    last = rungs[-1]
    blank = {"incoterm": last["incoterm"], "place": last["place"], "currency": last["currency"]}
    return [*rungs, *(dict(blank) for _row in range(ROWS - len(rungs)))]


def _month_choices(offer: SpotOffer | None) -> list[SelectChoice]:
    first, locale = day_there(now()).replace(day=1), current_locale()
    months = [
        date(first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1, 1)
        for step in range(_MONTHS)
    ]
    if offer is not None and offer.ship_month is not None and offer.ship_month not in months:
        months.insert(0, offer.ship_month)
    return [SelectChoice("", "–"), *(SelectChoice(one.isoformat(), format_month(one, locale)) for one in months)]
