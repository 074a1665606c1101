"""The seller's side of a quote: written on a phone, looked at as the buyer will see it, sent, revised, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.forms.trade import port_options
from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.product_view import title_in
from marketplace.catalogue.received import asked_at, received_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.fullness import unless_full
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.uow import transaction
from marketplace.offers.queries import offers_by_key
from marketplace.proceeds.showing import Payouts
from marketplace.quotes import showing
from marketplace.quotes.forms import DeclineCounterForm, QuoteForm, VersionForm, named
from marketplace.quotes.guarded import guarded
from marketplace.quotes.models import QuoteVersion
from marketplace.quotes.offer_filling import filled_from_offers
from marketplace.quotes.prefilling import Data, from_catalogue, from_version, listed_elsewhere
from marketplace.quotes.queries import (
    deal_of_request,
    held_certificates,
    lead_to_quote,
    lead_to_write,
    own_goods,
    versions_of,
)
from marketplace.quotes.queries.goods import products_by_key
from marketplace.quotes.queries.sheets import sheet_of
from marketplace.quotes.rules import STANDING, QuoteState
from marketplace.quotes.services import (
    accept_counter,
    decline_counter,
    drop_draft,
    foreseen_refusal,
    is_standing,
    mark_viewed,
    save_quote,
    send_quote,
    withdraw_quote,
)
from marketplace.quotes.views.blueprint import bp
from marketplace.quotes.views.desks import desk_of, subject_for
from marketplace.quotes.wording import DECLINES
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.queries.contacts import as_written, guard_of
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.rules import LIVE, Side, written_in
from marketplace.rfqs.showing import goods_of, line_pairs, term_of
from marketplace.rfqs.visits import Headers, is_read_by_a_person, refused_beside


@bp.get("/leads/<key>/quote")
def own(key: str) -> ResponseReturnValue:
    """The quote as it stands: the version that counts, or the form where nothing was sent yet."""
    recipient = lead_to_write(db.session(), current_actor(), key)
    rows = versions_of(db.session(), recipient.id, Side.SELLER)
    if not rows:
        return redirect(_to(key, "/quote/edit"))
    return _version_page(recipient, rows[0] if rows[0].number else _sent(rows) or rows[0], rows)


@bp.get("/leads/<key>/quote/<int(max=2147483647):number>")
def own_version(key: str, number: int) -> ResponseReturnValue:
    """One version, the seller's or the buyer's counter-offer."""
    recipient = lead_to_write(db.session(), current_actor(), key)
    rows = versions_of(db.session(), recipient.id, Side.SELLER)
    row = next((one for one in rows if one.number == number), None)
    if row is None:
        raise NotFound
    return _version_page(recipient, row, rows)


@bp.get("/leads/<key>/quote/edit")
def editor(key: str) -> ResponseReturnValue:
    """The form with the draft, the last version, or what the catalogue proposes."""
    recipient = lead_to_write(db.session(), current_actor(), key)
    return _editor_page(recipient, None)


@bp.post("/leads/<key>/quote/edit")
def save(key: str) -> ResponseReturnValue:
    """Keep the draft and show it as the buyer will see it."""
    actor = current_actor()
    recipient = lead_to_write(db.session(), actor, key)
    form = _filled(QuoteForm(), recipient, own_goods(db.session(), recipient.seller_id))
    if not form.validate():
        return _editor_page(recipient, form, 422)
    language = written_in(form.note.data or "", current_locale())
    draft = form.as_draft([line.id for line in recipient.rfq.lines], language)
    try:
        with action() as act:
            save_quote(act.session, actor, key, draft, form.version.data or 0)
            act.leads_to(_to(key, "/quote/preview"))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _editor_page(lead_to_write(db.session(), actor, key), form, status, headers)
    return act.redirect()


@bp.get("/leads/<key>/quote/preview")
def preview(key: str) -> ResponseReturnValue:
    """The draft as the buyer will see it."""
    return _preview_page(key, VersionForm(formdata=None))


@bp.post("/leads/<key>/quote/preview")
def send(key: str) -> ResponseReturnValue:
    """Send the draft that was shown."""
    form = VersionForm()
    try:
        with action() as act:
            row = send_quote(act.session, current_actor(), key, named(form.version.data))
            is_sent = row.state != QuoteState.MENTOR_REVIEW
            act.leads_to(_to(key, "/quote"))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        recipient = lead_to_write(db.session(), current_actor(), key)
        rows = versions_of(db.session(), recipient.id, Side.SELLER)
        if not rows or rows[0].number is not None or rows[0].state != QuoteState.DRAFT:
            raise  # there is no draft any more to show beside it
        return _preview_page(key, form, status, headers)
    if is_sent:
        flash(_("Your quote is sent. It is frozen now; you can send a new version at any time."), "success")
    elif current_actor().is_partner:
        flash(_("The seller's mentor reads the quote first. They are told."), "success")
    else:
        flash(_("Your mentor reads the quote first, as with your first three. They are told."), "success")
    return act.redirect()


@bp.post("/leads/<key>/quote/discard")
def discard(key: str) -> ResponseReturnValue:
    """Throw the draft away."""
    form = VersionForm()
    with action() as act:
        drop_draft(act.session, current_actor(), key, named(form.version.data))
        act.leads_to(_to(key))
    flash(_("The draft is gone."), "success")
    return act.redirect()


@bp.route("/leads/<key>/quote/withdraw", methods=["GET", "POST"])
def withdraw(key: str) -> ResponseReturnValue:
    """Take the standing quote back."""
    recipient, form = lead_to_quote(db.session(), current_actor(), key), VersionForm()
    status = 200
    if request.method == "POST":
        try:
            with action() as act:
                withdraw_quote(act.session, current_actor(), key, named(form.number.data))
                act.leads_to(url_for("quotes.own", key=key))
        except DomainError as fault:
            status, _headers = refused_beside(form, fault)
            recipient = lead_to_quote(db.session(), current_actor(), key)
        else:
            flash(_("The quote is withdrawn. The buyer is told."), "success")
            return act.redirect()
    row = _sent(versions_of(db.session(), recipient.id, Side.SELLER))
    can_act = row is not None and row.author_side == Side.SELLER and QuoteState(row.state) in STANDING
    form.number.data = str(row.number) if row else ""
    values = {"lead": recipient, "goods": _goods(recipient), "form": form, "row": row, "can_act": can_act}
    return render_template("quotes/withdraw.html", **values), status


@bp.post("/leads/<key>/quote/accept")
def agree(key: str) -> ResponseReturnValue:
    """Accept the buyer's counter-offer, by its number."""
    form = VersionForm()
    with action() as act:
        deal = accept_counter(act.session, current_actor(), key, named(form.number.data))
        act.leads_to(url_for("quotes.deal", key=deal.key))
    flash(_("Agreed. Both sides have the same terms before them now."), "success")
    return act.redirect()


