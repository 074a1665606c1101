"""Organisations that one does not want to hear from."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import blocked_organisations, organisation_of_slug
from marketplace.accounts.services.organisations import block_organisation, lift_block
from marketplace.accounts.views.blueprint import bp
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import action, current_actor


@bp.get("/account/blocks")
def blocks() -> ResponseReturnValue:
    """Whom the organisation has blocked; `?organisation=slug` asks whether to block one more."""
    actor = current_actor()
    if actor.organisation_id is None:
        raise NotFound
    asked: Organisation | None = None
    wish = request.args.get("organisation", "")[:80]
    if wish:
        asked = organisation_of_slug(db.session(), wish)
        if asked is None or asked.id == actor.organisation_id:
            raise NotFound
    return render_template(
        "accounts/blocks.html", blocked=blocked_organisations(db.session(), actor.organisation_id), asked=asked
    )


@bp.post("/account/blocks")
def block() -> ResponseReturnValue:
    """Block an organisation."""
    with action() as act:
        blocked = block_organisation(act.session, current_actor(), request.form.get("organisation", "")[:80])
        act.leads_to(url_for("accounts.blocks"))
    flash(_("%(name)s is blocked. Neither of you can write to the other.", name=blocked.name), "success")
    return act.redirect()


@bp.post("/account/blocks/<int:block_id>/lift")
def lift(block_id: int) -> ResponseReturnValue:
    """Lift a block."""
    with action() as act:
        lift_block(act.session, current_actor(), block_id)
        act.leads_to(url_for("accounts.blocks"))
    flash(_("The block was lifted."), "success")
    return act.redirect()
