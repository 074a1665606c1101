"""A seller adds, describes, orders and removes pictures."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Photo, Product
from marketplace.catalogue.photos import PreparedPhoto, is_illustration
from marketplace.catalogue.services.editing import editing
from marketplace.catalogue.services.problems import Unfit
from marketplace.i18n.locales import LOCALES
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.policy import Actor
from marketplace.kernel.text import cleaned

MOST_PHOTOS = 12
ALT_LENGTH = 200


def add_photo(
    session: Session, actor: Actor, slug: str, photo: PreparedPhoto, alt: Mapping[str, str] | None = None
) -> Photo:
    """A picture whose files are kept already (`photos.keep_files`); the first becomes the cover."""
    with editing(session, actor, slug, None) as product:
        if len(product.photos) >= MOST_PHOTOS:
            raise Unfit({"photos": _("At most 12 photos are possible. Remove one first.")})
        row = Photo(
            stem=photo.stem,
            width=photo.width,
            height=photo.height,
            position=max((one.position for one in product.photos), default=-1) + 1,
            alt=_alts(alt or {}),
            is_illustration=is_illustration(photo.stem),
            created_at=now(),
        )
        product.photos.append(row)
    return row


def describe_photo(session: Session, actor: Actor, slug: str, photo_id: int, alt: Mapping[str, str]) -> Product:
    """Set what a picture shows, by language, for people who do not see it."""
    with editing(session, actor, slug, None) as product:
        _own(product, photo_id).alt = _alts(alt)
    return product


def make_cover(session: Session, actor: Actor, slug: str, photo_id: int) -> Product:
    """Show this picture first."""
    with editing(session, actor, slug, None) as product:
        chosen = _own(product, photo_id)
        others = sorted((one for one in product.photos if one is not chosen), key=lambda one: one.position)
        for position, one in enumerate([chosen, *others]):
            one.position = position
        product.photos = [chosen, *others]
    return product


def remove_photo(session: Session, actor: Actor, slug: str, photo_id: int) -> Product:
    """Take a picture away; its files go after the commit."""
    with editing(session, actor, slug, None) as product:
        gone = _own(product, photo_id)
        product.photos = [one for one in product.photos if one is not gone]
        enqueue(session, "catalogue.delete_files", stems=[gone.stem])
    return product


def _own(product: Product, photo_id: int) -> Photo:
    for photo in product.photos:
        if photo.id == photo_id:
            return photo
    raise NotFound


def _alts(alt: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language in LOCALES if (text := cleaned(alt.get(language), ALT_LENGTH))}
