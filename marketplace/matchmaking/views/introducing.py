"""A chapter brings distributors and sellers together: who suits whom, proposals, what came of them; lists for fairs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.cards import CardRow, cards
from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.matchmaking import introduction_wording
from marketplace.matchmaking.blueprint import bp
from marketplace.matchmaking.forms import FairForm, IntroduceForm
from marketplace.matchmaking.queries.introducing import applications_of, outcomes_of, sellers_of
from marketplace.matchmaking.services.introducing import Sellers, propose, sellers_for, sellers_for_distributor
from marketplace.matchmaking.standing import wishes_at_fair, wishes_of
from marketplace.matchmaking.wording import concept_name
from marketplace.partners.introduction_queries import (
    approved_distributor,
    approved_distributors,
    introductions_of_chapter,
)
from marketplace.partners.models import Application, Introduction
from marketplace.partners.partnership_queries import Held, held_by_others
from marketplace.partners.queries import chapter_of
from marketplace.partners.services import Found, withdraw_introduction
from marketplace.partners.wording import CHANNELS, INTRODUCTION_STATES, INTRODUCTION_TONES, REFUSALS


@bp.get("/partner/introductions")
def introductions() -> ResponseReturnValue:
    """What the chapter proposed and what came of it; its distributors, each with the way to sellers who suit."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    page = introductions_of_chapter(session, actor, page_number(request.args.get("page")))
    companies, outcomes = applications_of(session, page.items), outcomes_of(session, page.items)
    names = sellers_of(session, [each.seller_id for each in page.items])
    rows = [
        {
            "key": each.id,
            "distributor": companies[each.application_id].company_name,
            "seller": names.get(each.seller_id, ""),
            "state": INTRODUCTION_STATES[each.state],
            "tone": INTRODUCTION_TONES[each.state],
            "is_open": each.state == "proposed",
            "refusal": _refusal(each),
            "proposed": each.proposed_at,
            "closes": each.closes_at,
            "outcome": introduction_wording.outcome_sentence(outcomes.get(each.id, {}), locale),
        }
        for each in page.items
    ]
    return render_template(
        "matchmaking/introductions.html", page=page, rows=rows, distributors=approved_distributors(session, actor)
    )


@bp.get("/partner/distributors/<int:key>/sellers")
def sellers_to_introduce(key: int) -> ResponseReturnValue:
    """Sellers who suit a distributor, with reasons and near misses."""
    application = approved_distributor(db.session(), current_actor(), key)
    found = sellers_for_distributor(db.session(), current_actor(), key)
    return _sellers_page(application, found, IntroduceForm(formdata=None))


@bp.post("/partner/distributors/<int:key>/sellers")
def introduce_seller(key: int) -> ResponseReturnValue:
    """Propose a seller and a distributor to each other."""
    session, actor, form = db.session(), current_actor(), IntroduceForm()
    application = approved_distributor(session, actor, key)
    found = sellers_for_distributor(session, actor, key)  # before the transaction: ranking takes its time
    if not form.validate():
        return _sellers_page(application, found, form, 422)
    product = request.form.get("product", "")
    if not (product.isascii() and product.isdigit() and len(product) <= 18):
        raise NotFound
    session.rollback()
    try:
        with action() as act:
            propose(act.session, actor, key, int(product), str(form.note.data or ""), found)
            act.leads_to(url_for("matchmaking.sellers_to_introduce", key=key))
    except NotFound:
        raise DomainError(_("This seller cannot be introduced any more. Choose another.")) from None
    flash(_("Both sides are asked. You hear as soon as they have answered."), "success")
    return act.redirect()


@bp.post("/partner/introductions/<int:key>/withdraw")
def take_introduction_back(key: int) -> ResponseReturnValue:
    """Take an open proposal back."""
    with action() as act:
        withdraw_introduction(act.session, current_actor(), key)
        act.leads_to(url_for("matchmaking.introductions"))
    flash(_("The introduction is withdrawn."), "success")
    return act.redirect()


