"""What offers are called, and the lines that tell of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import lazy_gettext

from marketplace.closures.rules import day_there
from marketplace.i18n import formats
from marketplace.i18n.translations import gettext as _
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from marketplace.offers.queries import OfferShown, PriceShown
from marketplace.offers.rules import OfferKind, OfferState, Visibility

KINDS: Mapping[OfferKind, object] = {
    OfferKind.SPOT: lazy_gettext("Spot: the goods are there"),
    OfferKind.FORWARD: lazy_gettext("Forward: from a harvest or production ahead"),
}
VISIBILITIES: Mapping[Visibility, object] = {
    Visibility.PUBLIC: lazy_gettext("For everybody"),
    Visibility.PRIVATE: lazy_gettext("For the buyers I choose"),
}
STATES: Mapping[OfferState, tuple[object, str]] = {
    OfferState.UPCOMING: (lazy_gettext("Upcoming"), "info"),
    OfferState.CURRENT: (lazy_gettext("Open"), "positive"),
    OfferState.PAST: (lazy_gettext("Over"), "neutral"),
    OfferState.WITHDRAWN: (lazy_gettext("Withdrawn"), "neutral"),
}


def lot_lines(offer: OfferShown, locale: str) -> list[str]:
    """Everything a buyer has to know of an offer: the headline, each price, shipment and the seller's note."""
    lines = [headline(offer, locale), *(price_line(one, locale) for one in offer.prices)]
    if offer.ship_month is not None:
        lines.append(_("Ready for shipment in %(month)s", month=formats.format_month(offer.ship_month, locale)))
    if offer.note:
        lines.append(offer.note)
    return lines


def headline(offer: OfferShown, locale: str) -> str:
    """How much, of what, until when, and whether the price holds."""
    left = formats.format_quantity(Quantity(offer.left, offer.unit), locale)
    last = formats.format_date(day_there(offer.closes_at - timedelta(seconds=1)), locale)
    named = {"quantity": left, "lot": offer.lot, "day": last}
    if offer.lot:
        text = _("Limited: %(quantity)s from %(lot)s, until %(day)s", **named)
    else:
        text = _("Limited: %(quantity)s, until %(day)s", **named)
    parts = [text, _("firm price") if offer.is_firm else _("price may change")]
    if offer.is_upcoming:
        parts.append(_("opens on %(day)s", day=formats.format_date(day_there(offer.opens_at), locale)))
    return formats.format_list(parts, locale, "facts")


def price_line(price: PriceShown, locale: str) -> str:
    """One price with its term and the quantity it begins with."""
    return _(
        "%(price)s %(term)s, from %(quantity)s on",
        price=formats.format_unit_price(UnitPrice(price.unit_price, price.currency, price.unit), locale),
        term=f"{price.incoterm} {price.place}",
        quantity=formats.format_quantity(Quantity(price.min_quantity, price.unit), locale),
    )
