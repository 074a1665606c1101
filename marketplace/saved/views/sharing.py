"""Sharing a list by a link that only reads."""

from __future__ import annotations

from flask import flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import settings
from marketplace.saved.forms import ShareForm
from marketplace.saved.links import read_share, stamp
from marketplace.saved.queries import kept_in, shared_list
from marketplace.saved.services import lists as services
from marketplace.saved.showing import compare_href, shown
from marketplace.saved.views.blueprint import bp


@bp.post("/shortlists/<int:shortlist_id>/share")
def share(shortlist_id: int) -> ResponseReturnValue:
    """Open the link, or change whether it shows the notes."""
    form = ShareForm()
    with action() as act:
        services.share_list(act.session, current_actor(), shortlist_id, shows_notes=bool(form.shows_notes.data))
        act.leads_to(url_for("saved.shortlist", shortlist_id=shortlist_id))
    flash(_("Whoever has the link can read this list now."), "success")
    return act.redirect()


@bp.post("/shortlists/<int:shortlist_id>/unshare")
def unshare(shortlist_id: int) -> ResponseReturnValue:
    """End the link."""
    with action() as act:
        services.stop_sharing(act.session, current_actor(), shortlist_id)
        act.leads_to(url_for("saved.shortlist", shortlist_id=shortlist_id))
    flash(_("The link has ended. Nobody but you can read this list."), "success")
    return act.redirect()


@bp.get("/shortlists/shared/<token>")
def shared(token: str) -> ResponseReturnValue:
    """A shared list, for whoever has its link."""
    read = read_share(settings().web.secret_key, token)
    if read is None:
        raise NotFound
    found = shared_list(db.session(), *read[:2])
    if stamp(found.created_at) != read[2]:
        raise NotFound
    locale = current_locale()
    kept = [each for each in kept_in(db.session(), found, locale) if each.card is not None]
    response = make_response(
        render_template(
            "saved/shared.html",
            shortlist=found,
            rows=[(each.note if found.shows_notes else "", shown(each, locale)) for each in kept],
            compare_href=compare_href(kept),
        )
    )
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    response.headers["Cache-Control"] = "no-store"
    return response
