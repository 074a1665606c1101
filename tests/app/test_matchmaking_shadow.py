"""A fitted model stands in the shadow first: compared on saved requests, then taking over by rule or by one click."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen, now
from marketplace.kernel.jobs import run_due
from marketplace.matchmaking import fitting
from marketplace.matchmaking.model import fitted as really_fitted
from marketplace.matchmaking.model import models_folder
from marketplace.matchmaking.models import MatchModel
from marketplace.matchmaking.profiles import offer_profiles
from marketplace.matchmaking.progress import FitProgress, progress_of
from marketplace.matchmaking.queries.switches import lately_served, switches
from marketplace.matchmaking.shadow import FIRST_PLACES, HELD_BACK, held_back
from matching import store
from matching.matcher import SupplierMatcher
from tests.app.test_matchmaking import sugar, text_of
from tests.app.test_matchmaking_selling import posted
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
PAGE = "/console/matching"


def blind(session: Session, _progress: Callable[[int], None] | None = None) -> SupplierMatcher:
    """A model that has lost its understanding of goods."""
    offers = [replace(each, commodity=None, titles={"en": "goods"}, hs=None) for each in offer_profiles(session)]
    return SupplierMatcher().fit([replace(each, descriptions={}, attributes={}) for each in offers])


def test_a_model_that_does_worse_waits_and_is_let_serve_by_one_click(
    people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sugar(people.seller())
    posted(people.buyer(), session)
    first = fitting.refit()
    assert first.is_serving
    monkeypatch.setattr(fitting, "fitted", blind)
    with frozen(now() + timedelta(minutes=1)):
        worse = fitting.refit()
    assert not worse.is_serving
    assert store.current(models_folder()) == first.name
    session.rollback()
    row = session.scalars(select(MatchModel).where(MatchModel.name == worse.name)).one()
    assert not row.is_serving
    assert row.figures["shadow"]["against"] == first.name
    assert set(row.figures["shadow"]["held_back"]) >= {"goods", "requests"}
    operator = people.operator()
    html = text_of(operator.client, PAGE)
    assert "more listings without known goods" in html
    assert "finds nobody for more requests" in html
    assert operator.post(f"{PAGE}/{worse.name}/promote", {}, page=PAGE).status_code == 303
    assert store.current(models_folder()) == worse.name
    assert operator.post(f"{PAGE}/{first.name}/promote", {}, page=PAGE).status_code == 303
    assert store.current(models_folder()) == first.name
    session.rollback()
    assert [(each.model, each.by) for each in switches(session)] == [
        (first.name, ""), (worse.name, ""), (first.name, "first"),
    ]  # fmt: skip
    assert switches(session)[0].person
    assert lately_served(session) == {first.name, worse.name}


def test_one_that_does_as_well_takes_over_by_rule(people: Cast, session: Session) -> None:
    sugar(people.seller())
    posted(people.buyer(), session)
    first = fitting.refit().name
    with frozen(now() + timedelta(minutes=1)):
        second = fitting.refit()
    assert second.is_serving
    session.rollback()
    row = session.scalars(select(MatchModel).where(MatchModel.is_serving)).one()
    assert (row.name, row.figures["shadow"]["against"]) == (second.name, first)
    assert row.figures["shadow"]["requests"] == 1
    assert row.figures["shadow"]["held_back"] == []
    assert [(each.model, each.by) for each in switches(session)] == [(second.name, "rule"), (first, "first")]
    assert "1 of 1 requests with the same first place" in text_of(people.operator().client, PAGE)


def test_where_none_can_serve_the_new_one_does(people: Cast, session: Session) -> None:
    sugar(people.seller())
    first = fitting.refit().name
    (models_folder() / first / "words.skops").write_bytes(b"spoiled")
    with frozen(now() + timedelta(minutes=1)):
        second = fitting.refit()
    assert second.is_serving
    assert store.current(models_folder()) == second.name


def test_the_way_back_stays_open_after_many_fits(
    people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sugar(people.seller())
    posted(people.buyer(), session)
    first = fitting.refit().name
    with frozen(now() + timedelta(minutes=1)):
        second = fitting.refit().name
    monkeypatch.setattr(fitting, "fitted", blind)
    for minute in range(2, 9):
        with frozen(now() + timedelta(minutes=minute)):
            fitting.refit()
    assert store.current(models_folder()) == second
    assert {first, second} <= set(store.versions(models_folder()))
    session.rollback()
    assert {first, second} <= set(session.scalars(select(MatchModel.name)))


def test_the_rule_names_what_is_worse() -> None:
    even = {"requests": 20, "lost": 1, "other_first": int(20 * FIRST_PLACES), "pairs": 30, "live": 20, "candidate": 20}
    card = {"found_again": {"en": 0.9, "zh_Hans": 0.8}, "without_goods": 0.1}
    assert held_back(even, card, card) == []
    assert held_back(even | {"candidate": 19}, card, card) == ["outcomes"]
    assert held_back(even | {"lost": 2}, card, card) == ["requests"]
    assert held_back(even | {"other_first": 5}, card, card) == ["first_places"]
    assert held_back(even, card | {"without_goods": 0.13}, card) == ["goods"]
    assert held_back(even, card | {"found_again": {"en": 0.84, "zh_Hans": 0.8}}, card) == ["titles"]
    assert held_back({}, {}, {}) == []
    assert len(HELD_BACK) == 5


def test_the_page_tells_how_far_a_fit_has_come(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sugar(people.seller())
    operator = people.operator()
    seen: list[str] = []

    def watched(session: Session, progress: Callable[[int], None] | None = None) -> SupplierMatcher:
        assert progress is not None
        seen.append(text_of(operator.client, PAGE))
        return really_fitted(session, progress)

    monkeypatch.setattr(fitting, "fitted", watched)
    fitting.refit()
    assert "A fit is running: 0 of 1 offers are read." in seen[0]
    assert "A fit is running" not in text_of(operator.client, PAGE)
    assert progress_of(models_folder()) is None


def test_a_fit_that_died_is_not_told_for_ever(people: Cast) -> None:
    folder = models_folder()
    FitProgress(folder, 10).read(4)
    found = progress_of(folder)
    assert found is not None
    assert (found.read, found.total, found.step) == (4, 10, "read")
    with frozen(now() + timedelta(hours=1)):
        assert progress_of(folder) is None
    for spoiled in ("", "[]", "{}", json.dumps({"read": "x", "total": 1, "step": "read", "at": "never"})):
        (folder / "fitting.json").write_text(spoiled, "utf-8")
        assert progress_of(folder) is None


def test_the_nightly_job_fits_and_compares(people: Cast, session: Session) -> None:
    sugar(people.seller())
    fitting.refit()
    with frozen(now() + timedelta(minutes=1)):
        fitting.refit()
        run_due()
    session.rollback()
    assert len(session.scalars(select(MatchModel.name)).all()) >= 2
    assert session.scalars(select(MatchModel).where(MatchModel.is_serving)).one().name == store.current(models_folder())
