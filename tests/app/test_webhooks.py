"""Events reach systems of members: signed, once or more with one id, in order, and only what each may know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel import jobs
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import TooMany
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.orders.services import ask_cancellation
from marketplace.partners.models import Chapter
from marketplace.rfqs.events import RfqSent
from marketplace.rfqs.models import Rfq
from marketplace.webhooks.handlers.requests import tell_sent
from marketplace.webhooks.jobs import tidy
from marketplace.webhooks.models import WebhookDelivery, WebhookEndpoint
from marketplace.webhooks.rules import DeliveryState, OffWhy
from marketplace.webhooks.services import new_secret_for, send_again, send_test
from marketplace.webhooks.signing import signature
from tests.support.event_servers import (
    EventServer,
    LoopbackOutlet,
    an_endpoint,
    answers,
    babbles,
    endpoint_now,
    listening,
    sent_to,
)
from tests.support.flows import a_request, an_answer, recipient_of
from tests.support.ordering import a_deal, a_sample, a_trade
from tests.support.people import Cast
from tests.support.quoting import a_counter, a_sent_quote, an_acceptance

pytestmark = pytest.mark.usefixtures("moment")
Listening = tuple[EventServer, LoopbackOutlet]


@pytest.fixture
def heard(app: Flask, tmp_path: Path) -> Iterator[Listening]:
    with listening(app, tmp_path) as found:
        yield found


def test_an_event_is_signed_and_says_what_happened(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    buyer, seller = people.buyer(), people.seller()
    endpoint, secret = an_endpoint(seller, server.url)
    rfq = a_request(buyer, [seller])
    assert server.got == []  # nothing leaves before the commit, nor in the request
    run_due()
    (got,) = server.got
    said = got.said
    lead = recipient_of(rfq, seller)
    assert (said["type"], said["version"], said["timestamp"]) == ("rfq.received", 1, now().isoformat())
    assert said["data"]["request"] == rfq.key
    assert said["data"]["lead"] == lead.key
    assert said["data"]["url"].endswith(f"/leads/{lead.key}")
    assert said["data"]["lines"] == [{"commodity": "coconut-sugar", "quantity": "2", "unit": "fcl20"}]
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["webhook-id"] == said["id"]
    at = int(got.headers["webhook-timestamp"])
    assert at == int(now().timestamp())
    assert got.headers["webhook-signature"] == signature(secret, said["id"], at, got.body)
    (delivery,) = sent_to(session, endpoint)
    assert (delivery.state, delivery.tries, delivery.status, delivery.key) == ("delivered", 1, 204, said["id"])
    assert endpoint_now(session, endpoint).secret.startswith("v1.")
    assert secret not in endpoint_now(session, endpoint).secret


def test_a_whole_trade_in_its_order_on_both_sides(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    buyer, seller, partner = people.buyer(), people.seller(), people.partner()
    sides = {who: an_endpoint(person, f"{server.url}/{who}") for who, person in (("b", buyer), ("s", seller))}
    rfq = a_request(buyer, [seller])
    an_answer(seller, rfq)
    a_sent_quote(seller, rfq)
    a_counter(buyer, seller, rfq, "6.00")
    a_sent_quote(seller, rfq, price="6.10")
    an_acceptance(buyer, seller, rfq, 3)
    run_due()
    kinds = {who: [one.said["type"] for one in server.got if one.path.endswith(who)] for who in sides}
    middle = [
        "rfq.message", "rfq.answered", "quote.sent", "quote.countered", "quote.sent", "rfq.awarded", "deal.agreed",
    ]  # fmt: skip
    for who, first in (("b", "rfq.sent"), ("s", "rfq.received")):
        assert kinds[who][0] == first
        assert sorted(kinds[who][1:]) == sorted(middle)
        assert [one for one in kinds[who] if one.startswith("quote")] == [
            one for one in middle if one.startswith("quote")
        ]
    quotes = [one.said["data"] for one in server.got if one.said["type"] == "quote.sent" and one.path.endswith("b")]
    assert [one["number"] for one in quotes] == [1, 3]
    assert quotes[0]["currency"] == "USD"
    assert all(one["total"].replace(".", "").isdigit() for one in quotes)
    assert sent_to(session, an_endpoint(partner, f"{server.url}/p")[0]) == []


def test_rivals_and_strangers_hear_nothing_of_a_quote(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    buyer, one, other = people.buyer(), people.seller(), people.seller()
    stranger, other_buyer = people.seller(), people.buyer()
    for name, person in (("one", one), ("other", other), ("stranger", stranger), ("buyer", other_buyer)):
        an_endpoint(person, f"{server.url}/{name}")
    rfq = a_request(buyer, [one, other], text="zqbuyerwords 2 FCL")
    a_sent_quote(one, rfq, price="3.1709", note="zqnotex", packing="zqpackingx")
    an_acceptance(buyer, one, rfq, 1)
    run_due()
    by_path: dict[str, list[dict[str, Any]]] = {}
    for got in server.got:
        by_path.setdefault(got.path.rsplit("/", 1)[1], []).append(got.said)
    assert set(by_path) == {"one", "other"}
    rival = json.dumps(by_path["other"])
    assert [said["type"] for said in by_path["other"]] == ["rfq.received", "rfq.closed"]
    for secret in (recipient_of(rfq, one).key, "3.1709", "total", "awarded", "quote", "deal"):
        assert secret not in rival, secret
    everything = b"".join(got.body for got in server.got).decode()
    for word in ("zqbuyerwords", "zqnotex", "zqpackingx", "Organisation ", "example.test"):
        assert word not in everything, word


def test_a_chapter_hears_of_its_distributors_trades_without_prices(people: Cast, heard: Listening) -> None:
    server, _outlet = heard
    partner, other = people.partner(), people.partner()
    an_endpoint(partner, f"{server.url}/own")
    an_endpoint(other, f"{server.url}/other")
    trade = a_trade(people)
    with transaction() as inside:
        inside.execute(update(Rfq).values(chapter_id=partner.chapter_id))
    a_sample(trade)
    deal = a_deal(trade)
    with transaction() as inside:
        ask_cancellation(inside, trade.buyer.actor, deal.key, "No longer needed")
    run_due()
    assert {one.path.rsplit("/", 1)[1] for one in server.got} == {"own"}
    assert [kind for kind in server.kinds if kind.startswith(("sample", "deal"))] == [
        "sample.asked", "deal.agreed", "deal.cancellation_asked",
    ]  # fmt: skip
    said = json.dumps([one.said["data"] for one in server.got])
    for word in ("total", "currency", "quote", "number"):
        assert word not in said, word


def test_only_chosen_kinds_are_sent_and_nothing_to_the_suspended(
    people: Cast, session: Session, heard: Listening
) -> None:
    server, _outlet = heard
    buyer, seller = people.buyer(), people.seller()
    endpoint, _secret = an_endpoint(buyer, server.url, ["rfq.answered"])
    rfq = a_request(buyer, [seller])
    an_answer(seller, rfq)
    with transaction() as inside:
        inside.execute(update(Organisation).where(Organisation.id == buyer.organisation_id).values(suspended_at=now()))
    run_due()  # what was queued before stays at home, too
    assert server.got == []
    (delivery,) = sent_to(session, endpoint)
    assert (delivery.kind, delivery.state, delivery.fault) == ("rfq.answered", DeliveryState.GIVEN_UP, "off")


def test_a_failure_is_tried_again_with_the_same_words_until_it_is_given_up(
    people: Cast, session: Session, heard: Listening
) -> None:
    server, _outlet = heard
    buyer, seller = people.buyer(), people.seller()
    endpoint, secret = an_endpoint(seller, server.url)
    server.always = answers(503, b"down for <b>repair</b>\x00\n", Retry_After="1")
    a_request(buyer, [seller])
    moment = now()
    while True:
        with frozen(moment):
            run_due()
        due = session.scalar(select(Task.due_at).where(Task.job == "webhooks.deliver", Task.state == TaskState.READY))
        session.rollback()
        if due is None:
            break
        assert due > moment
        moment = due
    assert len(server.got) == 10
    assert len({one.body for one in server.got}) == 1
    assert len({one.headers["webhook-id"] for one in server.got}) == 1
    assert len({one.headers["webhook-timestamp"] for one in server.got}) == 10
    for got in server.got:
        at = int(got.headers["webhook-timestamp"])
        assert got.headers["webhook-signature"] == signature(secret, got.said["id"], at, got.body)
    (delivery,) = sent_to(session, endpoint)
    assert (delivery.state, delivery.tries, delivery.status) == (DeliveryState.GIVEN_UP, 10, 503)
    assert delivery.answer == "down for <b>repair</b>"
    assert timedelta(days=2.5) < moment - now() < timedelta(days=3.8)


def test_after_days_of_failure_it_is_switched_off_and_the_owner_told(
    people: Cast, session: Session, heard: Listening
) -> None:
    server, _outlet = heard
    buyer, seller = people.buyer(), people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    server.always = answers(500)
    a_request(buyer, [seller])
    run_due()
    first = endpoint_now(session, endpoint)
    assert (first.failing_since, first.off_at, first.version) == (now(), None, 1)
    with frozen(now() + timedelta(days=3, seconds=1)):
        run_due()
        off = endpoint_now(session, endpoint)
        assert (off.off_why, off.off_at) == (OffWhy.FAILED, now())
        told = session.scalars(select(Notice).where(Notice.kind == Kind.ENDPOINT_OFF)).all()
        assert [(one.user_id, one.href) for one in told] == [
            (seller.user_id, f"/organisation/endpoints/{endpoint.key}")
        ]
        a_request(buyer, [seller])
    with frozen(now() + timedelta(days=9)):
        run_due()
    assert len(server.got) == 2
    assert [one.state for one in sent_to(session, endpoint)] == [DeliveryState.GIVEN_UP]


def test_gone_means_gone_and_a_success_forgets_failures(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    buyer, seller = people.buyer(), people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    server.next += [answers(500), babbles, answers(200), answers(410)]
    a_request(buyer, [seller])
    run_due()
    with frozen(now() + timedelta(minutes=1)):
        run_due()
        silent = endpoint_now(session, endpoint)
        assert (silent.silences, silent.rests_until) == (1, now() + timedelta(minutes=1))
    with frozen(now() + timedelta(hours=1)):
        run_due()
        healed = endpoint_now(session, endpoint)
        assert (healed.failing_since, healed.silences, healed.rests_until) == (None, 0, None)
        a_request(buyer, [seller])
        run_due()
    assert endpoint_now(session, endpoint).off_why == OffWhy.GONE
    assert [one.state for one in sent_to(session, endpoint)] == [DeliveryState.DELIVERED, DeliveryState.GIVEN_UP]


def test_a_worker_that_dies_between_sending_and_writing_it_down_sends_the_same_id_again(
    people: Cast, session: Session, heard: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _outlet = heard
    buyer, seller = people.buyer(), people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    a_request(buyer, [seller])

    class Killed(BaseException):
        pass

    def die(*_ignored: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("marketplace.webhooks.jobs.finish_try", die)
        with pytest.raises(Killed):
            run_due(lane=jobs.Lane.OUTSIDE)
    session.rollback()
    assert len(server.got) == 1
    assert [(one.state, one.tries) for one in sent_to(session, endpoint)] == [(DeliveryState.WAITING, 1)]
    with frozen(now() + jobs.LEASE + timedelta(seconds=1)):
        run_due(lane=jobs.Lane.OUTSIDE)
    assert len(server.got) == 2
    assert server.got[0].body == server.got[1].body
    assert [(one.state, one.tries) for one in sent_to(session, endpoint)] == [(DeliveryState.DELIVERED, 2)]


def test_what_is_rolled_back_is_never_sent(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    buyer, seller = people.buyer(), people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    with pytest.raises(ZeroDivisionError), transaction():
        a_request(buyer, [seller])
        raise ZeroDivisionError
    run_due()
    assert (server.got, sent_to(session, endpoint)) == ([], [])


def test_it_waits_behind_nobody_and_holds_nobody_up(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    seller = people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    with transaction() as inside:
        send_test(inside, seller.actor, endpoint.key)
    run_due(lane=jobs.Lane.COMMON)
    assert server.got == []
    assert jobs.has_due(jobs.Lane.OUTSIDE)
    run_due(lane=jobs.Lane.OUTSIDE)
    assert server.kinds == ["endpoint.test"]


def test_a_former_secret_signs_beside_the_new_one_for_a_day(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    seller = people.seller()
    endpoint, former = an_endpoint(seller, server.url)
    with transaction() as inside:
        _row, new = new_secret_for(inside, seller.actor, endpoint.key, 1)
    for hours, secrets in ((23, [new, former]), (25, [new])):
        with frozen(now() + timedelta(hours=hours)):
            with transaction() as inside:
                send_test(inside, seller.actor, endpoint.key)
            run_due()
        got = server.got[-1]
        at = int(got.headers["webhook-timestamp"])
        made = [signature(secret, got.said["id"], at, got.body) for secret in secrets]
        assert got.headers["webhook-signature"].split() == made
    with frozen(now() + timedelta(hours=25)):
        tidy()
    assert endpoint_now(session, endpoint).former_secret == ""


def test_again_has_its_own_limit(people: Cast, session: Session, heard: Listening, monkeypatch: Any) -> None:
    server, _outlet = heard
    seller = people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    monkeypatch.setattr("marketplace.webhooks.services.managing.MOST_AGAIN", 2)
    with transaction() as inside:
        key = send_test(inside, seller.actor, endpoint.key)
    run_due()
    for _round in range(2):
        with transaction() as inside:
            send_again(inside, seller.actor, endpoint.key, key)
        run_due()
    with pytest.raises(TooMany), transaction() as inside:
        send_again(inside, seller.actor, endpoint.key, key)
    with frozen(now() + timedelta(minutes=61)), transaction() as inside:
        send_again(inside, seller.actor, endpoint.key, key)


def test_a_chapter_hears_of_goods_and_of_no_quantities(people: Cast, heard: Listening) -> None:
    server, _outlet = heard
    buyer, partner = people.buyer(), people.partner()
    with transaction() as inside:
        chapter = inside.scalar(select(Chapter.id).where(Chapter.organisation_id == partner.organisation_id))
    for name, person in (("b", buyer), ("c", partner)):
        an_endpoint(person, f"{server.url}/{name}")
    rfq = a_request(buyer, [people.seller()])
    with transaction() as inside:
        inside.get_one(Rfq, rfq.id).chapter_id = chapter
        tell_sent(inside, RfqSent(rfq.id))
    run_due()
    lines = {one.path[-1]: one.said["data"]["lines"] for one in server.got if one.said["type"] == "rfq.sent"}
    assert set(lines) == {"b", "c"}
    assert all(set(line) == {"commodity"} for line in lines["c"])
    assert all(set(line) == {"commodity", "quantity", "unit"} for line in lines["b"])


def test_again_is_the_same_event_and_old_ones_are_forgotten(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    seller = people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    with transaction() as inside:
        key = send_test(inside, seller.actor, endpoint.key)
    run_due()
    with transaction() as inside:
        send_again(inside, seller.actor, endpoint.key, key)
    run_due()
    assert [one.headers["webhook-id"] for one in server.got] == [key, key]
    assert [one.tries for one in sent_to(session, endpoint)] == [1]
    with frozen(now() + timedelta(days=31)):
        tidy()
    assert session.scalars(select(WebhookDelivery)).all() == []
    assert session.scalar(select(WebhookEndpoint.id)) == endpoint.id
