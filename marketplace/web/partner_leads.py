"""A chapter's view of the requests its distributors sent: stages and counts, never the words or the sellers."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.followups.queries import counts_of, follow_ups_by_key
from marketplace.followups.wording import RESULTS
from marketplace.kernel.database import db
from marketplace.kernel.http import current_actor
from marketplace.kernel.paging import page_number
from marketplace.partners.queries import chapter_of
from marketplace.rfqs.queries.requests import requests_of_chapter
from marketplace.rfqs.wording import RFQ_STATES

bp = Blueprint("partner_leads", __name__)


@bp.get("/partner/leads")
def leads() -> ResponseReturnValue:
    """Requests that count for the actor's chapter, newest first."""
    chapter = chapter_of(db.session(), current_actor())
    page = requests_of_chapter(db.session(), chapter.id, page_number(request.args.get("page")))
    return render_template(
        "partners/leads.html",
        page=page,
        states=RFQ_STATES,
        counts=counts_of(db.session(), chapter.id),
        stated=follow_ups_by_key(db.session(), chapter.id, [one.key for one in page.items]),
        results=RESULTS,
    )
