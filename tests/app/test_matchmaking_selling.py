"""Open requests seen from the seller's side: who sees what, stepping in, putting aside, what was missed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block, Organisation
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.models import Impression, PostedRequest, RequestFit, Suggestion
from marketplace.matchmaking.queries.for_sellers import missed_by
from marketplace.matchmaking.queries.outcomes import outcome_lines
from marketplace.matchmaking.queries.weighed import requests_for
from marketplace.matchmaking.rules import SideOfMatch
from marketplace.matchmaking.services import suggest
from marketplace.matchmaking.services.impressions import Shown, note_shown
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.queries.requests import request_of
from marketplace.rfqs.rules import RecipientState
from marketplace.sellers.models import Seller
from tests.app.test_matchmaking import drafted, sugar, text_of, the_rfq
from tests.support.factories import a_listed_product
from tests.support.ordering import a_deal, a_sample, a_trade
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
PAGE = "/selling/requests"
WORDS = "2 t coconut sugar to Hamburg within 100 days, at most 8 usd/kg"
ORGANIC = "2 t EU organic coconut sugar to Hamburg within 100 days"


def posted(buyer: Person, session: Session, words: str = WORDS) -> str:
    """A request in own words, posted openly; gives its key."""
    key = drafted(buyer, words)
    data = {"version": str(the_rfq(session, key).version)}
    assert buyer.post(f"/requests/{key}/send", data, page=f"/requests/{key}/match").status_code == 303
    run_due()
    session.rollback()
    return key


def seen(seller: Person, session: Session) -> list[str]:
    """Keys of the requests on a seller's page."""
    session.rollback()
    return [each.own.rfq.key for each in requests_for(session, seller.actor, 1).items]


def test_an_open_request_reaches_those_who_can_serve_it(people: Cast, session: Session) -> None:
    good, other = people.seller(), people.seller()
    sugar(good)
    a_listed_product(other, "batik-fabric")
    buyer = people.buyer()
    key = posted(buyer, session)
    assert session.scalar(select(func.count(PostedRequest.rfq_id))) == 1
    html = text_of(good.client, PAGE)
    for words in ("Requests for you", "2,000", "You offer Coconut sugar", "Answer this buyer", "Not for us"):
        assert words in html, words
    assert seen(good, session) == [key]
    assert seen(other, session) == []
    assert "No open request fits your goods now" in text_of(other.client, PAGE)


