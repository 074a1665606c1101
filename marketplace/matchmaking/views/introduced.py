"""Introductions as the seller and the distributor see them: each answers for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.cards import cards
from marketplace.i18n import formats
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.matchmaking import introduction_wording
from marketplace.matchmaking.blueprint import bp
from marketplace.matchmaking.queries.introducing import applications_of, chapters_of, sellers_of
from marketplace.matchmaking.views.introducing import wanted_by
from marketplace.partners.forms import RefusalForm
from marketplace.partners.introduction_queries import introduction_for, introductions_for
from marketplace.partners.models import Application, Introduction, Territory
from marketplace.partners.partnership_queries import grades_of, territories_by
from marketplace.partners.partnership_views import territory_shown
from marketplace.partners.rules import Answer, IntroductionState
from marketplace.partners.services import answer_introduction
from marketplace.partners.wording import GRADES, INTRODUCTION_TONES

_ANSWERS = {"accept": Answer.ACCEPTED, "refuse": Answer.REFUSED}


@bp.get("/selling/introductions")
def introductions_to_distributors() -> ResponseReturnValue:
    """Distributors whom a chapter would like to introduce; who they are is told when both have accepted."""
    return _page("matchmaking/introduced_seller.html", is_seller=True)


@bp.get("/distributor/introductions")
def introductions_to_sellers() -> ResponseReturnValue:
    """Sellers whom the chapter would like to introduce."""
    return _page("matchmaking/introduced_distributor.html", is_seller=False)


@bp.post("/selling/introductions/<int:key>/<any(accept, refuse):verb>")
def answer_as_seller(key: int, verb: str) -> ResponseReturnValue:
    """Accept or refuse as the seller."""
    return _answered(key, verb, "matchmaking.introductions_to_distributors")


@bp.post("/distributor/introductions/<int:key>/accept")
def accept_as_distributor(key: int) -> ResponseReturnValue:
    """Say yes as the distributor; where the seller has said so, too, the way leads on to a first request."""
    session = db.session()
    row, _side = introduction_for(session, current_actor(), key)
    goods = cards(session, [row.product_id], current_locale())
    inquiry = f"/products/{goods[0].slug}/inquiry" if goods else ""
    return _answered(key, "accept", "matchmaking.introductions_to_sellers", inquiry)


@bp.route("/distributor/introductions/<int:key>/refuse", methods=["GET", "POST"])
def refuse_as_distributor(key: int) -> ResponseReturnValue:
    """Say no as the distributor, with a reason that the chapter reads."""
    session, actor, form = db.session(), current_actor(), RefusalForm()
    row, _side = introduction_for(session, actor, key)
    if request.method == "GET" or not form.validate():
        name = sellers_of(session, [row.seller_id]).get(row.seller_id, "")
        body = render_template("matchmaking/refuse_introduction.html", form=form, row=row, name=name)
        return body, 422 if request.method == "POST" else 200
    with action(url_for("matchmaking.introductions_to_sellers")) as act:
        answer_introduction(act.session, actor, key, Answer.REFUSED, form.refusal())
    flash(_("Noted. You are not introduced to each other again."), "success")
    return act.redirect()


def _answered(key: int, verb: str, leads_to: str, inquiry: str = "") -> ResponseReturnValue:
    with action() as act:
        row = answer_introduction(act.session, current_actor(), key, _ANSWERS[verb])
        state = row.state
        is_made = state == IntroductionState.ACCEPTED
        act.leads_to(prefix_of(request.environ) + inquiry if is_made and inquiry else url_for(leads_to))
    said = {
        IntroductionState.ACCEPTED: _("You both said yes. You are introduced now."),
        IntroductionState.PROPOSED: _("Thank you. You hear as soon as the other side has answered, too."),
        IntroductionState.REFUSED: _("Noted. You are not introduced to each other again."),
    }
    flash(said[IntroductionState(state)], "success")
    return act.redirect()


def _page(template: str, *, is_seller: bool) -> ResponseReturnValue:
    session, actor, locale = db.session(), current_actor(), current_locale()
    page = introductions_for(session, actor, page_number(request.args.get("page")))
    companies, chapters = applications_of(session, page.items), chapters_of(session, page.items)
    titles = {row.id: row for row in cards(session, [each.product_id for each in page.items], locale)}
    grades, granted = grades_of(session, list(companies)), territories_by(session, list(companies))
    terms = {key: _terms(grades.get(key, ""), granted[key], locale) for key in companies}
    rows = [
        _row(each, companies[each.application_id], chapters.get(each.chapter_id, ""), titles, locale, is_seller)
        | {"terms": terms[each.application_id]}
        for each in page.items
    ]
    return render_template(template, page=page, rows=rows)


def _terms(grade: str, territories: Sequence[Territory], locale: str) -> list[tuple[str, str]]:
    """What the chapter says of the distributor: grade, and goods and countries it was granted."""
    shown = [territory_shown(each, locale) for each in territories]
    named = [f"{each['goods']} · {each['country']}" for each in shown]
    alone = [name for name, each in zip(named, shown, strict=True) if each["until"]]
    beside = [name for name, each in zip(named, shown, strict=True) if not each["until"]]
    rows = [
        (_("Grade"), str(GRADES[grade]) if grade else ""),
        (_("Sells alone for the chapter"), formats.format_list(alone, locale) if alone else ""),
        (_("Sells for the chapter beside others"), formats.format_list(beside, locale) if beside else ""),
    ]
    return [(label, text) for label, text in rows if text]


def _row(
    each: Introduction, application: Application, chapter: str, titles: dict[int, Any], locale: str, is_seller: bool
) -> dict[str, Any]:
    """One introduction as ready strings; the seller reads the company's name and site only when both have accepted."""
    is_made = each.state == IntroductionState.ACCEPTED
    own = each.seller_answer if is_seller else each.distributor_answer
    card = titles.get(each.product_id)
    say_for = introduction_wording.strengths_for_seller if is_seller else introduction_wording.strengths
    say_against = introduction_wording.near_misses_for_seller if is_seller else introduction_wording.near_misses
    return {
        "key": each.id,
        "chapter": chapter,
        "note": each.note,
        "country": formats.format_country(application.country, locale) if application.country else "",
        "wishes": wanted_by(application, locale),
        "company": application.company_name if is_made or not is_seller else "",
        "website": application.website if is_made else "",
        "title": card.title if card else "",
        "slug": card.slug if card else "",
        "seller": (card.producer or card.seller) if card else "",
        "for": say_for(each.reasons.get("for", ()), locale),
        "against": say_against(each.reasons.get("against", ()), locale),
        "is_made": is_made,
        "waits_for_you": each.state == IntroductionState.PROPOSED and not own and each.closes_at > now(),
        "state": _state(each, own),
        "tone": INTRODUCTION_TONES[each.state],
        "closes": each.closes_at,
    }


def _state(each: Introduction, own: str) -> str:
    """Where it stands, without telling one side what the other has said before both have."""
    if each.state == IntroductionState.ACCEPTED:
        return str(_("You are introduced"))
    if each.state == IntroductionState.PROPOSED and each.closes_at > now():
        return str(_("You said yes; the other side is asked") if own else _("Waits for you"))
    return str(_("You said no") if own == Answer.REFUSED else _("Did not come about"))
