"""Inquiries that many send at once, each in a transaction that is spoken straight to the database."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel import database, light_session
from marketplace.kernel.lines import Line
from marketplace.kernel.outbox import Task
from marketplace.kernel.submits import Submission
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.rfqs.models import Recipient, Rfq, RfqLine, RfqMoment
from marketplace.rfqs.rules import REQUESTS_A_DAY
from tests.app.test_quotes_races import browser
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry_form
from tests.support.people import Cast, guards
from tests.support.racing import HANDS, all_at_once, statuses

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def commits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    """Lines that were committed; the tests of other engines listen to every statement, a running site does not."""
    found: list[Line] = []
    commit = Line.commit

    def noted(line: Line) -> None:
        commit(line)
        found.append(line)

    for module in (light_session, database):
        monkeypatch.setattr(module, "is_heard", lambda _engine: False)
    monkeypatch.setattr(Line, "commit", noted)
    return found


def count(session: Session, kind: Any, *where: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(kind).where(*where)) or 0


def test_one_form_pressed_by_many_hands_sends_one_inquiry(
    app: Flask, people: Cast, session: Session, commits: list[Line]
) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    page = f"/products/{product.slug}/inquiry"
    hands = [browser(app, buyer) for _ in range(HANDS)]
    said = {**guards(hands[0], page), **an_inquiry_form("Is it there?")}
    cookie = hands[0].get_cookie("souq")
    assert cookie is not None
    for one in hands:
        one.set_cookie("souq", cookie.value)
    commits.clear()
    answers = all_at_once([lambda one=one: one.post(page, data=said) for one in hands])
    assert statuses(answers) == {303: HANDS}
    assert len({answer.location for answer in answers}) == 1, "all are led to the same request"
    assert len(commits) == 1
    for kind in (Rfq, RfqLine, Recipient, Submission):
        assert count(session, kind) == 1, kind
    assert count(session, RfqMoment) == 2
    assert count(session, Notice, Notice.kind == Kind.LEAD_NEW) == 1
    assert count(session, Task, Task.job == "notifications.deliver") == 1


def test_what_many_send_at_once_is_counted_to_the_last(
    app: Flask, people: Cast, session: Session, commits: list[Line]
) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    page, sent = f"/products/{product.slug}/inquiry", 0
    commits.clear()
    for _round in range(-(-(REQUESTS_A_DAY + 5) // HANDS)):
        hands = [browser(app, buyer) for _ in range(HANDS)]
        forms = [(one, {**guards(one, page), **an_inquiry_form("Is it there?")}) for one in hands]
        answers = all_at_once([lambda one=one: one[0].post(page, data=one[1]) for one in forms])
        assert set(statuses(answers)) <= {303, 429}
        sent += statuses(answers)[303]
    assert sent == REQUESTS_A_DAY
    assert len(commits) == REQUESTS_A_DAY
    for kind in (Rfq, RfqLine, Recipient, Submission):
        assert count(session, kind) == REQUESTS_A_DAY, kind
    assert count(session, Notice, Notice.kind == Kind.LEAD_NEW) == REQUESTS_A_DAY
    assert count(session, Task, Task.job == "notifications.deliver") == REQUESTS_A_DAY
