"""What came of it: counts of inquiries, samples and orders, for the programme, a chapter or a pesantren."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.kernel.database import db
from marketplace.kernel.http import current_actor
from marketplace.orders import wording
from marketplace.orders.queries import counted
from marketplace.orders.views.blueprint import bp


@bp.get("/outcomes")
def outcomes() -> ResponseReturnValue:
    """Counts over everything one may read."""
    session, actor = db.session(), current_actor()
    return render_template(
        "orders/outcomes.html",
        sellers=counted(session, actor, "seller"),
        chapters=[] if actor.is_seller else counted(session, actor, "chapter"),
        fairs=counted(session, actor, "fair"),
        wording=wording,
    )
