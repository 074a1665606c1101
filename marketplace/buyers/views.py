"""Pages of buying companies: registering, and the company's own page."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.passwords import hash_password
from marketplace.accounts.queries import newest_verification
from marketplace.accounts.services.registration import Registration, register
from marketplace.buyers.forms import BuyerRegistrationForm, CompanyForm
from marketplace.buyers.interests import interest_groups
from marketplace.buyers.models import Buyer
from marketplace.buyers.queries import own_buyer
from marketplace.buyers.services import change_company
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.policy import OrganisationKind

bp = Blueprint("buyers", __name__)


@bp.get("/register/buyer")
def register_page() -> ResponseReturnValue:
    """The form by which a buying company registers."""
    return _register_page(BuyerRegistrationForm())


@bp.post("/register/buyer")
def register_buyer() -> ResponseReturnValue:
    """Send a link to the address; the answer is the same for everybody."""
    form = BuyerRegistrationForm()
    if not form.validate_on_submit():
        return _register_page(form), 422
    registration = Registration(
        kind=OrganisationKind.BUYER,
        person_name=form.name.data,
        organisation_name=form.company.data,
        country=form.country.data,
        locale=current_locale(),
        email=form.email.data,
        phone=form.phone.data or "",
        website=form.website.data or "",
        registration_number=form.registration_number.data or "",
        profile={"trade": form.trade.data, "interests": form.interests.data or []},
    )
    password_hash = hash_password(form.password.data)
    with action() as act:
        register(act.session, registration, password_hash, request.remote_addr)
        act.leads_to(url_for("accounts.registration_sent"))
    return act.redirect()


@bp.get("/buying/company")
def company() -> ResponseReturnValue:
    """The company as sellers come to see it."""
    buyer = own_buyer(db.session(), current_actor())
    return _company_page(_company_form(buyer), buyer)


@bp.post("/buying/company")
def change_own_company() -> ResponseReturnValue:
    """Keep the company's answers."""
    form = CompanyForm()
    if not form.validate_on_submit():
        return _company_page(form, own_buyer(db.session(), current_actor())), 422
    with action() as act:
        is_level_gone = change_company(act.session, current_actor(), form.as_draft(), form.version.data or 0)
        act.leads_to(url_for("buyers.company"))
    if is_level_gone:
        flash(_("Your company was saved. As name, country or number changed, a curator checks it again."), "info")
    else:
        flash(_("Your company was saved."), "success")
    return act.redirect()


def _register_page(form: BuyerRegistrationForm) -> str:
    return render_template("buyers/register.html", form=form, groups=interest_groups(current_locale()))


def _company_page(form: CompanyForm, buyer: Buyer) -> str:
    return render_template(
        "buyers/company.html",
        form=form,
        organisation=buyer.organisation,
        check=newest_verification(db.session(), buyer.organisation_id),
        groups=interest_groups(current_locale()),
    )


def _company_form(buyer: Buyer) -> CompanyForm:
    organisation = buyer.organisation
    data = {
        "name": organisation.name,
        "country": organisation.country,
        "city": organisation.city,
        "website": organisation.website,
        "registration_number": organisation.registration_number,
        "trade": buyer.trade,
        "about": buyer.about,
        "import_history": buyer.import_history,
        "interests": buyer.interests,
        "version": organisation.version,
    }
    return CompanyForm(formdata=None, data=data)