@bp.route("/leads/<key>/quote/decline", methods=["GET", "POST"])
def decline_offer(key: str) -> ResponseReturnValue:
    """Say no to the buyer's counter-offer."""
    recipient, form, status = lead_to_quote(db.session(), current_actor(), key), DeclineCounterForm(), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with action() as act:
                    decline_counter(act.session, current_actor(), key, named(form.number.data), form.note.data or "")
                    act.leads_to(url_for("quotes.own", key=key))
            except DomainError as fault:
                status, _headers = refused_beside(form, fault)
                recipient = lead_to_quote(db.session(), current_actor(), key)
            else:
                flash(_("You have declined the counter-offer. The buyer is told."), "success")
                return act.redirect()
    row = _sent(versions_of(db.session(), recipient.id, Side.SELLER))
    can_act = row is not None and row.author_side == Side.BUYER and is_standing(row) and recipient.rfq.state in LIVE
    form.number.data = str(row.number) if row else ""
    values = {"lead": recipient, "goods": _goods(recipient), "form": form, "can_act": can_act}
    return render_template("quotes/decline_counter.html", **values), status


def _to(key: str, path: str = "") -> str:
    desk = desk_of(current_actor(), key)
    return desk.to(f"{desk.here}{path}")


def _sent(rows: list[QuoteVersion]) -> QuoteVersion | None:
    return next((row for row in rows if row.number is not None), None)


