"""Up to six products side by side: terms as rows, differences marked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.cards import cards
from marketplace.catalogue.queries.listed import listed_product
from marketplace.catalogue.queries.product_view import ProductView
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.web import product_parts as parts
from marketplace.web.spec_text import field_name, value_text

bp = Blueprint("compare", __name__)
MOST = 6


@bp.get("/compare")
def compare() -> ResponseReturnValue:
    """The products named by ``key`` in the address, in that order; one that is gone is left out."""
    session, locale, prefix = db.session(), current_locale(), prefix_of(request.environ)
    keys = [int(key) for key in request.args.getlist("key") if key.isascii() and key.isdigit() and len(key) < 10]
    wanted = list(dict.fromkeys(keys))[:MOST]
    slugs = {row.id: row.slug for row in cards(session, wanted, locale)}
    views = [listed_product(session, slugs[key]) for key in wanted if key in slugs]
    columns = [_column(view, wanted, locale, prefix) for view in views]
    return render_template("web/compare.html", columns=columns, rows=_rows(views, locale), count=len(views))


def _column(view: ProductView, wanted: list[int], locale: str, prefix: str) -> dict[str, Any]:
    others = "&".join(f"key={key}" for key in wanted if key != view.id)
    return {
        "title": view.text_in(locale).title,
        "href": f"{prefix}/products/{view.slug}",
        "note": view.seller.name,
        "remove_href": f"{prefix}/compare?{others}",
    }


def _rows(views: list[ProductView], locale: str) -> list[dict[str, Any]]:
    if not views:
        return []
    rows = [_row(_("Price"), [_price(view, locale) for view in views])]
    terms = [{pair[0]: pair[1] for pair in parts.trade_terms(view, locale)} for view in views]
    logistics = [{pair[0]: pair[1] for pair in parts.logistics(view, locale)} for view in views]
    for group in (terms, logistics):
        for label in dict.fromkeys(name for one in group for name in one):
            rows.append(_row(label, [one.get(label, "–") for one in group]))
    certificates = [
        ", ".join(one["label"] for one in parts.certificates(view, locale) if one["state"] in {"valid", "expiring"})
        for view in views
    ]
    rows.append(_row(_("Valid certificates"), [text or "–" for text in certificates]))
    specs = [{spec.field: value_text(spec.field, spec.value, locale) for spec in view.specs} for view in views]
    for key in dict.fromkeys(field for one in specs for field in one if field != "certifications"):
        rows.append(_row(field_name(key, locale), [one.get(key, "–") for one in specs]))
    return rows


def _price(view: ProductView, locale: str) -> dict[str, str] | str:
    ladders = parts.ladders(view, locale)
    if not ladders:
        return str(_("Price on request"))
    first = ladders[0]["rungs"][0]
    return {"text": first["price"], "note": f"{ladders[0]['term']} {first['normalised']}".strip()}


def _row(label: str, cells: list[Any]) -> dict[str, Any]:
    texts = {cell["text"] if isinstance(cell, dict) else cell for cell in cells}
    return {"label": label, "cells": cells, "is_different": len(texts) > 1}
