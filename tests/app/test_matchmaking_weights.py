"""Weights of matches: tried in the shadow, previewed, switched to after winning only, taken back in one click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import now
from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.model import matcher_of_process
from marketplace.matchmaking.models import MatchWeights, Suggestion
from marketplace.matchmaking.queries.weights import seller_weights, serving_row, serving_weights
from marketplace.matchmaking.services.weights import compared, delivered_weights, preview
from marketplace.matchmaking.weighing import (
    COMPARISON_HOLDS,
    LEAST_PAIRS,
    SELLER_WEIGHTS,
    has_won,
    is_sensible,
    may_serve,
)
from matching.features import WEIGHTS
from tests.app.test_matchmaking import drafted, sugar, text_of, the_rfq
from tests.app.test_matchmaking_selling import PAGE as FOR_YOU
from tests.app.test_matchmaking_selling import posted
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
PAGE = "/console/matching/weights"


def typed(**other: float) -> dict[str, str]:
    values = dict(delivered_weights()) | other
    return {name: str(value) for name, value in values.items()} | {"note": "Price counts more"}


def test_weights_must_keep_the_grade_on_top() -> None:
    good = dict(delivered_weights())
    assert is_sensible(good)
    assert not is_sensible(good | {"price": 0.2})
    assert not is_sensible(good | {"price": -0.01})
    assert not is_sensible({"grade": 1.0})
    assert not is_sensible(dict.fromkeys(good, 0.0))


def test_a_win_needs_enough_pairs_and_a_fresh_comparison() -> None:
    won = {"pairs": LEAST_PAIRS, "live": 10, "candidate": 11}
    moment = now()
    assert has_won(won)
    assert not has_won(won | {"pairs": LEAST_PAIRS - 1})
    assert not has_won(won | {"live": 11})
    assert may_serve(won, moment, None, moment)
    assert not may_serve(won, moment - COMPARISON_HOLDS - timedelta(minutes=1), None, moment)
    assert not may_serve(won, None, None, moment)
    assert may_serve({}, None, moment, moment)


def test_a_candidate_serves_only_after_winning_and_goes_back(people: Cast, session: Session) -> None:
    sugar(people.seller())
    operator = people.operator()
    answer = operator.post(PAGE, typed(price=0.06), page=PAGE)
    assert answer.status_code == 303
    path = str(answer.location)
    run_due()
    session.rollback()
    row = session.scalars(select(MatchWeights)).one()
    assert row.compared_at is not None
    assert row.figures == {"requests": 0, "pairs": 0, "live": 0, "candidate": 0}
    html = text_of(operator.client, path)
    assert "Too few pairs" in html
    assert "Let them serve" not in html
    assert operator.post(f"{path}/promote", {}, page=path).status_code == 409
    assert serving_row(session) is None
    with transaction() as inside:
        inside.execute(update(MatchWeights).values(figures={"requests": 9, "pairs": 30, "live": 15, "candidate": 20}))
    assert "These weights have won" in text_of(operator.client, path)
    assert operator.post(f"{path}/promote", {}, page=path).status_code == 303
    drafted(people.buyer())
    assert matcher_of_process()._loaded.matcher.weights == {**WEIGHTS, "price": 0.06}  # type: ignore[union-attr]  # it was loaded
    assert operator.post(f"{PAGE}/delivered", {}, page=PAGE).status_code == 303
    session.rollback()
    assert serving_row(session) is None
    drafted(people.buyer())
    assert matcher_of_process()._loaded.matcher.weights is None  # type: ignore[union-attr]  # it was loaded
    acts = ("weights.tried", "weights.promoted", "weights.delivered")
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action.in_(acts))) == 3
    with transaction() as inside:
        inside.execute(update(MatchWeights).values(figures={"requests": 9, "pairs": 30, "live": 20, "candidate": 15}))
    assert operator.post(f"{path}/promote", {}, page=path).status_code == 303  # it served before


def test_what_orders_a_sellers_requests_is_switched_without_a_comparison(people: Cast, session: Session) -> None:
    """It changes nothing that a comparison counts: what buyers see stays as it is."""
    operator = people.operator()
    path = str(operator.post(PAGE, typed(language=0, calendar=0.04), page=PAGE).location)
    assert "there is nothing to compare" in text_of(operator.client, path)
    assert operator.post(f"{path}/promote", {}, page=path).status_code == 303
    session.rollback()
    assert dict(seller_weights(session)) == {"calendar": 0.04, "language": 0.0}
    assert serving_weights(session) == WEIGHTS
    assert "nothing to compare" not in text_of(operator.client, path)
    assert 'value="0.04"' in text_of(operator.client, PAGE)
    assert operator.post(f"{PAGE}/delivered", {}, page=PAGE).status_code == 303
    session.rollback()
    assert dict(seller_weights(session)) == SELLER_WEIGHTS


def test_weights_of_a_former_release_are_completed(people: Cast, session: Session) -> None:
    with transaction() as inside:
        inside.add(MatchWeights(weights=dict(WEIGHTS), note="Old", made_at=now(), promoted_at=now(), figures={}))
    assert dict(seller_weights(session)) == SELLER_WEIGHTS
    row = session.scalars(select(MatchWeights)).one()
    operator = people.operator()
    assert operator.client.get(PAGE).status_code == 200
    assert operator.client.get(f"{PAGE}/{row.id}").status_code == 200


def test_pairs_are_what_came_of_requests(people: Cast, session: Session) -> None:
    good, bad = people.seller(), people.seller()
    wanted, other = sugar(good), sugar(bad)
    buyer = people.buyer()
    key = posted(buyer, session, "2 t coconut sugar to Hamburg")
    lead = str(good.post(f"{FOR_YOU}/{key}/step-in", {}, page=FOR_YOU).location)
    assert good.post(f"{lead}/answer", {"text": "We can."}, page=lead).status_code == 303
    assert bad.post(f"{FOR_YOU}/{key}/not-for-me", {}, page=FOR_YOU).status_code == 303
    session.rollback()
    assert session.scalars(select(Suggestion.product_id).where(Suggestion.seller_verdict != "")).all() == [other]
    figures = compared(session, delivered_weights())
    assert (figures["requests"], figures["pairs"]) == (1, 1)
    assert figures["live"] == figures["candidate"]
    assert wanted != other


def test_the_preview_tells_what_would_stand_otherwise(people: Cast, session: Session) -> None:
    narrow = sugar(people.seller(), capacity_per_month=3000)
    roomy = sugar(people.seller(), capacity_per_month=60000)
    rfq = the_rfq(session, posted(people.buyer(), session, "2 t coconut sugar to Hamburg"))
    assert preview(session, delivered_weights()) == []
    (change,) = preview(session, {**delivered_weights(), "room": 0.0})
    assert (change.rfq.id, change.before, change.after) == (rfq.id, (roomy, narrow), (narrow, roomy))
    assert matcher_of_process()._loaded.matcher.weights is None  # type: ignore[union-attr]  # it was loaded
    operator = people.operator()
    path = str(operator.post(PAGE, typed(room=0.0), page=PAGE).location)
    assert "What would change" in text_of(operator.client, path)
    assert " › " in text_of(operator.client, path)


def test_only_operators_weigh(people: Cast) -> None:
    for person in (people.buyer(), people.seller(), people.curator()):
        assert person.client.get(PAGE).status_code in (403, 404)
    operator = people.operator()
    for data in (typed(price=0.9), typed(grade=2), {**typed(), "price": "much"}, {**typed(), "note": ""}):
        assert operator.post(PAGE, data, page=PAGE).status_code == 422, data
    assert operator.client.get(f"{PAGE}/999").status_code == 404
