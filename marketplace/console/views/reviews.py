"""Reviews of buyers on the desk: read first, then published or refused with a reason."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.product_view import title_in
from marketplace.console.blueprint import bp
from marketplace.console.forms import ReviewDecisionForm
from marketplace.console.seeing import note_seen
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.moderation.reviewing import reject_review
from marketplace.moderation.rules import ReportReason
from marketplace.reviews import wording
from marketplace.reviews.queries import Row, any_review, review_queue
from marketplace.reviews.rules import ReviewState
from marketplace.reviews.services import publish_review
from marketplace.rfqs.showing import language_name


@bp.get("/console/reviews")
def buyer_reviews() -> ResponseReturnValue:
    """Reviews that wait, or those in one state."""
    wish = request.args.get("state", "")
    state = ReviewState(wish) if wish in set(ReviewState) else ReviewState.PENDING
    page = review_queue(db.session(), state, page_number(request.args.get("page")))
    return render_template("console/buyer_reviews.html", page=page, state=state, wording=wording, title_of=_title)


@bp.get("/console/reviews/<key>")
def buyer_review(key: str) -> ResponseReturnValue:
    """One review with what it is about."""
    note_seen("review.seen", f"review:{any_review(db.session(), current_actor(), key).review.id}")
    return _page(key, None)


def _page(key: str, form: ReviewDecisionForm | None) -> str:
    row = any_review(db.session(), current_actor(), key)
    return render_template(
        "console/buyer_review.html",
        row=row,
        review=row.review,
        title=_title(row),
        form=form or ReviewDecisionForm(formdata=None, version=row.review.version),
        wording=wording,
        language=language_name(row.review.language),
    )


@bp.post("/console/reviews/<key>/decision")
def decide_buyer_review(key: str) -> ResponseReturnValue:
    """Publish it, or refuse it with a reason and a note."""
    actor = current_actor()
    any_review(db.session(), actor, key)
    form = ReviewDecisionForm()
    if not form.validate():
        return _page(key, form), 422
    with action() as act:
        if form.decision.data == "publish":
            publish_review(act.session, actor, key, int(form.version.data))
        else:
            note, reason = str(form.note.data or ""), ReportReason(form.reason.data)
            sentence = _("Write a sentence or two, so that both sides understand.")
            reject_review(act.session, actor, key, reason, note, int(form.version.data), sentence)
        act.leads_to(url_for("console.buyer_reviews"))
    flash(_("Decided. The buyer is told."), "success")
    return act.redirect()


def _title(row: Row) -> str:
    if row.product is None:
        return row.seller
    return title_in(row.product.card_titles, current_locale(), row.product.original_language) or row.product.slug
