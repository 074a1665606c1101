"""The first page of the desk: what waits and how the market stands."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.contact import readable_phone, whatsapp_address
from marketplace.console.blueprint import bp
from marketplace.console.queries import counts
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import settings
from marketplace.kernel.paging import page_number
from marketplace.notifications.composing import as_text
from marketplace.notifications.queries import to_pass_on
from marketplace.notifications.services import pass_on


@bp.get("/console")
def dashboard() -> ResponseReturnValue:
    """What waits, with a way to each queue."""
    return render_template("console/dashboard.html", counts=counts(db.session()))


@bp.get("/console/messages")
def messages() -> ResponseReturnValue:
    """Texts to pass on by telephone to sellers without an e-mail address."""
    public_url = settings().web.public_url
    page = to_pass_on(db.session(), page_number(request.args.get("page")))
    rows = []
    for notice, user, organisation in page.items:
        text, phone = as_text(notice, user, public_url), user.phone or ""
        rows.append((notice, user.name, organisation, readable_phone(phone), text, whatsapp_address(phone, text)))
    return render_template("console/messages.html", page=page, rows=rows)


@bp.post("/console/messages/<int:notice_id>")
def passed_on(notice_id: int) -> ResponseReturnValue:
    """The person was told."""
    with action() as act:
        pass_on(act.session, current_actor(), notice_id)
        act.leads_to(url_for("console.messages"))
    flash(_("Noted: the person has been told."), "success")
    return act.redirect()
