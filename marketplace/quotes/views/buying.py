"""The buyer's side of one seller's quote: read, accepted by its number, declined with a reason, countered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.fullness import unless_full
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.uow import transaction
from marketplace.quotes import showing
from marketplace.quotes.forms import CounterForm, DeclineQuoteForm, VersionForm, named
from marketplace.quotes.guarded import guarded
from marketplace.quotes.models import QuoteLine, QuoteVersion
from marketplace.quotes.queries import asked_of, deal_of_request, versions_of
from marketplace.quotes.queries.sheets import sheet_of
from marketplace.quotes.rules import DEFAULT_VALID_DAYS, LineAnswer, QuoteDecline, QuoteState
from marketplace.quotes.services import accept_quote, counter_quote, decline_quote, is_standing, mark_viewed
from marketplace.quotes.views.blueprint import bp
from marketplace.quotes.wording import DECLINES
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.queries.contacts import as_written, guard_of
from marketplace.rfqs.rules import LIVE, RfqState, Side, written_in
from marketplace.rfqs.visits import Headers, is_read_by_a_person, refused_beside


@bp.get("/requests/<key>/with/<recipient_key>/quote")
def quote(key: str, recipient_key: str) -> ResponseReturnValue:
    """The version that counts."""
    recipient, rows = _read(key, recipient_key)
    return _page(recipient, rows[0], rows)


@bp.get("/requests/<key>/with/<recipient_key>/quote/<int(max=2147483647):number>")
def version(key: str, recipient_key: str, number: int) -> ResponseReturnValue:
    """One version of it."""
    recipient, rows = _read(key, recipient_key)
    row = next((one for one in rows if one.number == number), None)
    if row is None:
        raise NotFound
    return _page(recipient, row, rows)


@bp.post("/requests/<key>/with/<recipient_key>/quote/accept")
def accept(key: str, recipient_key: str) -> ResponseReturnValue:
    """Accept the version that the form names, and no other."""
    form = VersionForm()
    deal_key = new_public_key()
    with action(url_for("quotes.deal", key=deal_key)) as act:
        accept_quote(act.session, current_actor(), key, recipient_key, named(form.number.data), deal_key=deal_key)
    flash(_("Agreed. The seller is told, and everybody else that the request is over."), "success")
    return act.redirect()


@bp.route("/requests/<key>/with/<recipient_key>/quote/decline", methods=["GET", "POST"])
def decline(key: str, recipient_key: str) -> ResponseReturnValue:
    """Say no, with a reason."""
    form, status = DeclineQuoteForm(), 200
    recipient, rows = _read(key, recipient_key)
    if request.method == "POST":
        status = 422
        if form.validate():
            reason, note = QuoteDecline(form.reason.data), form.note.data or ""
            try:
                with action() as act:
                    number = named(form.number.data)
                    decline_quote(act.session, current_actor(), key, recipient_key, number, reason, note)
                    act.leads_to(url_for("quotes.quote", key=key, recipient_key=recipient_key))
            except DomainError as fault:
                status, _headers = refused_beside(form, fault)
                recipient, rows = _read(key, recipient_key)
            else:
                flash(_("You have declined. The seller knows why and can send a better quote."), "success")
                return act.redirect()
    return _step("quotes/decline.html", recipient, rows[0], form), status


@bp.get("/requests/<key>/with/<recipient_key>/quote/counter")
def counter_form(key: str, recipient_key: str) -> ResponseReturnValue:
    """The form of a counter-offer with the seller's quantities and prices."""
    recipient, rows = _read(key, recipient_key)
    lines = [{"quantity": line.quantity, "unit_price": line.unit_price} for line in _offered(rows[0])]
    data = {"lines": lines, "number": str(rows[0].number), "valid_until": today() + timedelta(days=DEFAULT_VALID_DAYS)}
    return _step("quotes/counter.html", recipient, rows[0], CounterForm(formdata=None, data=data))


