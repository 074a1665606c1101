"""What a seller learns by matching: their own goods and the request at hand, never a rival's price nor what else its
buyer asks for. And what matching learns from: what came of a showing, never a click; and who is new gets a turn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, true
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from marketplace.access import ACCESS
from marketplace.catalogue.models import Product
from marketplace.kernel.jobs import run_due
from marketplace.kernel.personal_data import export_all
from marketplace.kernel.visitors import Who
from marketplace.matchmaking import fitting
from marketplace.matchmaking.models import Impression, PostedRequest, RequestFit, Suggestion
from marketplace.matchmaking.queries.learning import settled_outcomes
from marketplace.matchmaking.queries.outcomes import outcome_lines
from marketplace.matchmaking.weighing import stage_of
from marketplace.rfqs.models import Recipient
from tests.app.test_matchmaking import drafted, sugar, the_rfq
from tests.app.test_matchmaking_selling import PAGE, WORDS, posted
from tests.support.factories import a_listed_product
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
ODD_PRICE, ODD_WORDS, ODD_TARGET = "7.7713", "Quetzalwick lanterns", "6.6617"
SECRETS = (ODD_PRICE, "7,7713", "7.77", "7,77", "Quetzalwick", ODD_TARGET, "6,6617", "6.66", "6,66")
_MOST_PAGES = 150
_LINK = re.compile(r'href="(/[^"#]*)')


def test_a_sellers_model_inputs_never_reveal_a_rivals_price_or_a_buyers_other_requests(
    people: Cast, session: Session, app: Flask
) -> None:
    """Every page that is for sellers, as far as links lead, what is kept of their matches, and the copy of their data."""
    seller, rival, buyer = people.seller(), people.seller(), people.buyer()
    own = sugar(seller)
    theirs = dear_sugar(rival)
    first = posted(buyer, session)
    lead = str(seller.post(f"{PAGE}/{first}/step-in", {}, page=PAGE).location)
    posted(buyer, session, f"300 kg batik fabric for {ODD_WORDS} to Hamburg")
    asked(buyer, session, f"2 t coconut sugar for {ODD_WORDS} to Hamburg, at most {ODD_TARGET} usd/kg", theirs)
    posted(buyer, session, WORDS)
    session.rollback()
    seen = dict(pages_of(app, seller, [PAGE, f"{PAGE}?show=aside", lead]))
    assert lead in seen
    assert len(seen) > 20, sorted(seen)
    for path, html in seen.items():
        for secret in SECRETS:
            assert secret not in html, (secret, path)
    kept = list(kept_of(session, seller))
    assert {row["product"] for row in kept} == {own}
    told = json.dumps([kept, export_all(session, seller.user_id)], default=str)
    for secret in SECRETS:
        assert secret not in told, secret


def test_what_a_seller_is_matched_by_is_the_same_whatever_rivals_ask_and_buyers_want_elsewhere(
    people: Cast, session: Session
) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    key = posted(buyer, session)
    before = list(kept_of(session, seller, key))
    dear_sugar(people.seller())
    posted(buyer, session, f"2 t coconut sugar for {ODD_WORDS} to Hamburg, at most {ODD_TARGET} usd/kg")
    session.rollback()
    run_due()
    session.rollback()
    assert before
    assert list(kept_of(session, seller, key)) == before


def test_a_clicked_showing_is_never_a_label(people: Cast, session: Session) -> None:
    """The buyer opens what was shown, again and again, and so does the seller: nothing is known of its worth."""
    seller, buyer = people.seller(), people.buyer()
    product = session.get_one(Product, sugar(seller))
    slug = product.slug
    session.rollback()
    key = posted(buyer, session)
    for _click in range(3):
        assert buyer.client.get(f"/products/{slug}").status_code == 200
        assert buyer.client.get(f"/requests/{key}/match").status_code in (200, 302, 303)
        assert seller.client.get(PAGE).status_code == 200
    session.rollback()
    lines = [line for line in outcome_lines(session) if line["product"] == product.id]
    assert {line["side"] for line in lines} == {"buyer", "seller"}
    assert max(line["times"] for line in lines) > 1, "it was shown, and looked at, more than once"
    assert [stage_of(line) for line in lines] == [None, None]
    assert settled_outcomes(session) == []


def test_new_sellers_get_their_chance(people: Cast, session: Session) -> None:
    """Who was shown to buyers for weeks does not keep an equal offer of a newcomer down."""
    old = people.seller()
    sugar(old)
    for _each in range(4):
        drafted(people.buyer())
    new = people.seller()
    sugar(new)
    fitting.refit()  # as within ten minutes of a listing: its words weigh in
    for _each in range(5):
        drafted(people.buyer())
    session.rollback()
    last = session.scalars(select(Suggestion.rfq_id).distinct().order_by(Suggestion.rfq_id.desc()).limit(5)).all()
    first = session.scalars(
        select(Suggestion.seller_id).where(Suggestion.position == 0, Suggestion.rfq_id.in_(last))
    ).all()
    assert first.count(new.seller_id or 0) >= 3
    shown = session.scalars(select(Impression.seller_id).where(Impression.rfq_id.in_(last))).all()
    assert set(shown) == {old.seller_id, new.seller_id}, "and the other stays among those shown"


def dear_sugar(rival: Person) -> int:
    """A rival's coconut sugar at an odd price."""
    rung = ("FOB", "Tanjung Perak", "kg", "USD", "100", ODD_PRICE)
    return a_listed_product(rival, "coconut-sugar", title="Dear sugar", rungs=[rung]).id


