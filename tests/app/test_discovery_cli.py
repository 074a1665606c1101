"""`souq search`: exit codes and answers that scripts can trust."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from marketplace.catalogue.models import Product
from marketplace.cli.search import command
from marketplace.discovery.engine import engine
from marketplace.discovery.measuring import dollar_rates
from marketplace.discovery.naming import _found
from marketplace.discovery.rules import PRODUCT
from marketplace.kernel.clock import today
from search.document import Reference
from search.errors import EngineUnavailable
from search.parser import parse
from tests.support.factories import a_listed_product
from tests.support.people import Cast


@pytest.fixture
def product(people: Cast) -> Product:
    """One coffee on the market."""
    return a_listed_product(people.seller(), title="Zamrud arabica")


def run(app: Flask, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """A command on the test's application."""
    monkeypatch.setattr("marketplace.app.create_app", lambda _settings: app)
    return CliRunner().invoke(command, arguments)


def test_query(app: Flask, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(app, monkeypatch, "query", "zamrud under 7 usd/kg", "--json")
    answer: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == 0
    assert [hit["key"] for hit in answer["hits"]] == [product.id]
    assert answer["hits"][0]["title"] == "Zamrud arabica"
    assert answer["read"] == [{"name": "price", "words": "under 7 usd/kg"}]


def test_check_finds_and_mends(app: Flask, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(app, monkeypatch, "check").exit_code == 0
    engine().remove([Reference(PRODUCT, product.id, 50)])
    found = run(app, monkeypatch, "check", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["missing"] == 1
    mended = run(app, monkeypatch, "check", "--repair", "--json")
    assert mended.exit_code == 0
    assert json.loads(mended.stdout)["left"] == 0
    assert run(app, monkeypatch, "check").exit_code == 0


def test_rebuild(app: Flask, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(app, monkeypatch, "rebuild", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"documents": 2, "caught_up": 0}


def test_an_engine_that_is_away(app: Flask, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> Any:
        raise EngineUnavailable("the search engine does not answer")

    monkeypatch.setattr(engine(), "search", down)
    done = run(app, monkeypatch, "query", "coffee")
    assert done.exit_code == 69
    assert "does not answer" in done.stderr


def test_a_price_is_read_as_the_site_reads_it(
    app: Flask, people: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Batik is sold by the metre: the price is one for a metre for all who ask, and for none of them for a kilogram."""
    words = "zamrud batik under 1 usd"
    by_length = [("FOB", "Surabaya", "metre", "USD", "100", "0.80")]
    product = a_listed_product(people.seller(), "batik-fabric", title="Zamrud batik", rungs=by_length)
    as_for_a_kilogram = parse(words, day=today(), rates=dollar_rates())
    assert engine().search(replace(as_for_a_kilogram, repair=False)).total == 0
    assert "Price: at most 1 USD<" in client.get("/en/products", query_string={"q": words}).get_data(as_text=True)
    answer = json.loads(run(app, monkeypatch, "query", words, "--json").stdout)
    read = [{"name": "price", "words": "under 1 usd"}]
    assert (answer["read"], [hit["key"] for hit in answer["hits"]]) == (read, [product.id])
    assert json.loads(run(app, monkeypatch, "explain", words, str(product.id), "--json").stdout)["found"]
    queries, judgements = tmp_path / "queries", tmp_path / "judgements"
    queries.write_text(json.dumps({"id": "q", "text": words}), "utf-8")
    judgements.write_text(json.dumps({"query_id": "q", "document_id": str(product.id), "grade": 1}), "utf-8")
    files = ("--queries", str(queries), "--judgements", str(judgements))
    done = run(app, monkeypatch, "evaluate", *files, "--json")
    assert json.loads(done.stdout)["overall"]["mrr"] == 1.0
    assert _found(words, "en") == 1
