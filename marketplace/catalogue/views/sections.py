"""The parts of a product's form, each saved by itself; complete without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue import services
from marketplace.catalogue.forms.papers import CoverForm
from marketplace.catalogue.forms.parts import attach
from marketplace.catalogue.forms.specs import SpecsForm
from marketplace.catalogue.forms.texts import OriginForm, TextsForm, region_options
from marketplace.catalogue.forms.trade import (
    CalendarForm,
    MarketsForm,
    PricesForm,
    TradeForm,
    next_months,
    port_options,
)
from marketplace.catalogue.labels import NOTED_SECTIONS
from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.own import latest_review, own_certificates, own_product, producers_of
from marketplace.catalogue.received import asked_at, received_of
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import ListingState, ReviewState
from marketplace.catalogue.services.problems import ListingIncomplete, Unfit
from marketplace.catalogue.views.blueprint import bp
from marketplace.i18n.formats import format_list
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.policy import Actor
from marketplace.kernel.ports import unknown_ports
from marketplace.proceeds.showing import Payouts

Save = Callable[[Session, Actor, str, Any], Product]


@dataclass(frozen=True)
class Section:
    """One part of the form."""

    name: str
    title: object
    lead: object
    build: Callable[[Product], Any]
    save: Save


def _build_origin(product: Product) -> OriginForm:
    return OriginForm.of(product, producers_of(db.session(), product.seller_id))


def _build_cover(product: Product) -> CoverForm:
    return CoverForm.of(product, own_certificates(db.session(), current_actor()))


def _save_texts(session: Session, actor: Actor, slug: str, form: TextsForm) -> Product:
    original, translations = form.drafts()
    return services.edit_texts(session, actor, slug, form.version.data, original, translations)


def _save_specs(session: Session, actor: Actor, slug: str, form: SpecsForm) -> Product:
    return services.edit_specs(session, actor, slug, form.form.version.data, form.values)


def _save_prices(session: Session, actor: Actor, slug: str, form: PricesForm) -> Product:
    try:
        return services.edit_prices(session, actor, slug, form.version.data, form.as_draft())
    except Unfit as unfit:
        # the service counts filled rows, the page all of them
        raise Unfit({_row_name(form, name): text for name, text in unfit.fields.items()}) from None


def _row_name(form: PricesForm, name: str) -> str:
    number = name.removeprefix("rungs-")
    return f"rungs-{form.row_of(int(number))}" if number.isdigit() else name


SECTIONS: Mapping[str, Section] = {
    one.name: one
    for one in (
        Section(
            "texts", _("Title and description"), _("In your own words. Translations are welcome, but not needed."),
            TextsForm.of, _save_texts,
        ),
        Section(
            "origin", _("Origin and HS code"), _("Who makes the goods, where, and under which code they are declared."),
            _build_origin,
            lambda s, a, slug, form: services.edit_origin(s, a, slug, form.version.data, form.as_draft()),
        ),
        Section(
            "specs", _("Specifications"), _("What a professional buyer compares. Give measured values."),
            SpecsForm, _save_specs,
        ),
        Section(
            "trade", _("Terms of trade"), _("How much, how fast, how packed."), TradeForm.of,
            lambda s, a, slug, form: services.edit_trade(s, a, slug, form.version.data, form.as_draft()),
        ),
        Section(
            "prices", _("Prices"), _("Each price holds from a quantity on, at an Incoterm and its place."),
            PricesForm.of, _save_prices,
        ),
        Section(
            "calendar", _("Harvest and free capacity"), _("When buyers can count on you."), CalendarForm.of,
            lambda s, a, slug, form: services.edit_calendar(s, a, slug, form.version.data, form.months()),
        ),
        Section(
            "markets", _("Markets"), _("Where you ship to, and where you are registered."), MarketsForm.of,
            lambda s, a, slug, form: services.edit_markets(s, a, slug, form.version.data, form.as_draft()),
        ),
        Section(
            "certificates", _("Certificates"), _("A claim such as organic or halal needs one that covers it."),
            _build_cover,
            lambda s, a, slug, form: services.link_certificates(
                s, a, slug, form.version.data, form.certificates.data or ()
            ),
        ),
    )
}  # fmt: skip
ORDER = (*SECTIONS, "photos")
TITLES: Mapping[str, object] = {**{name: one.title for name, one in SECTIONS.items()}, "photos": _("Photos")}


@bp.get("/selling/products/<slug>/edit/<section>")
def section(slug: str, section: str) -> ResponseReturnValue:
    """One part of the form as the product stands."""
    chosen = _chosen(section)
    product = own_product(db.session(), current_actor(), slug)
    return _page(chosen, product, chosen.build(product))


@bp.post("/selling/products/<slug>/edit/<section>")
def save_section(slug: str, section: str) -> ResponseReturnValue:
    """Save one part; what cannot stand is told at its field, with everything typed still there."""
    chosen = _chosen(section)
    actor = current_actor()
    product = own_product(db.session(), actor, slug)
    was_listed = product.state == ListingState.LISTED
    form = chosen.build(product)
    is_valid = form.validate() if isinstance(form, SpecsForm) else form.validate_on_submit()
    if not is_valid:
        return _page(chosen, product, form), 422
    try:
        with action() as act:
            saved = chosen.save(act.session, actor, slug, form)
            went_back = was_listed and saved.state == ListingState.IN_REVIEW
            act.leads_to(_next_address(slug, section))
    except (Unfit, ListingIncomplete, Conflict) as failure:
        return _again(chosen, slug, form, failure)
    if went_back:
        flash(gettext("Saved. A published claim has changed, so the curators look at it again first."), "info")
    else:
        flash(gettext("Saved."), "success")
    if chosen.name == "trade" and (strange := unknown_ports(saved.ports)):
        names = format_list(strange, current_locale())
        flash(gettext("We do not know these sea ports; they stay as you wrote them: %(names)s.", names=names), "info")
    return act.redirect()


def _again(chosen: Section, slug: str, form: Any, failure: Unfit | ListingIncomplete | Conflict) -> tuple[str, int]:
    """The same form with what stands against it."""
    inner = form.form if isinstance(form, SpecsForm) else form
    if isinstance(failure, Unfit):
        attach(inner, failure)
    else:
        inner.form_errors.append(failure.sentence)
    product = own_product(db.session(), current_actor(), slug)  # the failed transaction let go of the first one
    return _page(chosen, product, form), failure.status


def _chosen(name: str) -> Section:
    if name not in SECTIONS:
        raise NotFound
    return SECTIONS[name]


def _next_address(slug: str, name: str) -> str:
    """Back to the overview, or to the part that follows."""
    if request.form.get("then") != "next":
        return url_for("catalogue.product", slug=slug)
    following = ORDER[ORDER.index(name) + 1]
    if following == "photos":
        return url_for("catalogue.photos", slug=slug)
    return url_for("catalogue.section", slug=slug, section=following)


def _received(product: Product, rows: Iterable[Any]) -> list[list[str]]:
    """What the seller receives of each price as it stands in the form."""
    payouts = Payouts(db.session(), current_locale())
    return [
        received_of(
            payouts,
            product,
            row.unit_price.data,
            asked_at(row.currency.data, row.unit.data, row.incoterm.data, row.place.data),
        )
        for row in rows
    ]


def _page(chosen: Section, product: Product, form: Any) -> str:
    session = db.session()
    review = latest_review(session, product.id)
    notes = {}
    if review is not None and review.state == ReviewState.RETURNED and product.state == ListingState.DRAFT:
        notes = {
            field: text
            for field, text in review.field_notes.items()
            if NOTED_SECTIONS.get(field) == chosen.name or (field.startswith("spec:") and chosen.name == "specs")
        }
    commodity = load_registry().commodity(product.commodity)
    more: dict[str, Any] = {}
    if chosen.name in {"prices", "trade"}:
        more = {"ports": port_options(), "packagings": commodity.packaging}
    if chosen.name == "prices":
        more["received"] = _received(product, (entry.form for entry in form.rungs))
    if chosen.name == "origin":
        more = {"regions": region_options()}
    if chosen.name == "calendar":
        more = {"months": next_months()}
    title = next((text.title for text in product.texts if text.language == product.original_language), product.slug)
    return render_template(
        f"catalogue/sections/{chosen.name}.html",
        section=chosen, product=product, product_title=title, form=form, notes=notes, **more,
    )  # fmt: skip
