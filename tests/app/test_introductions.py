"""Introductions: found by the matcher, proposed by a chapter, answered by both sides, never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.orders.models import Outcome
from marketplace.partners.jobs import end_introductions
from marketplace.partners.models import Application, Attribution, Introduction
from marketplace.partners.personal_data import erase, export
from marketplace.partners.rules import (
    INTRODUCTION_LIFE,
    INTRODUCTION_MOVES,
    Answer,
    ApplicationState,
    IntroductionState,
    state_after,
)
from marketplace.partners.services import answer_introduction
from tests.app.test_matchmaking import sugar, text_of
from tests.support.factories import a_certificate, a_listed_product
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
ABOUT = "We supply forty shops in our region and look for goods with a story."


def a_distributor(partner: Person, buyer: Person, **more: object) -> int:
    """An approved distributor of the partner's chapter; gives the key of its application."""
    values: dict[str, object] = {
        "state": ApplicationState.APPROVED, "company_name": f"Example Foods {buyer.organisation_id}", "country": "DE",
        "about": ABOUT, "yearly_volume": "24 t", "channels": ["wholesale"], "territories": ["DE", "AT"],
        "interests": ["coconut-sugar"], "website": "https://example.test",
    }  # fmt: skip
    with transaction() as session:
        row = Application(
            chapter_id=partner.chapter_id, invite_hash=f"hash-{buyer.organisation_id}",
            invite_expires_at=now() + timedelta(days=1), organisation_id=buyer.organisation_id,
            applicant_id=buyer.user_id, created_at=now(), **(values | more),
        )  # fmt: skip
        session.add(row)
        session.add(Attribution(organisation_id=buyer.organisation_id, chapter_id=partner.chapter_id, since=now()))
        session.flush()
        return row.id


def proposed(partner: Person, key: int, product: int, note: str = "You should meet.") -> None:
    path = f"/partner/distributors/{key}/sellers"
    answer = partner.post(path, {"product": str(product), "note": note}, page=path)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def only(session: Session) -> Introduction:
    session.rollback()
    return session.scalars(select(Introduction).execution_options(populate_existing=True)).one()


def kinds_of(session: Session, person: Person) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Notice.kind).where(Notice.user_id == person.user_id).order_by(Notice.id)))


def test_the_whole_way(people: Cast, session: Session) -> None:
    seller, partner, buyer = people.seller(), people.partner(), people.buyer()
    product = sugar(seller)
    a_listed_product(people.seller(), "batik-fabric", title="Not wanted at all")
    key = a_distributor(partner, buyer)
    path = f"/partner/distributors/{key}/sellers"
    assert "Find sellers" in text_of(partner.client, "/partner/introductions")
    html = text_of(partner.client, path)
    assert "Offers Coconut sugar" in html
    assert "Not wanted at all" not in html
    assert "24 t" in html
    proposed(partner, key, product)
    row = only(session)
    assert (row.state, row.chapter_id, row.seller_id) == ("proposed", partner.chapter_id, seller.seller_id)
    assert kinds_of(session, seller) == ["introduction_to_seller"]
    assert kinds_of(session, buyer) == ["introduction_to_buyer"]
    name = f"Example Foods {buyer.organisation_id}"
    theirs = text_of(seller.client, "/selling/introductions")
    assert "You should meet." in theirs
    assert "You offer Coconut sugar" in theirs
    assert name not in theirs, "who it is, the seller learns when both have accepted"
    assert "example.test" not in theirs
    assert ABOUT not in theirs
    assert "Introductions" in text_of(seller.client, "/selling/requests")
    answer = seller.post(f"/selling/introductions/{row.id}/accept", {}, page="/selling/introductions")
    assert answer.status_code == 303
    assert only(session).state == "proposed"
    ours = text_of(buyer.client, "/distributor/introductions")
    assert "said yes" not in ours.split("Waits for you")[1].split("</article>")[0], "the other's answer is not told"
    here = f"/distributor/introductions/{row.id}/accept"
    assert buyer.post(here, {}, page="/distributor/introductions").status_code == 303
    made = only(session)
    assert (made.state, made.decided_at) == ("accepted", now())
    assert name in text_of(seller.client, "/selling/introductions")
    assert "/inquiry" in text_of(buyer.client, "/distributor/introductions")
    assert kinds_of(session, partner) == ["introduction_made"]
    assert kinds_of(session, seller)[-1] == "introduced_seller"
    assert kinds_of(session, buyer)[-1] == "introduced_buyer"