def _goods(recipient: Recipient) -> str:
    lines, locale = recipient.rfq.lines, current_locale()
    titles = product_titles(db.session(), [line.product_id or 0 for line in lines], locale)
    return goods_of(lines[0] if lines else None, titles, locale, subject_for(current_actor(), recipient))


def _version_page(recipient: Recipient, row: QuoteVersion, rows: list[QuoteVersion]) -> ResponseReturnValue:
    session, actor, locale = db.session(), current_actor(), current_locale()
    desk = desk_of(actor, recipient.key)
    is_counter = row.state == QuoteState.SENT and row.author_side == Side.BUYER
    if is_counter and desk.is_sellers and is_read_by_a_person():
        key, lead = row.id, recipient.key
        with unless_full(), transaction() as inside:  # a reading leaves its mark before the page is made, never in it
            mark_viewed(inside, key, Side.SELLER)
        recipient = lead_to_write(session, actor, lead)
        rows = versions_of(session, recipient.id, Side.SELLER)
        row = next(one for one in rows if one.id == key)
    zone, current = actor.time_zone, _sent(rows)
    guard = guard_of(session, recipient.id) if row.author_side == Side.BUYER else as_written
    is_current = current is not None and row.id == current.id
    return render_template(
        "quotes/own.html",
        desk=desk,
        lead=recipient,
        goods=_goods(recipient),
        row=row,
        form=VersionForm(formdata=None, number=str(row.number or ""), version=str(row.version)),
        view=showing.sheet_view(guarded(sheet_of(session, row), guard), locale, zone),
        pill=showing.pill_of(row, Side.SELLER),
        left=showing.left_of(row),
        versions=showing.versions_view(rows, Side.SELLER, desk.to(f"{desk.here}/quote"), row.id, locale, zone),
        is_current=is_current,
        is_own=row.author_side == Side.SELLER,
        can_answer=is_current and is_standing(row) and recipient.rfq.state in LIVE,
        can_write=recipient.rfq.state in LIVE and not any(one.state == QuoteState.MENTOR_REVIEW for one in rows),
        deal=deal_of_request(session, recipient.rfq_id)
        if row.state == QuoteState.ACCEPTED and desk.is_sellers
        else None,
        declines=DECLINES,
    )


def _filled(form: QuoteForm, recipient: Recipient, goods: Sequence[Product]) -> QuoteForm:
    """The form with its lists, and a row for each line of the request whatever was sent."""
    wanted = len(recipient.rfq.lines)
    while len(form.lines) < wanted:
        form.lines.append_entry()
    while len(form.lines) > wanted:
        form.lines.pop_entry()
    locale = current_locale()
    titles = [(one.id, title_in(one.card_titles, locale, one.original_language) or one.slug) for one in goods]
    form.fill_choices(locale, titles, held_certificates(goods))
    return form


