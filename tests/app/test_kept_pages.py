"""Pages kept for visitors: the same answer as a fresh one, nobody's own, and never older than the market."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from config.settings import Settings
from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.discovery.keeper import plain_cookies
from marketplace.discovery.memory import Recent, Shared
from marketplace.discovery.page_cache import state_of
from marketplace.discovery.rows import card_rows
from marketplace.kernel.caching import KeptPage, PageMemory
from marketplace.kernel.database import db
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from tests.support.application import build
from tests.support.factories import a_listed_product
from tests.support.people import Cast

ADDRESSES = ("/en/products", "/products?q=arabica", "/de/sellers", "/commodities", "/en")
Headers = list[tuple[str, str]]


@pytest.fixture
def lot(people: Cast) -> Product:
    """One listed coffee."""
    return a_listed_product(people.seller(), "coffee-arabica-green", title="Ijen arabica lot")


def kept_answers(app: Flask) -> list[KeptPage]:
    """What the memory of this process holds."""
    memory: PageMemory = next(iter(app.extensions["cache"].values()))
    return [page for _until, page in memory._pages.values()]


def of(client: FlaskClient, path: str, **headers: str) -> tuple[int, Headers, bytes]:
    """Status, headers without the request's own id, body."""
    answer = client.get(path, headers={name.replace("_", "-"): text for name, text in headers.items()})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"])
    return answer.status_code, sorted(pair for pair in answer.headers if pair[0] != "X-Request-Id"), answer.data


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("packing", ["", "gzip, br"])
def test_a_kept_answer_is_the_first_one_again(
    app: Flask, client: FlaskClient, lot: Product, path: str, packing: str
) -> None:
    first = of(client, path, Accept_Encoding=packing)
    assert first[0] == 200
    held = kept_answers(app)
    assert len(held) == 1
    again = of(client, path, Accept_Encoding=packing)
    assert again == first
    assert kept_answers(app) == held
    names = dict(first[1])
    assert "Set-Cookie" not in names
    assert names["Content-Security-Policy"]
    assert names["Cache-Control"] == "no-cache"
    assert ("Accept-Language" in names["Vary"]) == (not path.startswith(("/en", "/de")))
    assert names.get("Content-Encoding", "") == ("gzip" if packing else "")
    plain = of(client, path)[2]
    assert (gzip.decompress(again[2]) if packing else again[2]) == plain


def test_what_the_browser_has_is_not_sent_again(app: Flask, client: FlaskClient, lot: Product) -> None:
    known = client.get("/en/products").headers["ETag"]
    kept = of(client, "/en/products", If_None_Match=known)
    next(iter(app.extensions["cache"].values())).clear()
    fresh = of(client, "/en/products", If_None_Match=known)
    assert kept == fresh
    assert kept[0] == 304
    assert kept[2] == b""
    assert kept_answers(app) == []
    assert of(client, "/en/products", If_None_Match='"other"')[0] == 200


def test_answers_before_flask_are_counted_too(client: FlaskClient, lot: Product) -> None:
    def counted() -> float:
        text = client.get("/metrics").get_data(as_text=True)
        found = re.search(r'^souq_requests_total\{method="GET",route="/products",status="200"\} (\S+)', text, re.M)
        return float(found[1]) if found else 0.0

    before = counted()
    for _ in range(3):
        client.get("/en/products")
    assert counted() == before + 3


def test_nobodys_page_is_given_to_another(app: Flask, client: FlaskClient, people: Cast, lot: Product) -> None:
    buyer = people.buyer()
    theirs = buyer.client.get("/en/products").get_data(as_text=True)
    assert "/sign-out" in theirs
    assert kept_answers(app) == []
    visitor = client.get("/en/products").get_data(as_text=True)
    assert "/sign-out" not in visitor
    assert "csrf" not in visitor
    assert "/sign-out" in buyer.client.get("/en/products").get_data(as_text=True)
    assert client.get("/en/products").get_data(as_text=True) == visitor
    assert len(kept_answers(app)) == 1


@pytest.mark.parametrize("cookie", ["souq=anything", "theme=dark; souq=x", "remember_token=1|x", 'theme="dark"', "a"])
def test_cookies_that_may_mean_a_person_keep_nothing(app: Flask, lot: Product, cookie: str) -> None:
    client = app.test_client(use_cookies=False)  # else its own jar takes the header's place
    assert client.get("/en/products", headers={"Cookie": cookie}).status_code == 200
    assert kept_answers(app) == []


