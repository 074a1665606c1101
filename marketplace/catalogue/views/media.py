"""Pictures: those of products on the market for everyone, others for their seller and staff."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Photo, Product
from marketplace.catalogue.photos import FORMATS, WIDTHS, is_illustration, is_stem
from marketplace.catalogue.policies import is_public, readable_by
from marketplace.catalogue.views.blueprint import bp
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import actor_or_none
from marketplace.kernel.outside import storage
from marketplace.kernel.storage import MissingFile
from marketplace.sellers.models import Seller

_YEAR = "public, max-age=31536000, immutable"
# a drawing may load, run and style nothing: colours are attributes of its shapes
_SVG_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@bp.get("/media/<name>")
def media(name: str) -> ResponseReturnValue:
    """One size of a picture. Names are unguessable, but the name alone opens nothing."""
    stem, media_type = _taken_apart(name)
    query = (
        select(is_public())
        .select_from(Photo)
        .join(Product, Product.id == Photo.product_id)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Photo.stem == stem, readable_by(actor_or_none()))
    )
    readable = db.session.scalars(query).all()
    if not readable:
        raise NotFound
    try:
        data = storage().get(f"photo/{name}")
    except MissingFile:
        raise NotFound from None
    response = Response(data, content_type=media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = _YEAR if any(readable) else "private, no-store"
    if media_type == "image/svg+xml":
        response.headers["Content-Security-Policy"] = _SVG_POLICY
    return response


def _taken_apart(name: str) -> tuple[str, str]:
    """Stem and media type of a picture's name; `NotFound` for any other name."""
    base, _dot, ending = name.rpartition(".")
    if ending == "svg" and is_stem(base) and is_illustration(base):
        return base, "image/svg+xml"
    stem, _dash, width = base.rpartition("-")
    is_ours = is_stem(stem) and not is_illustration(stem) and width in {str(one) for one in WIDTHS}
    if not is_ours or ending not in FORMATS:
        raise NotFound
    return stem, FORMATS[ending]
