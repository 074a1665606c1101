"""Up to six products side by side: terms as rows, differences that decide marked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.cards import cards
from marketplace.catalogue.queries.listed import listed_product
from marketplace.catalogue.queries.product_view import ProductView
from marketplace.catalogue.spec_text import field_name, value_text
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.formats import format_list
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.web import product_parts as parts
from marketplace.web.differences import amounts_differ, specs_differ, words_differ

bp = Blueprint("compare", __name__)
MOST = 6
SHORT = "differences"


@bp.get("/compare")
def compare() -> ResponseReturnValue:
    """The products named by ``key`` in the address, in that order; one that is gone is left out.

    ``only=differences`` leaves out the rows in which they do not differ.
    """
    session, locale, prefix = db.session(), current_locale(), prefix_of(request.environ)
    keys = [int(key) for key in request.args.getlist("key") if key.isascii() and key.isdigit() and len(key) < 10]
    wanted = list(dict.fromkeys(keys))[:MOST]
    slugs = {row.id: row.slug for row in cards(session, wanted, locale)}
    views = [listed_product(session, slugs[key]) for key in wanted if key in slugs]
    is_short = request.args.get("only") == SHORT and len(views) > 1
    rows = _rows(views, locale) if views else []
    here = f"{prefix}/compare?" + "&".join(f"key={view.id}" for view in views)
    more = f"&only={SHORT}" if is_short else ""
    return render_template(
        "web/compare.html",
        columns=[_column(view, views, locale, prefix, more) for view in views],
        rows=[row for row in rows if row["is_different"]] if is_short else rows,
        count=len(views),
        choices=[
            {"label": _("All rows"), "href": here, "count": len(rows), "is_current": not is_short},
            {
                "label": _("Differences only"),
                "href": f"{here}&only={SHORT}",
                "count": sum(row["is_different"] for row in rows),
                "is_current": is_short,
            },
        ],
    )


def _column(view: ProductView, views: list[ProductView], locale: str, prefix: str, more: str) -> dict[str, Any]:
    others = "&".join(f"key={each.id}" for each in views if each.id != view.id)
    return {
        "title": view.text_in(locale).title,
        "href": f"{prefix}/products/{view.slug}",
        "note": view.seller.name,
        "remove_href": f"{prefix}/compare?{others}{more}",
    }


def _rows(views: list[ProductView], locale: str) -> list[dict[str, Any]]:
    rows = [_row(_("Price"), [_price(view, locale) for view in views], _prices_differ(views))]
    rows += _offer_rows(views, locale)
    certificates = [
        [one["label"] for one in parts.certificates(view, locale) if one["state"] in {"valid", "expiring"}]
        for view in views
    ]
    differ = len({frozenset(each) for each in certificates}) > 1
    shown = [format_list(sorted(each), locale, "names") or "–" for each in certificates]
    rows.append(_row(_("Valid certificates"), shown, differ))
    return rows + _spec_rows(views, locale)


def _offer_rows(views: list[ProductView], locale: str) -> list[dict[str, Any]]:
    """Terms and logistics; amounts in different units differ, amounts in one unit only where they lie apart."""
    is_one_unit = len({view.unit for view in views}) == 1
    amounts: dict[str, list[Decimal | None]] = {
        _("Minimum order (MOQ)"): [view.moq for view in views],
        _("Capacity per month"): [view.capacity_per_month for view in views],
    }
    days = {_("Lead time"): [None if view.lead_time_days is None else Decimal(view.lead_time_days) for view in views]}
    own_words = {_("Packaging")}
    offers = [
        {pair[0]: pair[1] for pair in (*parts.trade_terms(view, locale), *parts.logistics(view, locale))}
        for view in views
    ]
    rows = []
    for name in dict.fromkeys(label for one in offers for label in one):
        cells = [one.get(name) for one in offers]
        if name in days or (name in amounts and is_one_unit):
            differ = amounts_differ(days.get(name) or amounts[name])
        else:
            differ = name not in own_words and words_differ(cells)
        rows.append(_row(name, [cell or "–" for cell in cells], differ))
    return rows


def _spec_rows(views: list[ProductView], locale: str) -> list[dict[str, Any]]:
    """What most of them state comes first: there they can be compared."""
    specs = [{spec.field: spec.value for spec in view.specs} for view in views]
    keys = [key for key in dict.fromkeys(field for one in specs for field in one) if key != "certifications"]
    keys.sort(key=lambda key: -sum(key in one for one in specs))
    return [
        _row(
            field_name(key, locale),
            [value_text(key, one[key], locale) if key in one else "–" for one in specs],
            specs_differ(key, [one.get(key) for one in specs]),
        )
        for key in keys
    ]


def _price(view: ProductView, locale: str) -> dict[str, str] | str:
    ladders = parts.ladders(view, locale)
    if not ladders:
        return str(_("Price on request"))
    first = ladders[0]["rungs"][0]
    return {"text": first["price"], "note": f"{ladders[0]['term']} {first['normalised']}".strip()}


def _prices_differ(views: list[ProductView]) -> bool:
    per_kg = [view.price_per_kg_usd for view in views if view.card_price is not None]
    if None in per_kg:  # a price by the piece of goods without a weight: the figures themselves
        return len({(view.card_price, view.card_price_unit) for view in views if view.card_price is not None}) > 1
    return amounts_differ(per_kg)


def _row(label: str, cells: list[Any], is_different: bool) -> dict[str, Any]:
    return {"label": label, "cells": cells, "is_different": is_different}