def test_who_asks_stays_unknown_but_for_country_and_trade(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    key = posted(buyer, session, WORDS + ". Call Ms Example of Hidden Traders, +49 40 555 0100")
    html = text_of(seller.client, PAGE)
    name = session.scalars(select(Organisation.name).where(Organisation.id == buyer.actor.organisation_id)).one()
    for secret in (name, "Hidden Traders", "555 0100", buyer.actor.name, "usd"):
        assert secret not in html, secret
    assert key in html
    assert "Buyer in" in html


def test_a_request_to_chosen_sellers_stays_with_them(people: Cast, session: Session) -> None:
    chosen, other = people.seller(), people.seller()
    product = sugar(chosen)
    sugar(other)
    buyer = people.buyer()
    key = drafted(buyer)
    data = {"version": str(the_rfq(session, key).version), "product": [str(product)]}
    assert buyer.post(f"/requests/{key}/send", data, page=f"/requests/{key}/match").status_code == 303
    run_due()
    assert seen(other, session) == []
    assert seen(chosen, session) == []


def test_the_buyer_may_let_others_see_it_too(people: Cast, session: Session) -> None:
    chosen, other = people.seller(), people.seller()
    product = sugar(chosen)
    sugar(other)
    buyer = people.buyer()
    key = drafted(buyer)
    data = {"version": str(the_rfq(session, key).version), "product": [str(product)], "is_posted": "y"}
    assert buyer.post(f"/requests/{key}/send", data, page=f"/requests/{key}/match").status_code == 303
    run_due()
    assert seen(other, session) == [key]
    assert seen(chosen, session) == []


def test_stepping_in_makes_a_lead_once(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = sugar(seller)
    key = posted(buyer, session)
    hidden = guards(seller.client, PAGE)
    answers = [seller.client.post(f"{PAGE}/{key}/step-in", data=hidden) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    session.rollback()
    lead = session.scalars(select(Recipient)).one()
    assert (lead.seller_id, lead.product_id, lead.state) == (seller.seller_id, product, RecipientState.SEEN)
    assert lead.deadline_at == now() + timedelta(hours=72)
    assert lead.reasons["for"]
    assert seller.client.get(answers[0].location).status_code == 200
    assert seen(seller, session) == []
    assert seller.post(f"{PAGE}/{key}/step-in", {}, page=PAGE).status_code == 404


def test_not_for_us_is_remembered_on_both_sides(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    key = posted(buyer, session)
    assert seller.post(f"{PAGE}/{key}/not-for-me", {}, page=PAGE).status_code == 303
    assert seen(seller, session) == []
    assert key in text_of(seller.client, f"{PAGE}?show=aside")
    with transaction() as inside:
        rfq = request_of(inside, buyer.actor, key)
        suggest(inside, rfq)
    session.rollback()
    assert [each.seller_verdict for each in session.scalars(select(Suggestion))] == ["not_for_me"]
    run_due()
    assert seen(seller, session) == []
    assert seller.post(f"{PAGE}/{key}/take-back", {}, page=f"{PAGE}?show=aside").status_code == 303
    assert seen(seller, session) == [key]


def test_whom_the_buyer_put_aside_does_not_see_the_request(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = sugar(seller)
    key = drafted(buyer, WORDS)
    path = f"/requests/{key}/match"
    assert buyer.post(f"/requests/{key}/not-for-me", {"aside": str(product)}, page=path).status_code == 303
    assert f'value="{product}" checked' not in text_of(buyer.client, path)
    data = {"version": str(the_rfq(session, key).version)}
    assert buyer.post(f"/requests/{key}/send", data, page=path).status_code == 303
    run_due()
    assert seen(seller, session) == []


def test_requests_leave_when_they_close_or_have_their_answers(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    key = posted(buyer, session)
    with frozen(now() + timedelta(days=60)):
        assert seen(seller, session) == []
    rivals = [people.seller() for _ in range(2)]
    with transaction() as inside:
        rfq = inside.scalars(select(Rfq).where(Rfq.key == key)).one()
        rfq.quote_cap = 2
        for place, rival in enumerate(rivals):
            inside.add(
                Recipient(
                    key=f"lead{place}", rfq_id=rfq.id, seller_id=rival.seller_id, state=RecipientState.WILL_QUOTE,
                    reasons={}, invited_at=now(), deadline_at=now(), committed_at=now(),
                )
            )  # fmt: skip
    assert seen(seller, session) == []


def test_blocked_and_suspended_do_not_meet(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    key = posted(buyer, session)
    assert seen(seller, session) == [key]
    with transaction() as inside:
        inside.add(
            Block(
                organisation_id=seller.actor.organisation_id, blocked_id=buyer.actor.organisation_id, created_at=now()
            )
        )
    assert seen(seller, session) == []
    with transaction() as inside:
        inside.delete(inside.scalars(select(Block)).one())
        inside.get_one(Organisation, buyer.actor.organisation_id).suspended_at = now()
    assert seen(seller, session) == []


def test_others_can_neither_step_in_nor_put_aside(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    stranger = people.seller()
    key = posted(buyer, session)
    for verb in ("step-in", "not-for-me", "take-back"):
        assert stranger.post(f"{PAGE}/{key}/{verb}", {}, page=PAGE).status_code == 404
        assert people.buyer().post(f"{PAGE}/{key}/{verb}", {}).status_code in (403, 404)
        assert seller.post(f"{PAGE}/nothere222/{verb}", {}, page=PAGE).status_code == 404
    session.rollback()
    assert session.scalar(select(func.count(Recipient.id))) == 0
    assert set(session.scalars(select(Suggestion.seller_verdict))) <= {""}
    assert buyer.client.get(PAGE).status_code in (403, 404)


def test_missed_requests_say_for_want_of_what(people: Cast, session: Session) -> None:
    bare = people.seller()
    a_listed_product(bare, "coconut-sugar", title="Plain coconut sugar")
    for _ in range(2):
        posted(people.buyer(), session, ORGANIC)
    [missed] = missed_by(session, bare.actor)
    assert (missed.wanting.partition(":")[0], missed.count) == ("certificate", 2)
    html = text_of(bare.client, PAGE)
    assert "You missed 2 requests for want of" in html
    assert missed_by(session, people.seller().actor) == []
    slug = session.scalars(select(Seller.slug).where(Seller.id == bare.seller_id)).one()
    desk = text_of(people.curator().client, f"/console/sellers/{slug}")
    assert "Requests missed in the past four weeks, for want of" in desk
    assert "<dt>EU organic</dt><dd>2</dd>" in desk
    with frozen(now() + timedelta(days=40)):
        assert missed_by(session, bare.actor) == []


def test_missed_requests_name_each_term(people: Cast, session: Session) -> None:
    small = people.seller()
    a_listed_product(small, "coconut-sugar", title="Sugar", capacity_per_month=1000, destinations=["US", "DE"])
    posted(people.buyer(), session, "40 t coconut sugar to Hamburg")
    posted(people.buyer(), session, "500 kg coconut sugar to Tokyo")
    posted(people.buyer(), session, "500 kg coconut sugar to Hamburg, at most 0.20 usd/kg")
    html = text_of(small.client, PAGE)
    for words in ("more than you can make", "do not ship to Japan", "above the target"):
        assert words in html, words
    assert set(session.scalars(select(RequestFit.wanting))) == {"capacity", "destination:JP", "price"}


def test_what_sellers_see_is_remembered_once(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    posted(buyer, session)
    for _ in range(2):
        text_of(seller.client, PAGE)
    session.rollback()
    row = session.scalars(select(Impression).where(Impression.side == "seller")).one()
    assert (row.position, row.times, row.propensity) == (0, 2, 1)


def test_a_new_offer_meets_older_requests(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    key = posted(buyer, session)
    sugar(seller)
    with frozen(now() + timedelta(minutes=15)):
        run_due()
        run_due()
        assert seen(seller, session) == [key]


def test_showings_are_written_with_what_came_of_them(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = sugar(seller)
    drafted(people.buyer(), WORDS)  # never sent: nothing could come of it
    key = posted(buyer, session)
    text_of(seller.client, PAGE)
    lead = str(seller.post(f"{PAGE}/{key}/step-in", {}, page=PAGE).location)
    assert seller.post(f"{lead}/answer", {"text": "We can."}, page=lead).status_code == 303
    session.rollback()
    lines = list(outcome_lines(session))
    assert [(each["side"], each["product"], each["position"]) for each in lines] == [
        ("buyer", product, 0),
        ("seller", product, 0),
    ]
    assert all(each["is_asked"] and each["is_answered"] and each["state"] == "will_quote" for each in lines)
    assert not any(each["is_quoted"] or each["sample"] or each["is_agreed"] or each["order"] for each in lines)
    assert list(outcome_lines(session, now() + timedelta(days=1))) == []


def test_what_came_of_a_showing_is_told_up_to_the_order(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    with transaction() as inside:
        note_shown(
            inside, trade.rfq.id, SideOfMatch.BUYER,
            [Shown(trade.product.id, trade.seller.seller_id, 0, Decimal(1), True, "model")],
        )  # fmt: skip

    def told() -> tuple[object, ...]:
        session.rollback()
        [line] = outcome_lines(session)
        return tuple(line[name] for name in ("is_answered", "is_quoted", "sample", "is_agreed", "order"))

    assert told() == (True, False, "", False, "")
    a_sample(trade)
    assert told() == (True, False, "requested", False, "")
    a_deal(trade)
    assert told() == (True, True, "requested", True, "deposit_due")
