"""Capacity is promised once: what a quote takes is held in the months of the calendar until it ends."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.product_view import title_in
from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.errors import Conflict
from marketplace.kernel.measures import Quantity, UnitMismatch
from marketplace.quotes.models import QuotePromise, QuoteVersion
from marketplace.quotes.queries.goods import plan_rows, promised
from marketplace.quotes.rules import LineAnswer, Shortage, allotted, planned, window
from marketplace.quotes.rules.capacity import Month
from marketplace.rfqs.queries.offers import contents_of


def promise(session: Session, row: QuoteVersion, *, is_told_figures: bool) -> None:
    """Hold the capacity that ``row`` needs from now to its shipment, in place of what it held before.

    The products stay locked until the transaction ends, so that two quotes never promise the same tonnes. Products
    without a stated capacity are not counted. `Conflict` where it is too little; figures are for the seller alone.
    """
    needed, products = _needed(session, row)
    months = window(today(), shipment_of(row))
    held: dict[tuple[int, Month], Decimal] = {}
    for product_id, quantity in sorted(needed.items()):
        product = products[product_id]
        plan = planned(plan_rows(session, product_id), product.capacity_per_month, months)
        if plan is None:
            continue
        taken = promised(session, product_id, months, row.quote_id)
        try:
            for month, part in allotted(quantity, plan, taken).items():
                held[product_id, month] = part
        except Shortage as shortage:
            raise Conflict(_sentence(product, quantity, shortage, is_told_figures)) from None
    for old in [one for one in row.promises if (one.product_id, one.month) not in held]:
        row.promises.remove(old)
    known = {(one.product_id, one.month): one for one in row.promises}
    for (product_id, month), part in held.items():
        if (product_id, month) in known:
            known[product_id, month].quantity = part
        else:
            row.promises.append(QuotePromise(product_id=product_id, month=month, quantity=part))


def shipment_of(row: QuoteVersion) -> date:
    """The day by which the goods have to be made, were the deposit paid today."""
    return row.ship_by or today() + timedelta(days=row.lead_time_days or 0)


def _needed(session: Session, row: QuoteVersion) -> tuple[dict[int, Decimal], dict[int, Product]]:
    """What each product has to give, in its own unit; the products are locked in the order of their keys."""
    lines = [line for line in row.lines if line.product_id is not None and line.answer != LineAnswer.NOT_AVAILABLE]
    keys = sorted({line.product_id for line in lines if line.product_id is not None})
    if not keys:
        return {}, {}
    rows = session.scalars(
        select(Product)
        .where(Product.id.in_(keys))
        .order_by(Product.id)
        .with_for_update(of=Product)
        .execution_options(populate_existing=True)
    )
    products = {product.id: product for product in rows}
    needed: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        product = products[line.product_id or 0]
        if line.quantity is None or not product.unit:
            continue
        try:
            amount = Quantity(line.quantity, line.unit).to(product.unit, contents_of(product)).rounded().amount
        except (UnitMismatch, ValueError):
            continue
        needed[product.id] += amount
    return dict(needed), products


def _sentence(product: Product, quantity: Decimal, shortage: Shortage, is_told_figures: bool) -> str:
    if not is_told_figures:
        return str(_("The seller's calendar has no room for this quantity in time any more. Ask for a new quote."))
    locale = current_locale()
    return str(
        _(
            "You need %(needed)s of “%(product)s” until %(month)s. Your calendar has %(planned)s for that time, "
            "and %(free)s of it is not promised in other quotes. Quote less, ship later, or change the calendar.",
            needed=formats.format_quantity(Quantity(quantity, product.unit), locale),
            product=title_in(product.card_titles, locale, product.original_language),
            month=formats.format_month(shortage.last, locale),
            planned=formats.format_quantity(Quantity(shortage.planned, product.unit), locale),
            free=formats.format_quantity(Quantity(shortage.free, product.unit), locale),
        )
    )
