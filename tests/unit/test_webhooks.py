"""Signatures, waits, and which addresses may be called at all."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.kernel.outlet import NoAnswer, is_public, parts_of
from marketplace.kernel.policy import OrganisationKind
from marketplace.webhooks.rules import (
    BACK_OFF,
    LONGEST_REST,
    MOST_TRIES,
    OFF_AFTER,
    Happening,
    is_to_be_switched_off,
    kinds_of,
    rest_after,
    wait_after,
)
from marketplace.webhooks.signing import headers, new_secret, signature
from marketplace.webhooks.wording import KIND_NAMES

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_signature_is_the_one_of_the_published_example() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    made = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_sign_side_by_side() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    signed = headers("msg_1", NOON, b"{}", [one, other])
    at = int(NOON.timestamp())
    assert signed["webhook-timestamp"] == str(at)
    assert signed["webhook-signature"].split() == [signature(each, "msg_1", at, b"{}") for each in (one, other)]


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 127.8.8.8 ::1 10.0.0.1 172.16.1.1 172.31.255.254 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 "
    "255.255.255.255 224.0.0.1 240.0.0.1 192.0.0.8 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.7 203.0.113.9 ff02::1 "
    "fe80::1%eth0 fec0::1 fc00::1 fd00:ec2::254 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 "
    "64:ff9b:1::1 2002:7f00:1::1 2001:0:1::1 2001:db8::1 3fff::1 5f00::1 100::1 :: 2130706433 0x7f.1 name.example".split(),
)
def test_what_is_not_of_the_open_internet_is_never_called(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2a00:1450:4001:800::200e", "::ffff:8.8.8.8"])
def test_public_addresses_may_be_called(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/", "https://", "https:///x", "ftp://shop.example/", "//shop.example", "https://a@shop.example/",
        "https://a:b@shop.example/", "https://shop.example/#part", "https://shop.example:22/", "https://shop.example:25/",
        "https://shop.example:99999/", "https://shop.example/a b", "https://shop.example/\r\nX: 1", "https://shop.example\\@x/",
        "https://shöp.example/", "https://" + "a" * 64 + ".example/", "https://shop.example/" + "a" * 300, "javascript:x",
        "https://[::1", "", "https://shop.example/\x00",
    ],
)  # fmt: skip
def test_what_is_no_https_address_is_refused(url: str) -> None:
    with pytest.raises(NoAnswer):
        parts_of(url)


def test_plain_addresses_are_taken() -> None:
    for url in (
        "https://shop.example/a?b=c",
        "https://shop.example:8443",
        "https://[2a00:1450::1]/x",
        "https://xn--shp-sna.example/",
    ):
        assert parts_of(url).scheme == "https"


def test_a_delivery_is_tried_for_about_three_days() -> None:
    chance = random.Random(7)
    waits = [wait_after(tries, chance) for tries in range(1, MOST_TRIES + 1)]
    assert waits[-1] is None
    made = [wait for wait in waits if wait is not None]
    assert len(made) == len(BACK_OFF) == 9
    for wait, base in zip(made, BACK_OFF, strict=True):
        assert 0.8 * base <= wait <= 1.2 * base
    assert timedelta(days=2.5) < sum(made, timedelta()) < timedelta(days=3.8)
    assert sum(BACK_OFF, timedelta()) > OFF_AFTER
    assert wait_after(1, random.Random(1)) != wait_after(1, random.Random(2))


def test_a_silent_server_is_asked_less_and_less() -> None:
    rests = [rest_after(number) for number in range(1, 30)]
    assert rests == sorted(rests)
    assert rests[0] == timedelta(minutes=1)
    assert rests[-1] == LONGEST_REST


def test_days_of_failure_switch_off() -> None:
    assert not is_to_be_switched_off(None, NOON)
    assert not is_to_be_switched_off(NOON - OFF_AFTER + timedelta(seconds=1), NOON)
    assert is_to_be_switched_off(NOON - OFF_AFTER, NOON)


def test_who_can_choose_what() -> None:
    chapter = set(kinds_of(OrganisationKind.CHAPTER))
    assert not any(one.startswith("quote.") for one in chapter)
    assert Happening.RFQ_RECEIVED not in kinds_of(OrganisationKind.BUYER)
    assert kinds_of(OrganisationKind.PROGRAMME) == kinds_of(None) == ()
    assert {one.value for one in Happening} < set(KIND_NAMES)