def asked(buyer: Person, session: Session, words: str, product: int) -> None:
    """A request in own words to one seller alone."""
    key = drafted(buyer, words)
    data = {"version": str(the_rfq(session, key).version), "product": [str(product)]}
    assert buyer.post(f"/requests/{key}/send", data, page=f"/requests/{key}/match").status_code == 303
    run_due()
    session.rollback()


def pages_of(app: Flask, seller: Person, begin: list[str], most: int = _MOST_PAGES) -> Iterator[tuple[str, str]]:
    """Pages that only sellers or signed-in people may open, from what needs no key on as far as links lead."""
    routes = app.url_map.bind("localhost")
    inside = {name for name, who in ACCESS.items() if {Who.SELLER, Who.SIGNED_IN} & who}
    own = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in inside and not rule.arguments]
    waiting, known = [*begin, *sorted(own)], set[str]()
    while waiting and len(known) < most:
        path = waiting.pop(0)
        bare = re.sub(r"^/(en|id|de|zh-hans|zh-hant)(?=/)", "", path.partition("?")[0], flags=re.I)
        if path in known or not _is_inside(routes, bare, inside):
            continue
        known.add(path)
        answer = seller.client.get(path)
        if answer.status_code == 200 and "html" in answer.content_type:
            html = answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
            yield path, html
            waiting += _LINK.findall(html)


def _is_inside(routes: Any, path: str, inside: set[str]) -> bool:
    try:
        endpoint, _values = routes.match(path, "GET")
    except HTTPException:  # no route of ours, or none to be opened
        return False
    return endpoint in inside


def kept_of(session: Session, seller: Person, rfq: str | None = None) -> Iterator[dict[str, Any]]:
    """What is kept for a seller of the requests they may see: scores and reasons, whatever a page shows of them."""
    posted_ones = select(PostedRequest.rfq_id)
    for model, is_theirs in ((RequestFit, RequestFit.rfq_id.in_(posted_ones)), (Recipient, true())):
        query = select(model).where(model.seller_id == seller.seller_id, is_theirs)
        if rfq is not None:
            query = query.where(model.rfq_id == the_rfq(session, rfq).id)
        for row in session.scalars(query):
            yield {"product": row.product_id, "score": str(row.score), "reasons": row.reasons}
    session.rollback()
