"""Reviews: who may write them, the way past the curator, the one answer, and what everybody reads."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from itertools import product as pairs

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel import jobs
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.personal_data import erase_all, export_all
from marketplace.kernel.states import IllegalMove, advance
from marketplace.kernel.uow import transaction
from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportTarget
from marketplace.notifications.models import Notice
from marketplace.orders.services import confirm_delivery, ship_sample
from marketplace.reviews.models import Review
from marketplace.reviews.rules import ASKED_AFTER, REVIEW_MOVES, Occasion, ReviewState, figures_of
from marketplace.reviews.services import answer_review, publish_review, take_back_review
from marketplace.sellers.models import Seller
from tests.app.test_moderation import a_report, ask_again, decide, decide_again
from tests.support.ordering import a_trade, an_approved_sample
from tests.support.people import Cast
from tests.support.reviewing import a_delivered_sample, a_published_review, a_review, a_settled_deal, review_now

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(("here", "there"), list(pairs(ReviewState, ReviewState)))
def test_only_listed_moves_are_possible(here: ReviewState, there: ReviewState) -> None:
    if there in REVIEW_MOVES[here]:
        assert advance(here, there, REVIEW_MOVES) is there
    else:
        with pytest.raises(IllegalMove):
            advance(here, there, REVIEW_MOVES)


@pytest.mark.parametrize(
    ("count", "points", "average"), [(0, 0, None), (2, 10, None), (3, 14, "4.7"), (4, 13, "3.3"), (8, 30, "3.8")]
)
def test_figures_are_told_from_three_reviews_on(count: int, points: int, average: str | None) -> None:
    found = figures_of(count, points)
    assert (None if found is None else str(found.average)) == average


def test_only_who_has_the_sample_in_hand_reviews_it(people: Cast) -> None:
    trade, other = a_trade(people), people.buyer()
    key = an_approved_sample(trade, 0, 0)
    path = f"/reviews/after/sample/{key}"
    with pytest.raises(NotFound):
        a_review(trade, key)  # it has not arrived
    assert trade.buyer.client.get(path).status_code == 404
    with transaction() as session:
        ship_sample(session, trade.seller.actor, key, "DHL", "1234567890")
    with transaction() as session:
        confirm_delivery(session, trade.buyer.actor, key)
    assert trade.buyer.client.get(path).status_code == 200
    assert f'href="{path}"' in trade.buyer.client.get(f"/samples/{key}").text
    assert other.client.get(path).status_code == 404
    assert trade.seller.client.get(path).status_code == 403
    with pytest.raises(NotFound):
        a_review(trade, key, kind=Occasion.DEAL)
    foreign = a_trade(people)
    foreign.buyer = trade.buyer
    with pytest.raises(NotFound):
        a_review(foreign, key)  # other goods than those of the sample


def test_a_deal_is_reviewed_once_it_is_settled(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    key = a_settled_deal(trade)
    for of in ("product", "seller"):
        assert a_review(trade, key, of=of, kind=Occasion.DEAL).state == ReviewState.PENDING
    assert session.scalar(select(func.count()).select_from(Review)) == 2
    assert f'href="/reviews/after/deal/{key}"' in trade.buyer.client.get(f"/deals/{key}/progress").text


def test_the_buyer_is_asked_once_and_not_when_it_is_said(people: Cast, session: Session) -> None:
    trade, quick = a_trade(people), a_trade(people)
    a_delivered_sample(trade)
    a_review(quick, a_delivered_sample(quick))
    jobs.run_due()
    asked = select(Notice.user_id).where(Notice.kind == "review_wanted")
    assert session.scalars(asked).all() == []
    with frozen(now() + ASKED_AFTER + timedelta(minutes=1)):
        jobs.run_due()
        jobs.run_due()
    session.rollback()
    assert session.scalars(asked).all() == [trade.buyer.user_id]
    settled = a_trade(people)
    a_settled_deal(settled)
    jobs.run_due()
    session.rollback()
    assert session.scalars(asked).all() == [trade.buyer.user_id, settled.buyer.user_id]


def test_a_review_is_changed_while_it_waits_and_then_stays(people: Cast, session: Session) -> None:
    trade, curator = a_trade(people), people.curator()
    key = a_delivered_sample(trade)
    row = a_review(trade, key, 2, "Too wet.")
    before = row.version
    changed = a_review(trade, key, 3, "A little wet.", version=before)
    assert changed.id == row.id
    with pytest.raises(Conflict):
        a_review(trade, key, 5, "Fine.", version=before)  # as it was before the change
    with pytest.raises(DomainError):
        a_review(trade, key, 6, version=changed.version)
    with pytest.raises(DomainError):
        a_review(trade, key, 3, "  ", version=changed.version)
    with transaction() as inside:
        publish_review(inside, curator.actor, row.key, review_now(row).version)
    stands = review_now(row)
    with pytest.raises(Conflict):
        a_review(trade, key, 1, "No.", version=stands.version)
    with pytest.raises(Conflict), transaction() as inside:
        take_back_review(inside, trade.buyer.actor, row.key, stands.version)
    acts = set(session.scalars(select(AuditEntry.action)).all())
    assert {"review.written", "review.published"} <= acts


def test_a_waiting_review_is_seen_by_nobody_and_can_be_taken_back(app: Flask, people: Cast, session: Session) -> None:
    trade = a_trade(people)
    row = a_review(trade, a_delivered_sample(trade), text="Unread words.")
    slug = session.scalars(select(Seller.slug).where(Seller.id == trade.seller.seller_id)).one()
    for path in (f"/products/{trade.product.slug}", f"/sellers/{slug}", f"/products/{trade.product.slug}/reviews"):
        assert "Unread words." not in app.test_client().get(f"/en{path}").text
    assert "Unread words." not in trade.seller.client.get("/selling/reviews").text
    assert "Unread words." in trade.buyer.client.get("/reviews").text
    sent = trade.buyer.post(f"/reviews/{row.key}/take-back", {"version": row.version}, page="/reviews")
    assert sent.status_code == 303
    assert session.scalar(select(func.count()).select_from(Review)) == 0


def test_by_the_forms_to_the_product_page_and_the_answer(app: Flask, people: Cast, session: Session) -> None:
    trade, curator = a_trade(people), people.curator()
    path = f"/reviews/after/sample/{a_delivered_sample(trade)}"
    subject = f"product:{trade.product.id}"
    empty = trade.buyer.post(path, {"subject": subject, "version": "0", "text": "", "language": "de"}, page=path)
    assert empty.status_code == 422
    fields = {"subject": subject, "version": "0", "rating": "4", "text": "Sauber <b>sortiert</b>.", "language": "de"}
    assert trade.buyer.post(path, fields, page=path).status_code == 303
    row = session.scalars(select(Review)).one()
    desk = f"/console/reviews/{row.key}"
    assert row.key in curator.client.get("/console/reviews").text
    assert (
        curator.post(f"{desk}/decision", {"decision": "publish", "version": row.version}, page=desk).status_code == 303
    )
    page = app.test_client().get(f"/en/products/{trade.product.slug}").text
    assert "Sauber &lt;b&gt;sortiert&lt;/b&gt;." in page
    assert 'lang="de"' in page
    assert "written in German" in page
    assert "A buyer from Germany, after a sample" in page
    assert "aggregateRating" not in page
    mine = trade.seller.client.get("/selling/reviews").text
    assert "Sauber" in mine
    where, said = f"/selling/reviews/{row.key}/answer", {"text": "Terima kasih.", "language": "id"}
    assert people.seller().post(where, {**said, "version": "2"}).status_code == 404
    stands = review_now(row).version
    assert trade.seller.post(where, {**said, "version": stands}, page="/selling/reviews").status_code == 303
    with pytest.raises(Conflict), transaction() as inside:
        answer_review(inside, trade.seller.actor, row.key, "Again.", "en", review_now(row).version)
    page = app.test_client().get(f"/en/products/{trade.product.slug}").text
    assert "Terima kasih." in page
    told = set(session.scalars(select(Notice.kind)).all())
    assert {"queue_review", "review_published", "review_received", "review_answered"} <= told


def test_count_and_average_are_shown_from_three_and_told_to_machines(app: Flask, people: Cast) -> None:
    trade, curator = a_trade(people), people.curator()
    page = f"/en/products/{trade.product.slug}"

    def rated() -> object:
        html = app.test_client().get(page).text
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
        assert found is not None
        return json.loads(found[1]).get("aggregateRating"), "from 3 reviews" in html

    for rating in (5, 4):
        a_published_review(trade, curator, rating)
    assert rated() == (None, False)
    a_published_review(trade, curator, 5)
    value = {"@type": "AggregateRating", "ratingValue": "4.7", "reviewCount": 3, "bestRating": 5, "worstRating": 1}
    assert rated() == (value, True)


def test_reviews_of_the_seller_stand_on_its_page_with_older_ones_behind(
    app: Flask, people: Cast, session: Session
) -> None:
    trade, curator = a_trade(people), people.curator()
    for number in range(6):
        a_published_review(trade, curator, 4, of="seller", text=f"Answer number {number}.")
    slug = session.scalars(select(Seller.slug).where(Seller.id == trade.seller.seller_id)).one()
    page = app.test_client().get(f"/en/sellers/{slug}").text
    assert "Answer number 5." in page
    assert "Answer number 0." not in page
    assert "4.0 of 5 points" in page
    assert f'href="/en/sellers/{slug}/reviews"' in page
    assert "Answer number 0." in app.test_client().get(f"/en/sellers/{slug}/reviews").text
    assert app.test_client().get("/en/sellers/nobody/reviews").status_code == 404


def test_a_refused_review_names_its_reason_and_the_second_look_publishes_it(people: Cast, session: Session) -> None:
    trade, first, second = a_trade(people), people.curator(), people.curator()
    row = a_review(trade, a_delivered_sample(trade))
    desk = f"/console/reviews/{row.key}"
    refused = {"decision": "refuse", "reason": "abuse", "version": row.version, "note": ""}
    unsaid = first.post(f"{desk}/decision", refused, page=desk)
    assert unsaid.status_code == 422
    assert '<option selected value="abuse">' in unsaid.text, "what was chosen is kept"
    idle = first.post(f"{desk}/decision", refused | {"reason": "", "note": "Leave names out."}, page=desk)
    assert idle.status_code == 422
    assert "Choose a reason." in idle.text
    assert "Leave names out.</textarea>" in idle.text, "what was typed is kept"
    assert review_now(row).state == ReviewState.PENDING
    assert first.post(f"{desk}/decision", refused | {"note": "Leave names out."}, page=desk).status_code == 303
    assert review_now(row).state == ReviewState.REJECTED
    report = session.scalars(select(Report)).one()
    theirs = trade.buyer.client.get(f"/reports/{report.key}").text
    assert "Leave names out." in theirs
    assert trade.seller.client.get(f"/reports/{report.key}").status_code == 404
    assert "review_rejected" in session.scalars(select(Notice.kind)).all()
    ask_again(trade.buyer, report)
    decide_again(second, report, is_reversed=True)
    assert review_now(row).state == ReviewState.PUBLISHED


def test_a_reported_review_and_a_reported_answer_leave_the_page(app: Flask, people: Cast, session: Session) -> None:
    trade, first, second = a_trade(people), people.curator(), people.curator()
    row = a_published_review(trade, first, text="Mould on every bag.")
    with transaction() as inside:
        answer_review(inside, trade.seller.actor, row.key, "A rude answer.", "en", review_now(row).version)
    page = f"/en/products/{trade.product.slug}"
    about_answer = a_report(trade.buyer, ReportTarget.ANSWER, row.key)
    decide(first, about_answer, is_upheld=True)
    assert "A rude answer." not in app.test_client().get(page).text
    assert "A rude answer." in trade.seller.client.get(f"/reports/{about_answer.key}").text
    with pytest.raises(NotFound):
        a_report(trade.buyer, ReportTarget.REVIEW, row.key)  # one's own
    report = a_report(trade.seller, ReportTarget.REVIEW, row.key)
    decide(first, report, is_upheld=True)
    assert "Mould" not in app.test_client().get(page).text
    ask_again(trade.buyer, report)
    decide_again(second, report, is_reversed=True)
    assert "Mould" in app.test_client().get(page).text


def test_only_staff_decide_reviews(people: Cast) -> None:
    trade = a_trade(people)
    row = a_review(trade, a_delivered_sample(trade))
    for person in (trade.buyer, trade.seller, people.partner()):
        with pytest.raises(NotFound), transaction() as inside:
            publish_review(inside, person.actor, row.key, row.version)
        assert person.client.get(f"/console/reviews/{row.key}").status_code in {403, 404}
    assert review_now(row).state == ReviewState.PENDING


def test_a_persons_words_are_handed_out_and_leave_with_them(app: Flask, people: Cast, session: Session) -> None:
    trade, curator = a_trade(people), people.curator()
    shown = a_published_review(trade, curator, 3, text="Words of a person.")
    waiting = a_review(trade, a_delivered_sample(trade), text="Words not yet read.").id
    with transaction() as inside:
        answer_review(inside, trade.seller.actor, shown.key, "Words of a seller.", "en", review_now(shown).version)
    page = f"/en/products/{trade.product.slug}"
    assert "Words of a person." in app.test_client().get(page).text
    with transaction() as inside:
        copy = export_all(inside, trade.buyer.user_id)["reviews"]["reviews"]
    assert [one["text"] for one in copy] == ["Words of a person.", "Words not yet read."]
    for person in (trade.buyer, trade.seller):
        for _ in range(2):  # safe to run twice
            with transaction() as inside:
                erase_all(inside, person.user_id)
    session.expire_all()
    left = session.scalars(select(Review)).one()  # the one that nobody had read is gone
    assert waiting != left.id
    assert (left.text, left.author_id, left.answer, left.answered_by_id, left.rating) == ("", None, "", None, 3)
    assert "Words of a" not in app.test_client().get(page).text
