"""All quotes of a request side by side, and as a table to take along."""

from __future__ import annotations

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from marketplace.catalogue.rules.trade import Incoterm
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.frames import in_frame
from marketplace.kernel.http import current_actor
from marketplace.kernel.measures import UNITS, Dimension
from marketplace.kernel.pieces import digest, pieces
from marketplace.kernel.sheets import XLSX, workbook
from marketplace.quotes.asked import asked_comparison
from marketplace.quotes.comparison import Comparison, as_table
from marketplace.quotes.queries import deal_of_request
from marketplace.quotes.queries.compared import compared_rows
from marketplace.quotes.views.blueprint import bp
from marketplace.quotes.wording import LEGS
from marketplace.rfqs.fields import CURRENCIES, unit_choices
from marketplace.rfqs.models import Rfq

MOST_KEPT = 200  # characters of a query: nobody fills the memory of pages with words of their own


@bp.get("/requests/<key>/quotes")
def compare(key: str) -> ResponseReturnValue:
    """The quotes in one currency, one unit and one delivery term, with every assumption named."""
    actor, query = current_actor(), request.query_string.decode("ascii", "replace")
    rows = compared_rows(db.session(), actor, key)
    name = ("quotes", digest(rows), query, current_locale(), request.script_root, actor.time_zone)
    body = _body(key, query) if len(query) > MOST_KEPT else pieces().get(name, lambda: (_body(key, query),))[0]
    return in_frame("quotes/compare.html", {}, {"body": body}, is_work=True)


def _body(key: str, query: str) -> Markup:
    """All but the frame of the page; it shows nothing besides the rows, the query, language and zone of its name."""
    rfq, found, count = _found(key)
    units = [one for one in unit_choices(current_locale(), found.footing.unit) if _is_comparable(one.value, found)]
    text = render_template(
        "quotes/compared.html",
        rfq=rfq,
        found=found,
        count=count,
        currencies=[(code, code) for code in CURRENCIES],
        units=[(one.value, one.label) for one in units],
        terms=[(term.value, term.value) for term in Incoterm],
        leg_names=LEGS,
        typed={leg: request.args.get(leg, "")[:20] for leg in found.legs},
        query=query,
        deal=deal_of_request(db.session(), rfq.id) if count else None,
    )
    return Markup(text)  # noqa: S704 - our own template


@bp.get("/requests/<key>/quotes.xlsx")
def table(key: str) -> ResponseReturnValue:
    """The same as a workbook."""
    rfq, found, _count = _found(key)
    return send_file(
        workbook(as_table(found)), mimetype=XLSX, as_attachment=True, download_name=f"quotes-{rfq.key}.xlsx"
    )


def _found(key: str) -> tuple[Rfq, Comparison, int]:
    rfq, quoted, found = asked_comparison(
        db.session(), current_actor(), key, request.args, locale=current_locale(), root=request.script_root
    )
    return rfq, found, len(quoted)


def _is_comparable(unit: str, found: Comparison) -> bool:
    return UNITS[unit].dimension is Dimension.MASS or unit == found.footing.unit
