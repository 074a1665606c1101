"""One's own account: name, language, time zone, telephone number, e-mail address, organisation."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.forms.account import NewEmailForm, PersonForm, PhoneForm
from marketplace.accounts.models import User
from marketplace.accounts.queries import organisations_of
from marketplace.accounts.services.contact import (
    address_of_change,
    ask_for_new_email,
    change_email,
    change_person,
    change_phone,
)
from marketplace.accounts.services.sessions import switch_organisation
from marketplace.accounts.views.again import password_again
from marketplace.accounts.views.blueprint import bp
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound, TooMany
from marketplace.kernel.http import action, current_actor


@bp.get("/account")
def account() -> ResponseReturnValue:
    """One's own data and ways to the other account pages."""
    return _page()


@bp.post("/account")
def change_own_data() -> ResponseReturnValue:
    """Keep name, language and time zone."""
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(person=form), 422
    with action() as act:
        change_person(act.session, current_actor(), form.as_draft())
        act.leads_to(url_for("accounts.account"))
    flash(_("Your data were saved."), "success")
    return act.redirect()


@bp.post("/account/phone")
def change_own_phone() -> ResponseReturnValue:
    """Keep the telephone number."""
    form = PhoneForm()
    if not form.validate_on_submit():
        return _page(phone=form), 422
    try:
        with action() as act:
            change_phone(act.session, current_actor(), form.phone.data or "")
            act.leads_to(url_for("accounts.account"))
    except TooMany:
        raise
    except DomainError as failure:
        form.phone.errors = [failure.sentence]
        return _page(phone=form), 422
    flash(_("Your telephone number was saved."), "success")
    return act.redirect()


@bp.post("/account/email")
def ask_for_email_change() -> ResponseReturnValue:
    """Send a link to the new address."""
    form = NewEmailForm()
    if not form.validate_on_submit() or not password_again(form.present):
        return _page(email=form), 422
    try:
        with action() as act:
            ask_for_new_email(act.session, current_actor(), form.email.data, request.remote_addr)
            act.leads_to(url_for("accounts.account"))
    except TooMany:
        raise
    except DomainError as failure:
        form.email.errors = [failure.sentence]
        return _page(email=form), 422
    flash(
        _("We sent a link to %(address)s. The address counts once you have opened it.", address=form.email.data),
        "success",
    )
    return act.redirect()


@bp.get("/change-email/<token>")
def confirm_email_change(token: str) -> ResponseReturnValue:
    """Show which address the link would set."""
    return render_template("accounts/change_email.html", address=address_of_change(db.session(), token))


@bp.post("/change-email/<token>")
def change_email_by_link(token: str) -> ResponseReturnValue:
    """Set the address."""
    with action() as act:
        change_email(act.session, token)
        act.leads_to(url_for("accounts.sign_in"))
    flash(_("Your new e-mail address counts from now on. Sign in with it."), "success")
    return act.redirect()


@bp.post("/account/organisation")
def act_for() -> ResponseReturnValue:
    """Act for another organisation of one's own in this session."""
    actor = current_actor()
    wish = request.form.get("organisation", "")
    if not wish.isascii() or not wish.isdigit() or len(wish) > 12 or actor.session_id is None:
        raise NotFound
    with action() as act:
        switch_organisation(act.session, actor.user_id, actor.session_id, int(wish))
        act.leads_to(url_for("accounts.account"))
    return redirect(act.location, 303)


def _page(person: PersonForm | None = None, phone: PhoneForm | None = None, email: NewEmailForm | None = None) -> str:
    actor = current_actor()
    user = db.session().get_one(User, actor.user_id)
    return render_template(
        "accounts/account.html",
        user=user,
        person=person or PersonForm(formdata=None, obj=user),
        phone=phone or PhoneForm(formdata=None, data={"phone": user.stated_phone or user.phone}),
        email=email or NewEmailForm(formdata=None),
        organisations=organisations_of(db.session(), actor.user_id),
        own_organisation=actor.organisation_id,
        is_owner=bool(actor.organisation_id),
    )
