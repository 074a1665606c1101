"""Pages of sellers: registering, taking up an invitation, the profile."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.contact import readable_phone
from marketplace.accounts.passwords import hash_password
from marketplace.accounts.services.invitations import accept_seller_invitation, invited_seller
from marketplace.accounts.services.registration import Registration, apply_by_phone, register
from marketplace.accounts.views.visit import begin_session, enter, home_of, keep_private
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.policy import OrganisationKind
from marketplace.kernel.regions import REGENCIES
from marketplace.kernel.uow import transaction
from marketplace.sellers.forms import (
    ProducerForm,
    SellerInvitationForm,
    SellerProfileForm,
    SellerRegistrationForm,
)
from marketplace.sellers.models import Producer, Seller
from marketplace.sellers.queries import notes_of, own_producer, own_seller
from marketplace.sellers.rules import CurationState
from marketplace.sellers.services import change_producer, change_seller
from marketplace.sellers.wording import STATE_NAMES, STATE_TONES

bp = Blueprint("sellers", __name__)
bp.after_request(keep_private)
PLACES = tuple(regency.full_name for regency in REGENCIES.values())


@bp.get("/register/seller")
def register_page() -> ResponseReturnValue:
    """The form by which a pesantren registers itself."""
    return render_template("sellers/register.html", form=SellerRegistrationForm(), places=PLACES)


@bp.post("/register/seller")
def register_seller() -> ResponseReturnValue:
    """With an e-mail address a link goes there; without one a curator sends it by WhatsApp."""
    form = SellerRegistrationForm()
    if not form.validate_on_submit():
        return render_template("sellers/register.html", form=form, places=PLACES), 422
    registration = Registration(
        kind=OrganisationKind.SELLER,
        person_name=form.name.data,
        organisation_name=form.unit.data,
        country="ID",
        locale=current_locale(),
        email=form.email.data or "",
        phone=form.phone.data,
        registration_number=form.nib.data or "",
        profile={
            "pesantren_name": form.pesantren.data,
            "regency": form.regency.data,
            "nib": form.nib.data or "",
            "whatsapp": form.phone.data,
        },
    )
    password_hash = hash_password(form.password.data) if registration.email else ""
    with action() as act:
        if registration.email:
            register(act.session, registration, password_hash, request.remote_addr)
            act.leads_to(url_for("accounts.registration_sent"))
        else:
            apply_by_phone(act.session, registration, request.remote_addr)
            act.leads_to(url_for("accounts.registration_received"))
    return act.redirect()


@bp.get("/invitations/seller/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """What a curator's invitation opens; showing it uses nothing up."""
    waiting = invited_seller(db.session(), token)
    form = SellerInvitationForm(
        formdata=None,
        data={
            "name": waiting["person_name"],
            "pesantren": waiting["profile"].get("pesantren_name") or waiting["organisation_name"],
            "unit": waiting["organisation_name"],
            "regency": waiting["profile"].get("regency", ""),
        },
    )
    return render_template("sellers/invitation.html", form=form, phone=readable_phone(waiting["phone"]), places=PLACES)


@bp.post("/invitations/seller/<token>")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Set the password, open the account and sign in."""
    waiting = invited_seller(db.session(), token)
    form = SellerInvitationForm()
    if not form.validate_on_submit():
        return render_template(
            "sellers/invitation.html", form=form, phone=readable_phone(waiting["phone"]), places=PLACES
        ), 422
    password_hash = hash_password(form.password.data)
    with transaction() as session:
        user = accept_seller_invitation(
            session,
            token,
            password_hash,
            person_name=form.name.data,
            organisation_name=form.unit.data,
            locale=current_locale(),
            profile={"pesantren_name": form.pesantren.data, "regency": form.regency.data},
        )
        session.flush()  # handlers have still to run; the session row looks the membership up
        session_token = begin_session(session, user)
    actor = enter(db.session(), session_token)
    flash(_("Welcome. Your account is open; you sign in with your telephone number."), "success")
    return redirect(url_for("sellers.profile") if actor and actor.is_seller else home_of(current_actor()), 303)


@bp.get("/selling/profile")
def profile() -> ResponseReturnValue:
    """The business unit and its pesantren, as the public page shows them."""
    return _profile_page()


@bp.post("/selling/profile")
def change_profile() -> ResponseReturnValue:
    """Keep the business unit's answers."""
    form = SellerProfileForm()
    if not form.validate_on_submit():
        return _profile_page(form), 422
    with action() as act:
        change_seller(act.session, current_actor(), form.as_draft(), form.version.data or 0)
        act.leads_to(url_for("sellers.profile"))
    flash(_("Your profile was saved."), "success")
    return act.redirect()


@bp.get("/selling/profile/pesantren/<int:producer_id>")
def producer(producer_id: int) -> ResponseReturnValue:
    """Facts and story of one pesantren."""
    found = own_producer(db.session(), current_actor(), producer_id)
    seller = own_seller(db.session(), current_actor())
    return render_template("sellers/producer.html", form=_producer_form(found, seller), producer=found, places=PLACES)


@bp.post("/selling/profile/pesantren/<int:producer_id>")
def change_pesantren(producer_id: int) -> ResponseReturnValue:
    """Keep facts and story."""
    form = ProducerForm()
    if not form.validate_on_submit():
        found = own_producer(db.session(), current_actor(), producer_id)
        return render_template("sellers/producer.html", form=form, producer=found, places=PLACES), 422
    with action() as act:
        change_producer(act.session, current_actor(), producer_id, form.as_draft(), form.version.data or 0)
        act.leads_to(url_for("sellers.profile"))
    flash(_("The pesantren's page was saved."), "success")
    return act.redirect()


def _profile_page(form: SellerProfileForm | None = None) -> str:
    session = db.session()
    seller = own_seller(session, current_actor())
    state = CurationState(seller.curation)
    return render_template(
        "sellers/profile.html",
        form=form or _profile_form(seller),
        seller=seller,
        producers=[link.producer for link in seller.producers],
        notes=notes_of(session, seller.id)[:5],
        state_name=str(STATE_NAMES[state]),
        state_tone=STATE_TONES[state],
        note_names={one.value: str(name) for one, name in STATE_NAMES.items()},
    )


def _profile_form(seller: Seller) -> SellerProfileForm:
    organisation = seller.organisation
    data = {
        "name": organisation.name,
        "country": organisation.country,
        "city": organisation.city,
        "website": organisation.website,
        "form": seller.form,
        "nib": seller.nib,
        "whatsapp": seller.whatsapp,
        "port": seller.port,
        "export_years": seller.export_years,
        "languages": seller.languages,
        "version": seller.version,
    }
    return SellerProfileForm(formdata=None, data=data)


def _producer_form(producer: Producer, seller: Seller) -> ProducerForm:
    original = next((text for text in producer.texts if text.is_original), None)
    data = {
        "name": producer.name,
        "regency": producer.regency,
        "address": producer.address,
        "santri_count": producer.santri_count,
        "founded_year": producer.founded_year,
        "language": original.language if original else current_locale(),
        "story": original.story if original else "",
        "version": seller.version,
    }
    return ProducerForm(formdata=None, data=data)
