"""Reviews as buyers write them, sellers answer them and everybody reads them."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.product_view import title_in
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, Forbidden, NotFound
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.reviews import queries, services, wording
from marketplace.reviews.forms import AnswerForm, ReviewForm
from marketplace.reviews.models import Review
from marketplace.reviews.queries import Occasioned, Row, Subject
from marketplace.reviews.rules import Occasion, ReviewState, ReviewTarget
from marketplace.reviews.showing import shown_lines
from marketplace.rfqs.showing import language_name

bp = Blueprint("reviews", __name__)
AFTER = "/reviews/after/<any(sample, deal):kind>/<key>"


@bp.get("/reviews")
def own() -> ResponseReturnValue:
    """What one's company wrote, and how each review stands."""
    page = queries.own_reviews(db.session(), current_actor(), page_number(request.args.get("page")))
    return render_template("reviews/own.html", page=page, wording=wording, title_of=_title)


@bp.route(AFTER, methods=["GET", "POST"])
def after(kind: str, key: str) -> ResponseReturnValue:
    """Review the goods and the seller after one sample or deal."""
    actor, session = current_actor(), db.session()
    event = queries.occasion(session, actor, Occasion(kind), key)
    if request.method == "GET":
        return _after(event, None)
    form = ReviewForm()
    if form.subject.data not in {one.name for one in event.subjects}:
        raise NotFound
    if not form.validate():
        return _after(event, form), 422
    try:
        with action(url_for("reviews.after", kind=kind, key=key)) as act:
            services.write_review(act.session, actor, Occasion(kind), key, form.as_draft())
    except (Forbidden, NotFound):
        raise
    except DomainError as fault:
        form.form_errors.append(str(fault.sentence))
        return _after(queries.occasion(db.session(), actor, Occasion(kind), key), form), fault.status
    flash(_("Thank you. A curator reads it first; then everybody does, without your name."), "success")
    return act.redirect()


def _after(event: Occasioned, sent: ReviewForm | None) -> str:
    known = queries.written_about(db.session(), current_actor(), event.about)
    parts = []
    for one in event.subjects:
        row = known.get(one.name)
        is_sent = sent is not None and sent.subject.data == one.name
        form = sent if is_sent else _form(one, row)
        parts.append({"subject": one, "title": _title_of(one), "review": row, "form": form, "is_sent": is_sent})
    return render_template(
        "reviews/after.html", event=event, parts=parts, wording=wording, pending=ReviewState.PENDING,
        path=f"/reviews/after/{event.kind}/{event.key}",
    )  # fmt: skip


def _form(subject: Subject, row: Review | None) -> ReviewForm:
    data = {"subject": subject.name, "version": "0", "language": current_locale()}
    if row is not None:
        data |= {"version": str(row.version), "rating": str(row.rating), "text": row.text, "language": row.language}
    return ReviewForm(formdata=None, data=data)


@bp.post("/reviews/<key>/take-back")
def take_back(key: str) -> ResponseReturnValue:
    """Take a review back that nobody has decided on."""
    with action(url_for("reviews.own")) as act:
        services.take_back_review(act.session, current_actor(), key, seen_version())
    flash(_("Taken back. Nobody reads it."), "success")
    return act.redirect()


@bp.get("/selling/reviews")
def received() -> ResponseReturnValue:
    """What buyers wrote about one's goods and house."""
    return _received(None, "")


@bp.post("/selling/reviews/<key>/answer")
def answer(key: str) -> ResponseReturnValue:
    """Answer a review, once."""
    form = AnswerForm()
    if not form.validate():
        return _received(form, key), 422
    text, language, version = str(form.text.data), str(form.language.data), int(form.version.data)
    with action(url_for("reviews.received")) as act:
        services.answer_review(act.session, current_actor(), key, text, language, version)
    flash(_("Your answer stands below the review."), "success")
    return act.redirect()


def _received(sent: AnswerForm | None, key: str) -> str:
    page = queries.received_reviews(db.session(), current_actor(), page_number(request.args.get("page")))
    forms = {
        row.review.key: sent
        if sent is not None and row.review.key == key
        else AnswerForm(formdata=None, data={"version": row.review.version, "language": current_locale()})
        for row in page.items
        if row.review.answered_at is None
    }
    return render_template(
        "reviews/received.html", page=page, forms=forms, wording=wording, title_of=_title, name_of=language_name
    )


@bp.get("/<any(products, sellers):kind>/<slug>/reviews")
def public(kind: str, slug: str) -> ResponseReturnValue:
    """All reviews of goods or of a seller."""
    session, locale = db.session(), current_locale()
    target = ReviewTarget.PRODUCT if kind == "products" else ReviewTarget.SELLER
    key, name = queries.public_subject(session, target, slug, locale)
    page = queries.public_page(session, target, key, page_number(request.args.get("page")))
    return render_template(
        "reviews/public.html", page=page, lines=shown_lines(page.items, locale), name=name, path=f"/{kind}/{slug}",
        target=target,
    )  # fmt: skip


def _title_of(subject: Subject) -> str:
    if subject.product is None:
        return subject.seller
    return title_in(subject.product.card_titles, current_locale(), subject.product.original_language)


def _title(row: Row) -> str:
    if row.product is None:
        return row.seller
    return title_in(row.product.card_titles, current_locale(), row.product.original_language) or row.product.slug
