"""Ask a seller about a product. Visitors write first; they confirm by mail or sign in then, and their text is kept."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import flash, render_template, request, url_for
from flask import session as cookie_session
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from marketplace.accounts.services.files import store_document
from marketplace.closures.wording import closed_sentence
from marketplace.fairs.queries import public_fair
from marketplace.i18n.translations import current_locale
from marketplace.i18n.translations import gettext as _
from marketplace.kernel.database import db, reading
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.http import action, actor_or_none
from marketplace.kernel.prepared import On
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.way_back import forget_way_back
from marketplace.offers.queries import OfferShown, offer_to_ask, shown_of
from marketplace.offers.wording import lot_lines
from marketplace.rfqs.blank_inquiry import blank_page, least_of, reader_of
from marketplace.rfqs.drafts import InquiryDraft
from marketplace.rfqs.forms import GuestForm, InquiryForm
from marketplace.rfqs.line_forms import BUTTON, Choices, blank_line
from marketplace.rfqs.met_at import fair_of_visit, tell_left_out
from marketplace.rfqs.plain_inquiry import plain_draft
from marketplace.rfqs.queries.asking import asked_by_slug
from marketplace.rfqs.queries.offers import Offer, offer_of_slug, other_offers, shown_first
from marketplace.rfqs.rules import MAX_LINES, RfqState
from marketplace.rfqs.services import attach_files, drop_text, kept_text, send_inquiry
from marketplace.rfqs.services.guests import keep_inquiry
from marketplace.rfqs.showing import later_answer
from marketplace.rfqs.views.blueprint import bp
from marketplace.rfqs.visitor_texts import kept_for_visitor
from marketplace.rfqs.visits import Headers, read_papers, refused_beside

COOKIE = "kept_request"
WAY, AS_GUEST = "way", "guest"  # how a visitor sends: by mail alone, else by an account
# what a link may fill in: from a deal that is ordered again
_ASKED_AGAIN = ("quantity", "unit", "incoterm", "place")


@bp.get("/products/<slug>/inquiry")
def inquiry(slug: str) -> ResponseReturnValue:
    """The form to ask about a product, with what a visitor typed before signing in."""
    fair = fair_of_visit()
    if not (request.args or fair or COOKIE in request.cookies):  # nothing is filled in
        reader = reader_of(actor_or_none())  # before: who holds one connection must not wait for a second one
        with reading() as on:
            return blank_page(on, _offer(slug, on), reader, current_locale())
    offer = _offer(slug)
    data: dict[str, Any] = {
        "language": current_locale(),
        "unit": offer.unit,
        "price_unit": offer.unit,
        "sample_is_wanted": request.args.get("sample") == "1",
        "fair": fair,
    }
    data |= {name: text[:80] for name in _ASKED_AGAIN if (text := request.args.get(name, ""))}
    goods = other_offers(db.session(), offer, current_locale())
    known = {key for key, _title in goods}
    also = [key for key in dict.fromkeys(request.args.getlist("also")) if key in known][: MAX_LINES - 1]
    lot = _lot(offer, request.args.get("offer", ""))
    if lot is not None:
        first = lot.prices[0]
        data |= {"offer": lot.key, "unit": lot.unit, "price_unit": lot.unit}
        data |= {"incoterm": data.get("incoterm") or first.incoterm, "place": data.get("place") or first.place}
    data["more"] = [{"goods": key, "unit": offer.unit, "price_unit": offer.unit} for key in also]
    kept = kept_text(db.session(), request.cookies.get(COOKIE, ""))
    if kept.get("slug") == slug:
        data |= InquiryForm.filled_from(kept)
    form = InquiryForm(formdata=None, data=data)
    return _page(offer, form, goods=goods)


@bp.post("/products/<slug>/inquiry")
def send_inquiry_form(slug: str) -> ResponseReturnValue:
    """Send the inquiry; a visitor's waits for their mailbox, or for the sign-in behind which they find it again."""
    if "_user_id" in cookie_session:
        draft = plain_draft(request.form, request.files, current_locale())
        with suppress(_Visitor):
            if draft is not None:
                return _send(slug, draft)
    actor, form = actor_or_none(), InquiryForm()
    is_as_guest = actor is None and request.form.get(WAY) == AS_GUEST
    guest = GuestForm() if is_as_guest else None
    if form.changed_lines(request.form.get(BUTTON, "")):
        return _page(_offer(slug), form, guest=GuestForm() if actor is None else guest)
    _fill_choices(form, slug)
    if not all([form.validate(), guest is None or guest.validate()]):  # both, so that all faults stand there at once
        return _page(_offer(slug), form, 422, guest=guest)
    if actor is not None:
        return _send(slug, form.as_draft(), form)
    offer = _offer(slug)
    return _kept(slug, form) if guest is None else _ask_to_confirm(offer, form, guest)


def _fill_choices(form: InquiryForm, slug: str) -> None:
    """The lists that the answers are held against."""
    unit, goods = "", list[tuple[str, str]]()
    if form.more.entries:  # else nothing that can be chosen depends on the product
        offer = _offer(slug)
        unit, goods = offer.unit, other_offers(db.session(), offer, current_locale())
    form.fill_choices(current_locale(), unit, goods)


