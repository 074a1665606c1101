"""Sellers: curated, mentored, invited by telephone number."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.contact import readable_phone
from marketplace.accounts.models import LinkToken
from marketplace.accounts.services.invitations import (
    drop_application,
    invitation_address,
    invitation_by_whatsapp,
    invite_applicant,
    invite_seller,
    waiting_applications,
)
from marketplace.accounts.services.password import reset_by_whatsapp, reset_link_by_hand
from marketplace.catalogue.labels import STATES as LISTING_STATES
from marketplace.console.blueprint import bp
from marketplace.console.forms import CurationForm, InviteSellerForm, MentorForm
from marketplace.console.queries import mentors, people_without_mail, sellers_page, staff_seller
from marketplace.i18n.locales import known
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import settings
from marketplace.kernel.paging import page_number
from marketplace.kernel.regions import REGENCIES
from marketplace.matchmaking.mentoring import missed_for_mentor
from marketplace.sellers.queries import notes_of
from marketplace.sellers.rules import CurationState
from marketplace.sellers.services import assign_mentor, curate_seller
from marketplace.sellers.wording import FORM_NAMES, STATE_NAMES, STATE_TONES


@bp.get("/console/sellers")
def sellers() -> ResponseReturnValue:
    """Sellers by state, and those who registered by telephone number and wait for their link."""
    state = request.args.get("state", "")
    chosen = state if state in set(CurationState) else ""
    page = sellers_page(db.session(), chosen, page_number(request.args.get("page")))
    waiting = [
        (row, str(row.payload.get("organisation_name", "")), readable_phone(str(row.payload.get("phone", ""))))
        for row in waiting_applications(db.session())
    ]
    return render_template(
        "console/sellers.html",
        page=page,
        state=chosen,
        waiting=waiting,
        names=STATE_NAMES,
        tones=STATE_TONES,
        states=list(CurationState),
    )


@bp.get("/console/sellers/<slug>")
def seller(slug: str) -> ResponseReturnValue:
    """One seller: who they are, where they stand, what was said."""
    return _page(slug, None, None)


def _page(slug: str, form: CurationForm | None, mentoring: MentorForm | None) -> str:
    session = db.session()
    found, producers, listings = staff_seller(session, slug)
    without_mail = people_without_mail(session, found.organisation_id)
    if form is None:
        form = CurationForm(formdata=None, version=found.version)
    if mentoring is None:
        mentoring = MentorForm(formdata=None, mentor=str(found.mentor_id or ""))
    return render_template(
        "console/seller.html",
        seller=found,
        producers=producers,
        listings=[(LISTING_STATES[state], count) for state, count in sorted(listings.items())],
        form=form.offer(CurationState(found.curation)),
        mentoring=mentoring.offer(mentors(session)),
        notes=notes_of(session, found.id),
        people=[(one.id, one.name, readable_phone(one.phone or "")) for one in without_mail],
        phone=readable_phone(found.whatsapp) if found.whatsapp else "",
        missed=missed_for_mentor(session, found.organisation_id, current_locale()),
        names=STATE_NAMES,
        tones=STATE_TONES,
        forms=FORM_NAMES,
        regions={key: regency.full_name for key, regency in REGENCIES.items()},
    )


@bp.post("/console/sellers/<slug>")
def decide_seller(slug: str) -> ResponseReturnValue:
    """Move a seller to another state."""
    found, _producers, _listings = staff_seller(db.session(), slug)
    form = CurationForm().offer(CurationState(found.curation))
    if not form.validate():
        return _page(slug, form, None), 422
    try:
        with action() as act:
            state = CurationState(form.state.data)
            curate_seller(act.session, current_actor(), found.id, state, form.note.data or "", form.version.data)
            act.leads_to(url_for("console.seller", slug=slug))
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        form.note.errors = [str(refusal.sentence)]
        return _page(slug, form, None), 422
    flash(_("The seller's place on the market is changed, and they are told."), "success")
    return act.redirect()


@bp.post("/console/sellers/<slug>/mentor")
def assign_seller_mentor(slug: str) -> ResponseReturnValue:
    """Give a seller a mentor."""
    found, _producers, _listings = staff_seller(db.session(), slug)
    form = MentorForm().offer(mentors(db.session()))
    if not form.validate():
        return _page(slug, None, form), 422
    with action() as act:
        assign_mentor(act.session, current_actor(), found.id, int(form.mentor.data) if form.mentor.data else None)
        act.leads_to(url_for("console.seller", slug=slug))
    flash(_("The mentor is noted."), "success")
    return act.redirect()


@bp.post("/console/sellers/<slug>/people/<int:user_id>/link")
def send_password_link(slug: str, user_id: int) -> ResponseReturnValue:
    """A link for a new password, shown once, for somebody who signs in by telephone number alone."""
    found, _producers, _listings = staff_seller(db.session(), slug)
    person = next((one for one in people_without_mail(db.session(), found.organisation_id) if one.id == user_id), None)
    if person is None:
        raise NotFound
    shown = {"slug": slug, "seller": found.organisation.name, "name": person.name}
    with action() as act:
        token = reset_link_by_hand(act.session, current_actor(), user_id)
        act.leads_to(url_for("console.seller", slug=slug))
        address, whatsapp = reset_by_whatsapp(settings().web.public_url, person, token)
        phone = readable_phone(person.phone or "")
    return render_template("console/password_link.html", **shown, phone=phone, address=address, whatsapp=whatsapp)


@bp.get("/console/sellers/invite")
def invite_seller_form() -> ResponseReturnValue:
    """The form of an invitation."""
    return render_template("console/invite.html", form=InviteSellerForm(formdata=None, language="id"))


@bp.post("/console/sellers/invite")
def send_seller_invitation() -> ResponseReturnValue:
    """Make an invitation and show its link once; it is kept as a hash only."""
    form = InviteSellerForm()
    if not form.validate():
        return render_template("console/invite.html", form=form), 422
    try:
        with action() as act:
            link, token = invite_seller(
                act.session,
                current_actor(),
                form.phone.data,
                form.pesantren.data,
                form.person.data,
                known(form.language.data),
            )
            act.leads_to(url_for("console.sellers"))
            page = _invited(link, token)
    except DomainError as refusal:
        if refusal.status not in {DomainError.status, Conflict.status}:
            raise
        form.phone.errors = [str(refusal.sentence)]
        return render_template("console/invite.html", form=form), refusal.status
    return page


@bp.post("/console/sellers/applications/<int:application_id>/<any(invite, drop):verb>")
def answer_application(application_id: int, verb: str) -> ResponseReturnValue:
    """Send somebody who registered by telephone number their link, or put the registration aside."""
    if verb == "drop":
        with action() as act:
            drop_application(act.session, current_actor(), application_id)
            act.leads_to(url_for("console.sellers"))
        flash(_("Put aside."), "success")
        return act.redirect()
    with action() as act:
        link, token = invite_applicant(act.session, current_actor(), application_id)
        act.leads_to(url_for("console.sellers"))
        page = _invited(link, token)
    return page


def _invited(link: LinkToken, token: str) -> str:
    public_url = settings().web.public_url
    return render_template(
        "console/invited.html",
        payload=link.payload,
        phone=readable_phone(str(link.payload["phone"])),
        address=invitation_address(public_url, str(link.payload["locale"]), token),
        whatsapp=invitation_by_whatsapp(public_url, link, token),
    )
