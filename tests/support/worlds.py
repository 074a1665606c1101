"""A small market in which one seller, one buyer and one chapter own something of every kind, and its private addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from marketplace.access import ACCESS
from marketplace.accounts.documents import read_document
from marketplace.accounts.services.files import store_document
from marketplace.kernel.uow import transaction
from marketplace.kernel.visitors import Who
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.services import write_to_seller
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.flows import a_request, a_request_draft, an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
MARKER = "zqown"
_LINK = re.compile(r'(?:href|action|formaction)="(/[^"#?]*)')
# addresses with a word in them that names nobody's object
_EVERYBODYS = {"catalogue.export_own", "catalogue.import_template", "catalogue.start_form", "catalogue.start"}
_LEFT_OUT = re.compile(r"/(static|media|sign-out)(/|$)|/(erase|end|end-others)$|\.(css|js|svg|xml|txt)$")


@dataclass(frozen=True)
class Address:
    """A private address of one owner, and the same address of something that does not exist."""

    endpoint: str
    methods: frozenset[str]
    path: str
    missing: str


@dataclass
class World:
    """Who owns, and what."""

    app: Flask
    seller: Person
    buyer: Person
    partner: Person
    addresses: list[Address] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)  # private page -> as its owner sees it


def a_world(app: Flask, people: Cast) -> World:
    """Listings, certificates, requests, a conversation with papers, documents, an application; all say `MARKER`."""
    seller, buyer, partner = people.seller(), people.buyer(country="US"), people.partner()
    certificate = a_certificate(seller)
    product = a_listed_product(seller, certificates=[certificate])
    a_draft(seller)
    rfq = an_inquiry(buyer, product, text=f"{MARKER} inquiry, what is your best offer for this lot?")
    an_answer(seller, rfq, text=f"{MARKER} answer, we can offer this lot.")
    with transaction() as session:
        paper = store_document(session, buyer.actor, read_document(PDF, f"{MARKER}.pdf"))
        certificate_paper = store_document(session, seller.actor, read_document(PDF, f"{MARKER}-certificate.pdf"))
        session.merge(certificate).file_id = certificate_paper.id
        files = [paper.id, certificate_paper.id]
        key = session.scalars(select(Recipient.key).where(Recipient.rfq_id == rfq.id)).one()
        text = f"{MARKER} message with its paper"
        write_to_seller(session, buyer.actor, rfq.key, key, text, language="en", files=[paper])
    a_request(buyer, [seller], text=f"{MARKER} request, 2 FCL organic coconut sugar")
    a_request_draft(buyer, text=f"{MARKER} draft, 1 FCL organic coconut sugar")
    assert recipient_of(rfq, seller).id
    world = World(app, seller, buyer, partner)
    starts = [
        (seller, ["/leads", "/selling/products", "/selling/certificates", "/account", "/notices"]),
        (buyer, ["/requests", "/account", "/notices", "/searches", "/shortlists"]),
        (partner, ["/partner/distributors", "/partner/leads", "/partner/chapter", "/account"]),
    ]
    for person, pages in starts:
        _walk(world, person, pages)
    for file_id in files:
        world.addresses.append(Address("accounts.file", frozenset({"GET"}), f"/files/{file_id}", "/files/999999"))
    return world


def _walk(world: World, person: Person, waiting: list[str]) -> None:
    """Follow every link and form of a person's own pages; keep the private addresses that name an object."""
    seen: set[str] = set()
    known = {address.path for address in world.addresses}
    while waiting and len(seen) < 150:
        path = waiting.pop(0)
        if path in seen or _LEFT_OUT.search(path):
            continue
        seen.add(path)
        found = _address(world.app, path)
        if found is None:
            continue
        endpoint, arguments, address = found
        if arguments and path not in known and endpoint not in _EVERYBODYS:
            world.addresses.append(address)
        if "GET" not in address.methods:
            continue
        answer = person.client.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            html = answer.get_data(as_text=True)
            if Who.PUBLIC not in ACCESS[endpoint]:
                world.pages[path] = html
            waiting += [link for link in _LINK.findall(html) if link not in seen]
    world.addresses.sort(key=lambda one: one.path)


def _address(app: Flask, path: str) -> tuple[str, dict[str, object], Address] | None:
    adapter = app.url_map.bind("")
    methods: set[str] = set()
    endpoint, first, arguments = "", "GET", dict[str, object]()
    for method in ("GET", "POST"):
        try:
            found, values = adapter.match(path, method=method)
        except HTTPException:
            continue
        if not methods:
            endpoint, arguments, first = found, dict(values), method
        methods.add(method)
    if not methods or endpoint in {"static"}:
        return None
    if Who.PUBLIC in ACCESS[endpoint]:
        return endpoint, {}, Address(endpoint, frozenset(methods), path, path)
    rule = next(one for one in app.url_map.iter_rules(endpoint))
    nobody = {
        name: value
        if type(rule._converters[name]).__name__ == "AnyConverter"
        else 999_999
        if isinstance(value, int)
        else "no-such-thing-at-all"
        for name, value in arguments.items()
    }
    objects = {name for name in arguments if type(rule._converters[name]).__name__ != "AnyConverter"}
    missing = adapter.build(endpoint, nobody, method=first)
    return endpoint, {name: arguments[name] for name in objects}, Address(endpoint, frozenset(methods), path, missing)