def test_what_came_of_it_counts_for_the_chapter(people: Cast, session: Session) -> None:
    seller, partner, buyer = people.seller(), people.partner(), people.buyer()
    product = sugar(seller)
    proposed(partner, a_distributor(partner, buyer), product)
    key = only(session).id
    seller.post(f"/selling/introductions/{key}/accept", {}, page="/selling/introductions")
    buyer.post(f"/distributor/introductions/{key}/accept", {}, page="/distributor/introductions")

    def outcome(about: str, kind: str, chapter: int | None, at: timedelta) -> Outcome:
        return Outcome(
            about=about, kind=kind, at=now() + at, seller_id=seller.seller_id, buyer_id=buyer.organisation_id,
            chapter_id=chapter,
        )  # fmt: skip

    with transaction() as inside:
        inside.add(outcome("recipient:1", "inquiry", partner.chapter_id, timedelta(hours=1)))
        inside.add(outcome("deal:1", "first_order", partner.chapter_id, timedelta(hours=2)))
        inside.add(outcome("recipient:2", "inquiry", partner.chapter_id, timedelta(hours=-1)))
        inside.add(outcome("recipient:3", "inquiry", None, timedelta(hours=1)))
    assert "1 request and 1 order" in text_of(partner.client, "/partner/introductions")


def test_a_refusal_is_remembered_and_not_told_whose(people: Cast, session: Session) -> None:
    seller, partner, buyer = people.seller(), people.partner(), people.buyer()
    product = sugar(seller)
    key = a_distributor(partner, buyer)
    proposed(partner, key, product)
    row = only(session)
    seller.post(f"/selling/introductions/{row.id}/refuse", {}, page="/selling/introductions")
    assert only(session).state == "refused"
    assert kinds_of(session, partner) == ["introduction_refused"]
    assert kinds_of(session, buyer) == ["introduction_to_buyer"]
    assert "You said no" in text_of(seller.client, "/selling/introductions")
    assert "Did not come about" in text_of(buyer.client, "/distributor/introductions")
    path = f"/partner/distributors/{key}/sellers"
    assert f'value="{product}"' not in text_of(partner.client, path)
    assert buyer.post(f"/distributor/introductions/{row.id}/accept", {}).status_code == 409
    assert partner.post(path, {"product": str(product)}, page="/partner/introductions").status_code in (409, 422)
    assert session.scalar(select(func.count(Introduction.id))) == 1


def test_never_twice_while_it_is_open_and_again_after_a_withdrawal(people: Cast, session: Session) -> None:
    seller, partner, buyer = people.seller(), people.partner(), people.buyer()
    product, other = sugar(seller), sugar(seller)
    key = a_distributor(partner, buyer)
    path = f"/partner/distributors/{key}/sellers"
    proposed(partner, key, product)
    for each in (product, other):
        assert partner.post(path, {"product": str(each)}, page="/partner/introductions").status_code == 422
    assert session.scalar(select(func.count(Introduction.id))) == 1
    row = only(session)
    back = f"/partner/introductions/{row.id}/withdraw"
    assert partner.post(back, {}, page="/partner/introductions").status_code == 303
    assert partner.post(back, {}, page="/partner/introductions").status_code == 409
    assert seller.post(f"/selling/introductions/{row.id}/accept", {}).status_code == 409
    proposed(partner, key, product)
    states = session.scalars(select(Introduction.state).order_by(Introduction.id)).all()
    assert states == ["withdrawn", "proposed"]


