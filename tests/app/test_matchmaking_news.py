"""Open requests: a supplier found later is told to the buyer once, a request that fits to the seller, never too often."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block
from marketplace.catalogue.models import MonthPlan
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.jobs import fit_one
from marketplace.matchmaking.models import RequestNews
from marketplace.matchmaking.rules import MOST_NOTICES_A_WEEK, AlertFrequency, next_alert
from marketplace.matchmaking.services.news import tell_due
from marketplace.notifications.models import Notice
from marketplace.rfqs.models import Recipient, Rfq
from tests.app.test_matchmaking import drafted, sugar, text_of, the_rfq
from tests.app.test_matchmaking_selling import PAGE, WORDS, posted
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")


def notices(session: Session, person: Person, kind: str) -> list[Notice]:
    session.rollback()
    query = select(Notice).where(Notice.user_id == person.actor.user_id, Notice.kind == kind).order_by(Notice.id)
    return list(session.scalars(query))


def looked_again(session: Session, key: str) -> None:
    """What a refit does for a live request, and the minute after it."""
    fit_one(the_rfq(session, key).id)
    session.rollback()
    tell_due()


def test_a_supplier_found_later_is_told_once(people: Cast, session: Session) -> None:
    buyer = people.buyer()
    key = posted(buyer, session)
    assert "No further seller can serve this now" in text_of(buyer.client, f"/requests/{key}/sellers")
    seller = people.seller()
    with frozen(now() + timedelta(hours=1)):
        product = sugar(seller)
        looked_again(session, key)
        looked_again(session, key)
        told = notices(session, buyer, "request_supplier")
        assert [each.href for each in told] == [f"/requests/{key}/sellers"]
        assert str(told[0].context["goods"]).startswith("Coconut sugar")
        html = text_of(buyer.client, f"/requests/{key}/sellers")
        assert "Found since you sent it" in html
        path = f"/requests/{key}/sellers"
        assert buyer.post(path, {"product": str(product)}, page=path).status_code == 303
        session.rollback()
        assert session.scalars(select(Recipient.seller_id)).all() == [seller.seller_id]
        assert "Ask this seller" not in text_of(buyer.client, path)


def test_who_was_there_before_is_no_news_to_the_buyer(people: Cast, session: Session) -> None:
    sugar(people.seller())
    buyer = people.buyer()
    key = posted(buyer, session)
    looked_again(session, key)
    assert notices(session, buyer, "request_supplier") == []
    assert "Ask this seller" in text_of(buyer.client, f"/requests/{key}/sellers")
    assert "Found since you sent it" not in text_of(buyer.client, f"/requests/{key}/sellers")


def test_a_seller_hears_of_a_request_that_fits_and_nobody_else(people: Cast, session: Session) -> None:
    good, other = people.seller(), people.seller()
    sugar(good)
    buyer = people.buyer()
    key = posted(buyer, session)
    looked_again(session, key)
    looked_again(session, key)
    told = notices(session, good, "requests_for_you")
    assert [each.href for each in told] == [PAGE]
    assert set(told[0].context) == {"goods", "countries"}
    assert notices(session, other, "requests_for_you") == []
    assert notices(session, good, "request_supplier") == []


def test_a_seller_hears_of_it_once_their_calendar_has_room(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = sugar(seller, capacity_per_month=Decimal(1000), months={1: 0, 12: 0})
    key = posted(people.buyer(), session)
    looked_again(session, key)
    assert notices(session, seller, "requests_for_you") == []
    assert key in text_of(seller.client, PAGE), "who looks finds it below the others"
    with transaction() as inside:
        inside.execute(delete(MonthPlan).where(MonthPlan.product_id == product))
    tell_due()
    assert len(notices(session, seller, "requests_for_you")) == 1


def test_what_does_not_hold_any_more_is_not_told(people: Cast, session: Session) -> None:
    good = people.seller()
    buyer = people.buyer()
    key = posted(buyer, session)
    with frozen(now() + timedelta(hours=1)):
        sugar(good)
        fit_one(the_rfq(session, key).id)
        with transaction() as inside:
            inside.add(
                Block(
                    organisation_id=good.actor.organisation_id,
                    blocked_id=buyer.actor.organisation_id,
                    created_at=now(),
                )
            )
        tell_due()
        assert notices(session, buyer, "request_supplier") == []
        assert notices(session, good, "requests_for_you") == []
        assert "Ask this seller" not in text_of(buyer.client, f"/requests/{key}/sellers")


def test_nobody_is_told_more_often_than_they_chose(people: Cast, session: Session) -> None:
    good, quiet = people.seller(), people.seller()
    sugar(good)
    sugar(quiet)
    assert good.post(f"{PAGE}/alerts", {"frequency": "weekly"}, page=PAGE).status_code == 303
    assert quiet.post(f"{PAGE}/alerts", {"frequency": "never"}, page=PAGE).status_code == 303
    buyer = people.buyer()
    for _count in range(2):
        looked_again(session, posted(buyer, session))
    assert len(notices(session, good, "requests_for_you")) == 1
    with frozen(now() + timedelta(days=7, minutes=1)):
        tell_due()
        assert len(notices(session, good, "requests_for_you")) == 2
        assert notices(session, quiet, "requests_for_you") == []
    assert good.post(f"{PAGE}/alerts", {"frequency": "hourly"}, page=PAGE).status_code == 422


def test_there_is_a_most_a_week_whatever_was_chosen(people: Cast, session: Session) -> None:
    good, buyer = people.seller(), people.buyer()
    product = sugar(good)
    rfq = the_rfq(session, posted(buyer, session))
    with transaction() as inside:
        inside.execute(update(RequestNews).values(told_at=None))
        for hours in range(1, MOST_NOTICES_A_WEEK + 1):
            other = inside.merge(Rfq(**_copied(rfq, hours)))
            inside.flush()
            inside.add(
                RequestNews(
                    user_id=good.actor.user_id, rfq_id=other.id, product_id=product, seller_id=good.seller_id,
                    side="seller", is_new=True, found_at=now(), told_at=now() - timedelta(hours=hours),
                )
            )  # fmt: skip
    before = len(notices(session, good, "requests_for_you"))
    tell_due()
    assert len(notices(session, good, "requests_for_you")) == before
    with frozen(now() + timedelta(days=6, hours=22)):
        tell_due()
        assert len(notices(session, good, "requests_for_you")) == before + 1


def _copied(rfq: Rfq, number: int) -> dict[str, object]:
    left_out = {"id", "key", "version"}
    values = {each.name: getattr(rfq, each.name) for each in Rfq.__table__.columns if each.name not in left_out}
    return values | {"key": f"copy{number}"}


def test_only_the_buyer_opens_a_request_to_all(people: Cast, session: Session) -> None:
    chosen, other = people.seller(), people.seller()
    product = sugar(chosen)
    sugar(other)
    buyer, stranger = people.buyer(), people.buyer()
    key = drafted(buyer, WORDS)
    data = {"version": str(the_rfq(session, key).version), "product": [str(product)]}
    assert buyer.post(f"/requests/{key}/send", data, page=f"/requests/{key}/match").status_code == 303
    run_due()
    assert notices(session, other, "requests_for_you") == []
    for path in (f"/requests/{key}/sellers", f"/requests/{key}/open-to-all", f"/requests/{key}/alerts"):
        assert stranger.post(path, {"frequency": "never"}, page="/requests/new").status_code == 404, path
    assert stranger.client.get(f"/requests/{key}/sellers").status_code == 404
    page = f"/requests/{key}/sellers"
    assert buyer.post(f"/requests/{key}/open-to-all", {}, page=page).status_code == 303
    run_due()
    tell_due()
    assert len(notices(session, other, "requests_for_you")) == 1
    assert buyer.post(page, {}, page=page).status_code == 422


def test_periods() -> None:
    moment = now()
    assert next_alert(AlertFrequency.INSTANT, moment) is None
    assert next_alert(AlertFrequency.WEEKLY, None) is None
    assert next_alert(AlertFrequency.DAILY, moment) == moment + timedelta(days=1)
