"""The public page of a seller: who they are, what was checked, what they offer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.queries import newest_verification, programme_of
from marketplace.accounts.wording import LEVEL_NAMES
from marketplace.catalogue.queries.cards import products_of_seller
from marketplace.catalogue.queries.product_view import title_in
from marketplace.closures.queries import shown_closure
from marketplace.closures.wording import closed_sentence
from marketplace.discovery.facets import regency_name
from marketplace.discovery.page_cache import kept
from marketplace.discovery.projection import level_on
from marketplace.discovery.seller_cards import FORMS
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.paging import page_number
from marketplace.kernel.regions import REGENCIES
from marketplace.offers.queries import OfferRow, offers_of_seller, shown_of
from marketplace.offers.wording import lot_lines
from marketplace.reviews.queries import reviews_of_seller
from marketplace.reviews.showing import reviews_piece
from marketplace.sellers.models import Producer
from marketplace.sellers.queries import public_seller
from marketplace.sellers.rules import LEADS_BEFORE_FIGURES
from marketplace.web.card_values import cards_of
from marketplace.web.wording import METHODS

bp = Blueprint("seller_page", __name__)


@bp.get("/sellers/<slug>")
def seller(slug: str) -> ResponseReturnValue:
    """One seller with producers, checks, answer rate and goods."""
    return kept(lambda: _page(slug))


def _page(slug: str) -> ResponseReturnValue:
    session, locale = db.session(), current_locale()
    row = public_seller(session, slug)
    organisation = row.organisation
    producers = [link.producer for link in row.producers]
    page = products_of_seller(session, row.id, locale, page_number(request.args.get("page")))
    level = level_on(organisation.verification_level, organisation.verified_until, today())
    check = newest_verification(session, organisation.id) if level != "none" else None
    has_rate = row.lead_count >= LEADS_BEFORE_FIGURES
    return render_template(
        "web/seller.html",
        seller=row,
        organisation=organisation,
        kind=str(FORMS.get(row.form, row.form)),
        producers=[(one, *_story(one, locale), regency_name(one.regency, locale)) for one in producers],
        places={REGENCIES[one.regency].name: {"text": one.name, "level": 4} for one in producers if _is_here(one)},
        level=level,
        level_name=str(LEVEL_NAMES[level]),
        check=check,
        checked_by=programme_of(session, check.checked_by_id) if check else None,
        method=str(METHODS.get(check.method, "")) if check else "",
        answer_rate=row.answered_count / row.lead_count * 100 if has_rate else None,
        answer_hours=row.answer_minutes / row.answered_count / 60 if has_rate and row.answered_count else None,
        closure=shown_closure(session, row.id),
        closed=closed_sentence(session, row.id, locale),
        offers=[_offer(one, locale) for one in offers_of_seller(session, row.id)],
        reviews=reviews_piece(
            reviews_of_seller(session, row.id), locale, prefix_of(request.environ), f"/sellers/{slug}"
        ),
        cards=cards_of(page.items, locale, prefix_of(request.environ)),
        page=page,
    )


def _offer(row: OfferRow, locale: str) -> dict[str, Any]:
    product = row.product
    return {
        "title": title_in(product.card_titles, locale, product.original_language) or product.slug,
        "key": row.offer.key,
        "lines": lot_lines(shown_of(row.offer), locale),
    }


def _is_here(producer: Producer) -> bool:
    return producer.regency in REGENCIES


def _story(producer: Producer, locale: str) -> tuple[str, str]:
    texts = {text.language: text.story for text in producer.texts}
    nearest = {"zh_Hant": "zh_Hans", "zh_Hans": "zh_Hant"}.get(locale, "en")
    for language in (locale, nearest, "en", *texts):
        if texts.get(language):
            return language, texts[language]
    return "", ""
