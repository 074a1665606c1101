"""Finding things as people do: through the pages."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.orm import Session

from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.discovery.engine import engine
from marketplace.discovery.models import SearchLog
from marketplace.discovery.queries import index_health, searches_without_results
from marketplace.discovery.views import logbook
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.database import db
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from search.errors import EngineUnavailable
from tests.contract.search.test_hostile import HOSTILE
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.people import Cast


@pytest.fixture
def market(people: Cast) -> dict[str, Product]:
    """Two coffees, a coconut sugar and a draft, of two sellers."""
    one, two = people.seller(), people.seller()
    organic = a_certificate(one, "organic-eu", valid_to=today() + timedelta(days=5))
    return {
        "ijen": a_listed_product(
            one,
            "coffee-arabica-green",
            title="Ijen arabica <i>lot</i>",
            certificates=[organic],
            specs={"cup_score": 86},
        ),
        "kawi": a_listed_product(
            two,
            "coffee-arabica-green",
            title="Kawi arabica lot",
            specs={"cup_score": 81},
            rungs=[("CIF", "Hamburg", "kg", "USD", "100", "9.400000")],
        ),
        "sugar": a_listed_product(two, "coconut-sugar", title="Coconut sugar, fine", texts={"de": "Kokosblütenzucker"}),
        "draft": a_draft(one, title="Secret draft arabica"),
    }


def slugs(html: str) -> list[str]:
    """The products of a list, in order."""
    return list(dict.fromkeys(re.findall(r'class="product-title"><a href="[^"]*/products/([^"]+)"', html)))


def get(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.get_data(as_text=True)


def test_the_list_and_the_search(client: FlaskClient, market: dict[str, Product]) -> None:
    assert set(slugs(get(client, "/products"))) == {market[name].slug for name in ("ijen", "kawi", "sugar")}
    assert slugs(get(client, "/products?q=ijen"))[0] == market["ijen"].slug
    assert slugs(get(client, "/de/products?q=Kokosblütenzucker")) == [market["sugar"].slug]
    assert market["sugar"].slug in slugs(get(client, "/zh-hant/products?q=椰糖"))
    assert "Secret draft" not in get(client, "/products?q=secret+draft")


def test_titles_are_escaped_and_marked(client: FlaskClient, market: dict[str, Product]) -> None:
    html = get(client, "/products?q=arabica")
    assert "<i>lot</i>" not in html
    assert "&lt;i&gt;lot&lt;/i&gt;" in html
    assert "<mark>arabica</mark>" in html


def test_facets_count_under_the_others(client: FlaskClient, market: dict[str, Product]) -> None:
    html = get(client, "/products?incoterm=CIF")
    assert slugs(html) == [market["kawi"].slug]
    assert re.search(r'value="FOB"[^<]*><span>FOB</span><span class="facet-count">2<', html)
    both = get(client, "/products?incoterm=CIF&incoterm=FOB")
    assert len(slugs(both)) == 3


def test_filters_by_certificate_follow_the_day(client: FlaskClient, market: dict[str, Product]) -> None:
    assert slugs(get(client, "/products?certificate=organic-eu")) == [market["ijen"].slug]
    with frozen(now() + timedelta(days=6)):
        assert slugs(get(client, "/products?certificate=organic-eu")) == []


def test_specifications_of_the_chosen_goods(client: FlaskClient, market: dict[str, Product]) -> None:
    assert "spec.cup_score.min" not in get(client, "/products")
    html = get(client, "/products?commodity=coffee-arabica-green&spec.cup_score.min=85")
    assert 'name="spec.cup_score.min" value="85"' in html
    assert slugs(html) == [market["ijen"].slug]


def test_conditions_are_chips_one_can_take_off(client: FlaskClient, market: dict[str, Product]) -> None:
    html = get(client, "/products?q=arabica+cup+score+above+84+under+7+usd/kg")
    assert slugs(html) == [market["ijen"].slug]
    assert "at least 84" in html
    assert "at most 7" in html
    assert re.search(r'href="/products\?[^"]*plain=cup_score', html)
    plain = get(client, "/products?q=arabica+cup+score+above+84&plain=cup_score")
    assert market["kawi"].slug in slugs(plain)


def test_an_empty_list_shows_ways_out(client: FlaskClient, market: dict[str, Product]) -> None:
    html = get(client, "/products?q=arabica+ddp")
    assert slugs(html) == []
    assert "Without “DDP”" in html
    assert "/requests/new?text=arabica+ddp" in html or "/requests/new?text=arabica%20ddp" in html


def test_typos_are_said(client: FlaskClient, market: dict[str, Product]) -> None:
    html = get(client, "/products?q=arabcia+kawii")
    assert "These are the results for" in html
    assert slugs(html)[0] == market["kawi"].slug


def test_sort_page_and_view(client: FlaskClient, market: dict[str, Product]) -> None:
    assert slugs(get(client, "/products?sort=-price"))[0] == market["kawi"].slug
    table = get(client, "/products?view=table&q=coconut")
    assert "<table" in table
    assert "Coconut sugar, fine" in table
    assert get(client, "/products?page=7")
    assert "can be shown" in get(client, "/products?page=99999", 422)


def test_numbers_that_cannot_be_read_are_named(client: FlaskClient, market: dict[str, Product]) -> None:
    html = get(client, "/products?price.min=cheap", 422)
    assert "cheap" in html
    assert len(slugs(html)) == 3
    assert 'value="cheap"' in html


def test_numbers_are_read_as_the_reader_writes_them(client: FlaskClient, market: dict[str, Product]) -> None:
    assert slugs(get(client, "/de/products?price.min=9,2")) == [market["kawi"].slug]
    assert len(slugs(get(client, "/de/products?moq.max=1.000"))) == 3
    assert len(slugs(get(client, "/products?moq.max=1.000"))) == 0


def test_nothing_breaks_the_pages(client: FlaskClient, market: dict[str, Product]) -> None:
    names = ("q", "category", "certificate", "spec.cup_score.min", "price.max", "sort", "page", "view", "plain")
    for text in HOSTILE:
        sendable = text.encode("utf-8", "replace").decode()[:3000]
        if "\x00" in sendable:  # refused for the whole site, before any page
            assert client.get("/products", query_string={"q": sendable}).status_code == 400
            continue
        for name in names:
            assert client.get("/products", query_string={name: sendable}).status_code in {200, 422}, (name, text)
        assert client.get("/suggest", query_string={"q": sendable}).status_code == 200, text
        answer = client.get("/sellers", query_string={"q": sendable, "regency": sendable})
        assert answer.status_code in {200, 422}, text


def test_few_statements_whatever_the_size(app: Flask, client: FlaskClient, people: Cast) -> None:
    seller = people.seller()
    for number in range(30):
        a_listed_product(seller, title=f"Arabica {number}")
    client.get("/products")
    logbook.write(app)  # of other tests, which would be written now
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert len(slugs(get(client, "/products?q=arabica&sort=newest"))) == 24
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) <= 3, seen


def test_a_repeated_page_is_kept_until_something_changes(
    client: FlaskClient, market: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/products?q=arabica")
    again = client.get("/products?q=arabica")
    assert again.get_data() == first.get_data()
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Set-Cookie" not in again.headers
    assert client.get("/products?q=arabica", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with transaction() as session:
        session.execute(update(Product).where(Product.id == market["kawi"].id).values(state=ListingState.WITHDRAWN))
        record(session, ProductChanged(market["kawi"].id))
    assert slugs(get(client, "/products?q=arabica")) == [market["ijen"].slug]


def test_kept_pages_are_not_shared_across_languages_themes_or_people(
    client: FlaskClient, people: Cast, market: dict[str, Product]
) -> None:
    english = get(client, "/en/products")
    assert 'lang="de"' in get(client, "/de/products")
    client.set_cookie("theme", "dark")
    assert 'data-theme="dark"' in get(client, "/en/products")
    buyer = people.buyer().client.get("/en/products").get_data(as_text=True)
    assert buyer != english
    client.delete_cookie("theme")
    assert get(client, "/en/products") == english


def test_nothing_found_offers_the_nearest_goods(client: FlaskClient, market: dict[str, Product]) -> None:
    html = get(client, "/products?q=palm+sugar&regency=kab-nowhere")
    near = html.partition("Near to what you asked for")[2]
    assert '/products?commodity=coconut-sugar"' in near
    assert "commodity=coffee" not in near
    assert "Near to what you asked for" not in get(client, "/products?q=zzzzqqq&regency=kab-nowhere")


def test_suggestions(client: FlaskClient, market: dict[str, Product]) -> None:
    rows = json.loads(get(client, "/de/suggest?q=kokos"))
    assert [row["href"] for row in rows] == [
        "/de/products?commodity=coconut-sugar",
        f"/de/products/{market['sugar'].slug}",
    ]
    assert json.loads(get(client, "/suggest?q=secret")) == []
    assert json.loads(get(client, "/suggest")) == []


def test_sellers(client: FlaskClient, people: Cast, market: dict[str, Product]) -> None:
    html = get(client, "/sellers")
    assert html.count('class="seller-card"') == 2
    assert get(client, "/sellers?commodity=coconut-sugar").count('class="seller-card"') == 1
    assert get(client, "/sellers?q=kopi").count('class="seller-card"') == 2
    assert get(client, "/sellers?capacity.min=5000").count('class="seller-card"') == 2
    assert get(client, "/sellers?capacity.min=5001").count('class="seller-card"') == 0
    assert "No pesantren fits" in get(client, "/sellers?commodity=batik-fabric")
    people.seller(curation="paused")
    assert get(client, "/sellers").count('class="seller-card"') == 2


def test_all_goods(client: FlaskClient, market: dict[str, Product]) -> None:
    html = get(client, "/commodities")
    assert '/products?commodity=coconut-sugar"' in html
    assert '/products?commodity=batik-fabric"' not in html


def test_sitemap_and_robots(client: FlaskClient, market: dict[str, Product]) -> None:
    index = get(client, "/sitemap.xml")
    assert "/sitemaps/products-1.xml" in index
    part = get(client, "/sitemaps/products-1.xml")
    assert f"/zh-hant/products/{market['sugar'].slug}<" in part
    assert market["draft"].slug + "<" not in part
    assert part.count("<url>") == 15
    assert get(client, "/sitemaps/sellers-1.xml").count("<url>") == 10
    for wrong in ("/sitemaps/users-1.xml", "/sitemaps/products-2.xml", "/sitemaps/products-0.xml"):
        get(client, wrong, 404)
    assert "Sitemap: http" in get(client, "/robots.txt")


@pytest.fixture
def resting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that does not answer."""

    def down(*_: object, **__: object) -> Any:
        raise EngineUnavailable("down")

    for name in ("search", "suggest", "revision"):
        monkeypatch.setattr(engine(), name, down)


