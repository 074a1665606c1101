"""Deals on their way: the list, and one page with all steps, the deposit, disputes and cancellation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from marketplace.i18n.formats import format_number
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.forms import GuardedForm, seen_version
from marketplace.kernel.http import current_actor
from marketplace.kernel.money import Money
from marketplace.kernel.paging import page_number
from marketplace.orders import queries, services, wording
from marketplace.orders.forms import PlanForm, ReasonForm, StepForm
from marketplace.orders.policies import root_for, side_of
from marketplace.orders.queries import OrderRow
from marketplace.orders.rules import (
    ORDER_OVER,
    TIME_TO_OBJECT,
    OrderState,
    due_on,
    may_report,
    next_milestone,
    settles_at,
)
from marketplace.orders.views.acting import done
from marketplace.orders.views.blueprint import bp
from marketplace.payments.queries import payment_about
from marketplace.payments.rules import PaymentState
from marketplace.rfqs.rules import Side


@bp.get("/deals")
def deals() -> ResponseReturnValue:
    """Everything one may read of deals, newest first."""
    actor = current_actor()
    page = queries.orders_page(db.session(), actor, page_number(request.args.get("page")))
    root, side = root_for(actor), side_of(actor)
    return render_template("orders/deals.html", page=page, wording=wording, side=side, root=root)


@bp.get("/deals/<key>/progress")
def progress(key: str) -> ResponseReturnValue:
    """How a deal stands, for both sides and whoever accompanies them."""
    return _page(_read(key))


@bp.post("/deals/<key>/report")
def report(key: str) -> ResponseReturnValue:
    """One side reports the next step."""
    form = StepForm()
    step = form.step() if form.validate() else None
    if step is None:
        return _page(_read(key), report=form), 422
    note, word = form.note.data or "", form.money_word()
    said = _("Noted. The other side is asked to countersign.")
    return _as_seen(
        key, form, "report", lambda s: services.report_step(s, current_actor(), key, step, note, word), said
    )


@bp.post("/deals/<key>/countersign")
def countersign(key: str) -> ResponseReturnValue:
    """The other side confirms a step."""
    form = StepForm()
    step = form.step() if form.validate() else None
    if step is None:
        raise NotFound
    said = _("Countersigned: both sides have confirmed this step.")
    return _as_seen(key, None, "", lambda s: services.countersign(s, current_actor(), key, step), said)


@bp.post("/deals/<key>/plan")
def plan(key: str) -> ResponseReturnValue:
    """The seller names a date."""
    row = _read(key)
    form = _plan_form(row, PlanForm())
    if not form.validate():
        return _page(row, plan=form), 422
    step, day, days = OrderState(form.milestone.data), form.day.data, form.days.data
    said = _("The date stands. The buyer sees it here.")
    return _as_seen(key, form, "plan", lambda s: services.plan_step(s, current_actor(), key, step, day, days), said)


@bp.post("/deals/<key>/dispute")
def dispute(key: str) -> ResponseReturnValue:
    """Something is wrong."""
    form = ReasonForm(prefix="dispute")
    if not form.validate():
        return _page(_read(key), dispute=form), 422
    why = form.why.data or ""
    said = _("The deal stands still. The other side is told why.")
    return _act(key, form, "dispute", lambda s: services.open_dispute(s, current_actor(), key, why), said)


@bp.post("/deals/<key>/dispute-over")
def dispute_over(key: str) -> ResponseReturnValue:
    """The side that opened the dispute is content."""
    said = _("The dispute is over. The deal goes on where it stood.")
    return _as_seen(key, None, "", lambda s: services.withdraw_dispute(s, current_actor(), key), said)


@bp.post("/deals/<key>/cancel")
def cancel_deal(key: str) -> ResponseReturnValue:
    """Ask the other side to cancel."""
    form = ReasonForm(prefix="cancel")
    if not form.validate():
        return _page(_read(key), cancel=form), 422
    why = form.why.data or ""
    said = _("The other side is asked. The deal stands until they agree.")
    return _act(key, form, "cancel", lambda s: services.ask_cancellation(s, current_actor(), key, why), said)


@bp.post("/deals/<key>/cancel-answer")
def answer_cancel(key: str) -> ResponseReturnValue:
    """Agree to cancel, or let the deal go on."""
    agrees = request.form.get("answer") == "yes"
    said = _("Cancelled by both sides. Nothing unpaid is due any more.") if agrees else _("The deal goes on.")
    return _as_seen(
        key, None, "", lambda s: services.answer_cancellation(s, current_actor(), key, is_agreed=agrees), said
    )


def _read(key: str) -> OrderRow:
    return queries.deal_and_order(db.session(), current_actor(), key)


def _act(
    key: str, form: GuardedForm | None, name: str, step: Callable[[Session], object], said: str
) -> ResponseReturnValue:
    """Do one step of it."""
    return done(step, said, url_for("orders.progress", key=key), form, lambda: _page(_read(key), **{name: form}))


def _as_seen(
    key: str, form: GuardedForm | None, name: str, step: Callable[[Session], object], said: str
) -> ResponseReturnValue:
    """Do a step that follows from how the deal stands, if it still stands so."""
    seen = seen_version()

    def looked_at(session: Session) -> None:
        services.require_seen(session, current_actor(), key, seen)
        step(session)

    return _act(key, form, name, looked_at, said)


def _plan_form(row: OrderRow, form: PlanForm) -> PlanForm:
    steps = [step for step in row.order.steps if step.reported_at is None]
    form.milestone.choices = [SelectChoice(step.milestone, wording.ORDER_STATES[step.milestone][0]) for step in steps]
    return form


def _talk(row: OrderRow, side: Side | None) -> str:
    """The local path of the conversation, for the two sides."""
    if side is None:
        return ""
    return f"/leads/{row.lead}" if side is Side.SELLER else f"/requests/{row.request}/with/{row.lead}"


def _again(row: OrderRow) -> str:
    """Where the buyer asks for the same again: the product's form with quantity and delivery term, or in words."""
    goods, terms = queries.goods_to_order_again(db.session(), row.deal.id), row.deal.terms
    if goods is None:
        return "/requests/new?" + urlencode({"text": row.goods})
    wish = {
        "quantity": format_number(goods.quantity, current_locale()),
        "unit": goods.unit,
        "incoterm": str(terms.get("incoterm", "")),
        "place": str(terms.get("place", "")),
    }
    return f"/products/{goods.slug}/inquiry?" + urlencode({name: value for name, value in wish.items() if value})