def test_language_and_colours_have_pages_of_their_own(app: Flask, lot: Product) -> None:
    client = app.test_client(use_cookies=False)

    def asked(cookie: str = "", wish: str = "en") -> str:
        headers = {"Accept-Language": wish, **({"Cookie": cookie} if cookie else {})}
        return client.get("/products", headers=headers).get_data(as_text=True)

    for _ in range(2):
        assert 'lang="en"' in asked()
        assert 'lang="de"' in asked(wish="de-AT,en;q=0.5")
        assert 'lang="id"' in asked("language=id", "de")
        assert 'lang="en"' in asked("language=xx")
        assert 'data-theme="dark"' in asked("theme=dark; language=en")
        assert ' data-theme="' not in asked("theme=purple")


def test_only_good_answers_to_plain_questions_are_kept(app: Flask, client: FlaskClient, lot: Product) -> None:
    assert client.get("/en/products?price.min=cheap").status_code == 422
    assert client.get("/en/products?page=99999").status_code == 422
    assert client.get("/en/products/none").status_code == 404
    assert client.get("/en/sign-in").status_code == 200
    assert client.get("/en/products?q=" + "x" * 1200).status_code == 200
    assert client.head("/en/products").status_code == 200
    assert client.post("/en/products").status_code in {400, 405}
    assert kept_answers(app) == []


def test_a_change_by_another_process_shows_at_once(
    app: Flask, settings: Settings, client: FlaskClient, lot: Product
) -> None:
    """Two applications on one home, as two workers are."""
    for path in ("/en/products", f"/en/products/{lot.slug}"):
        assert client.get(path).status_code == 200
    assert lot.slug in client.get("/en/products").get_data(as_text=True)
    before = state_of(app)
    other = build(settings)
    with other.app_context():
        visitor = other.test_client()
        assert lot.slug in visitor.get("/en/products").get_data(as_text=True)
        with transaction() as session:
            session.execute(update(Product).where(Product.id == lot.id).values(state=ListingState.WITHDRAWN))
            record(session, ProductChanged(lot.id))
        assert f'/{lot.slug}"' not in visitor.get("/en/products").get_data(as_text=True)
        db.session.remove()
        db.engine.dispose()
    db.session.rollback()
    assert state_of(app) != before
    assert f'/{lot.slug}"' not in client.get("/en/products").get_data(as_text=True)
    assert client.get(f"/en/products/{lot.slug}").status_code == 404


def test_rows_are_never_older_than_the_state_they_are_remembered_under(
    app: Flask, settings: Settings, lot: Product
) -> None:
    """A signed-in request has looked up its person before: its own session may see an older market."""
    db.session.rollback()
    assert db.session.scalar(select(Product.slug).where(Product.id == lot.id))  # its snapshot begins
    other = build(settings)
    with other.app_context():
        with transaction() as session:
            session.execute(update(Product).where(Product.id == lot.id).values(slug="newer"))
        db.session.remove()
        db.engine.dispose()
    known = Shared()
    assert [row.slug for row in card_rows([lot.id], "en", known)] == ["newer"]
    assert [row.slug for row in card_rows([lot.id], "en", known)] == ["newer"]


def test_cookies_are_read_only_where_they_are_plain() -> None:
    assert plain_cookies("language=de; theme=light") == ("de", "light")
    assert plain_cookies("theme=none") == ("", "")
    for odd in ("theme", "theme=a=b", "theme=dark; theme=light", 'x="a;b"', "a b=c", ";"):
        assert plain_cookies(odd) is None, odd


def test_the_memory_holds_so_much_and_no_more() -> None:
    def page(size: int) -> KeptPage:
        return KeptPage("1", "200 OK", (), b"x" * size, "", "/")

    memory = PageMemory(300, most_bytes=30_000)
    for name in "abc":
        assert memory.set(name, page(5_000))
    assert memory.get("a") is not None
    memory.set("d", page(10_000))
    assert [name for name in "abcd" if memory.get(name) is not None] == ["a", "c", "d"]
    assert not memory.set("huge", page(40_000))
    memory.set("d", page(1), timeout=-1)
    assert memory.get("d") is None
    assert memory._bytes == sum(len(each.body) + 2_000 for _until, each in memory._pages.values())
    memory.clear()
    assert memory.get("a") is None
    assert memory._bytes == 0


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert [recent.get(name) for name in "abc"] == [1, None, 3]
