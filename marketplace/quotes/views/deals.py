"""An agreement, the same page for both sides."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.http import current_actor
from marketplace.quotes import showing
from marketplace.quotes.queries import deal_of
from marketplace.quotes.queries.sheets import sheet_of_deal
from marketplace.quotes.views.blueprint import bp
from marketplace.rfqs.models import Recipient


@bp.get("/deals/<key>")
def deal(key: str) -> ResponseReturnValue:
    """What was agreed, with whom and when."""
    session, actor = db.session(), current_actor()
    found = deal_of(session, actor, key)
    sheet = sheet_of_deal(session, found)
    recipient = session.get_one(Recipient, found.recipient_id)
    return render_template(
        "quotes/deal.html",
        deal=found,
        sheet=sheet,
        view=showing.sheet_view(sheet, current_locale(), actor.time_zone),
        talk=f"/leads/{recipient.key}" if actor.is_seller else f"/requests/{sheet.request_key}/with/{recipient.key}",
        zone=actor.time_zone,
    )
