"""A seller's pictures of a product."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.catalogue import services
from marketplace.catalogue.forms.papers import PhotoTextForm, PhotoUploadForm
from marketplace.catalogue.forms.parts import attach
from marketplace.catalogue.models import Photo, Product
from marketplace.catalogue.photos import (
    PictureRefused,
    PreparedPhoto,
    delete_files,
    keep_files,
    photo_path,
    prepare_photo,
)
from marketplace.catalogue.policies import may_edit
from marketplace.catalogue.queries.own import own_product
from marketplace.catalogue.services.problems import ListingIncomplete, Unfit
from marketplace.catalogue.views.blueprint import bp
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import storage
from marketplace.kernel.policy import require
from marketplace.kernel.scanning import ScannerSilent, UploadInfected

AT_ONCE = 6
STEPS = {"cover": services.make_cover, "remove": services.remove_photo}


@bp.get("/selling/products/<slug>/photos")
def photos(slug: str) -> ResponseReturnValue:
    """All pictures of a product, and room for more."""
    return _page(own_product(db.session(), current_actor(), slug), PhotoUploadForm())


@bp.post("/selling/products/<slug>/photos")
def add_photos(slug: str) -> ResponseReturnValue:
    """Add pictures, or do one thing with one of them: a button names which."""
    if request.form.get("cover") or request.form.get("remove"):
        return _change(slug)
    actor = current_actor()
    product = own_product(db.session(), actor, slug)
    require(may_edit(actor, product, product.seller.organisation_id))
    form = PhotoUploadForm()
    uploads = [one for one in request.files.getlist("photos") if one and one.filename][: AT_ONCE + 1]
    if not uploads:
        return _refused(product, form, _("Choose a photo first."))
    if len(uploads) > AT_ONCE:
        return _refused(product, form, _("Send at most six photos at once."))
    try:
        prepared = [prepare_photo(one.stream.read()) for one in uploads]
    except (PictureRefused, UploadInfected, ScannerSilent) as failure:
        return _refused(product, form, failure.sentence, failure)
    for photo in prepared:
        keep_files(storage(), photo)
    try:
        with action() as act:
            for photo in prepared:
                services.add_photo(act.session, actor, slug, photo)
            act.leads_to(url_for("catalogue.photos", slug=slug))
    except Unfit as unfit:
        _let_go(prepared)
        attach(form, unfit)
        return _page(own_product(db.session(), actor, slug), form), 422
    except BaseException:
        _let_go(prepared)
        raise
    flash(ngettext("%(num)s photo is added.", "%(num)s photos are added.", len(prepared)), "success")
    return act.redirect()


@bp.get("/selling/products/<slug>/photos/<int:photo_id>")
def photo(slug: str, photo_id: int) -> ResponseReturnValue:
    """One picture and what it shows, in words."""
    product = own_product(db.session(), current_actor(), slug)
    held = _held(product, photo_id)
    return _photo_page(product, held, PhotoTextForm.of(held))


@bp.post("/selling/products/<slug>/photos/<int:photo_id>")
def describe(slug: str, photo_id: int) -> ResponseReturnValue:
    """Save what a picture shows."""
    product = own_product(db.session(), current_actor(), slug)
    held = _held(product, photo_id)
    form = PhotoTextForm.of(held)
    if not form.validate_on_submit():
        return _photo_page(product, held, form), 422
    with action() as act:
        services.describe_photo(act.session, current_actor(), slug, photo_id, form.texts())
        act.leads_to(url_for("catalogue.photos", slug=slug))
    flash(_("Saved."), "success")
    return act.redirect()


def _change(slug: str) -> ResponseReturnValue:
    name = "cover" if request.form.get("cover") else "remove"
    number = request.form[name]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise NotFound
    try:
        with action() as act:
            STEPS[name](act.session, current_actor(), slug, int(number))
            act.leads_to(url_for("catalogue.photos", slug=slug))
    except (ListingIncomplete, Conflict) as failure:
        product = own_product(db.session(), current_actor(), slug)
        return _refused(product, PhotoUploadForm(formdata=None), failure.sentence, failure)
    flash(_("Saved."), "success")
    return act.redirect()


def _refused(
    product: Product, form: PhotoUploadForm, sentence: object, failure: DomainError | None = None
) -> tuple[str, int]:
    form.photos.errors = [*form.photos.errors, sentence]
    return _page(product, form), failure.status if failure else 422


def _let_go(prepared: list[PreparedPhoto]) -> None:
    for one in prepared:
        delete_files(storage(), one.stem)


def _held(product: Product, photo_id: int) -> Photo:
    for one in product.photos:
        if one.id == photo_id:
            return one
    raise NotFound


def _page(product: Product, form: PhotoUploadForm) -> str:
    locale = current_locale()
    rows = []
    for place, one in enumerate(sorted(product.photos, key=lambda photo: photo.position)):
        actions = [
            {"label": _("Remove"), "name": "remove", "value": str(one.id), "icon": "trash", "kind": "quiet"},
        ]
        if place:
            actions.insert(
                0, {"label": _("Show first"), "name": "cover", "value": str(one.id), "icon": "photo", "kind": "quiet"}
            )
        rows.append(
            {
                "src": photo_path(one.stem, 320),
                "alt": one.alt.get(locale) or next(iter(one.alt.values()), ""),
                "is_cover": place == 0,
                "edit_href": url_for("catalogue.photo", slug=product.slug, photo_id=one.id),
                "actions": actions,
            }
        )
    return render_template("catalogue/photos.html", product=product, form=form, photos=rows, title=_title(product))


def _photo_page(product: Product, held: Photo, form: PhotoTextForm) -> str:
    src, title = photo_path(held.stem, 640), _title(product)
    return render_template("catalogue/photo.html", product=product, form=form, src=src, title=title, held=held)


def _title(product: Product) -> str:
    return next((text.title for text in product.texts if text.language == product.original_language), product.slug)
