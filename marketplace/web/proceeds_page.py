"""What a seller receives: one line for a price as it is typed, and the whole ladder of a product beside their costs."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField

from marketplace.catalogue.forms.parts import ExactField, mark_needed, unit_choices
from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.own import own_product
from marketplace.catalogue.queries.product_view import title_in
from marketplace.catalogue.received import asked_at, received_of
from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, Forbidden, NotFound
from marketplace.kernel.forms import GuardedForm, seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.measures import UNITS, Dimension
from marketplace.proceeds.models import ProductCost
from marketplace.proceeds.queries import cost_row
from marketplace.proceeds.rules import HOME, Costs
from marketplace.proceeds.services import keep_costs
from marketplace.proceeds.showing import Payouts, number_typed
from marketplace.quotes.queries import lead_to_quote
from marketplace.quotes.queries.goods import products_by_key

bp = Blueprint("proceeds_page", __name__)
_LONGEST = 80


class CostForm(GuardedForm):
    """A seller's own costs."""

    version = HiddenField()
    unit = SelectField(lazy_gettext("Costs are for one"))
    farm_gate = ExactField(
        lazy_gettext("Farm gate, in rupiah"),
        currency=HOME,
        description=lazy_gettext("What the growers or makers are paid."),
    )
    export = ExactField(
        lazy_gettext("Until export, in rupiah"),
        currency=HOME,
        description=lazy_gettext("Processing, packing, papers, and freight to the port."),
    )

    @classmethod
    def of(cls, product: Product, row: ProductCost | None) -> CostForm:
        """The form as the costs stand, or as it was sent."""
        data = {"unit": product.unit or "kg", "version": 0}
        if row is not None:
            data = {name: getattr(row, name) for name in ("unit", "farm_gate", "export", "version")}
        form = cls(data=data)
        units = (product.unit, row.unit if row else "", "kg", "mt", "piece", "litre")
        form.unit.choices = unit_choices(
            code for code in units if code in UNITS and UNITS[code].dimension is not Dimension.CONTAINER
        )
        mark_needed(form.unit)
        return form

    def costs(self) -> Costs | None:
        """What was entered; None where both are empty."""
        if self.farm_gate.data is None and self.export.data is None:
            return None
        return Costs(self.unit.data, self.farm_gate.data or Decimal(0), self.export.data or Decimal(0))


@bp.get("/selling/proceeds")
def line() -> ResponseReturnValue:
    """The lines for one price as it is typed; empty for a price that cannot stand."""
    session, actor = db.session(), current_actor()
    typed = {name: request.args.get(name, "")[:_LONGEST] for name in ("currency", "unit", "incoterm", "place")}
    amount = number_typed(request.args.get("price", ""), typed["currency"])
    if key := request.args.get("lead", "")[:20]:
        recipient = lead_to_quote(session, actor, key)
        known = products_by_key(session, recipient.seller_id, [_goods_key()])
        payouts = Payouts(session, current_locale(), recipient.rfq.chapter_id)
        lines = received_of(payouts, known.get(_goods_key()), amount, asked_at(**typed))
    else:
        product = own_product(session, actor, request.args.get("product", "")[:100])
        lines = received_of(Payouts(session, current_locale()), product, amount, asked_at(**typed))
    return render_template("offers/received.html", lines=lines)


def _goods_key() -> int:
    """The key of the product that a line of a quote names."""
    text = request.args.get("goods", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


@bp.get("/selling/products/<slug>/proceeds")
def sheet(slug: str) -> ResponseReturnValue:
    """All prices of a product with what is received, and the costs they are held against."""
    product = own_product(db.session(), current_actor(), slug)
    return _page(product, CostForm.of(product, cost_row(db.session(), product.id)))


@bp.post("/selling/products/<slug>/proceeds", endpoint="keep_costs")
def keep_costs_entered(slug: str) -> ResponseReturnValue:
    """Keep the costs; empty ones are taken back."""
    session, actor = db.session(), current_actor()
    product = own_product(session, actor, slug)
    form = CostForm.of(product, cost_row(session, product.id))
    if not form.validate_on_submit():
        return _page(product, form, 422)
    try:
        with action(url_for(".sheet", slug=slug)) as act:
            keep_costs(act.session, own_product(act.session, actor, slug).id, seen_version(), form.costs())
    except (Forbidden, NotFound):
        raise
    except DomainError as fault:
        form.form_errors.append(str(fault.sentence))
        return _page(own_product(db.session(), actor, slug), form, fault.status)
    flash(_("Saved. Nobody else reads your costs."), "success")
    return act.redirect()


def _page(product: Product, form: CostForm, status: int = 200) -> ResponseReturnValue:
    locale = current_locale()
    payouts = Payouts(db.session(), locale)
    rows = [
        received_of(payouts, product, one.unit_price, asked_at(one.currency, one.unit, one.incoterm, one.place))
        for one in product.prices
    ]
    html = render_template(
        "offers/proceeds.html",
        product=product,
        product_title=title_in(product.card_titles, locale, product.original_language) or product.slug,
        commodity=load_registry().commodity(product.commodity).name(locale),
        rows=rows,
        form=form,
    )
    return html, status
