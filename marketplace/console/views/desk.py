"""The curation desk: the queue, the listing with notes at its fields, the checklist; then the next one."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.catalogue import labels
from marketplace.catalogue.forms.parts import attach
from marketplace.catalogue.forms.tariffs import TariffForm
from marketplace.catalogue.models import ListingReview
from marketplace.catalogue.photos import photo_path
from marketplace.catalogue.queries.listed import product_by_id
from marketplace.catalogue.queries.own import any_product, waiting_reviews
from marketplace.catalogue.rules import ReviewState
from marketplace.catalogue.rules.registers import register_of
from marketplace.catalogue.services import (
    ListingIncomplete,
    Unfit,
    correct_tariff_codes,
    publish_listing,
    return_listing,
    verify_certificate,
)
from marketplace.console.blueprint import bp
from marketplace.console.listing import facts
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number


@dataclass
class DeskEntry:
    """What a curator has ticked and written so far."""

    version: int = 0
    note: str = ""
    ticked: set[str] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @classmethod
    def from_form(cls) -> DeskEntry:
        """What was sent."""
        form = request.form
        version = form.get("version", "")
        return cls(
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
            note=form.get("note", ""),
            ticked={item for item in labels.CHECKLIST if form.get(f"check-{item}")},
            notes={name[5:]: text for name, text in form.items() if name.startswith("note:") and text.strip()},
        )

    @property
    def checklist(self) -> dict[str, bool]:
        return {item: item in self.ticked for item in labels.CHECKLIST}


@bp.get("/console/curation")
def curation() -> ResponseReturnValue:
    """The listing that has waited longest, or word that nothing waits."""
    page = waiting_reviews(db.session(), page_number(request.args.get("page")))
    if not page.items:
        return render_template("console/curation_empty.html")
    return _desk(page.items[0].review_id)


@bp.get("/console/curation/<int:review_id>")
def review(review_id: int) -> ResponseReturnValue:
    """One listing that waits."""
    return _desk(review_id)


def _desk(review_id: int, entry: DeskEntry | None = None, tariff: TariffForm | None = None) -> str:
    session = db.session()
    found = session.scalar(select(ListingReview).where(ListingReview.id == review_id))
    if found is None:
        raise NotFound
    if found.state != ReviewState.WAITING:
        raise Conflict(_("This listing was decided already. The next one waits on the desk."))
    queue = waiting_reviews(session, page_number(request.args.get("page")))
    view = product_by_id(session, found.product_id)
    locale = current_locale()
    photos = [(photo_path(one.stem, 640), one.alt_in(locale, view.text_in(locale).title)) for one in view.photos]
    keys = [item.review_id for item in queue.items]
    place = keys.index(review_id) if review_id in keys else -1
    return render_template(
        "console/curation.html",
        review=found,
        queue=queue,
        view=view,
        facts=facts(view, tuple(found.changed_claims), today(), locale),
        changed=[str(labels.claim_name(code)) for code in found.changed_claims],
        checklist=labels.CHECKLIST,
        verified_by=labels.VERIFIED_BY,
        unverified=[one for one in view.certificates_on(today()) if not one.is_verified],
        certificate_name=labels.certificate_name,
        register_of=register_of,
        photos=photos,
        entry=entry or DeskEntry(version=view.version),
        tariff=tariff or TariffForm(data={"version": view.version, **TariffForm.tariff_data(view.tariff_codes)}),
        next_id=keys[place + 1] if 0 <= place < len(keys) - 1 else None,
        previous_id=keys[place - 1] if place > 0 else None,
    )


@bp.post("/console/curation/<int:review_id>")
def decide_listing(review_id: int) -> ResponseReturnValue:
    """Publish or return a listing; the next one comes up."""
    entry = DeskEntry.from_form()
    is_published = request.form.get("decision") == "publish"
    try:
        with action() as act:
            found = act.session.get(ListingReview, review_id)
            if found is None:
                raise NotFound
            if found.state != ReviewState.WAITING:
                raise Conflict(_("This listing was decided already. The next one waits on the desk."))
            actor, product_id = current_actor(), found.product_id
            if is_published:
                publish_listing(act.session, actor, product_id, entry.checklist, entry.note, entry.version)
            else:
                return_listing(act.session, actor, product_id, entry.note, entry.notes, entry.checklist, entry.version)
            act.leads_to(url_for("console.curation"))
    except Unfit as refusal:
        entry.faults = [str(sentence) for sentence in refusal.fields.values()]
    except ListingIncomplete as refusal:
        entry.faults = [str(refusal.sentence)]
    if entry.faults:
        return _desk(review_id, entry), 422
    flash(_("Published.") if is_published else _("Returned with your notes."), "success")
    return act.redirect()


@bp.post("/console/curation/<int:review_id>/certificates/<int:certificate_id>")
def verify_listed_certificate(review_id: int, certificate_id: int) -> ResponseReturnValue:
    """Confirm a certificate of the listing on the desk."""
    with action() as act:
        found = act.session.get(ListingReview, review_id)
        product = any_product(act.session, found.product_id) if found else None
        if product is None or certificate_id not in {link.certificate_id for link in product.certificates}:
            raise NotFound
        verify_certificate(act.session, current_actor(), certificate_id, request.form.get("method", ""))
        act.leads_to(url_for("console.review", review_id=review_id))
    flash(_("The certificate is verified and shows as such."), "success")
    return act.redirect()


@bp.post("/console/curation/<int:review_id>/tariff-codes")
def correct_listed_codes(review_id: int) -> ResponseReturnValue:
    """Enter or mend the national customs codes of the listing on the desk."""
    form = TariffForm()
    if not form.validate_on_submit():
        return _desk(review_id, tariff=form), 422
    try:
        with action() as act:
            found = act.session.get(ListingReview, review_id)
            if found is None:
                raise NotFound
            correct_tariff_codes(act.session, current_actor(), found.product_id, form.tariff_codes(), form.version.data)
            act.leads_to(url_for("console.review", review_id=review_id))
    except Unfit as refusal:
        attach(form, refusal)
        return _desk(review_id, tariff=form), 422
    flash(_("Saved."), "success")
    return act.redirect()
