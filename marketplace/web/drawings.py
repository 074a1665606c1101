"""Drawings of commodities for offers that have no photo: one file a commodity, the same for everyone."""

from __future__ import annotations

from flask import Blueprint, Response

from marketplace.catalogue.registry.loading import load_registry
from marketplace.kernel.errors import NotFound
from marketplace.web.illustrations import illustration

bp = Blueprint("drawings", __name__)
# a drawing may load, run and style nothing: colours are attributes of its shapes
_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@bp.get("/drawings/<commodity>.svg")
def drawing(commodity: str) -> Response:
    """The commodity as a drawing, to be kept by browsers for a week; 404 for a commodity the registry does not know."""
    found = load_registry().commodities.get(commodity)
    if found is None:
        raise NotFound
    response = Response(illustration(commodity, found.category, 0), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=604800"
    response.headers["Content-Security-Policy"] = _POLICY
    return response
