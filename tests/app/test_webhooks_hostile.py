"""Endpoints that lie, hang, flood or lead into the house: nothing inside is ever called, and nothing waits long."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import DomainError
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outlet import FIRST_BYTES, NoAnswer, Outlet, Unreachable
from marketplace.kernel.uow import transaction
from marketplace.webhooks.services import check_address, send_test
from tests.support.authority import Authority
from tests.support.event_servers import (
    EventServer,
    LoopbackOutlet,
    an_endpoint,
    answers,
    babbles,
    drips,
    endpoint_now,
    event_server,
    floods,
    hangs,
    listening,
    sent_to,
)
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("moment")
Listening = tuple[EventServer, LoopbackOutlet]
INSIDE = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/", "https://0/", "https://localhost/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://10.0.0.1/", "https://192.168.0.1/", "https://172.16.0.1/",
    "https://169.254.169.254/latest/meta-data/", "https://[fe80::1]/", "https://[fd00:ec2::254]/", "https://100.64.0.1/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://0.0.0.0/", "https://224.0.0.1/",
]  # fmt: skip


@pytest.fixture
def heard(app: Flask, tmp_path: Path) -> Iterator[Listening]:
    with listening(app, tmp_path) as found:
        yield found


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("url", INSIDE)
def test_the_product_itself_calls_nothing_inside(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the outlet as it is shipped; only the connection is watched."""

    def reached(*address: object, **_more: object) -> None:
        raise AssertionError(f"reached {address}")

    monkeypatch.setattr("socket.create_connection", reached)
    with pytest.raises(DomainError):
        check_address(url)
    with pytest.raises(NoAnswer):
        Outlet().post(url, b"{}", {})


def test_a_name_with_one_address_inside_is_refused_whole() -> None:
    outlet = LoopbackOutlet()
    outlet.names["shop.example"] = deque([["93.184.216.34", "10.0.0.7"]])
    with pytest.raises(NoAnswer) as caught:
        outlet.check("https://shop.example/")
    assert caught.value.why is Unreachable.NOT_PUBLIC


def test_a_name_that_changes_its_mind_is_judged_at_each_try(
    app: Flask, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public when it is saved, the metadata service's address when it is used: the second look-up counts too."""
    reached: list[object] = []

    def connect(address: tuple[str, int], **_more: object) -> None:
        reached.append(address[0])
        raise ConnectionRefusedError

    class Rebinding(LoopbackOutlet):
        def may_reach(self, address: str) -> bool:
            return Outlet.may_reach(self, address)

    outlet = Rebinding()
    outlet.names["shop.example"] = deque([["93.184.216.34"], ["169.254.169.254"], ["127.0.0.1"], ["93.184.216.34"]])
    app.extensions["souq_outlet"] = outlet
    monkeypatch.setattr("socket.create_connection", connect)
    check_address("https://shop.example/")
    seller = people.seller()
    endpoint, _secret = an_endpoint(seller, "https://shop.example/")
    for hours in (0, 2, 4):
        with frozen(now() + timedelta(hours=hours)):
            if not hours:
                with transaction() as inside:
                    send_test(inside, seller.actor, endpoint.key)
            run_due()
        fault = sent_to(session, endpoint)[0].fault
        assert fault == (Unreachable.NOT_PUBLIC if hours < 4 else Unreachable.NO_CONNECTION)
    # asked once a try, and what was judged is what is called
    assert outlet.asked == ["shop.example"] * 4
    assert reached == ["93.184.216.34"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(people: Cast, session: Session, heard: Listening, status: int) -> None:
    server, outlet = heard
    seller = people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    target = "http://169.254.169.254/latest/meta-data/" if status % 2 else server.url + "/again"
    server.always = answers(status, Location=target)
    with transaction() as inside:
        send_test(inside, seller.actor, endpoint.key)
    run_due()
    assert [one.path for one in server.got] == ["/events"]
    assert outlet.asked == ["127.0.0.1"]
    (delivery,) = sent_to(session, endpoint)
    assert (delivery.state, delivery.status) == ("waiting", status)


@pytest.mark.parametrize(
    ("behaviour", "fault"), [(hangs, Unreachable.TIME), (drips, Unreachable.TIME), (babbles, Unreachable.NO_HTTP)]
)
def test_who_hangs_drips_or_babbles_is_cut_off(
    people: Cast, session: Session, heard: Listening, behaviour: object, fault: Unreachable
) -> None:
    server, _outlet = heard
    seller = people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    server.always = behaviour  # type: ignore[assignment]
    with transaction() as inside:
        for _ in range(5):
            send_test(inside, seller.actor, endpoint.key)
    began = time.monotonic()
    run_due()
    assert time.monotonic() - began < 4, "one try of a second, and the others rest"
    assert len(server.got) == 1
    assert {one.fault for one in sent_to(session, endpoint)} == {fault, ""}
    assert endpoint_now(session, endpoint).silences == 1


def test_of_a_flood_two_kilobytes_are_read(people: Cast, session: Session, heard: Listening) -> None:
    server, outlet = heard
    seller = people.seller()
    endpoint, _secret = an_endpoint(seller, server.url)
    server.always = floods
    answer = outlet.post(server.url, b"{}", {})
    assert len(answer.start) == FIRST_BYTES
    with transaction() as inside:
        send_test(inside, seller.actor, endpoint.key)
    run_due()
    assert sent_to(session, endpoint)[0].answer == "y" * 200


def test_a_certificate_of_another_authority_or_name_is_none(app: Flask, tmp_path: Path) -> None:
    stranger, ours = Authority(tmp_path, "stranger"), Authority(tmp_path, "ours")
    with event_server(stranger.server()) as server:
        with pytest.raises(NoAnswer) as caught:
            LoopbackOutlet(ours).post(server.url, b"{}", {})
        assert caught.value.why is Unreachable.TLS
    with event_server(ours.server()) as server:
        outlet = LoopbackOutlet(ours)
        outlet.names["shop.example"] = deque([["127.0.0.1"]])
        with pytest.raises(NoAnswer) as caught:
            outlet.post(server.url.replace("127.0.0.1", "shop.example"), b"{}", {})
        assert caught.value.why is Unreachable.TLS
        assert server.got == []
    with event_server() as plain:  # it speaks no TLS at all
        with pytest.raises(NoAnswer) as caught:
            LoopbackOutlet(ours).post(plain.url.replace("http:", "https:"), b"{}", {})
        assert caught.value.why is Unreachable.TLS


def test_nobody_there_and_nobody_known(tmp_path: Path) -> None:
    outlet = LoopbackOutlet(Authority(tmp_path, "ours"))
    with event_server() as server:
        closed = server.url.replace("http:", "https:")
    with pytest.raises(NoAnswer) as caught:
        outlet.post(closed, b"{}", {})
    assert caught.value.why is Unreachable.NO_CONNECTION
    outlet.names["nobody.example"] = deque([[]])
    with pytest.raises(NoAnswer) as caught:
        outlet.post("https://nobody.example/", b"{}", {})
    assert caught.value.why is Unreachable.UNKNOWN_NAME


def test_a_name_server_that_hangs_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(LoopbackOutlet):
        def resolve(self, host: str, port: int) -> list[str]:
            time.sleep(1)
            return ["93.184.216.34"]

    monkeypatch.setattr("marketplace.kernel.outlet.RESOLVED_SECONDS", 0.1)
    began = time.monotonic()
    with pytest.raises(NoAnswer) as caught:
        Slow().check("https://shop.example/")
    assert caught.value.why is Unreachable.UNKNOWN_NAME
    assert time.monotonic() - began < 0.9