def test_search_may_rest_but_browsing_goes_on(client: FlaskClient, market: dict[str, Product], resting: None) -> None:
    response = client.get("/products?q=arabica")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    html = response.get_data(as_text=True)
    assert "Search is resting" in html
    assert market["sugar"].slug in slugs(html)
    assert client.get("/sellers").status_code == 503
    assert client.get("/commodities").status_code == 503
    assert json.loads(get(client, "/suggest?q=ara")) == []


def test_searches_are_counted_without_a_person(
    app: Flask, client: FlaskClient, session: Session, market: dict[str, Product]
) -> None:
    logbook.write(app)  # what other tests searched for
    with transaction() as inner:
        inner.execute(delete(SearchLog))
    for path in ("/products?q=Saffron+Threads", "/products?q=saffron%20%20threads&sort=price", "/products?q=arabica"):
        get(client, path)
    get(client, "/products?q=someone@example.org")
    get(client, "/products?q=%2B62+812+3456+7890")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(SearchLog)) == 0  # a reader never writes
    assert logbook.write(app) >= 2
    session.rollback()
    missed = searches_without_results(session)
    assert [(each.text, each.count) for each in missed] == [("saffron threads", 2)]
    assert session.scalar(select(func.count()).select_from(SearchLog)) == 2


def test_a_kept_page_counts_its_search_again(app: Flask, client: FlaskClient, session: Session) -> None:
    logbook.write(app)
    with transaction() as inner:
        inner.execute(delete(SearchLog))
    for _ in range(3):  # the first is made, the others are kept
        get(client, "/products?q=Saffron++Threads")
    get(client, "/products?q=Saffron++Threads&page=2")
    logbook.write(app)
    session.rollback()
    assert [(each.text, each.count) for each in searches_without_results(session)] == [("saffron threads", 3)]


