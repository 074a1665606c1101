"""Weights learnt from outcomes: filed after winning on requests held back, judged by an operator, refused when few."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.cli.main import souq
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.jobs import compare_weights, learn_weights
from marketplace.matchmaking.models import MatchWeights
from marketplace.matchmaking.queries.learning import learnt_among, settled_outcomes
from marketplace.matchmaking.queries.weights import serving_row
from marketplace.matchmaking.rules import NOT_FOR_ME, SideOfMatch
from marketplace.matchmaking.services.impressions import Shown, note_shown
from marketplace.matchmaking.services.learning import file_lesson, learn
from marketplace.matchmaking.services.weights import delivered_weights
from marketplace.matchmaking.weighing import FILED_EVERY, LEARNT_FROM, SETTLED_AFTER, is_sensible, stage_of
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from marketplace.rfqs.rules import RecipientState
from marketplace.sellers.models import Seller
from matching.learning import LEAST_REQUESTS, TooFew
from tests.app.test_matchmaking import sugar, text_of
from tests.support.flows import a_request
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
PAGE = "/console/matching/weights"
SELLERS = 10
WANTED = 1333  # kilograms a month


def a_year(people: Cast, requests: int = LEAST_REQUESTS, *, experience_counts: bool = True) -> None:
    """A year of sent requests, each shown four sellers and answered by two: by those longest in export, whom the
    weights as delivered put last because they have least to spare; or else by those with most."""
    sellers = [people.seller() for _ in range(SELLERS)]
    goods = []
    for years, seller in enumerate(sellers):
        room = 0.95 - 0.09 * years
        goods.append(sugar(seller, capacity_per_month=round(WANTED / (1 - room))))
        with transaction() as session:
            session.execute(update(Seller).where(Seller.id == seller.seller_id).values(export_years=years // 2))
    buyers = [people.buyer() for _ in range(5)]
    for number in range(requests):
        shown = sorted({(number + step) % SELLERS for step in (0, 3, 5, 8)})
        came_of(buyers[number % 5], sellers, goods, shown, set(shown[2:] if experience_counts else shown[:2]))


def came_of(buyer: Person, sellers: list[Person], goods: list[int], shown: list[int], answered: set[int]) -> None:
    """One request sent a month ago to those shown; some said yes, the others no."""
    rfq = a_request(buyer, [sellers[each] for each in shown], "2 t coconut sugar to Hamburg")
    ago = now() - timedelta(days=30)
    with transaction() as session:
        session.execute(update(Rfq).where(Rfq.id == rfq.id).values(submitted_at=ago))
        session.execute(update(RfqLine).where(RfqLine.rfq_id == rfq.id).values(quantity=Decimal(2), unit="mt"))
        for each in shown:
            state = RecipientState.WILL_QUOTE if each in answered else RecipientState.DECLINED
            session.execute(
                update(Recipient)
                .where(Recipient.rfq_id == rfq.id, Recipient.seller_id == sellers[each].seller_id)
                .values(product_id=goods[each], state=state, committed_at=ago if each in answered else None)
            )
        rows = [
            Shown(goods[each], sellers[each].seller_id or 0, place, Decimal("0.5"), True, "model")
            for place, each in enumerate(shown)
        ]
        note_shown(session, rfq.id, SideOfMatch.BUYER, rows)


def run(app: Flask, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setattr("marketplace.app.create_app", lambda _settings: app)
    return CliRunner().invoke(souq, ["match", "learn-weights", *arguments])


def acts(session: Session) -> list[str]:
    session.rollback()
    return list(
        session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.startswith("weights.")).order_by(AuditEntry.id)
        )
    )


def test_what_was_learnt_waits_for_an_operator_who_lets_it_serve(people: Cast, session: Session) -> None:
    a_year(people)
    learn_weights()
    row = session.scalars(select(MatchWeights)).one()
    compare_weights(row.id)
    session.rollback()
    row = session.scalars(select(MatchWeights)).one()
    assert is_sensible(row.weights)
    assert row.weights["export"] > row.weights["room"]
    assert serving_row(session) is None  # learnt, not let serve
    learnt = learnt_among(session, [row.id])[row.id]
    assert (learnt.requests, learnt.outcomes, learnt.pairs) == (LEAST_REQUESTS, 4 * LEAST_REQUESTS, 4 * LEAST_REQUESTS)
    assert (learnt.sellers, learnt.low > 0) == (SELLERS, True)
    assert row.figures["candidate"] > row.figures["live"]  # compared like any other
    operator = people.operator()
    assert f"learnt from {learnt.outcomes} outcomes" in text_of(operator.client, PAGE)
    path = f"{PAGE}/{row.id}"
    assert "Learnt from outcomes" in text_of(operator.client, path)
    assert operator.post(f"{path}/promote", {}, page=path).status_code == 303
    session.rollback()
    assert serving_row(session) is not None
    assert acts(session) == ["weights.learnt", "weights.promoted"]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "weights.promoted")).one()
    assert (entry.user_id, entry.subject) == (operator.user_id, f"weights:{row.id}")
    assert operator.post(f"{path}/drop", {}, page=path).status_code == 409  # it serves


def test_what_was_dropped_does_not_serve_and_is_not_filed_again_at_once(people: Cast, session: Session) -> None:
    a_year(people)
    lesson = learn(session)
    session.rollback()
    with transaction() as inside:
        filed = file_lesson(inside, lesson)
        assert filed is not None
        path = f"{PAGE}/{filed.id}"
    operator = people.operator()
    assert operator.post(f"{path}/drop", {}, page=path).status_code == 303
    assert "dropped" in text_of(operator.client, PAGE)
    assert "Let them serve" not in text_of(operator.client, path)
    assert operator.post(f"{path}/promote", {}, page=path).status_code == 409
    with transaction() as inside:
        assert file_lesson(inside, lesson) is None
    assert acts(session) == ["weights.learnt", "weights.dropped"]
    with frozen(now() + FILED_EVERY), transaction() as inside:
        assert file_lesson(inside, lesson) is not None


def test_what_does_not_win_is_not_filed(
    app: Flask, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_year(people, experience_counts=False)
    told = run(app, monkeypatch)
    assert told.exit_code == 0
    assert "They did not win. Nothing was filed." in told.output
    assert session.scalar(select(func.count(MatchWeights.id))) == 0
    assert acts(session) == []


def test_too_few_are_refused_and_nothing_changes(
    app: Flask, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_year(people, 3)
    with pytest.raises(TooFew):
        learn(session)
    session.rollback()
    told = run(app, monkeypatch, "--json")
    assert told.exit_code == 65
    assert json.loads(told.stdout) == {"refused": "too_few", "requests": 3, "pairs": 12, "sellers": SELLERS}
    learn_weights()
    session.rollback()
    assert session.scalar(select(func.count(MatchWeights.id))) == 0
    assert acts(session) == []


def test_only_requests_that_had_their_time_teach(people: Cast, session: Session) -> None:
    a_year(people, 2)
    assert len(settled_outcomes(session)) == 2
    with transaction() as inside:
        newest = inside.scalar(select(func.max(Rfq.id)))
        late = now() - SETTLED_AFTER + timedelta(hours=1)
        inside.execute(update(Rfq).where(Rfq.id == newest).values(submitted_at=late))
    assert len(settled_outcomes(session)) == 1
    session.rollback()
    with frozen(now() + LEARNT_FROM + timedelta(days=1)):
        assert settled_outcomes(session) == []


def test_the_command_tells_what_it_filed(
    app: Flask, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_year(people)
    answer = json.loads(run(app, monkeypatch, "--json").stdout)
    row = session.scalars(select(MatchWeights)).one()
    assert (answer["filed"], answer["won"], answer["weights"]) == (row.id, True, row.weights)
    assert answer["weights"]["grade"] == delivered_weights()["grade"]
    assert "others were filed within four weeks" in run(app, monkeypatch).output


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ({"is_asked": False}, None),
        ({"is_asked": False, "verdicts": [NOT_FOR_ME]}, 0),
        ({"state": "invited"}, None),
        ({"state": "closed"}, None),
        ({"state": "declined"}, 0),
        ({"state": "no_answer"}, 0),
        ({"state": "will_quote", "is_answered": True}, 1),
        ({"state": "declined", "is_answered": True}, 0),
        ({"state": "quoted", "is_answered": True, "is_quoted": True}, 2),
        ({"is_answered": True, "is_quoted": True, "sample": "declined"}, 2),
        ({"is_answered": True, "sample": "requested"}, 3),
        ({"is_answered": True, "is_agreed": True, "order": "cancelled"}, 4),
        ({"is_answered": True, "is_agreed": True, "order": "deposit_due"}, 5),
        ({"is_answered": True, "is_quoted": True, "asked_product": 8}, None),
    ],
)
def test_stages_are_deeds(told: dict[str, object], stage: int | None) -> None:
    line = {
        "product": 7, "asked_product": 7, "is_asked": True, "is_answered": False, "state": "", "is_quoted": False,
        "sample": "", "is_agreed": False, "order": "", "verdicts": [],
    }  # fmt: skip
    assert stage_of(line | told) == stage
