"""T2: nobody reaches what belongs to others, by any method, by any way round, by any nested key."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import now
from marketplace.kernel.uow import transaction
from tests.app.test_access_matrix import fingerprint
from tests.support.people import Cast, guards
from tests.support.worlds import MARKER, Address, World, a_world

pytestmark = pytest.mark.usefixtures("moment")
CHECKS = 2000


def rivals(people: Cast) -> dict[str, FlaskClient]:
    """Everybody who may want to see it: a visitor, two sellers, two buyers, another chamber, a suspended seller."""
    suspended = people.seller()
    with transaction() as session:
        gone = update(Organisation).where(Organisation.id == suspended.organisation_id).values(suspended_at=now())
        session.execute(gone)
    return {
        "visitor": people.app.test_client(),
        "seller": people.seller().client,
        "another seller": people.seller().client,
        "buyer": people.buyer().client,
        "another buyer": people.buyer(country="US").client,
        "partner of another chamber": people.partner(country="DE").client,
        "suspended seller": suspended.client,
    }


def said(answer: Any, path: str) -> tuple[int, str, str]:
    """An answer without its one-time keys and without the address that was asked for."""
    text = answer.data.decode("utf-8", "replace")
    text = re.sub(r'name="(csrf_token|_once)" value="[^"]*"', "", text)
    text = text.replace(path, "X")
    for part in sorted(path.split("/"), key=len, reverse=True):
        if not part.isdigit() and len(part) > 5:
            text = text.replace(part, "X")
    location = answer.headers.get("Location", "").split("?")[0]
    return answer.status_code, location, re.sub(r"\d+", "N", text)


def ways_round(client: FlaskClient, address: Address, world: World) -> list[tuple[str, Any]]:
    """24 ways to ask for a private page other than by its address."""
    path, seller, buyer = address.path, world.seller, world.buyer
    claims = {"organisation_id": seller.organisation_id, "user_id": buyer.user_id, "seller_id": seller.seller_id}
    by_path = {
        "slash": f"{path}/", "two slashes": f"/{path}", "dot": path.replace("/", "/./", 1), "up": f"/x/..{path}",
        "encoded slash": path.replace("/", "%2f"), "encoded letter": f"/%{ord(path[1]):02x}{path[2:]}",
        "encoded dot": f"/%2e{path}", "capitals": path.upper(), "parameter": f"{path};x=1", "ending": f"{path}.json",
        "language": f"/de{path}", "wrong language": f"/xx{path}", "space": f"{path}%20", "backslash": f"/\\{path[1:]}",
    }  # fmt: skip
    by_header: dict[str, dict[str, str]] = {
        "original url": {"X-Original-URL": path, "X-Rewrite-URL": path},
        "loopback": {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Client-IP": "127.0.0.1"},
        "host": {"X-Forwarded-Host": "localhost", "Host": "localhost"},
        "who": {"X-Forwarded-User": "operator", "Remote-User": "1", "X-User-Id": str(buyer.user_id)},
        "bearer": {"Authorization": f"Bearer {buyer.user_id}"},
        "referrer": {"Referer": f"http://localhost{path}"},
        "json": {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest", "HX-Request": "true"},
        "method": {"X-HTTP-Method-Override": "PUT"},
    }
    found = [(name, client.get(one)) for name, one in by_path.items()]
    found += [(name, client.get(path, headers=headers)) for name, headers in by_header.items()]
    found.append(("claims", client.get(path, query_string=claims)))
    found.append(("head", client.head(path)))
    return found


def test_t2_what_belongs_to_others_answers_like_what_does_not_exist(app: Flask, people: Cast, session: Session) -> None:
    world = a_world(app, people)
    assert len(world.addresses) >= 25, [one.path for one in world.addresses]
    assert sum(MARKER in page for page in world.pages.values()) >= 5
    others = rivals(people)
    hidden = {
        who: guards(client, "/account/sessions" if who != "visitor" else "/sign-in") for who, client in others.items()
    }
    before, checks = fingerprint(session), 0
    leaks: list[tuple[str, str, str, object]] = []
    for who, client in others.items():
        for address in world.addresses:
            for method in sorted(address.methods):
                data = {**hidden[who], "version": "1", "text": "mine now"} if method == "POST" else None
                answers = [client.open(path, method=method, data=data) for path in (address.path, address.missing)]
                real, none = (
                    said(one, path) for one, path in zip(answers, (address.path, address.missing), strict=True)
                )
                checks += 1
                if real != none or real[0] not in {302, 403, 404} or MARKER in real[2]:
                    leaks.append((who, method, f"{address.endpoint} {address.path}", (real[:2], none[:2])))
    assert leaks == []
    for number, address in enumerate(one for one in world.addresses if "GET" in one.methods):
        for step in range(4):
            who = list(others)[(number + step) % len(others)]
            for name, answer in ways_round(others[who], address, world):
                checks += 1
                text = answer.data.decode("utf-8", "replace")
                if MARKER in text or answer.status_code >= 500 or answer.status_code in {200, 206, 304}:
                    leaks.append((who, name, address.path, answer.status_code))
    assert leaks == []
    session.rollback()
    assert fingerprint(session) == before
    assert checks >= CHECKS, checks
    for path, page in world.pages.items():  # and its owners still have it
        owner = next(
            one for one in (world.seller, world.buyer, world.partner) if one.client.get(path).status_code == 200
        )
        assert (MARKER in page) is (MARKER in owner.client.get(path).get_data(as_text=True)), path
