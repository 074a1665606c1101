"""Rights over one's data: a copy, erasure, consents, and the clock that runs."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from marketplace.accounts.forms.sign_in import PasswordAgainForm
from marketplace.accounts.legal import TITLES
from marketplace.accounts.queries import consents_of, kept_text
from marketplace.accounts.services.consents import withdraw_consents
from marketplace.accounts.services.privacy import ask_for_copy, ask_for_erasure, own_copy, requests_of
from marketplace.accounts.views.again import password_again
from marketplace.accounts.views.blueprint import bp
from marketplace.i18n.formats import format_date
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor


@bp.get("/account/privacy")
def privacy() -> ResponseReturnValue:
    """What a person can do with their data."""
    return _page(PasswordAgainForm(formdata=None))


@bp.post("/account/privacy/copy")
def ask_for_own_copy() -> ResponseReturnValue:
    """Queue a copy of everything."""
    with action() as act:
        ask_for_copy(act.session, current_actor())
        act.leads_to(url_for("accounts.privacy"))
    flash(
        _("Your copy is being put together. It appears on this page within minutes, at the latest in 72 hours."),
        "success",
    )
    return act.redirect()


@bp.get("/account/privacy/copy/<int:request_id>")
def copy(request_id: int) -> ResponseReturnValue:
    """The copy as a download."""
    data = own_copy(db.session(), current_actor(), request_id)
    return Response(
        data,
        mimetype="application/zip",
        headers={
            "Content-Disposition": 'attachment; filename="pesantren-souq-data.zip"',
            "Cache-Control": "no-store",
        },
    )


@bp.post("/account/privacy/erase")
def erase() -> ResponseReturnValue:
    """Close the account at once and erase it, after the password was typed again."""
    form = PasswordAgainForm()
    if not form.validate_on_submit() or not password_again(form.present):
        return _page(form), 422
    actor = current_actor()
    with action() as act:
        withdraw_consents(act.session, actor)
        ask_for_erasure(act.session, actor)
        act.leads_to(url_for("accounts.erasure_begun"))
    logout_user()
    return act.redirect()


@bp.get("/account-erased")
def erasure_begun() -> ResponseReturnValue:
    """The account is closed; what happens now."""
    return render_template("accounts/erased.html")


@bp.get("/account/privacy/texts/<document>/<version>")
def consented_text(document: str, version: str) -> ResponseReturnValue:
    """The words one agreed to, as they stood."""
    found = kept_text(db.session(), current_actor().user_id, document[:40], version[:20])
    return render_template("accounts/kept_text.html", paragraphs=found.body.split("\n\n"), version=_spoken_day(version))


def _spoken_day(version: str) -> str:
    """A version's day as the reader writes days; versions that are no days stay as they are."""
    try:
        return format_date(date.fromisoformat(version), current_locale())
    except ValueError:
        return version[:20]


def _page(form: PasswordAgainForm) -> str:
    actor = current_actor()
    session = db.session()
    titles = {document.value: str(title) for document, title in TITLES.items()}
    return render_template(
        "accounts/privacy.html",
        form=form,
        requests=requests_of(session, actor.user_id),
        consents=consents_of(session, actor.user_id),
        titles=titles,
        zone=actor.time_zone,
    )
