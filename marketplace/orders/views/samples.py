"""Samples: the list, the asking, and one page on which each side finds its next step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.i18n.formats import format_number
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.forms import GuardedForm, seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.money import Money
from marketplace.kernel.paging import page_number
from marketplace.orders import queries, services, wording
from marketplace.orders.forms import ApproveForm, AskForm, DeclineSampleForm, ShipForm, judge_form
from marketplace.orders.policies import root_for, side_of
from marketplace.orders.queries import SampleRow
from marketplace.orders.rules import SampleDecline, SampleKind
from marketplace.orders.sheets import sheet_of
from marketplace.orders.views.acting import done
from marketplace.orders.views.blueprint import bp
from marketplace.payments.queries import payment_about
from marketplace.rfqs.queries.contacts import as_written, guard_of
from marketplace.rfqs.rules import Side
from marketplace.rfqs.visits import refused_beside


@bp.get("/samples")
def samples() -> ResponseReturnValue:
    """Everything one may read of samples, newest first."""
    actor = current_actor()
    page = queries.samples_page(db.session(), actor, page_number(request.args.get("page")))
    root, side = root_for(actor), side_of(actor)
    return render_template("orders/samples.html", page=page, wording=wording, side=side, root=root)


@bp.route("/samples/new/<recipient_key>", methods=["GET", "POST"])
def ask(recipient_key: str) -> ResponseReturnValue:
    """Ask one seller for a sample."""
    actor, session = current_actor(), db.session()
    recipient, seller, _buyer = queries.talk_of(session, actor, recipient_key)
    lines = [(line.id, line.description or recipient.rfq.subject) for line in queries.lines_to_sample(recipient)]
    data: dict[str, Any] = {}
    if request.method == "GET":
        data = {"unit": "kg", "line": lines[0][0] if lines else None}
        if request.args.get("kind") in set(SampleKind):  # a deal's page leads to the sample from its goods
            data["kind"] = request.args["kind"]
    form, status = AskForm(lines, current_locale(), data=data or None), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with action() as act:
                    row = services.ask_sample(act.session, actor, recipient_key, form.as_draft())
                    act.leads_to(url_for("orders.sample", key=row.key))
            except DomainError as fault:
                status, _headers = refused_beside(form, fault)
                recipient, seller, _buyer = queries.talk_of(db.session(), actor, recipient_key)
            else:
                flash(_("The seller is asked. You are told as soon as they decide."), "success")
                return act.redirect()
    others = queries.samples_about(db.session(), actor, recipient.id)
    talk = f"/requests/{recipient.rfq.key}/with/{recipient.key}"
    body = render_template("orders/ask.html", form=form, seller=seller.name, talk=talk, others=others, wording=wording)
    return body, status


@bp.get("/samples/<key>")
def sample(key: str) -> ResponseReturnValue:
    """One sample, for both sides and whoever accompanies them."""
    return _page(_read(key))


@bp.post("/samples/<key>/approve")
def approve(key: str) -> ResponseReturnValue:
    """Say yes, free or for an amount."""
    form = ApproveForm()
    terms = form.as_draft() if form.validate() else None
    if terms is None:
        return _page(_read(key), approve=form), 422
    draft = terms
    said = _("Approved. The buyer is told.")
    return _step(key, form, "approve", lambda s: services.approve_sample(s, current_actor(), key, draft), said)


@bp.post("/samples/<key>/decline")
def decline(key: str) -> ResponseReturnValue:
    """Say no, with a reason."""
    form = DeclineSampleForm()
    if not form.validate():
        return _page(_read(key), decline=form), 422
    reason, note = SampleDecline(form.reason.data), form.note.data or ""
    said = _("You have declined. The buyer knows why.")
    return _step(key, form, "decline", lambda s: services.decline_sample(s, current_actor(), key, reason, note), said)


@bp.post("/samples/<key>/cancel")
def cancel(key: str) -> ResponseReturnValue:
    """The buyer needs it no more."""
    said, seen = _("Cancelled. Nothing is due."), seen_version()
    return _step(key, None, "", lambda s: services.cancel_sample(s, current_actor(), key, seen), said)


@bp.post("/samples/<key>/ship")
def ship(key: str) -> ResponseReturnValue:
    """Handed to a carrier."""
    form = ShipForm()
    if not form.validate():
        return _page(_read(key), ship=form), 422
    carrier, tracking = form.carrier.data or "", form.tracking.data or ""
    said = _("Noted: the sample is on its way. The buyer is told.")
    return _step(key, form, "ship", lambda s: services.ship_sample(s, current_actor(), key, carrier, tracking), said)


@bp.post("/samples/<key>/arrived")
def arrived(key: str) -> ResponseReturnValue:
    """The buyer has it."""
    said = _("Noted: the sample has arrived. Tell the seller what you think of it.")
    return _step(key, None, "", lambda s: services.confirm_delivery(s, current_actor(), key), said)


@bp.route("/samples/<key>/feedback", methods=["GET", "POST"])
def feedback(key: str) -> ResponseReturnValue:
    """The score sheet."""
    row = _read(key)
    form = judge_form(sheet_of(row.sample.commodity))
    if request.method == "GET" or not form.validate():
        return _sheet(row, form, 200 if request.method == "GET" else 422)
    judgement = form.as_draft()
    try:
        with action() as act:
            services.judge_sample(act.session, current_actor(), key, judgement)
            act.leads_to(url_for("orders.sample", key=key))
    except DomainError as fault:
        status, _headers = refused_beside(form, fault)
        return _sheet(_read(key), form, status)
    flash(_("Thank you. The seller reads your feedback."), "success")
    return act.redirect()


@bp.post("/samples/<key>/close")
def close(key: str) -> ResponseReturnValue:
    """The seller has read the feedback."""
    return _step(key, None, "", lambda s: services.close_sample(s, current_actor(), key), _("Closed."))


def _read(key: str) -> SampleRow:
    return queries.sample_of(db.session(), current_actor(), key)


def _sheet(row: SampleRow, form: GuardedForm, status: int) -> ResponseReturnValue:
    return render_template("orders/feedback.html", row=row, form=form, side=side_of(current_actor())), status


def _step(
    key: str, form: GuardedForm | None, name: str, step: Callable[[Session], object], said: str
) -> ResponseReturnValue:
    """Do one step of it."""
    return done(step, said, url_for("orders.sample", key=key), form, lambda: _page(_read(key), **{name: form}))


def _page(row: SampleRow, **forms: Any) -> str:
    actor, one = current_actor(), row.sample
    side = side_of(actor)
    scale = sheet_of(one.commodity)
    fresh: dict[str, Callable[[], GuardedForm]] = {
        "approve": lambda: ApproveForm(formdata=None, data={"currency": "USD"}),
        "decline": lambda: DeclineSampleForm(formdata=None),
        "ship": lambda: ShipForm(formdata=None),
    }
    payment = payment_about(db.session(), one.about)
    guard = as_written if side is None else guard_of(db.session(), one.recipient_id)
    return render_template(
        "orders/sample.html",
        row=row,
        sample=one,
        wish=one.wish if side == Side.BUYER else guard(one.wish),
        reply=one.reply if side == Side.SELLER else guard(one.reply),
        feedback=one.feedback if side == Side.BUYER else guard(one.feedback),
        root=root_for(actor),
        side=side,
        wording=wording,
        price=Money(one.price_minor, one.currency) if one.price_minor else None,
        freight=Money(one.freight_minor, one.currency) if one.freight_minor else None,
        freight_to_send=queries.freight_to_send(db.session(), one, payment),
        payment=payment,
        attributes=_points(one.scores, wording.ATTRIBUTES),
        scale=scale,
        zone=actor.time_zone,
        talk=None
        if side is None
        else f"/leads/{row.lead}"
        if actor.is_seller
        else f"/requests/{one.rfq.key}/with/{row.lead}",
        forms={name: forms.get(name) or make() for name, make in fresh.items()},
        shown=next(iter(forms), ""),
    )


def _points(scores: Mapping[str, Any], names: Iterable[str]) -> list[tuple[str, str]]:
    """Attributes with their points as the reader writes numbers."""
    locale = current_locale()
    return [
        (str(wording.ATTRIBUTES[name]), format_number(Decimal(str(scores[name])), locale))
        for name in names
        if name in scores
    ]
