"""T17: who has an account is told neither by words nor by time; guessing ends soon, also after a restart."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from statistics import median
from time import process_time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.passwords import common_passwords, password_fault
from marketplace.accounts.rules import PASSWORD_LENGTH
from tests.support.accounts import HASH, PASSWORD, buyer_answers, fill
from tests.support.application import build, home_settings
from tests.support.people import Cast

ROUNDS = 7
KNOWN, UNKNOWN = "known@example.test", "fresh@example.test"
Ask = Callable[[FlaskClient, str], Any]


def words(answer: Any, who: str) -> tuple[int, str, str]:
    """Status, target and page of an answer, without one-time keys and the address that was typed."""
    html = re.sub(r'name="(csrf_token|_once)" value="[^"]*"', "", answer.get_data(as_text=True))
    return answer.status_code, answer.headers.get("Location", ""), html.replace(who, "WHO")


DOORS: dict[str, tuple[str, Ask]] = {
    "sign-in": ("/sign-in", lambda client, who: fill(client, "/sign-in", identifier=who, password="wrong password")),
    "forgotten password": ("/forgot-password", lambda client, who: fill(client, "/forgot-password", identifier=who)),
    "registration": (
        "/register/buyer",
        lambda client, who: fill(client, "/register/buyer", **buyer_answers(email=who, password=PASSWORD)),
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_t17_who_has_an_account_is_told_neither_by_words_nor_by_time(app: Flask, people: Cast, door: str) -> None:
    _page, ask = DOORS[door]
    seen: dict[bool, set[Any]] = {True: set(), False: set()}
    spent: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ROUNDS + 1):
        for is_known in (True, False):
            who = f"{number}.{KNOWN if is_known else UNKNOWN}"
            if is_known:
                people.buyer(email=who, password_hash=HASH)
            client = app.test_client()
            client.environ_base["REMOTE_ADDR"] = f"10.{number}.{is_known:d}.1"
            client.get("/sign-in")
            began = process_time()
            answer = ask(client, who)
            if number:  # the first round fills caches
                spent[is_known].append(process_time() - began)
            seen[is_known].add(words(answer, who))
    assert seen[True] == seen[False]
    assert len(seen[True]) == 1
    one, other = median(spent[True]), median(spent[False])
    assert max(one, other) < max(1.5 * min(one, other), min(one, other) + 0.01), (one, other)


def test_t17_the_3000_commonest_passwords_are_refused() -> None:
    common = sorted(common_passwords())
    assert len(common) >= 3000
    taken = [word for word in common if password_fault(word) is None]
    assert taken == []
    long = [word for word in common if len(word) >= PASSWORD_LENGTH]
    dressed = [f"{word}1!" for word in long] + [word.capitalize() for word in long] + [f"{word}2026" for word in common]
    assert [word for word in dressed if password_fault(word) is None] == []


def test_t17_an_uncommon_password_is_taken() -> None:
    assert password_fault(PASSWORD) is None


@pytest.mark.parametrize("spoofed", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP"])
def test_t17_the_eleventh_try_waits_whatever_address_is_claimed(
    app: Flask, people: Cast, moment: datetime, spoofed: str
) -> None:
    answers = []
    for number in range(12):
        client = app.test_client()
        client.environ_base[f"HTTP_{spoofed.upper().replace('-', '_')}"] = f"198.51.100.{number}"
        answers.append(fill(client, "/sign-in", identifier=f"n{number}@example.test", password="wrong").status_code)
    assert answers == [422] * 10 + [429] * 2


def test_t17_behind_a_trusted_proxy_the_last_address_counts(settings: Any, tmp_path: Any, moment: datetime) -> None:
    behind = home_settings(tmp_path, TRUSTED_PROXIES="1", DATABASE_URL=str(settings.stores.database_url))
    application = build(behind)
    with application.app_context():
        answers = []
        for number in range(12):
            client = application.test_client()
            claim = f"198.51.100.{number}, 203.0.113.7"  # the proxy appends the address it saw
            client.environ_base["HTTP_X_FORWARDED_FOR"] = claim
            answers.append(fill(client, "/sign-in", identifier=f"n{number}@example.test", password="no").status_code)
    assert answers == [422] * 10 + [429] * 2


def test_t17_the_limit_holds_after_a_restart_and_with_redis_down(
    app: Flask, settings: Any, tmp_path: Any, moment: datetime
) -> None:
    pytest.importorskip("redis")  # only the scaled set has the client; there this is tried
    for number in range(10):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        fill(client, "/sign-in", identifier="nobody@example.test", password="wrong")
    again = build(
        home_settings(
            tmp_path,
            DATABASE_URL=str(settings.stores.database_url),
            REDIS_URL="redis://127.0.0.1:1/0",  # nothing listens there
        )
    )
    with again.app_context():
        client = again.test_client()
        client.environ_base["REMOTE_ADDR"] = "10.1.1.1"
        late = fill(client, "/sign-in", identifier="nobody@example.test", password="wrong")
        assert late.status_code == 429
        other = again.test_client()
        other.environ_base["REMOTE_ADDR"] = "10.1.1.2"
        assert fill(other, "/sign-in", identifier="other@example.test", password="wrong").status_code == 422
