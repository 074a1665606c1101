"""Suggestions while typing: goods by any name, what others look for, products and sellers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from marketplace.discovery.engine import use_engine
from marketplace.discovery.models import SearchLog
from marketplace.discovery.suggesting import forget_asked
from marketplace.kernel.clock import now, today
from marketplace.kernel.uow import transaction
from search.errors import EngineUnavailable
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    forget_asked()
    yield
    forget_asked()


def offered(client: FlaskClient, typed: str, prefix: str = "") -> list[tuple[str, str, str]]:
    answer = client.get(f"{prefix}/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    return [(row["text"], row["href"], row["note"]) for row in json.loads(answer.get_data())]


def searched(text: str, count: int, results: int = 3, language: str = "en") -> None:
    with transaction() as session:
        session.add(
            SearchLog(day=today().isoformat(), language=language, text=text, results=results, count=count, at=now())
        )
    forget_asked()


@pytest.mark.parametrize(
    ("prefix", "typed", "name"),
    [("", "arab", "Arabica"), ("/id", "kopi ara", "arabika"), ("/de", "Rohkaf", "Rohkaffee"), ("", "kopi", "Arabica"), ("/zh-hans", "咖", "咖啡")],
)  # fmt: skip
def test_goods_by_any_of_their_names(client: FlaskClient, people: Cast, prefix: str, typed: str, name: str) -> None:
    assert offered(client, typed, prefix) == []
    a_listed_product(people.seller(), title="Lot 7")
    (text, href, _note), *_ = offered(client, typed, prefix)
    assert href == f"{prefix}/products?commodity=coffee-arabica-green"
    assert name.lower() in text.lower()


def test_what_others_look_for_but_no_sentence_of_a_single_person(client: FlaskClient) -> None:
    searched("arabica coffee wet hulled", 9)
    searched("arabica coffee rare", 2)
    searched("arabica coffee nothing", 50, results=0)
    searched("arabica coffee visit evilshopxyz", 500)
    searched("arabica kaffee", 50, language="de")
    found = [row for row in offered(client, "arabica c") if row[2] == "Often searched"]
    assert found == [("arabica coffee wet hulled", "/products?q=arabica+coffee+wet+hulled", "Often searched")]


def test_products_and_sellers_follow_each_text_once(client: FlaskClient, people: Cast) -> None:
    seller = people.seller()
    for _number in range(12):
        a_listed_product(seller, title="Arabica Gayo")
    rows = offered(client, "arabica")
    assert [row[2] for row in rows[:2]] == ["Commodity", "Product"]
    assert len({row[0] for row in rows}) == len(rows) <= 8


def test_without_an_engine_what_others_look_for_is_still_offered(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched("arabica coffee", 9)

    class Resting:
        def __getattr__(self, _name: str) -> object:
            raise EngineUnavailable("it does not answer")

    use_engine(Resting())  # type: ignore[arg-type]
    assert [row[0] for row in offered(client, "arab")] == ["arabica coffee"]
    use_engine(None)


@pytest.mark.parametrize("typed", ["", " ", "a", "%", "_", "\u202e", "x" * 5000, "' OR 1=1 --", "咖" * 300])
def test_odd_beginnings(client: FlaskClient, typed: str) -> None:
    assert isinstance(offered(client, typed), list)


def test_own_searches_come_back_to_the_person_alone(client: FlaskClient, people: Cast) -> None:
    a_listed_product(people.seller(), title="Wet hulled lot 7")
    buyer, other = people.buyer(), people.buyer()
    for text in ("hulled lot", "hulled arabica", "hulled nothing qqqq"):
        assert buyer.client.get("/products", query_string={"q": text}).status_code == 200
        assert client.get("/products", query_string={"q": text}).status_code == 200
    own = [row for row in offered(buyer.client, "hul") if row[2] == "You searched"]
    assert [text for text, _href, _note in own][:1] != []
    assert {text for text, _href, _note in own} <= {"hulled lot", "hulled arabica", "hulled nothing qqqq"}
    assert all(href.startswith("/products?q=hulled+") for _text, href, _note in own)
    assert buyer.client.get("/suggest?q=hul").headers["Cache-Control"] == "private, no-store"
    for stranger in (other.client, client):
        assert [row for row in offered(stranger, "hul") if row[2] == "You searched"] == []


def test_own_searches_end_with_the_session(people: Cast) -> None:
    a_listed_product(people.seller(), title="Wet hulled lot 7")
    buyer = people.buyer()
    buyer.client.get("/products?q=hulled+lot")
    assert "You searched" in {note for _text, _href, note in offered(buyer.client, "hul")}
    assert buyer.post("/sign-out", {}, page="/account/sessions").status_code == 303
    assert [row for row in offered(buyer.client, "hul") if row[2] == "You searched"] == []