def _page(row: OrderRow, **forms: Any) -> str:
    actor, order, deal = current_actor(), row.order, row.deal
    side = side_of(actor)
    state = OrderState(order.state)
    following = next_milestone(state)
    is_told = any(step.milestone == OrderState.SETTLED and step.reported_at for step in order.steps)
    open_payments = [
        one
        for one in (queries.money_left(db.session(), deal) if following is OrderState.SETTLED else ())
        if not (is_told and one.state == PaymentState.CHARGED_BACK)  # the word for it stands in the timeline
    ]
    with_banks = [one for one in open_payments if one.state not in {PaymentState.DUE, PaymentState.CHARGED_BACK}]
    start = order.deposit_paid_at or (order.begun_at if order.deposit_minor is None else None)
    steps = [
        {
            "step": step,
            "name": wording.ORDER_STATES[step.milestone][0],
            "due": due_on(step.due_on, step.due_days, start),
            "days": step.due_days,
            "is_mine": step.reported_side == side,
            "settles_at": settles_at(step.reported_at, step.countersigned_at)
            if step.milestone == OrderState.SETTLED and state is OrderState.ARRIVED
            else None,
            "can_countersign": side is not None
            and state is not OrderState.CANCELLED
            and step.reported_at is not None
            and step.countersigned_at is None
            and step.reported_side != side,
        }
        for step in order.steps
    ]
    return render_template(
        "orders/deal.html",
        row=row,
        order=order,
        deal=deal,
        root=root_for(actor),
        side=side,
        steps=steps,
        wording=wording,
        pill=wording.ORDER_STATES[state],
        following=following,
        can_report=following is not None
        and side is not None
        and may_report(state, following, side)
        and not any(step.milestone == following and step.reported_at for step in order.steps)
        and (not open_payments or (side is Side.SELLER and not with_banks)),
        left=Money(sum(one.minor for one in with_banks or open_payments), deal.currency) if open_payments else None,
        is_with_banks=bool(with_banks),
        is_taken_back=all(one.state == PaymentState.CHARGED_BACK for one in open_payments),
        money_word=queries.money_word(db.session(), deal),
        is_over=state in ORDER_OVER,
        days_to_object=TIME_TO_OBJECT.days,
        deposit=Money(order.deposit_minor, deal.currency) if order.deposit_minor else None,
        payment=payment_about(db.session(), f"deposit:{deal.key}"),
        balance=payment_about(db.session(), f"balance:{deal.key}"),
        talk=_talk(row, side),
        again=_again(row) if side is Side.BUYER and state is OrderState.SETTLED else "",
        zone=actor.time_zone,
        forms={
            "report": forms.get("report") or StepForm(formdata=None),
            "plan": forms.get("plan") or _plan_form(row, PlanForm(formdata=None)),
            "dispute": forms.get("dispute") or ReasonForm(formdata=None, prefix="dispute"),
            "cancel": forms.get("cancel") or ReasonForm(formdata=None, prefix="cancel"),
        },
        shown=next(iter(forms), ""),
    )
