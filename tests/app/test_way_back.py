"""Whoever registers from the middle of something goes on there once the mail's link is opened, and nowhere else."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.app.test_accounts_registration import PASSWORD, buyer_answers, caught_links, fill, path_of, seller_answers
from tests.support.people import Cast


def confirmed(client: FlaskClient, form: str, answers: dict[str, object]) -> str:
    """Register, open the link that was mailed, type the password: where that leads."""
    with caught_links() as links:
        fill(client, form, **answers)
    return str(fill(client, path_of(links[0].purpose, links[0].token), password=PASSWORD).location)


@pytest.mark.parametrize("way", ["/products/kopi/inquiry", "/de/requests/new"])
def test_a_new_buyer_goes_on_where_they_were(client: FlaskClient, way: str) -> None:
    client.set_cookie("way_back", way)
    assert confirmed(client, "/register/buyer", buyer_answers()) == way
    assert client.get_cookie("way_back") is None


@pytest.mark.parametrize("way", ["//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example", "x"])
def test_a_way_to_another_site_is_not_followed(client: FlaskClient, way: str) -> None:
    client.set_cookie("way_back", way)
    assert confirmed(client, "/register/buyer", buyer_answers()) == "/requests"


def test_a_new_seller_is_not_led_to_a_buyers_page(client: FlaskClient) -> None:
    client.set_cookie("way_back", "/products/kopi/inquiry")
    answers = seller_answers(email="siti@contoh.example", password=PASSWORD)
    assert confirmed(client, "/register/seller", answers) == "/leads"


def test_an_invited_company_comes_back_to_the_invitation(people: Cast, client: FlaskClient, session: Session) -> None:
    partner = people.partner()
    form = "/partner/distributors/invite"
    answer = partner.post(form, {"company_name": "Sample Midwest Foods"}, page=form, follow_redirects=True)
    found = re.search(r"/distributors/apply/[\w-]+", answer.get_data(as_text=True))
    assert found
    assert client.get(found.group()).status_code == 200
    assert confirmed(client, "/register/buyer", buyer_answers()) == found.group()