@bp.get("/partner/fair")
def fair_sellers() -> ResponseReturnValue:
    """Sellers ranked for the visitors of a fair: its goods, the countries they come from, the day it opens."""
    session, locale = db.session(), current_locale()
    chapter = chapter_of(session, current_actor())
    is_asked = bool(request.args.getlist("goods"))
    form = FairForm(formdata=request.args if is_asked else None, data={"countries": chapter.countries})
    form.fill_choices(locale)
    found = None
    if is_asked and form.validate():
        wishes = wishes_at_fair(form.goods.data or [], form.countries.data or [], form.opens.data)
        found = sellers_for(session, wishes, f"fair:{chapter.id}")
    return render_template(
        "matchmaking/fair.html",
        form=form,
        found=found,
        fitting=_shown(found.fitting, locale) if found else [],
        almost=_shown(found.almost, locale) if found else [],
    )


def _refusal(row: Introduction) -> str:
    """Why the distributor said no, for its chapter; empty for every other answer."""
    if not row.refusal_reason:
        return ""
    reason = str(REFUSALS[row.refusal_reason])
    touch = _("has been in touch with the seller") if row.distributor_contacted else _("no contact so far")
    said: str = _("Distributor: %(reason)s (%(touch)s)", reason=reason, touch=touch)
    return f"{said} – {row.refusal_note}" if row.refusal_note else said


def _sellers_page(
    application: Application, found: Sellers, form: IntroduceForm, status: int = 200
) -> ResponseReturnValue:
    locale = current_locale()
    body = render_template(
        "matchmaking/sellers_to_introduce.html",
        application=application,
        wishes=wanted_by(application, locale),
        fitting=_shown(found.fitting, locale),
        almost=_shown(found.almost, locale),
        is_resting=found.is_resting,
        held=[territory_name(each, locale) for each in held_by_others(db.session(), application)],
        form=form,
    )
    return body, status


def wanted_by(application: Application, locale: str) -> list[tuple[str, str]]:
    """A distributor's standing interests as labels and texts, with what their own words were read as."""
    registry = load_registry()
    goods = [registry.commodity(key).name(locale) for key in application.interests if key in registry.commodities]
    channels = [str(CHANNELS.get(code, code)) for code in application.channels]
    wishes = wishes_of(application, today())
    papers = dict.fromkeys(each[0] for wanted in wishes.requests for each in wanted.certificates)
    rows = [
        (_("Commodities"), formats.format_list(goods, locale)),
        (
            _("Territories"),
            formats.format_list([formats.format_country(c, locale) for c in wishes.territories], locale),
        ),
        (_("Sales channels"), formats.format_list(channels, locale)),
        (_("Expected volume a year"), application.yearly_volume),
        (
            _("Certificates"),
            formats.format_list([concept_name(p, locale) for p in papers], locale),
        ),
    ]
    return [(label, text) for label, text in rows if text]


def territory_name(held: Held, locale: str) -> str:
    """Goods and country that another distributor has to itself, and until when."""
    registry = load_registry()
    known = held.commodity in registry.commodities
    said: str = _(
        "%(goods)s in %(country)s until %(day)s",
        goods=registry.commodity(held.commodity).name(locale) if known else held.commodity,
        country=formats.format_country(held.country, locale),
        day=formats.format_date(held.until, locale),
    )
    return said


def _shown(found: Iterable[Found], locale: str) -> list[dict[str, Any]]:
    """Sellers as ready strings."""
    each_found = list(found)
    rows = {row.id: row for row in cards(db.session(), [each.product_id for each in each_found], locale)}
    return [_one(rows[each.product_id], each, locale) for each in each_found if each.product_id in rows]


def _one(row: CardRow, each: Found, locale: str) -> dict[str, Any]:
    return {
        "product_id": row.id,
        "title": row.title,
        "slug": row.slug,
        "seller": row.producer or row.seller,
        "picture": row.picture,
        "for": introduction_wording.strengths(each.reasons.get("for", ()), locale),
        "against": introduction_wording.near_misses(each.reasons.get("against", ()), locale),
        "open": "",
    }
