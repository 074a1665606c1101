"""Attacks by input: NUL characters, numbers that no key can be, digits that are no digits, a claimed host."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.support.flows import a_request_draft
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("moment")
BEYOND = ("9223372036854775808", "9" * 25, "9" * 5000)  # one more than a key can be, far more, more than int() reads
NO_DIGITS = ("²", "٣", "9" * 25, "9" * 5000, "-1", "1e3")


@pytest.mark.parametrize(
    "path", ["/products/%00", "/sellers/a%00b", "/media/%00.webp", "/de/products/x%00", "/selling/products/%00"]
)
def test_a_nul_in_the_path_is_no_address(people: Cast, path: str) -> None:
    assert people.seller().client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/products?q=%00", "/sellers?q=a%00", "/suggest?q=%00", "/compare?key=1%00", "/requests/new?text=x%00"]
)
def test_a_nul_in_the_query_is_refused(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 400


def test_a_percent_sign_that_was_typed_is_no_nul(app: Flask) -> None:
    assert app.test_client().get("/products?q=%2500").status_code == 200


def test_a_nul_in_a_field_or_file_name_is_refused(people: Cast) -> None:
    seller = people.seller()
    hidden = guards(seller.client, "/account")
    data = {**hidden, "name": "Siti\x00 Contoh", "locale": "en", "time_zone": "UTC"}
    assert seller.client.post("/account", data=data).status_code == 400
    assert seller.client.post("/account", data={**hidden, "na\x00me": "x"}).status_code == 400
    assert "Siti" not in seller.client.get("/account").get_data(as_text=True)


def numbered(app: Flask) -> list[tuple[str, str]]:
    """(method, address with {}) of every route whose address holds a number."""
    found = []
    for rule in app.url_map.iter_rules():
        if "<int:" not in rule.rule:
            continue
        for method in (rule.methods or set()) & {"GET", "POST"}:
            found.append((method, _with_number(rule)))
    return sorted(found)


def _with_number(rule: Rule) -> str:
    parts = []
    for is_dynamic, data in rule._trace:
        converter = rule._converters.get(data) if is_dynamic else None
        if converter is None:
            parts.append(data)
        elif "Integer" in type(converter).__name__:
            parts.append("{}")
        else:
            parts.append(sorted(getattr(converter, "items", ["x"]))[0])
    return "".join(parts).replace("|", "")


@pytest.mark.parametrize("who", ["buyer", "seller", "partner", "operator"])
def test_a_number_beyond_every_key_is_no_address(app: Flask, people: Cast, who: str) -> None:
    person: Person = getattr(people, who)()
    hidden = guards(person.client, "/account/sessions")
    routes = numbered(app)
    assert len(routes) > 20
    for method, path in routes:
        for number in BEYOND:
            answer = person.client.open(
                path.replace("{}", number), method=method, data=hidden if method == "POST" else None
            )
            assert answer.status_code == 404, (method, path, number[:30])


def test_a_choice_that_is_no_number_is_left_out(people: Cast) -> None:
    buyer = people.buyer()
    draft = a_request_draft(buyer)
    page = f"/requests/{draft.key}/match"
    answer = buyer.post(f"/requests/{draft.key}/send", {"product": list(NO_DIGITS), "version": "0"}, page=page)
    assert answer.status_code == 409  # the version is stale; the choices are looked at before


@pytest.mark.parametrize("version", NO_DIGITS)
def test_a_version_that_is_no_number_is_a_stale_one(people: Cast, version: str) -> None:
    buyer = people.buyer()
    draft = a_request_draft(buyer)
    page = f"/requests/{draft.key}/match"
    answer = buyer.post(page, {"text": "2 FCL organic coconut sugar", "version": version}, page=page)
    assert answer.status_code in {409, 422}


def test_no_redirect_names_the_host_that_a_request_claims(app: Flask) -> None:
    client = app.test_client()
    for path in ("//products", "/products//", "//sellers", "/de//evil.example", "/products/", "//evil.example/%2e%2e"):
        answer = client.get(path, headers={"Host": "evil.example"})
        assert "evil.example" not in answer.headers.get("Location", "")
        assert "//evil.example" not in answer.get_data(as_text=True).replace("/de//evil.example", "")