def test_two_clicks_introduce_once(people: Cast, session: Session) -> None:
    seller, partner, buyer = people.seller(), people.partner(), people.buyer()
    product = sugar(seller)
    key = a_distributor(partner, buyer)
    path = f"/partner/distributors/{key}/sellers"
    data = {**guards(partner.client, path), "product": str(product)}
    assert partner.client.post(path, data=data).status_code == 303
    assert partner.client.post(path, data=data).status_code in (303, 409, 422)
    assert session.scalar(select(func.count(Introduction.id))) == 1
    assert kinds_of(session, seller) == ["introduction_to_seller"]


def test_nobody_else_sees_or_decides(people: Cast, session: Session) -> None:
    seller, partner, buyer = people.seller(), people.partner(), people.buyer()
    product = sugar(seller)
    key = a_distributor(partner, buyer)
    stranger, rival, other = people.partner(country="IT"), people.seller(), people.buyer()
    path = f"/partner/distributors/{key}/sellers"
    assert stranger.client.get(path).status_code == 404
    assert stranger.post(path, {"product": str(product)}).status_code == 404
    proposed(partner, key, product)
    row = only(session)
    assert stranger.post(f"/partner/introductions/{row.id}/withdraw", {}).status_code == 404
    assert "Example Foods" not in text_of(stranger.client, "/partner/introductions")
    for verb in ("accept", "refuse"):
        assert rival.post(f"/selling/introductions/{row.id}/{verb}", {}).status_code == 404
        assert other.post(f"/distributor/introductions/{row.id}/{verb}", {}).status_code == 404
        assert partner.post(f"/selling/introductions/{row.id}/{verb}", {}).status_code in (403, 404)
        assert buyer.post(f"/selling/introductions/{row.id}/{verb}", {}).status_code in (403, 404)
    assert "You should meet." not in text_of(rival.client, "/selling/introductions")
    assert "You should meet." not in text_of(other.client, "/distributor/introductions")
    for person in (seller, buyer):
        assert person.client.get("/partner/introductions").status_code == 403
        assert person.client.get("/partner/fair").status_code == 403
    assert only(session).state == "proposed"


def test_only_approved_distributors_are_introduced(people: Cast, session: Session) -> None:
    seller, partner = people.seller(), people.partner()
    product = sugar(seller)
    for state in (ApplicationState.APPLIED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN):
        key = a_distributor(partner, people.buyer(), state=state)
        path = f"/partner/distributors/{key}/sellers"
        assert partner.client.get(path).status_code == 404
        assert partner.post(path, {"product": str(product)}).status_code == 404
    assert session.scalar(select(func.count(Introduction.id))) == 0


def test_the_blocked_are_not_introduced(people: Cast, session: Session) -> None:
    blocking, blocked, partner, buyer = people.seller(), people.seller(), people.partner(), people.buyer()
    first, second = sugar(blocking), sugar(blocked)
    with transaction() as inside:
        inside.add(Block(organisation_id=blocking.organisation_id, blocked_id=buyer.organisation_id, created_at=now()))
        inside.add(Block(organisation_id=buyer.organisation_id, blocked_id=blocked.organisation_id, created_at=now()))
    html = text_of(partner.client, f"/partner/distributors/{a_distributor(partner, buyer)}/sellers")
    assert f'value="{first}"' not in html
    assert f'value="{second}"' not in html


def test_a_product_that_was_not_found_cannot_be_proposed(people: Cast, session: Session) -> None:
    seller, partner = people.seller(), people.partner()
    sugar(seller)
    batik = a_listed_product(people.seller(), "batik-fabric").id
    path = f"/partner/distributors/{a_distributor(partner, people.buyer())}/sellers"
    for product in (str(batik), "0", "99999999"):
        assert partner.post(path, {"product": product}, page=path).status_code == 422
    for product in ("", "x", "-1", "9" * 40):
        assert partner.post(path, {"product": product}, page=path).status_code == 404
    long = partner.post(path, {"product": str(batik), "note": "x" * 501}, page=path)
    assert long.status_code == 422
    assert session.scalar(select(func.count(Introduction.id))) == 0


