"""A partner's settlement account, the statement of the ledger, and what was paid out."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.models import Organisation, User
from marketplace.i18n.addresses import localised
from marketplace.i18n.formats import format_country
from marketplace.i18n.translations import current_locale
from marketplace.kernel import submits
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import settings
from marketplace.payments import queries, wording
from marketplace.payments.doors import gateway, takes_cards
from marketplace.payments.forms import PaidOutForm, SettlementForm
from marketplace.payments.gateway import GatewayError
from marketplace.payments.services import connect_account, mark_paid_out
from marketplace.payments.services.accounts import SERVED, settlement_account
from marketplace.payments.showing import bookings_of, figures_of
from marketplace.payments.views.blueprint import bp


@bp.get("/payments/statement")
def statement() -> ResponseReturnValue:
    """What was received, what is owed to whom, and every booking behind it."""
    return _statement(PaidOutForm(formdata=None))


def _statement(form: PaidOutForm, status: int = 200) -> ResponseReturnValue:
    session, own = db.session(), current_actor().organisation_id or 0
    labels = wording.ACCOUNTS_OF_CHAPTER if current_actor().is_partner else wording.ACCOUNTS
    body = render_template(
        "payments/statement.html",
        figures=figures_of(queries.balances(session, own), labels),
        creditors=queries.creditors(session, own),
        bookings=bookings_of(queries.statement(session, own), labels),
        form=form,
    )
    return body, status


@bp.post("/payments/paid-out")
def paid_out() -> ResponseReturnValue:
    """The holder of the money wrote down that it paid a seller its share."""
    actor, form = current_actor(), PaidOutForm()
    amount = form.money() if form.validate() else None
    if amount is None:
        return _statement(form, 422)
    receivers = {str(one.organisation_id) for one in queries.creditors(db.session(), actor.organisation_id or 0)}
    if form.receiver.data not in receivers:
        raise NotFound
    with action() as act:
        holder = act.session.get_one(Organisation, actor.organisation_id)
        receiver = act.session.get_one(Organisation, int(form.receiver.data))
        key = submits.hashed(f"user:{actor.user_id}", "paid-out", request.form.get(submits.FIELD, "")[:64])
        mark_paid_out(act.session, actor, holder, receiver, amount, key, form.note.data or "")
        act.leads_to(url_for("payments.statement"))
    flash(_("Written down. The seller sees it on its statement."), "success")
    return act.redirect()


@bp.get("/partner/settlement")
def settlement() -> ResponseReturnValue:
    """The account on which a chapter takes payments by card for its sellers."""
    form = SettlementForm(formdata=None)
    form.country.choices = _countries()
    chapter = db.session().get_one(Organisation, current_actor().organisation_id)
    if chapter.country in SERVED:
        form.country.data = chapter.country
    row = queries.settlement_account_of(db.session(), chapter.id)
    return render_template("payments/settlement.html", form=form, account=row, wording=wording, is_on=takes_cards())


@bp.post("/partner/settlement")
def connect() -> ResponseReturnValue:
    """Open the connected account, once, and show the link on which Stripe asks for the rest."""
    actor, form = current_actor(), SettlementForm()
    form.country.choices = _countries()
    if not takes_cards():
        raise NotFound
    if not form.validate():
        page = render_template("payments/settlement.html", form=form, account=None, wording=wording, is_on=True)
        return page, 422
    with action() as act:
        organisation = act.session.get_one(Organisation, actor.organisation_id)
        row = settlement_account(act.session, actor, organisation, form.country.data)
        email = act.session.get_one(User, actor.user_id).email or ""
    here = localised(settings().web.public_url, current_locale(), "/partner/settlement")
    try:
        link = connect_account(gateway(), row, email, here, here)
    except GatewayError:
        flash(_("Stripe did not answer. Try again in a few minutes; nothing is lost."), "error")
        link = ""
    row = queries.settlement_account_of(db.session(), actor.organisation_id or 0) or row
    return render_template("payments/settlement.html", form=form, account=row, wording=wording, is_on=True, link=link)


def _countries() -> list[tuple[str, str]]:
    locale = current_locale()
    return sorted(((code, format_country(code, locale)) for code in SERVED), key=lambda pair: pair[1])
