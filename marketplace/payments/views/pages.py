"""One's payments: what is due to whom, how it is paid, what became of it."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.i18n.addresses import localised
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.forms import seen_number
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.money import Money
from marketplace.kernel.outside import settings
from marketplace.kernel.paging import page_number
from marketplace.payments import queries, wording
from marketplace.payments.doors import gateway, takes_cards
from marketplace.payments.forms import RefundForm
from marketplace.payments.gateway import Uncertain
from marketplace.payments.models import Payment
from marketplace.payments.rules import AccountState, PaymentState
from marketplace.payments.services import ask_card_page, ask_refund, confirm_bank_transfer, open_card_page
from marketplace.payments.views.blueprint import bp

_GIVES_BACK = {PaymentState.PAID, PaymentState.PARTLY_REFUNDED}


@bp.get("/payments")
def payments() -> ResponseReturnValue:
    """Everything one's company pays, is paid, or takes for others."""
    page = queries.payments_of(db.session(), current_actor(), page_number(request.args.get("page")))
    return render_template("payments/list.html", page=page, wording=wording, own=current_actor().organisation_id)


@bp.get("/payments/<key>")
def payment(key: str) -> ResponseReturnValue:
    """One payment. The card page leads back here; only a signed event makes it paid."""
    return _page(queries.payment_of(db.session(), current_actor(), key), RefundForm(formdata=None))


def _page(row: Payment, form: RefundForm, status: int = 200) -> ResponseReturnValue:
    actor, session = current_actor(), db.session()
    account = row.settlement_account
    is_payer = row.payer_id == actor.organisation_id
    holds = account is not None and account.organisation_id == actor.organisation_id
    is_held_up = queries.is_held_up(session, row)
    takes = takes_cards() and account is not None and account.state == AccountState.ACTIVE
    gone = sum(one.minor for one in row.refunds if one.state != "failed")
    holder_id = account.organisation_id if account is not None else row.payee_id
    body = render_template(
        "payments/payment.html",
        payment=row,
        amount=Money(row.minor, row.currency),
        refunds=[(one, Money(one.minor, row.currency)) for one in row.refunds],
        left=Money(row.minor - gone, row.currency),
        names=queries.names(session, {row.payer_id, row.payee_id, holder_id}),
        holder_id=holder_id,
        is_payer=is_payer,
        is_payee=row.payee_id == actor.organisation_id,
        may_give_back=row.state in _GIVES_BACK and gone < row.minor and (holds if row.is_by_card else _receives(row)),
        takes_cards=takes,
        is_held_up=is_held_up,
        card_page=queries.open_page(row) if is_payer and row.state == PaymentState.DUE and not is_held_up else None,
        is_preparing=is_payer and queries.is_preparing(row),
        bank=queries.bank_details(session, row.payee_id, row.currency),
        form=form,
        wording=wording,
    )
    return body, status


def _receives(row: Payment) -> bool:
    return row.payee_id == current_actor().organisation_id


@bp.post("/payments/<key>/card")
def pay_by_card(key: str) -> ResponseReturnValue:
    """Have a card page opened; the link to it stands on the payment's page."""
    row = queries.payment_of(db.session(), current_actor(), key)
    if row.payer_id != current_actor().organisation_id or not takes_cards():
        raise NotFound
    address = localised(settings().web.public_url, current_locale(), f"/payments/{row.key}")
    with action() as act:
        attempt_id = ask_card_page(act.session, row, current_locale(), address).id
        act.leads_to(url_for("payments.payment", key=key))
    try:
        open_card_page(gateway(), attempt_id, address)
    except Uncertain:
        flash(_("The card page is being prepared. Reload this page in a minute."), "info")
    return act.redirect()


@bp.post("/payments/<key>/received")
def received(key: str) -> ResponseReturnValue:
    """The payee saw the transfer on its account."""
    row = queries.payment_of(db.session(), current_actor(), key)
    if row.payee_id != current_actor().organisation_id:
        raise NotFound
    with action() as act:
        confirm_bank_transfer(act.session, current_actor(), row)
        act.leads_to(url_for("payments.payment", key=key))
    flash(_("Noted: the amount has arrived. The payer is told."), "success")
    return act.redirect()


@bp.post("/payments/<key>/refund")
def give_back(key: str) -> ResponseReturnValue:
    """Whoever holds the money gives a part or all of it back."""
    row, form = queries.payment_of(db.session(), current_actor(), key), RefundForm()
    account = row.settlement_account
    holder = account.organisation_id if row.is_by_card and account is not None else row.payee_id
    if holder != current_actor().organisation_id:
        raise NotFound
    amount = form.money(row.currency) if form.validate() else None
    if amount is None:
        return _page(row, form, 422)
    with action() as act:
        ask_refund(act.session, current_actor(), row, amount, form.reason.data or "", left=seen_number("left"))
        act.leads_to(url_for("payments.payment", key=key))
    flash(_("The refund is on its way."), "success")
    return act.redirect()