def test_volume_territory_certificate_and_label_are_weighed(people: Cast) -> None:
    partner = people.partner()
    small, abroad, good = people.seller(), people.seller(), people.seller()
    halal = [a_certificate(good, "halal-bpjph")]
    fits = a_listed_product(
        good, "coconut-sugar", title="Label sugar", certificates=halal, has_private_label=True, destinations=["DE"],
        capacity_per_month=5000,
    ).id  # fmt: skip
    cannot = a_listed_product(
        small, "coconut-sugar", title="Small sugar", certificates=[a_certificate(small, "halal-bpjph")],
        capacity_per_month=100,
    ).id  # fmt: skip
    away = a_listed_product(
        abroad, "coconut-sugar", title="Away sugar", certificates=[a_certificate(abroad, "halal-bpjph")],
        destinations=["JP"],
    ).id  # fmt: skip
    key = a_distributor(partner, people.buyer(), channels=["retail", "halal"], yearly_volume="24 t of coconut sugar")
    html = text_of(partner.client, f"/partner/distributors/{key}/sellers")
    above, below = html.split("Would fit if something changed")
    assert f'value="{fits}"' in above
    assert f'value="{cannot}"' in below
    assert f'value="{away}"' in below
    assert "Packs under the customer&#39;s own label" in above or "Packs under the customer's own label" in above
    assert "Does not ship to Austria yet" in above
    assert "a year" in below


def test_unanswered_ones_end(people: Cast, session: Session) -> None:
    seller, partner, buyer = people.seller(), people.partner(), people.buyer()
    product = sugar(seller)
    key = a_distributor(partner, buyer)
    proposed(partner, key, product)
    row = only(session)
    with frozen(now() + INTRODUCTION_LIFE):
        with pytest.raises(Conflict), transaction() as inside:
            answer_introduction(inside, seller.actor, row.id, Answer.ACCEPTED)
        end_introductions()
        end_introductions()
    ended = only(session)
    assert (ended.state, ended.pair, ended.seller_answer) == ("expired", None, "")


def test_a_fair_has_its_list(people: Cast) -> None:
    partner, near, far = people.partner(), people.seller(), people.seller()
    a_listed_product(near, "coconut-sugar", title="Sugar for Italy", destinations=["IT"])
    a_listed_product(far, "coconut-sugar", title="Sugar for Japan", destinations=["JP"])
    assert "Rank the sellers" in text_of(partner.client, "/partner/fair")
    above, below = text_of(partner.client, "/partner/fair?goods=coconut-sugar&countries=IT").split(
        "Would fit if something changed"
    )
    assert "Sugar for Italy" in above
    assert "Sugar for Japan" in below
    for query in ("goods=nonsense", "goods=coconut-sugar&countries=XX", "goods=coconut-sugar&opens=never"):
        assert partner.client.get(f"/partner/fair?{query}").status_code == 200


def test_a_person_takes_their_words_along(people: Cast, session: Session) -> None:
    seller, partner = people.seller(), people.partner()
    product = sugar(seller)
    proposed(partner, a_distributor(partner, people.buyer()), product)
    assert export(session, partner.user_id)["introductions"][0]["note"] == "You should meet."
    with transaction() as inside:
        erase(inside, partner.user_id)
    row = only(session)
    assert (row.note, row.proposed_by_id) == ("", None)


def test_the_states_follow_from_the_answers() -> None:
    yes, no, none = Answer.ACCEPTED, Answer.REFUSED, Answer.NONE
    assert state_after((yes, yes)) == IntroductionState.ACCEPTED
    for answers in ((none, none), (yes, none), (none, yes)):
        assert state_after(answers) == IntroductionState.PROPOSED
    for answers in ((no, none), (no, yes), (yes, no), (none, no)):
        assert state_after(answers) == IntroductionState.REFUSED
    assert all(not INTRODUCTION_MOVES[each] for each in IntroductionState if each != IntroductionState.PROPOSED)