def _editor_page(
    recipient: Recipient, form: QuoteForm | None, status: int = 200, headers: Headers | None = None
) -> ResponseReturnValue:
    session, locale = db.session(), current_locale()
    rows, own = versions_of(session, recipient.id, Side.SELLER), own_goods(session, recipient.seller_id)
    unsent = rows[0] if rows and rows[0].number is None else None
    if form is None:
        proposed = _proposal(recipient, unsent, _sent(rows), own)
        form = _filled(QuoteForm(formdata=None, data=proposed), recipient, own)
        form.version.data = unsent.version if unsent else 0
    titles = product_titles(session, [line.product_id or 0 for line in recipient.rfq.lines], locale)
    subject = subject_for(current_actor(), recipient)
    guard = guard_of(session, recipient.id)
    asked = [line_pairs(line, guard(goods_of(line, titles, locale, subject)), locale) for line in recipient.rfq.lines]
    body = render_template(
        "quotes/edit.html",
        desk=desk_of(current_actor(), recipient.key),
        lead=recipient,
        goods=_goods(recipient),
        form=form,
        asked=asked,
        listed=listed_elsewhere(recipient, recipient.rfq, own),
        received=_received(recipient, form, own),
        unsent=unsent,
        is_waiting=unsent is not None and unsent.state == QuoteState.MENTOR_REVIEW,
        is_live=recipient.rfq.state in LIVE,
        wish=term_of(recipient.rfq),
        ports=port_options(),
        sent=_sent(rows),
    )
    return body, status, headers or {}


def _received(recipient: Recipient, form: QuoteForm, goods: Sequence[Product]) -> list[list[str]]:
    """For each line what the seller receives of its price; for their own eyes, not for a chapter that coordinates."""
    if not current_actor().is_seller:
        return [[] for _entry in form.lines]
    by_key = {str(one.id): one for one in goods}
    payouts = Payouts(db.session(), current_locale(), recipient.rfq.chapter_id)
    return [
        received_of(
            payouts,
            by_key.get(row.product.data or ""),
            row.unit_price.data,
            asked_at(form.currency.data, row.price_unit.data, form.incoterm.data, form.place.data),
        )
        for row in (entry.form for entry in form.lines)
    ]


def _received_of_draft(recipient: Recipient, row: QuoteVersion) -> list[str]:
    """The same for the prices of a draft that was saved."""
    if not current_actor().is_seller:
        return []
    goods = products_by_key(db.session(), recipient.seller_id, [line.product_id or 0 for line in row.lines])
    payouts = Payouts(db.session(), current_locale(), recipient.rfq.chapter_id)
    return [
        text
        for line in row.lines
        for text in received_of(
            payouts,
            goods.get(line.product_id or 0),
            line.unit_price,
            asked_at(row.currency, line.price_unit, row.incoterm, row.place),
        )
    ]


def _proposal(
    recipient: Recipient, unsent: QuoteVersion | None, sent: QuoteVersion | None, goods: Sequence[Product]
) -> Data:
    if unsent is not None:
        return from_version(unsent, is_renewed=False)
    if sent is not None:
        return from_version(sent, is_renewed=True)
    data = from_catalogue(recipient, recipient.rfq, goods)
    keys = [line.offer_id for line in recipient.rfq.lines if line.offer_id is not None]
    return filled_from_offers(data, recipient.rfq, offers_by_key(db.session(), keys)) if keys else data


def _preview_page(
    key: str, form: VersionForm, status: int = 200, headers: Headers | None = None
) -> ResponseReturnValue:
    session, actor, locale = db.session(), current_actor(), current_locale()
    recipient = lead_to_write(session, actor, key)
    rows = versions_of(session, recipient.id, Side.SELLER)
    if not rows or rows[0].number is not None or rows[0].state != QuoteState.DRAFT:
        return redirect(_to(key, "/quote"))
    if status == 200:
        form.version.data = str(rows[0].version)
    body = render_template(
        "quotes/preview.html",
        desk=desk_of(actor, key),
        lead=recipient,
        goods=_goods(recipient),
        form=form,
        row=rows[0],
        refusal="" if form.form_errors else foreseen_refusal(session, rows[0]),
        view=showing.sheet_view(sheet_of(session, rows[0]), locale, actor.time_zone),
        received=_received_of_draft(recipient, rows[0]),
        has_mentor=recipient.seller.mentor_id is not None,
    )
    return body, status, headers or {}
