"""Ranking takes its time: nobody who wants to write waits for it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.kernel.lines import WRITES
from marketplace.kernel.uow import transaction
from marketplace.matchmaking import jobs
from marketplace.matchmaking.model import MatcherOfProcess, matcher_of_process
from marketplace.matchmaking.services import fits, start_request
from tests.app.test_matchmaking import drafted
from tests.support.factories import a_listed_product
from tests.support.people import Cast


def test_sellers_are_ranked_before_the_transaction_opens(
    app: Flask, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_listed_product(people.seller())
    with transaction() as inside:
        rfq = start_request(inside, people.buyer().actor, "2 t of green arabica coffee", "en")
        inside.flush()  # the key is read below
        rfq_id = rfq.id
    seen: list[bool] = []

    def ranked(session: Session, *_more: object) -> None:
        seen.append(bool(session.connection().get_execution_options().get(WRITES)))

    monkeypatch.setattr(fits, "recommended", ranked)
    jobs.fit_one(rfq_id)
    assert seen == [False]


def test_the_matcher_is_loaded_before_a_draft_is_written(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_listed_product(people.seller())
    matcher_of_process().forget()
    seen: list[tuple[bool, bool]] = []
    real = MatcherOfProcess._current

    def current(self: MatcherOfProcess, session: Session) -> object:
        writes = bool(session.connection().get_execution_options().get(WRITES))
        seen.append((writes, self._loaded is not None))
        return real(self, session)

    monkeypatch.setattr(MatcherOfProcess, "_current", current)
    drafted(people.buyer())
    assert seen == [(False, False), (True, True)]
