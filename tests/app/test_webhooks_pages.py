"""Pages of addresses for events: owners alone, the secret once, each act as it was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership
from marketplace.accounts.services.privacy import ask_for_erasure
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.errors import Conflict, Forbidden, NotFound, TooMany
from marketplace.kernel.jobs import run_due
from marketplace.kernel.personal_data import export_all
from marketplace.kernel.policy import Role
from marketplace.kernel.uow import transaction
from marketplace.webhooks.models import WebhookDelivery, WebhookEndpoint
from marketplace.webhooks.queries import endpoints_of
from marketplace.webhooks.rules import MOST_ENDPOINTS, MOST_TESTS
from marketplace.webhooks.services import send_test, switch_endpoint
from tests.support.event_servers import (
    EventServer,
    LoopbackOutlet,
    an_endpoint,
    answers,
    endpoint_now,
    listening,
    sent_to,
)
from tests.support.flows import a_request
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("moment")
ROOT = "/organisation/endpoints"
Listening = tuple[EventServer, LoopbackOutlet]


@pytest.fixture
def heard(app: Flask, tmp_path: Path) -> Iterator[Listening]:
    with listening(app, tmp_path) as found:
        yield found


def page(person: Person, path: str = ROOT) -> str:
    answer = person.client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def post(person: Person, endpoint: WebhookEndpoint, act: str, version: int) -> int:
    here = f"{ROOT}/{endpoint.key}"
    status: int = person.post(f"{here}/{act}", {"version": str(version)}, page=here).status_code
    return status


def test_the_whole_way_of_an_owner(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    owner = people.buyer()
    assert "No address yet" in page(owner)
    assert 'href="/organisation/endpoints"' in page(owner, "/account")
    data = {"url": f" {server.url} ", "kinds": ["rfq.answered", "rfq.sent", "rfq.received", "nonsense"]}
    assert owner.post(f"{ROOT}/new", data, page=f"{ROOT}/new").status_code == 422, "not a buyer's kind"
    answer = owner.post(f"{ROOT}/new", data | {"kinds": ["rfq.answered", "rfq.sent"]}, page=f"{ROOT}/new")
    text = answer.get_data(as_text=True)
    (secret,) = re.findall(r"<code>(whsec_[^<]+)</code>", text)
    assert answer.headers["Cache-Control"] == "no-store"
    (endpoint,) = session.scalars(select(WebhookEndpoint)).all()
    assert (endpoint.url, endpoint.kinds) == (server.url, ["rfq.sent", "rfq.answered"])
    here = f"{ROOT}/{endpoint.key}"
    assert secret not in page(owner, here) + page(owner) + page(owner, f"{here}/edit")
    assert "Nothing was sent yet" in page(owner, here)
    assert owner.post(f"{here}/test", page=here).location == here
    server.always = answers(500, b"<script>alert(1)</script>")
    run_due()
    seen = page(owner, here)
    assert "endpoint.test" in seen
    assert "500 &lt;script&gt;" in seen
    assert "Tried again later" in seen
    assert "Failing" in page(owner)
    (delivery,) = sent_to(session, endpoint)
    assert owner.post(f"{here}/deliveries/{delivery.key}/again", page=here).status_code == 409, "it waits already"
    with transaction() as inside:
        inside.execute(update(WebhookDelivery).values(state="given_up"))
    server.always = answers(204)
    assert owner.post(f"{here}/deliveries/{delivery.key}/again", page=here).status_code == 303
    run_due()
    assert "Taken by your server" in page(owner, here)
    renewed = owner.post(f"{here}/secret", {"version": "1"}, page=here).get_data(as_text=True)
    assert secret not in renewed
    assert "whsec_" in renewed
    assert post(owner, endpoint, "off", 2) == 303
    assert "Somebody of your organisation switched it off" in page(owner, here)
    assert post(owner, endpoint, "test", 3) == 409
    assert post(owner, endpoint, "on", 3) == 303
    edit = {"url": server.url + "/2", "kinds": ["rfq.closed"], "version": "4"}
    assert owner.post(f"{here}/edit", edit, page=f"{here}/edit").status_code == 303
    assert endpoint_now(session, endpoint).kinds == ["rfq.closed"]
    assert post(owner, endpoint, "delete", 5) == 303
    assert session.scalars(select(WebhookEndpoint)).all() == []
    session.rollback()
    assert session.scalars(select(WebhookDelivery)).all() == []
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("endpoint"))).all()
    assert acts == [
        "endpoint.added", "endpoint.secret_renewed", "endpoint.switched_off", "endpoint.switched_on", "endpoint.changed",
        "endpoint.deleted",
    ]  # fmt: skip


def test_addresses_inside_are_refused_where_they_are_typed(people: Cast, session: Session) -> None:
    owner = people.seller()
    for url, word in (
        ("https://127.0.0.1/x", "private network"),
        ("https://169.254.169.254/", "private network"),
        ("http://shop.example/", "begins with https"),
        ("https://u:p@shop.example/", "begins with https"),
    ):
        answer = owner.post(f"{ROOT}/new", {"url": url, "kinds": ["quote.sent"]}, page=f"{ROOT}/new")
        assert answer.status_code == 422, url
        assert word in answer.get_data(as_text=True), url
    assert session.scalar(select(func.count()).select_from(WebhookEndpoint)) == 0


def test_a_second_click_makes_no_second_address_and_no_second_secret(
    people: Cast, session: Session, heard: Listening
) -> None:
    server, _outlet = heard
    owner = people.seller()
    data = guards(owner.client, f"{ROOT}/new") | {"url": server.url, "kinds": ["quote.sent"]}
    assert owner.client.post(f"{ROOT}/new", data=data).status_code == 200
    again = owner.client.post(f"{ROOT}/new", data=data)
    assert again.status_code == 303
    assert "whsec_" not in again.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(WebhookEndpoint)) == 1


def test_members_and_others_stay_out(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    owner, stranger, curator = people.seller(), people.seller(), people.curator()
    endpoint, _secret = an_endpoint(owner, server.url)
    here = f"{ROOT}/{endpoint.key}"
    assert stranger.client.get(here).status_code == 404
    assert post_as(stranger, f"{here}/delete") == 404
    assert curator.client.get(ROOT).status_code == 403
    with transaction() as inside:
        inside.execute(update(Membership).where(Membership.user_id == owner.user_id).values(role=Role.MEMBER))
    for path in (ROOT, f"{ROOT}/new", here, f"{here}/edit"):
        assert owner.client.get(path).status_code == 403, path
    assert post_as(owner, f"{here}/secret") == 403
    assert ROOT not in page(owner, "/account")
    member = replace(owner.actor, roles=frozenset({Role.MEMBER}))
    with pytest.raises(Forbidden), transaction() as inside:
        send_test(inside, member, endpoint.key)
    with pytest.raises(NotFound), transaction() as inside:
        endpoints_of(inside, replace(owner.actor, is_suspended=True))
    partner = people.partner()
    with pytest.raises(NotFound), transaction() as inside:
        endpoints_of(inside, replace(partner.actor, has_second_factor=False))
    assert endpoint_now(session, endpoint).version == 1


def post_as(person: Person, path: str) -> int:
    status: int = person.post(path, {"version": "1"}).status_code
    return status


def test_what_changed_meanwhile_is_not_changed_again_and_there_is_an_end(
    people: Cast, session: Session, heard: Listening
) -> None:
    server, _outlet = heard
    owner = people.seller()
    endpoint, _secret = an_endpoint(owner, server.url)
    with transaction() as inside:
        switch_endpoint(inside, owner.actor, endpoint.key, 1, is_on=False)
    for act in ("on", "secret", "delete"):
        assert post(owner, endpoint, act, 1) == 409
    with transaction() as inside:
        switch_endpoint(inside, owner.actor, endpoint.key, 2, is_on=True)
        for _ in range(MOST_TESTS):
            send_test(inside, owner.actor, endpoint.key)
    with pytest.raises(TooMany), transaction() as inside:
        send_test(inside, owner.actor, endpoint.key)
    for _ in range(MOST_ENDPOINTS - 1):
        an_endpoint(owner, server.url)
    with pytest.raises(Conflict):
        an_endpoint(owner, server.url)


def test_a_copy_names_the_address_and_erasure_takes_it_along(people: Cast, session: Session, heard: Listening) -> None:
    server, _outlet = heard
    owner, buyer = people.seller(), people.buyer()
    endpoint, secret = an_endpoint(owner, server.url)
    a_request(buyer, [owner])
    copy = export_all(session, owner.user_id)["webhooks"]
    assert copy["endpoints"][0]["address"] == server.url
    assert secret not in str(copy)
    with transaction() as inside:
        ask_for_erasure(inside, owner.actor)
    run_due()
    session.rollback()
    assert session.scalars(select(WebhookEndpoint)).all() == []
    assert session.scalars(select(WebhookDelivery)).all() == []


def test_a_secret_under_another_key_is_said_to_be_lost(
    app: Flask, people: Cast, session: Session, heard: Listening
) -> None:
    server, _outlet = heard
    owner = people.seller(locale="en")
    endpoint, _secret = an_endpoint(owner, server.url)
    with transaction() as inside:
        send_test(inside, owner.actor, endpoint.key)
    known = app.extensions["souq_settings"]
    app.extensions["souq_settings"] = replace(known, web=replace(known.web, secret_key="z" * 40))
    run_due()
    app.extensions["souq_settings"] = known
    assert server.got == []
    assert "Make a new one" in page(owner, f"{ROOT}/{endpoint.key}")
