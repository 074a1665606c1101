"""T3: a seller learns nothing of rivals' quotes: no price, word, count or rank, in no page, mail, table or error."""

from __future__ import annotations

import io
import re
import zipfile
from email import message_from_bytes, policy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import ACCESS
from marketplace.kernel.copying import tables
from marketplace.kernel.jobs import enqueue_periodic, run_due
from marketplace.kernel.outside import settings
from marketplace.kernel.visitors import classes_of
from marketplace.notifications.models import Notice
from marketplace.rfqs.models import Rfq
from tests.support.flows import a_request, recipient_of
from tests.support.people import Cast, Person, guards
from tests.support.quoting import a_counter, a_sent_quote, an_acceptance

pytestmark = pytest.mark.usefixtures("moment")
SELLERS, REQUESTS = 4, 2
# a price and words that stand nowhere else
PRICES = ("3.1709", "3.2309", "3.3109", "3.3709", "3.4309")


def marker(request: int, seller: int) -> str:
    return f"zq{request}x{seller}w"


def a_market(people: Cast) -> tuple[Person, list[Person], list[Rfq]]:
    """Requests to the same sellers, each of whom quotes under a marker of their own; one is countered, one agreed."""
    buyer, sellers = people.buyer(), [people.seller() for _ in range(SELLERS)]
    rfqs = [a_request(buyer, sellers, text=f"Request {number}, 2 FCL coconut sugar") for number in range(REQUESTS)]
    for number, rfq in enumerate(rfqs):
        for place, seller in enumerate(sellers[:-1]):
            words = marker(number, place)
            a_sent_quote(seller, rfq, price=PRICES[place], packing=words, payment_note=words, note=words)
    a_counter(buyer, sellers[0], rfqs[0], "3.01")
    an_acceptance(buyer, sellers[0], rfqs[1], 1)
    return buyer, sellers, rfqs


def addresses(app: Flask, who: Person, buyer: Person, sellers: list[Person], rfqs: list[Rfq]) -> list[str]:
    """Every GET route this person's kind may use, with the keys of all requests and leads, theirs and others'."""
    leads = [recipient_of(rfq, seller).key for rfq in rfqs for seller in sellers]
    keys = {"key": [*(rfq.key for rfq in rfqs), *leads], "recipient_key": leads, "number": ["1", "2"]}
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not classes_of(who.actor) & ACCESS[rule.endpoint]:
            continue
        names = re.findall(r"<(?:[^:<>]+:)?(\w+)>", rule.rule)
        if not set(names) <= set(keys) or rule.endpoint == "health.readyz":
            continue
        paths = [rule.rule]
        for name in names:
            paths = [re.sub(rf"<(?:[^:<>]+:)?{name}>", value, path) for path in paths for value in keys[name]]
        is_of_quotes = rule.endpoint.split(".")[0] in {"quotes", "leads", "rfqs"}
        found += paths[:40] if is_of_quotes else paths[:4]
    return found


def seen_by(person: Person, paths: list[str]) -> str:
    texts = []
    for path in paths:
        answer = person.client.get(path)
        assert answer.status_code < 500, path
        data = answer.get_data()
        if data.startswith(b"PK"):  # a workbook
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                data = b"".join(book.read(name) for name in book.namelist())
        texts.append(data.decode("utf-8", "replace"))
        answer.close()
    return "\n".join(texts)


def every_marker() -> list[str]:
    return [marker(number, place) for number in range(REQUESTS) for place in range(SELLERS)]


def letters_sent() -> str:
    """Heads and texts of every mail that left, as a person reads them."""
    texts = []
    for path in settings().home.rglob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        texts += [f"{name}: {value}" for name, value in mail.items()]
        texts += [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join(texts)


def told(session: Session, person: Person) -> str:
    rows = session.scalars(select(Notice).where(Notice.user_id == person.user_id)).all()
    return "\n".join(f"{row.kind} {row.context} {row.href}" for row in rows)


def test_t3_no_rival_ever_sees_a_quote(app: Flask, people: Cast, session: Session) -> None:
    buyer, sellers, rfqs = a_market(people)
    outsiders = [people.seller(), people.buyer(), people.partner(), people.curator()]
    for _round in range(3):
        enqueue_periodic()
        run_due()
    own = seen_by(sellers[1], [f"/leads/{recipient_of(rfqs[0], sellers[1]).key}/quote"])
    assert marker(0, 1) in own  # the judge sees what there is
    for place, person in [(1, sellers[1]), (3, sellers[3]), *enumerate(outsiders, SELLERS)]:
        text = seen_by(person, addresses(app, person, buyer, sellers, rfqs)) + told(session, person)
        leaks = [
            marker(number, other)
            for number in range(REQUESTS)
            for other in range(SELLERS)
            if other != place and marker(number, other) in text
        ]
        assert leaks == [], (place, leaks)
        rivals = [price for other, price in enumerate(PRICES[:-1]) if other != place and price in text]
        assert rivals == [], (place, rivals)
    # the mails that left, and everything that is not the quotes' own: no marker, no price
    letters = letters_sent()
    assert letters
    assert [words for words in (*every_marker(), *PRICES[:-1]) if words in letters] == []
    session.rollback()
    elsewhere = [
        table.name
        for table in tables()
        if table.name not in {"quote_version", "quote_line", "deal", "deal_line", "submission"}
        and any(
            marker(0, place) in str(tuple(row)) for place in range(SELLERS) for row in session.execute(select(table))
        )
    ]
    assert elsewhere == []


def said(answer: Any) -> str:
    """A page without its keys, times and one-time values."""
    text = answer.get_data(as_text=True)
    text = re.sub(r'(name="(csrf_token|_once)" value|datetime|src|href|action)="[^"]*"', "", text)
    return re.sub(r"\b[2-9a-z]{10}\b", "K", text, flags=re.IGNORECASE)


def test_t3_a_lead_looks_the_same_however_many_rivals_have_quoted(people: Cast) -> None:
    buyer, watcher, rivals = people.buyer(), people.seller(), [people.seller() for _ in range(3)]
    alone, crowded = (a_request(buyer, [watcher, *rivals], text="2 FCL coconut sugar") for _ in range(2))
    for place, rival in enumerate(rivals):
        a_sent_quote(rival, crowded, price=PRICES[place])
    for end in ("", "/quote/edit", "/ask", "/decline"):
        pages = [said(watcher.client.get(f"/leads/{recipient_of(rfq, watcher).key}{end}")) for rfq in (alone, crowded)]
        assert pages[0] == pages[1], end


def test_t3_refusals_of_rivals_tell_nothing(people: Cast) -> None:
    buyer, owner, rival = people.buyer(), people.seller(), people.seller()
    rfq = a_request(buyer, [owner, rival])
    a_sent_quote(owner, rfq, price="3.1709")
    key, hidden = recipient_of(rfq, owner).key, guards(rival.client, "/account/sessions")
    for end in ("", "/edit", "/preview", "/withdraw", "/1"):
        real, none = (rival.client.get(f"/leads/{lead}/quote{end}") for lead in (key, "no-such-lead"))
        assert (real.status_code, said(real)) == (none.status_code, said(none)), end
    for end in ("/edit", "/preview", "/withdraw", "/accept", "/discard"):
        real, none = (
            rival.client.post(f"/leads/{lead}/quote{end}", data=hidden | {"number": "1", "version": "1"})
            for lead in (key, "no-such-lead")
        )
        assert real.status_code == none.status_code == 404, end
        assert said(real) == said(none), end