@bp.post("/requests/<key>/with/<recipient_key>/quote/counter")
def counter(key: str, recipient_key: str) -> ResponseReturnValue:
    """Send the counter-offer."""
    form = CounterForm()
    recipient, rows = _read(key, recipient_key)
    base = next((row for row in rows if row.number == named(form.number.data)), rows[0])
    lines = _offered(base)
    while len(form.lines) > len(lines):
        form.lines.pop_entry()
    while len(form.lines) < len(lines):
        form.lines.append_entry()
    form.count_in(base.currency)
    if not form.validate():
        return _step("quotes/counter.html", recipient, base, form), 422
    draft = form.as_draft([line.id for line in lines], written_in(form.note.data or "", current_locale()))
    try:
        with action() as act:
            counter_quote(act.session, current_actor(), key, recipient_key, named(form.number.data), draft)
            act.leads_to(url_for("quotes.quote", key=key, recipient_key=recipient_key))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        recipient, rows = _read(key, recipient_key)
        base = next((row for row in rows if row.number == named(form.number.data)), rows[0])
        return _step("quotes/counter.html", recipient, base, form), status, headers
    flash(_("Your counter-offer is sent. The seller accepts it or answers with a new version."), "success")
    return act.redirect()


def _read(key: str, recipient_key: str) -> tuple[Recipient, list[QuoteVersion]]:
    """The buyer's own recipient with everything that was sent, newest first; `NotFound` before the first quote."""
    recipient = asked_of(db.session(), current_actor(), key, recipient_key)
    rows = versions_of(db.session(), recipient.id, Side.BUYER)
    if not rows:
        raise NotFound
    return recipient, rows


def _offered(row: QuoteVersion) -> list[QuoteLine]:
    return [line for line in row.lines if line.answer != LineAnswer.NOT_AVAILABLE]


def _step(template: str, recipient: Recipient, row: QuoteVersion, form: Any) -> str:
    if request.method == "GET":
        form.number.data = str(row.number)
    can_act = is_standing(row) and recipient.rfq.state in LIVE
    return render_template(
        template,
        rfq=recipient.rfq,
        recipient=recipient,
        name=recipient.seller.organisation.name,
        row=row,
        lines=_offered(row),
        form=form,
        can_act=can_act,
    )


def _page(
    recipient: Recipient, row: QuoteVersion, rows: list[QuoteVersion], status: int = 200, headers: Headers | None = None
) -> ResponseReturnValue:
    session, actor, locale = db.session(), current_actor(), current_locale()
    if row.state == QuoteState.SENT and row.author_side == Side.SELLER and is_read_by_a_person():
        version_id, key, recipient_key = row.id, recipient.rfq.key, recipient.key
        with unless_full(), transaction() as inside:  # a reading leaves its mark before the page is made, never in it
            mark_viewed(inside, version_id, Side.BUYER)
        recipient, rows = _read(key, recipient_key)
        row = next(one for one in rows if one.id == version_id)
    zone, rfq = actor.time_zone, recipient.rfq
    guard = guard_of(session, recipient.id) if row.author_side == Side.SELLER else as_written
    base = f"{request.script_root}/requests/{rfq.key}/with/{recipient.key}/quote"
    is_current = row.id == rows[0].id
    body = render_template(
        "quotes/quote.html",
        rfq=rfq,
        recipient=recipient,
        name=recipient.seller.organisation.name,
        row=row,
        form=VersionForm(formdata=None, number=str(row.number)),
        view=showing.sheet_view(guarded(sheet_of(session, row), guard), locale, zone),
        pill=showing.pill_of(row, Side.BUYER),
        left=showing.left_of(row),
        versions=showing.versions_view(rows, Side.BUYER, base, row.id, locale, zone),
        is_current=is_current,
        is_own=row.author_side == Side.BUYER,
        can_answer=is_current and is_standing(row) and rfq.state in LIVE,
        is_expired_request=rfq.state == RfqState.EXPIRED,
        deal=deal_of_request(session, rfq.id) if row.state == QuoteState.ACCEPTED else None,
        declines=DECLINES,
    )
    return body, status, headers or {}
