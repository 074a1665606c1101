"""Capacity is promised once: what a quote takes is held in the months of the calendar until it ends."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.contents import contents_of
from marketplace.catalogue.queries.product_view import title_in
from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.errors import Conflict
from marketplace.kernel.measures import Quantity, UnitMismatch
from marketplace.kernel.uow import keep
from marketplace.quotes.models import QuotePromise, QuoteVersion
from marketplace.quotes.queries.goods import plan_rows, promised
from marketplace.quotes.queries.offered import offered
from marketplace.quotes.rules import LineAnswer, Shortage, allotted, planned, window
from marketplace.quotes.rules.capacity import Month
from marketplace.quotes.services.taking import lines_taking

_USUAL_DAYS = 90
_PRODUCTS = select(Product).where(Product.id.in_(bindparam("keys", expanding=True))).order_by(Product.id)
_HELD_PRODUCTS = _PRODUCTS.with_for_update(of=Product).execution_options(populate_existing=True)


def promise(session: Session, row: QuoteVersion, *, is_told_figures: bool, are_members_held: bool = False) -> None:
    """Hold the capacity that ``row`` needs from now to its shipment, in place of what it held before.

    What members of a pool make is held once the buyer accepts; until then it only has to be there.

    The products stay locked until the transaction ends, so that two quotes never promise the same tonnes. Products
    without a stated capacity are not counted. `Conflict` where it is too little; figures are for the seller alone.
    """
    needed, products, of_members = _needed(session, row, row.shares or [], is_locked=True)
    months = window(today(), shipment_of(row))
    held: dict[tuple[int, Month], Decimal] = {}
    for product_id, quantity in sorted(needed.items()):
        product = products[product_id]
        try:
            parts = _allotted(session, product, quantity, months, row.quote_id)
        except Shortage as shortage:
            raise Conflict(
                _refusal(product, quantity, shortage, is_told_figures, is_of_member=product_id in of_members)
            ) from None
        if are_members_held or product_id not in of_members:
            held |= {(product_id, month): part for month, part in parts.items()}
    for old in [one for one in row.promises if (one.product_id, one.month) not in held]:
        row.promises.remove(old)
    known = {(one.product_id, one.month): one for one in row.promises}
    for (product_id, month), part in held.items():
        if (product_id, month) in known:
            known[product_id, month].quantity = part
        else:
            row.promises.append(QuotePromise(product_id=product_id, month=month, quantity=part))


def foreseen_shortage(session: Session, row: QuoteVersion, shares: list[dict[str, Any]]) -> str:
    """The sentence with which `promise` would refuse ``row`` now, were these the shares of its pool; empty: none.

    It holds and locks nothing, so that what was free when it was read may be promised before the quote is sent.
    """
    needed, products, of_members = _needed(session, row, shares, is_locked=False)
    months = window(today(), shipment_of(row))
    for product_id, quantity in sorted(needed.items()):
        product = products[product_id]
        try:
            _allotted(session, product, quantity, months, row.quote_id)
        except Shortage as shortage:
            return _refusal(product, quantity, shortage, is_told_figures=True, is_of_member=product_id in of_members)
    return ""


def require_room(session: Session, product: Product, quantity: Decimal, last: date | None, quote_id: int) -> None:
    """Go on if the seller's calendar has room for ``quantity`` (in the product's unit) until ``last``; holds nothing.

    Without a day, three months are looked at. `Conflict` with the figures, which are the reader's own.
    """
    months = window(today(), last or today() + timedelta(days=_USUAL_DAYS))
    try:
        _allotted(session, product, quantity, months, quote_id)
    except Shortage as shortage:
        raise Conflict(_sentence(product, quantity, shortage, is_told_figures=True)) from None


def shipment_of(row: QuoteVersion) -> date:
    """The day by which the goods have to be made, were the deposit paid today."""
    return row.ship_by or today() + timedelta(days=row.lead_time_days or 0)


def _allotted(
    session: Session, product: Product, quantity: Decimal, months: list[Month], quote_id: int
) -> dict[Month, Decimal]:
    """Which months make ``quantity`` beside what other quotes hold; none of a product without a stated capacity.

    Raises `Shortage`.
    """
    plan = planned(plan_rows(session, product.id), product.capacity_per_month, months)
    if plan is None:
        return {}
    held = promised(session, product.id, months, quote_id)
    for month, amount in offered(session, product, months).items():
        held[month] = held.get(month, Decimal(0)) + amount
    return allotted(quantity, plan, held)


def _needed(
    session: Session, row: QuoteVersion, shares: list[dict[str, Any]], *, is_locked: bool
) -> tuple[dict[int, Decimal], dict[int, Product], set[int]]:
    """What each product has to give, in its own unit, and which are of members; locked in the order of their keys."""
    lines = [line for line in row.lines if line.product_id is not None and line.answer != LineAnswer.NOT_AVAILABLE]
    # what an offer holds of the calendar is this line's already
    taking = {line.rfq_line_id for line, _offer in lines_taking(session, row)}
    of_members = {int(share["product_id"]) for share in shares}
    keys = sorted({line.product_id for line in lines if line.product_id is not None} | of_members)
    if not keys:
        return {}, {}, set()
    rows = session.scalars(_HELD_PRODUCTS if is_locked else _PRODUCTS, {"keys": keys})
    products = {product.id: product for product in rows}
    keep(session, *products.values())
    needed: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        product = products[line.product_id or 0]
        if line.quantity is None or not product.unit or line.rfq_line_id in taking:
            continue
        amount = _converted(line.quantity, line.unit, product)
        made_by_others = [
            _converted(Decimal(share["quantity"]), share["unit"], product)
            for share in shares
            if share["rfq_line_id"] == line.rfq_line_id
        ]
        if amount is not None:
            needed[product.id] += max(Decimal(0), amount - sum(part or 0 for part in made_by_others))
    for share in shares:
        product = products[share["product_id"]]
        part = _converted(Decimal(share["quantity"]), share["unit"], product)
        if part is not None:
            needed[product.id] += part
    return dict(needed), products, of_members


def _converted(quantity: Decimal, unit: str, product: Product) -> Decimal | None:
    try:
        return Quantity(quantity, unit).to(product.unit, contents_of(product)).rounded().amount
    except (UnitMismatch, ValueError):
        return None


def _refusal(
    product: Product, quantity: Decimal, shortage: Shortage, is_told_figures: bool, *, is_of_member: bool
) -> str:
    if is_of_member:
        return str(_("The calendar of a member of the pool has no room for its share any more."))
    return _sentence(product, quantity, shortage, is_told_figures)


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
