"""A catalogue to take to a fair: choose the sellers, print it in the visitors' language; its codes name the fair."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from marketplace.catalogue.labels import certificate_name
from marketplace.catalogue.queries import CardRow
from marketplace.catalogue.queries.cards import products_of_commodities
from marketplace.documents.catalogue import LAYOUT, MOST, Entry, catalogue_sheet
from marketplace.documents.drawing import DrawingFailed, drawn_apart
from marketplace.fairs.models import Fair
from marketplace.fairs.queries import fair_for
from marketplace.fairs.rules import counts_on
from marketplace.i18n.formats import format_country, format_date, format_days, format_quantity, stored_unit_price
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.http import current_actor
from marketplace.kernel.measures import Quantity
from marketplace.kernel.outside import settings

bp = Blueprint("fair_catalogue", __name__)
log = logging.getLogger(__name__)
_AT_ONCE, _MOST_READ = 100, 1_000


@bp.get("/partner/fairs/<int:key>/catalogue")
def choose(key: int) -> ResponseReturnValue:
    """Which sellers' goods go into the catalogue; all of them until somebody chooses."""
    session, locale = db.session(), current_locale()
    fair = _running(session, key)
    goods = list(_goods(session, fair, locale))
    sellers = sorted({(one.seller, one.seller_slug) for one in goods})
    counts = {slug: sum(one.seller_slug == slug for one in goods) for _name, slug in sellers}
    return render_template("fairs/catalogue.html", fair=fair, sellers=sellers, counts=counts, most=MOST)


@bp.get("/partner/fairs/<int:key>/catalogue.pdf")
def catalogue(key: int) -> ResponseReturnValue:
    """The catalogue as a PDF, in the language of the address."""
    session, locale = db.session(), current_locale()
    fair = _running(session, key)
    wanted = set(request.args.getlist("seller"))
    chosen = [one for one in _goods(session, fair, locale) if not wanted or one.seller_slug in wanted][:MOST]
    if not chosen:
        raise NotFound
    days = format_days(fair.first_day, fair.last_day, locale)
    texts = {
        "title": _("Goods of Indonesian pesantren"),
        "fair": fair.name,
        "lead": f"{fair.city}, {format_country(fair.country, locale)} · {days}",
        "foot": _("As of %(day)s. Scan a code to see the goods as they are now, and to ask their makers.",
                  day=format_date(today(), locale)),
        "colon": _("%(label)s: %(text)s", label="", text=""),  # Chinese has one of its own, without a space
    }  # fmt: skip
    entries = [_entry(one, fair, locale) for one in chosen]
    text, fingerprint = catalogue_sheet(texts, locale.partition("_")[0], entries)
    name = f"catalogue-{fair.code}.pdf"
    session.rollback()  # nothing is held while it is drawn
    try:
        data = drawn_apart(text, fingerprint, now(), LAYOUT)
    except DrawingFailed:
        log.exception("fairs.catalogue_failed")
        raise Conflict(_("The PDF could not be made just now. Try again later.")) from None
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(data, mimetype="application/pdf", headers=headers)


@bp.get("/console/fairs/<int:key>/catalogue")
def desk_choose(key: int) -> ResponseReturnValue:
    """The same at the desk."""
    return choose(key)


@bp.get("/console/fairs/<int:key>/catalogue.pdf")
def desk_catalogue(key: int) -> ResponseReturnValue:
    """The same at the desk."""
    return catalogue(key)


def _running(session: Session, key: int) -> Fair:
    fair = fair_for(session, current_actor(), key)
    if not counts_on(fair.last_day, fair.withdrawn_at is not None, today()):
        raise Conflict(_("This fair is withdrawn or long over, so its code counts no more."))
    return fair


def _goods(session: Session, fair: Fair, locale: str) -> Iterable[CardRow]:
    """Public goods of the fair's commodities, the newest first."""
    for number in range(1, _MOST_READ // _AT_ONCE + 1):
        page = products_of_commodities(session, fair.commodities, locale, number, _AT_ONCE)
        yield from page.items
        if not page.has_next:
            return


def _entry(row: CardRow, fair: Fair, locale: str) -> Entry:
    facts = []
    if row.price is not None:
        price = stored_unit_price(row.price, row.price_currency, row.price_unit, locale)
        facts.append((_("Price from"), f"{price}, {row.price_term}" if row.price_term else price))
    if row.moq is not None:
        facts.append((_("Minimum order"), format_quantity(Quantity(row.moq, row.unit), locale)))
    if row.lead_time_days is not None:
        facts.append((_("Lead time"), ngettext("%(num)s day", "%(num)s days", row.lead_time_days)))
    if row.certificates:
        facts.append((_("Certificates"), ", ".join(certificate_name(code, locale) for code in row.certificates)))
    address = f"{settings().web.public_url}/products/{row.slug}?fair={fair.code}"
    return Entry(row.title, row.producer or row.seller, facts, address)
