"""A link that has run out says so and what to do; a missing page offers the search."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "path", ["/reset-password/x", "/confirm-email/x", "/distributors/apply/x", "/invitations/member/x"]
)
def test_a_spent_link_tells_what_to_do(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    said = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "Ask for a new one." in said
    assert "Nothing at this address" not in said
    assert 'href="/sign-in"' in said.split("<main", 1)[1].split("</main>", 1)[0]


def test_a_missing_page_offers_the_search(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "Nothing at this address" in answer.get_data(as_text=True)
    assert 'id="problem-q"' in answer.get_data(as_text=True)


def test_who_has_to_sign_in_first_is_told_so(client: FlaskClient) -> None:
    answer = client.get("/leads", follow_redirects=True)
    assert "Please sign in first." in answer.get_data(as_text=True)
    assert "Please sign in first." not in client.get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize(("referrer", "is_offered"), [
    ("http://localhost/id/register/buyer?x=1", True),
    ("http://elsewhere.example/register/buyer", False),
    ("http://localhost//elsewhere.example/", False),
    ("http://localhost/\\elsewhere.example", False),
    ("http://localhost/id/no-such-page", False),
    ("http://localhost/id/sign-out", False),
    ("http://[", False),
    ("", False),
])  # fmt: skip
def test_a_failed_form_leads_back_to_its_page_on_this_site_alone(
    client: FlaskClient, referrer: str, is_offered: bool
) -> None:
    answer = client.post("/id/register/buyer", data={}, headers={"Referer": referrer})
    assert answer.status_code == 400
    main = answer.get_data(as_text=True).split("<main", 1)[1].split("</main>", 1)[0]
    assert ('href="/id/register/buyer?x=1"' in main) is is_offered
    assert "elsewhere" not in main
