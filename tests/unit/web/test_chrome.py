"""The kept frame: the same words as a fresh one, the visitor's own address and search words, safely."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.support.people import Cast


def test_language_links_keep_the_page_and_its_question(client: FlaskClient) -> None:
    for _ in range(2):  # the second answer comes from the kept text
        first = client.get("/style?q=1&b=%22%3E%3Cscript%3E").get_data(as_text=True)
        assert 'href="/de/style?q=1&amp;b=%22%3E%3Cscript%3E"' in first
    assert 'href="/zh-hans/no-such-page"' in client.get("/no-such-page").get_data(as_text=True)


def test_each_language_has_its_own_frame(client: FlaskClient) -> None:
    english, german = (client.get(path).get_data(as_text=True) for path in ("/en/style", "/de/style"))
    assert '<a href="/en/products">' in english
    assert '<a href="/de/products">' in german
    assert 'lang="de"' in german


def test_no_placeholder_is_left_and_none_can_be_smuggled_in(client: FlaskClient) -> None:
    page = client.get("/style?x=%EE%80%80%EE%80%81").get_data(as_text=True)
    assert not {"\ue000", "\ue001", "\ue002"} & set(page)


def test_an_anonymous_frame_carries_no_form_token(client: FlaskClient) -> None:
    page = client.get("/style").get_data(as_text=True)
    assert "csrf" not in page
    assert 'href="/sign-in"' in page or 'href="/en/sign-in"' in page


def test_the_account_menu_is_the_visitors_own(people: Cast, client: FlaskClient) -> None:
    buyer, seller = people.buyer(), people.seller()
    for person in (buyer, seller, buyer):
        page = person.client.get("/notices").get_data(as_text=True)
        assert page.count("csrf_token") >= 1
        assert 'action="/sign-out"' in page
    pages = [person.client.get("/notices").get_data(as_text=True) for person in (buyer, seller)]
    assert 'href="/leads"' in pages[1]
    assert 'href="/leads"' not in pages[0]
    assert "csrf_token" not in client.get("/style").get_data(as_text=True)
