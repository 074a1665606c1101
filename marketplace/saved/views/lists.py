"""Lists of products: made, filled, noted on, taken along."""

from __future__ import annotations

from flask import Response, flash, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.cards import cards
from marketplace.i18n.addresses import localised
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import settings
from marketplace.saved.forms import KeepForm, ListForm, NoteForm, ShareForm
from marketplace.saved.links import share_path
from marketplace.saved.models import Shortlist
from marketplace.saved.queries import Kept, kept_in, lists_of, own_list
from marketplace.saved.services import lists as services
from marketplace.saved.showing import MOST_COMPARED, asks_of, compare_href, shown
from marketplace.saved.tables import XLSX, as_csv, as_xlsx, table_of
from marketplace.saved.views.blueprint import bp

LARGEST_KEY = 10**18  # as `<int:...>` in addresses


@bp.get("/shortlists")
def shortlists() -> ResponseReturnValue:
    """One's lists."""
    rows = lists_of(db.session(), current_actor())
    return render_template("saved/shortlists.html", rows=rows, form=ListForm(formdata=None))


@bp.post("/shortlists")
def make() -> ResponseReturnValue:
    """Make an empty list."""
    form = ListForm()
    if not form.validate():
        rows = lists_of(db.session(), current_actor())
        return render_template("saved/shortlists.html", rows=rows, form=form), 422
    with action() as act:
        made = services.make_list(act.session, current_actor(), str(form.name.data))
        act.leads_to(url_for("saved.shortlist", shortlist_id=made.id))
    return act.redirect()


@bp.get("/shortlists/add")
def keep_page() -> ResponseReturnValue:
    """Choose the list for a product."""
    product = request.args.get("product", "")
    if not (product.isascii() and product.isdigit() and len(product) < 10):
        raise NotFound
    form = _offered(KeepForm(formdata=None, product=int(product)))
    form.shortlist.data = form.shortlist.choices[0][0] if form.shortlist.choices else 0
    return _keep_form(form)


@bp.post("/shortlists/add")
def keep() -> ResponseReturnValue:
    """Put a product on a list."""
    form = _offered(KeepForm())
    if form.product.data is not None and not 0 < form.product.data < LARGEST_KEY:
        raise NotFound
    if not form.validate():
        return _keep_form(form), 422
    actor = current_actor()
    with action() as act:
        chosen = form.shortlist.data or services.make_list(act.session, actor, str(form.name.data)).id
        services.keep_product(act.session, actor, chosen, form.product.data, str(form.note.data or ""))
        act.leads_to(url_for("saved.shortlist", shortlist_id=chosen))
    flash(_("It is on your list."), "success")
    return act.redirect()


@bp.get("/shortlists/<int:shortlist_id>")
def shortlist(shortlist_id: int) -> ResponseReturnValue:
    """A list with its products and notes."""
    found = own_list(db.session(), current_actor(), shortlist_id)
    return _page(found, ListForm(formdata=None, name=found.name, version=found.version))


@bp.post("/shortlists/<int:shortlist_id>")
def rename(shortlist_id: int) -> ResponseReturnValue:
    """Give a list another name."""
    form = ListForm()
    if not form.validate():
        return _page(own_list(db.session(), current_actor(), shortlist_id), form), 422
    with action() as act:
        services.rename_list(act.session, current_actor(), shortlist_id, str(form.name.data), form.version.data or 0)
        act.leads_to(url_for("saved.shortlist", shortlist_id=shortlist_id))
    return act.redirect()


@bp.post("/shortlists/<int:shortlist_id>/products/<int:product_id>")
def note(shortlist_id: int, product_id: int) -> ResponseReturnValue:
    """Keep the note on a product."""
    form = NoteForm()
    if not form.validate():
        found = own_list(db.session(), current_actor(), shortlist_id)
        list_form = ListForm(formdata=None, name=found.name, version=found.version)
        return _page(found, list_form, problem=(product_id, form)), 422
    with action() as act:
        services.note_on(act.session, current_actor(), shortlist_id, product_id, str(form.note.data or ""))
        act.leads_to(url_for("saved.shortlist", shortlist_id=shortlist_id))
    flash(_("The note is kept."), "success")
    return act.redirect()


@bp.post("/shortlists/<int:shortlist_id>/products/<int:product_id>/remove")
def drop(shortlist_id: int, product_id: int) -> ResponseReturnValue:
    """Take a product off a list."""
    with action() as act:
        services.drop_product(act.session, current_actor(), shortlist_id, product_id)
        act.leads_to(url_for("saved.shortlist", shortlist_id=shortlist_id))
    return act.redirect()


@bp.post("/shortlists/<int:shortlist_id>/delete")
def delete_list(shortlist_id: int) -> ResponseReturnValue:
    """Forget a list."""
    with action() as act:
        services.delete_list(act.session, current_actor(), shortlist_id)
        act.leads_to(url_for("saved.shortlists"))
    flash(_("The list is deleted."), "success")
    return act.redirect()


@bp.get("/shortlists/<int:shortlist_id>/products.<ending>")
def export(shortlist_id: int, ending: str) -> ResponseReturnValue:
    """The list as a table: CSV or XLSX."""
    if ending not in {"csv", "xlsx"}:
        raise NotFound
    found = own_list(db.session(), current_actor(), shortlist_id)
    locale = current_locale()
    rows = table_of(kept_in(db.session(), found, locale), locale, settings().web.public_url)
    if ending == "xlsx":
        return send_file(as_xlsx(rows), mimetype=XLSX, as_attachment=True, download_name="shortlist.xlsx")
    disposition = {"Content-Disposition": 'attachment; filename="shortlist.csv"'}
    return Response(as_csv(rows), content_type="text/csv; charset=utf-8", headers=disposition)


def _offered(form: KeepForm) -> KeepForm:
    return form.offer([(each.id, each.name) for each, _count in lists_of(db.session(), current_actor())])


def _keep_form(form: KeepForm) -> str:
    found = cards(db.session(), [form.product.data or 0], current_locale())
    if not found:
        raise NotFound
    return render_template("saved/keep.html", form=form, card=found[0])


def _page(found: Shortlist, form: ListForm, problem: tuple[int, NoteForm] | None = None) -> str:
    locale = current_locale()
    kept = kept_in(db.session(), found, locale)
    path = ""
    if found.shared_at:
        path = share_path(settings().web.secret_key, found.id, found.share_number, found.created_at)
    return render_template(
        "saved/shortlist.html",
        shortlist=found,
        form=form,
        rows=[(each, shown(each, locale), _note_form(each, problem)) for each in kept],
        compare_href=compare_href(kept),
        asks=asks_of(kept) if current_actor().is_buyer else [],
        most=MOST_COMPARED,
        share_href=localised(settings().web.public_url, locale, path) if path else "",
        share_form=ShareForm(formdata=None, shows_notes=found.shows_notes),
    )


def _note_form(kept: Kept, problem: tuple[int, NoteForm] | None) -> NoteForm:
    """The form of one product's note; the one that was refused keeps what was typed."""
    if problem is not None and problem[0] == kept.product_id:
        return problem[1]
    return NoteForm(formdata=None, note=kept.note)