@bp.get("/guest-requests/sent")
def guest_sent() -> ResponseReturnValue:
    """A link is on its way; the page is the same for everybody."""
    return render_template("rfqs/guest_sent.html")


def _ask_to_confirm(offer: Offer, form: InquiryForm, guest: GuestForm) -> ResponseReturnValue:
    try:
        with action(url_for("rfqs.guest_sent")) as act:
            registration = guest.as_registration(current_locale())
            keep_inquiry(act.session, registration, offer, form.as_draft(), request.remote_addr)
            drop_text(act.session, request.cookies.get(COOKIE, ""))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        _drop_lot(offer, form)
        return _page(offer, form, status, headers, guest)
    tell_left_out(form.fair.data, is_counted=public_fair(db.session(), form.fair.data) is not None)
    response: Response = act.redirect()
    response.delete_cookie(COOKIE, path="/")
    return response


class _Visitor(Exception):
    """Nobody is signed in (any more)."""


def _send(slug: str, draft: InquiryDraft, form: InquiryForm | None = None) -> ResponseReturnValue:
    """Send what was read; ``form`` is who read it, None where it was read without one (see `plain_inquiry`).

    Who sends it is read in the same transaction, if nobody has asked before: it needs one connection less.
    """
    try:
        key, files = new_public_key(), form.files.data if form is not None else None
        if any(files or ()):
            _offer(slug)  # pictures are looked into for goods that are there
        documents = read_papers(files)
        with action(f"{request.script_root}/requests/{key}") as act:
            actor = actor_or_none()
            if actor is None:
                raise _Visitor
            asked = asked_by_slug(act.session, slug, actor.organisation_id, draft.language)
            if asked is None:
                raise NotFound
            rfq = send_inquiry(act.session, actor, asked.offer.product_id, draft, key=key, asked=asked)
            if documents:
                attach_files(act.session, actor, key, [store_document(act.session, actor, one) for one in documents])
            if COOKIE in request.cookies:
                drop_text(act.session, request.cookies[COOKIE])
            is_open, is_counted = rfq.state == RfqState.OPEN, rfq.fair_id is not None
            (recipient,) = rfq.recipients
    except DomainError as fault:
        if form is None:  # now it is needed, to show again what was typed
            form = InquiryForm()
            _fill_choices(form, slug)
            form.validate()
        status, headers = refused_beside(form, fault)
        _drop_lot(_offer(slug), form)
        return _page(_offer(slug), form, status, headers)
    if is_open:
        usual = _("Your inquiry is on its way. The seller has 72 hours to answer.")
        flash(later_answer(recipient, current_locale(), actor.time_zone) or usual, "success")
    else:
        flash(_("Your inquiry is with the curators, usually for less than a working day. Then it goes out."), "success")
    tell_left_out(form.fair.data if form is not None else draft.fair, is_counted=is_counted)
    response: Response = act.redirect()
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path="/")
    forget_way_back(response)
    return response


def _kept(slug: str, form: InquiryForm) -> ResponseReturnValue:
    """Keep a visitor's text for two days and lead them to the sign-in."""
    page = f"/products/{slug}/inquiry"
    sign_in = url_for("accounts.sign_in", next=page)
    response = kept_for_visitor({**form.typed(), "slug": slug}, COOKIE, leads_to=sign_in, way_back=page)
    flash(_("Your text is kept. Sign in or register, and it is sent from your company."), "info")
    return response


def _offer(slug: str, on: On | None = None) -> Offer:
    offer = offer_of_slug(db.session() if on is None else on, slug, current_locale())
    if offer is None:
        raise NotFound
    return offer


def _lot(offer: Offer, key: str) -> OfferShown | None:
    """The offer of a lot that the form is about, if this reader may know of it and it is open."""
    if not key:
        return None
    actor = actor_or_none()
    company = actor.organisation_id if actor is not None and actor.is_buyer else None
    found = offer_to_ask(db.session(), company, key[:20], offer.product_id)
    return shown_of(found) if found is not None else None


def _drop_lot(offer: Offer, form: InquiryForm) -> None:
    """An offer that is over is no part of the form any more, so that sending it again goes through."""
    if form.offer.data and _lot(offer, form.offer.data) is None:
        form.offer.data = ""


def _page(
    offer: Offer,
    form: InquiryForm,
    status: int = 200,
    headers: Headers | None = None,
    guest: GuestForm | None = None,
    goods: Choices | None = None,
) -> ResponseReturnValue:
    locale = current_locale()
    if goods is None:
        goods = other_offers(db.session(), offer, locale)
    fair = public_fair(db.session(), form.fair.data)
    if fair is not None and goods:  # what was at the stand is what a visitor from there looks for
        goods = shown_first(db.session(), goods, fair.commodities)
    form.fill_choices(locale, offer.unit, goods)
    values: dict[str, Any] = {"offer": offer, "form": form, "blank": blank_line(locale, offer.unit, goods)}
    values |= {"reader": reader_of(actor_or_none()), "least": least_of(offer, locale)}
    values["fair"] = fair
    lot = _lot(offer, form.offer.data or "")
    values["lot"] = lot_lines(lot, locale) if lot is not None else []
    values["closed"] = closed_sentence(db.session(), offer.seller_id, locale)
    guest = guest or GuestForm(formdata=None)
    return render_template("rfqs/inquiry.html", guest=guest, **values), status, headers or {}