def test_a_search_that_was_noted_by_nobody_is_not_made_up(app: Flask, session: Session) -> None:
    logbook.write(app)
    logbook.note_again("q=never+asked+before", "en")
    logbook.write(app)
    session.rollback()
    assert (
        session.scalar(select(func.count()).select_from(SearchLog).where(SearchLog.text == "never asked before")) == 0
    )


def test_searches_of_one_text_stand_in_one_row_a_day_and_language(app: Flask, session: Session) -> None:
    logbook.write(app)
    with transaction() as inner:
        inner.execute(delete(SearchLog))
    for results, language in ((3, "en"), (0, "en"), (5, "de")):
        logbook.note("green vanilla", language, results)
    logbook.write(app)
    for results in (7, 7):
        logbook.note("green vanilla", "en", results)
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        asked.append(sql)

    logbook.note("green pepper", "en", 1)
    event.listen(db.engine, "before_cursor_execute", hear)
    logbook.write(app)
    event.remove(db.engine, "before_cursor_execute", hear)
    assert sum("FROM search_log" in sql for sql in asked) == 1
    session.rollback()
    rows = session.execute(select(SearchLog.text, SearchLog.language, SearchLog.count, SearchLog.results)).all()
    assert sorted(map(tuple, rows)) == [
        ("green pepper", "en", 1, 1), ("green vanilla", "de", 1, 5), ("green vanilla", "en", 4, 7),
    ]  # fmt: skip


def test_index_health(session: Session, market: dict[str, Product]) -> None:
    health = index_health(session)
    assert health.is_ready
    assert health.is_current
    assert health.documents == 5
    assert health.waiting == 0
