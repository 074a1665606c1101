"""What operators look after: people, organisations, chapters, commodities."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.services.people import suspend_user, unsuspend_user
from marketplace.accounts.wording import LEVELS
from marketplace.console import labels
from marketplace.console.blueprint import bp
from marketplace.console.forms import ChapterForm, CommodityForm, ManagerForm, RepresentsForm
from marketplace.console.queries import chapter_rows, commodity_rows, organisation_page, people_page
from marketplace.console.services import invite_manager, let_back, set_commodity, suspend
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.kernel.text import cleaned
from marketplace.partners.models import Chapter
from marketplace.partners.services import create_chapter as create_chapter_of
from marketplace.partners.services import mark_of, represent


def _wish() -> str:
    return cleaned(request.args.get("q"), 200)


@bp.get("/console/people")
def people() -> ResponseReturnValue:
    """Everybody with an account."""
    page = people_page(db.session(), _wish(), page_number(request.args.get("page")))
    return render_template("console/people.html", page=page, q=_wish())


@bp.post("/console/people/<int:user_id>/<any(suspend, unsuspend):verb>")
def suspend_person(user_id: int, verb: str) -> ResponseReturnValue:
    """Keep a person out, or let them back."""
    with action() as act:
        change = suspend_user if verb == "suspend" else unsuspend_user
        change(act.session, current_actor(), user_id)
        act.leads_to(url_for("console.people"))
    flash(
        _("Suspended: signed out everywhere.") if verb == "suspend" else _("The person can sign in again."), "success"
    )
    return act.redirect()


@bp.get("/console/organisations")
def organisations() -> ResponseReturnValue:
    """Every organisation."""
    kind = request.args.get("kind", "")
    page = organisation_page(db.session(), _wish(), kind, page_number(request.args.get("page")))
    return render_template(
        "console/organisations.html", page=page, q=_wish(), kind=kind, kinds=labels.KINDS, levels=LEVELS
    )


@bp.post("/console/organisations/<int:organisation_id>/<any(suspend, unsuspend):verb>")
def suspend_one(organisation_id: int, verb: str) -> ResponseReturnValue:
    """Take an organisation off the market, or let it back."""
    with action() as act:
        change = suspend if verb == "suspend" else let_back
        change(act.session, current_actor(), organisation_id)
        act.leads_to(url_for("console.organisations"))
    flash(
        _("Suspended: off the market, its people are signed out.")
        if verb == "suspend"
        else _("The organisation is back."),
        "success",
    )
    return act.redirect()


def _chapters(form: ChapterForm, manager: ManagerForm | None = None, of: int | None = None) -> str:
    return render_template(
        "console/chapters.html",
        rows=chapter_rows(db.session()),
        form=form.offer(current_locale()),
        manager=manager or ManagerForm(formdata=None),
        manager_of=of,
    )


@bp.get("/console/chapters")
def chapters() -> ResponseReturnValue:
    """Chapters, and the form of a new one."""
    return _chapters(ChapterForm(formdata=None))


@bp.post("/console/chapters")
def create_chapter() -> ResponseReturnValue:
    """A new chapter; its first manager gets a link."""
    form = ChapterForm().offer(current_locale())
    if not form.validate():
        return _chapters(form), 422
    try:
        with action() as act:
            actor = current_actor()
            made = create_chapter_of(act.session, actor, form.name.data, form.city.data, form.countries.data)
            invite_manager(act.session, actor, made.id, form.person.data, form.email.data)
            act.leads_to(url_for("console.chapters"))
    except DomainError as refusal:
        if refusal.status not in {DomainError.status, Conflict.status}:
            raise
        form.form_errors.append(str(refusal.sentence))
        return _chapters(form), refusal.status
    flash(_("The chapter is there, and its manager gets a link by mail."), "success")
    return act.redirect()


@bp.post("/console/chapters/<int:chapter_id>/managers")
def add_manager(chapter_id: int) -> ResponseReturnValue:
    """One more manager of a chapter."""
    _chapter(chapter_id)
    form = ManagerForm()
    if not form.validate():
        return _chapters(ChapterForm(formdata=None), form, chapter_id), 422
    with action() as act:
        invite_manager(act.session, current_actor(), chapter_id, form.person.data, form.email.data)
        act.leads_to(url_for("console.chapters"))
    flash(_("They get a link by mail."), "success")
    return act.redirect()


@bp.get("/console/chapters/<int:chapter_id>")
def chapter(chapter_id: int) -> ResponseReturnValue:
    """What a chapter is called and represents, to change it."""
    found = _chapter(chapter_id)
    shown = {"name": found.organisation.name, "countries": found.countries, "seen": mark_of(found)}
    return _represents(RepresentsForm(formdata=None, data=shown), found)


@bp.post("/console/chapters/<int:chapter_id>")
def change_chapter(chapter_id: int) -> ResponseReturnValue:
    """Rename a chapter, set its countries."""
    found = _chapter(chapter_id)
    form = RepresentsForm().offer(current_locale())
    if not form.validate():
        return _represents(form, found), 422
    with action() as act:
        name, countries, seen = form.name.data or "", form.countries.data or [], form.seen.data or ""
        represent(act.session, current_actor(), chapter_id, name, countries, seen)
        act.leads_to(url_for("console.chapters"))
    flash(_("The chapter is changed."), "success")
    return act.redirect()


def _chapter(chapter_id: int) -> Chapter:
    for row in chapter_rows(db.session()):
        if row.chapter.id == chapter_id:
            return row.chapter
    raise NotFound


def _represents(form: RepresentsForm, found: Chapter) -> str:
    return render_template("console/chapter.html", form=form.offer(current_locale()), chapter=found)


@bp.get("/console/commodities")
def commodities() -> ResponseReturnValue:
    """The registry, and what is paused."""
    return _commodities(None, "")


def _commodities(form: CommodityForm | None, key: str) -> str:
    show = request.args.get("show", "")
    rows = commodity_rows(db.session(), _wish(), show, current_locale())
    return render_template("console/commodities.html", rows=rows, q=_wish(), show=show, form=form, form_key=key)


@bp.post("/console/commodities/<key>")
def change_commodity(key: str) -> ResponseReturnValue:
    """Offer or pause a commodity."""
    form = CommodityForm()
    if not form.validate():
        return _commodities(form, key), 422
    with action() as act:
        is_offered = bool(form.is_offered.data)
        set_commodity(act.session, current_actor(), key, is_offered=is_offered, note=form.note.data or "")
        act.leads_to(url_for("console.commodities", _anchor=key))
    flash(_("Kept. Sellers see it at once."), "success")
    return act.redirect()
