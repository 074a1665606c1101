"""T16: odd values in every route, parameter and field, as every kind of person: never a fault of ours.

`make fuzz` sends 20,000 requests; in the suite each kind of person sends a few hundred. Seeded: a fault comes again.
"""

from __future__ import annotations

import os
import re
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.access import ACCESS
from marketplace.kernel.policy import Actor
from marketplace.kernel.visitors import Who, classes_of
from tests.app.test_access_matrix import calls, people_of
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.flows import a_request, a_request_draft, an_answer, an_inquiry
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("moment")
MARKER = "<script>zq7()</script>"
IMAGE = "<img src=x onerror=zq7()>"
ODD = (
    "",
    " ",
    "\x00",
    "\x00a",
    "\ud7ff",
    "\u202e",
    "\ufeff1",
    "0",
    "-1",
    "1e309",
    "-1e309",
    "NaN",
    "Infinity",
    "1_000",
    "٣",
    "½",
    "9" * 40,
    "9223372036854775808",
    "2147483648",
    "0x10",
    "1,5",
    "1.5.5",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    MARKER,
    f"'\">{IMAGE}",
    "{{7*7}}",
    "${7*7}",
    "%s%s%n",
    "'; drop table user_account; --",
    "../../etc/passwd",
    "\\..\\",
    "https://evil.example/",
    "//evil.example",
    "javascript:zq7()",
    "data:text/html,x",
    "a" * 5000,
    "咖啡" * 300,
    "🌶" * 50,
    "a\r\nSet-Cookie: x=1",
    "[]",
    "{}",
    "null",
    "true",
    "en",
    "zh_Hans",
    "xx",
    "USD",
    "kg",
    "operator",
    "owner",
    "listed",
    "(",
    "*",
    '"',
    "a:b:c",
    "AND OR NOT",
    "é" + "\u0301" * 200,
    "\t\n\r",
    "%00",
    "%zz",
    "&",
    "=",
    "#",
    "+62812",
    "x@y",
    "a@b.example",
)
# how many requests all kinds of people send together
WANTED = int(os.environ.get("SOUQ_FUZZ", "0"))
WHO = ("visitor", "buyer", "seller", "partner", "curator", "operator")
# addresses that end what the next request needs
LEFT_OUT = {
    "accounts.sign_out",
    "accounts.erase",
    "accounts.end_other_sessions",
    "accounts.end_one_session",
    "health.readyz",
}
ODD_PARTS = ("0", "%00", "a" * 300, "..", "%F0%9F")
PARAMETERS = (
    "q",
    "page",
    "sort",
    "category",
    "commodity",
    "certificate",
    "incoterm",
    "price_max",
    "moq_max",
    "lang",
    "next",
    "key",
    "token",
    "compare",
    "seller",
    "origin",
    "state",
    "shelf",
    "kind",
    "text",
    "sample",
    "after",
    "per_page",
)
FIELD = re.compile(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"')
FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>.*?</form>', re.S | re.I)
ACTION = re.compile(r'\baction="([^"]*)"')
LINK = re.compile(r'href="(/[^"#]*)"')


class Fuzzer:
    """One person's visit; every answer is looked at."""

    def __init__(self, client: FlaskClient, actor: Actor | None, seed: int) -> None:
        self.client = client
        self.actor = actor
        self.dice = Random(seed)
        self.faults: list[tuple[str, str, int]] = []
        self.count = 0

    def ask(self, method: str, path: str, **more: Any) -> str:
        """Send one request; an answer of 500 and more, or one that shows our marker as markup, is a fault."""
        answer = self.client.open(path, method=method, **more)
        self.count += 1
        is_page = (answer.content_type or "").startswith("text/html")
        text = answer.get_data(as_text=True) if is_page else ""
        if answer.status_code >= 500 or MARKER in text or IMAGE in text:
            self.faults.append((method, path[:200], answer.status_code))
        if answer.status_code in {301, 302, 303, 307, 308}:
            target = answer.headers["Location"]
            if not target.startswith("/") or target.startswith("//"):
                self.faults.append(("redirect", f"{path[:100]} -> {target[:100]}", answer.status_code))
        return text

    def value(self) -> str:
        return self.dice.choice(ODD)

    def odd_query(self) -> dict[str, str]:
        """A few parameters with odd values."""
        return {name: self.value() for name in self.dice.sample(PARAMETERS, 3)}

    def submit(self, page: str, html: str) -> None:
        """Send every form of a page with odd values in its own fields, and with fields that are not its own."""
        for form in FORM.findall(html):
            action = ACTION.search(form)
            target = action.group(1) if action and action.group(1) else page
            if any(word in target for word in ("/sign-out", "/erase", "/sessions")):
                continue
            names = FIELD.findall(form)
            hidden = dict(re.findall(r'name="(csrf_token|_once)" value="([^"]+)"', form))
            for _ in range(3):
                data: dict[str, Any] = {name: self.value() for name in names}
                data |= {"role": "operator", "seller_id": "1", "verified": "1", "price": "0", "state": "listed"}
                self.ask("POST", target, data={**data, **hidden})


def seeded(people: Cast, person: Person | None, who: str) -> list[str]:
    """Things of this person's own, so that their pages have forms; gives addresses to begin at."""
    seller = person if who == "seller" and person else people.seller()
    buyer = person if who == "buyer" and person else people.buyer()
    product = a_listed_product(seller, certificates=[a_certificate(seller)])
    draft = a_draft(seller)
    rfq = an_inquiry(buyer, product)
    an_answer(seller, rfq)
    open_request = a_request(buyer, [seller])
    own_draft = a_request_draft(buyer)
    pages = [
        "/",
        "/products",
        f"/products/{product.slug}",
        f"/products/{product.slug}/inquiry",
        "/sellers",
        "/compare",
        "/requests/new",
        "/sign-in",
        "/register/buyer",
        "/register/seller",
        "/commodities",
    ]
    own = {
        "buyer": [
            "/requests",
            f"/requests/{rfq.key}",
            f"/requests/{open_request.key}",
            f"/requests/{own_draft.key}/match",
            "/account",
            "/account/company",
            "/notices",
        ],
        "seller": [
            "/leads",
            "/listings",
            f"/listings/{draft.id}",
            f"/listings/{product.id}",
            "/certificates",
            "/account",
        ],
        "partner": ["/partner", "/partner/distributors", "/account"],
        "curator": [
            "/console",
            "/console/curation",
            "/console/requests",
            "/console/verification",
            "/console/sellers",
            "/console/reports",
        ],
        "operator": [
            "/console",
            "/console/people",
            "/console/organisations",
            "/console/chapters",
            "/console/commodities",
            "/console/jobs",
            "/console/index",
            "/console/audit",
        ],
    }
    return pages + own.get(who, [])


def go_on(fuzz: Fuzzer, app: Flask, pages: list[str]) -> None:
    """Until this person's share of `WANTED` is sent: pages, their forms and bare addresses in a random order."""
    allowed = [
        (method, path)
        for endpoint, method, path in calls(app)
        if classes_of(fuzz.actor) & ACCESS[endpoint] and ACCESS[endpoint] != {Who.SAMPLE} and endpoint not in LEFT_OUT
    ]
    hidden = guards(fuzz.client, "/account/sessions" if fuzz.actor else "/sign-in")
    while fuzz.count < WANTED // len(WHO):
        page = fuzz.dice.choice(pages)
        fuzz.submit(page, fuzz.ask("GET", page, query_string=fuzz.odd_query()))
        for method, plain in fuzz.dice.sample(allowed, 4):
            path = re.sub(r"no-such-[a-z-]+", lambda _match: fuzz.dice.choice(ODD_PARTS), plain)
            data = {name: fuzz.value() for name in fuzz.dice.sample(PARAMETERS, 6)}
            if method == "GET":
                fuzz.ask("GET", path, query_string=data)
            else:
                fuzz.ask("POST", path, data={**data, **hidden})


@pytest.mark.parametrize("who", WHO)
def test_t16_odd_input_is_never_our_fault(app: Flask, people: Cast, session: Session, who: str) -> None:
    client, actor, person = people_of(people)[who]
    fuzz = Fuzzer(client, actor, seed=len(who))
    starts = seeded(people, person, who)
    for endpoint, method, path in calls(app):
        if not classes_of(actor) & ACCESS[endpoint] or ACCESS[endpoint] == {Who.SAMPLE} or endpoint in LEFT_OUT:
            continue
        odd_path = re.sub(
            r"no-such-[a-z-]+",
            lambda _match: fuzz.dice.choice(("0", "%00", "a" * 300, "a" * 600, "..", "%F0%9F")),
            path,
        )
        for target in (path, odd_path):
            if method == "GET":
                fuzz.ask("GET", target, query_string=fuzz.odd_query())
            else:
                hidden = guards(client, "/account/sessions" if actor else "/sign-in")
                fuzz.ask("POST", target, data={**{name: fuzz.value() for name in PARAMETERS}, **hidden})
    # walk over real pages from the person's own things, and misuse each of their forms
    seen: set[str] = set()
    waiting = list(starts)
    while waiting and len(seen) < 40:
        page = waiting.pop(0)
        if page in seen:
            continue
        seen.add(page)
        html = fuzz.ask("GET", page)
        fuzz.ask("GET", page, query_string=fuzz.odd_query())
        fuzz.submit(page, html)
        links = {
            link.split("?")[0] for link in LINK.findall(html) if "/static/" not in link and "/sign-out" not in link
        }
        waiting += sorted(link for link in links if link not in seen)[:6]
    go_on(fuzz, app, sorted(seen))
    assert fuzz.faults == []
    assert fuzz.count > 150
    assert fuzz.count >= WANTED // len(WHO)
    if actor:
        assert client.get("/account").status_code == 200  # the visit did not end the session
