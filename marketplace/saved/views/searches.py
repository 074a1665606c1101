"""Saving a search, and looking after it."""

from __future__ import annotations

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.discovery.address import read_wish
from marketplace.discovery.facets import PRODUCT_SPANS, PRODUCT_TERMS
from marketplace.discovery.pieces import title_of
from marketplace.discovery.presenting import Chip
from marketplace.discovery.queries import find
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import settings
from marketplace.saved import labels
from marketplace.saved.drafts import SearchDraft
from marketplace.saved.forms import EditForm, SearchForm
from marketplace.saved.links import read_stop, stamp
from marketplace.saved.models import SavedSearch
from marketplace.saved.queries import matches_of, own_search, searches_of
from marketplace.saved.rules import NAME_LENGTH, Frequency
from marketplace.saved.services.searches import change_search, delete_search, pause_search, resume_search, save_search
from marketplace.saved.views.blueprint import bp
from marketplace.saved.wishes import address_of, edited, said, wish_of
from search.errors import EngineUnavailable, QueryRefused


@bp.get("/saved-searches")
def searches() -> ResponseReturnValue:
    """One's saved searches."""
    locale = current_locale()
    rows = [(each, *said(each.address, each.locale, locale)) for each in searches_of(db.session(), current_actor())]
    return render_template("saved/searches.html", rows=rows, labels=labels.FREQUENCIES)


@bp.get("/saved-searches/new")
def new_search() -> ResponseReturnValue:
    """The form that keeps the search of the address."""
    locale = current_locale()
    wish = read_wish(request.args, PRODUCT_TERMS, PRODUCT_SPANS, locale)
    form = SearchForm(
        formdata=None,
        address=_address(),
        name=(wish.text or title_of(wish, locale))[:NAME_LENGTH],
        frequency=Frequency.DAILY.value,
    )
    return _form(form)


@bp.post("/saved-searches/new")
def save() -> ResponseReturnValue:
    """Keep a search."""
    form = SearchForm()
    if not form.validate():
        return _form(form), 422
    with action() as act:
        search = save_search(act.session, current_actor(), form.as_draft(current_locale()))
        act.leads_to(url_for("saved.search", search_id=search.id))
    flash(_("The search is saved. We write to you when something new matches."), "success")
    return act.redirect()


@bp.get("/saved-searches/<int:search_id>")
def search(search_id: int) -> ResponseReturnValue:
    """A saved search: what it asks for, what it found, how often it writes.

    With ``edit`` in the address it shows the rest of the address as what would be kept: that is how a filter is
    taken off, without a script; the form below saves it.
    """
    found = own_search(db.session(), current_actor(), search_id)
    wish = wish_of(found.address, found.locale)
    if "edit" in request.args:
        wish = read_wish(request.args, PRODUCT_TERMS, PRODUCT_SPANS, found.locale)
    form = EditForm(
        formdata=None,
        name=found.name,
        frequency=found.frequency,
        version=found.version,
        address=address_of(wish),
        words=wish.text,
    )
    return _page(found, form)


@bp.post("/saved-searches/<int:search_id>")
def change(search_id: int) -> ResponseReturnValue:
    """Change name, rhythm, words or filters."""
    form = EditForm()
    found = own_search(db.session(), current_actor(), search_id)
    if not form.address.raw_data:
        form.address.data = found.address
    if not form.words.raw_data:
        form.words.data = wish_of(form.address.data, found.locale).text
    if not form.validate():
        return _page(found, form), 422
    address, locale = edited(form.address.data, found.locale, form.words.data or "", current_locale())
    draft = SearchDraft(str(form.name.data), address, locale, Frequency(form.frequency.data))
    with action() as act:
        change_search(act.session, current_actor(), search_id, draft, form.version.data or 0)
        act.leads_to(url_for("saved.search", search_id=search_id))
    flash(_("Saved."), "success")
    return act.redirect()


@bp.post("/saved-searches/<int:search_id>/pause")
def pause(search_id: int) -> ResponseReturnValue:
    """Let a search rest."""
    with action() as act:
        pause_search(act.session, own_search(act.session, current_actor(), search_id).id)
        act.leads_to(url_for("saved.search", search_id=search_id))
    flash(_("This search rests now. It notes new matches and writes no mails."), "success")
    return act.redirect()


@bp.post("/saved-searches/<int:search_id>/resume")
def resume(search_id: int) -> ResponseReturnValue:
    """Have a search write again."""
    with action() as act:
        resume_search(act.session, own_search(act.session, current_actor(), search_id).id)
        act.leads_to(url_for("saved.search", search_id=search_id))
    flash(_("This search writes again about what comes from now on."), "success")
    return act.redirect()


@bp.post("/saved-searches/<int:search_id>/delete")
def delete(search_id: int) -> ResponseReturnValue:
    """Forget a search."""
    with action() as act:
        delete_search(act.session, current_actor(), search_id)
        act.leads_to(url_for("saved.searches"))
    flash(_("The search is deleted."), "success")
    return act.redirect()


@bp.get("/saved-searches/stop/<token>")
def stop_page(token: str) -> ResponseReturnValue:
    """Show which search the link of a mail lets rest; nothing happens yet."""
    name = _stopped(token).name
    return render_template("saved/stop.html", name=name, is_done=False)


@bp.post("/saved-searches/stop/<token>")
def stop(token: str) -> ResponseReturnValue:
    """Let the search of a mail's link rest."""
    found = _stopped(token)
    with action() as act:
        pause_search(act.session, found.id)
    return render_template("saved/stop.html", name=found.name, is_done=True)


def _stopped(token: str) -> SavedSearch:
    read = read_stop(settings().web.secret_key, token)
    found = db.session().get(SavedSearch, read[0]) if read else None
    if found is None or read is None or (found.user_id, stamp(found.created_at)) != read[1:]:
        raise NotFound
    return found


def _address() -> str:
    """The search of this address as it is kept; a repaired word is kept repaired, since that is what was shown."""
    locale = current_locale()
    wish = read_wish(request.args, PRODUCT_TERMS, PRODUCT_SPANS, locale)
    try:
        results = find(wish, locale).results
    except (EngineUnavailable, QueryRefused):
        return address_of(wish)
    return address_of(wish.reworded(results.did_you_mean) if results.is_repaired else wish)


def _form(form: SearchForm) -> str:
    locale = current_locale()
    text, conditions = _said(str(form.address.data or ""), locale, locale)
    return render_template("saved/new_search.html", form=form, text=text, conditions=conditions)


def _said(address: str, typed_in: str, locale: str) -> tuple[str, list[Chip]]:
    try:
        text, conditions = said(address, typed_in, locale)
    except QueryRefused:
        abort(422)
    return text, list(conditions)


def _page(found: SavedSearch, form: EditForm) -> str:
    locale = current_locale()
    address = str(form.address.data or "")
    text, conditions = _said(address, found.locale, locale)
    return render_template(
        "saved/search.html",
        search=found,
        form=form,
        text=text,
        conditions=conditions,
        is_edited=address != address_of(wish_of(found.address, found.locale)),
        request_text=", ".join([text, *(str(one.label) for one in conditions)] if text else [])
        if current_actor().is_buyer
        else "",
        matches=matches_of(db.session(), found, locale),
    )
