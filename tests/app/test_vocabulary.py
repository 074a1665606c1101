"""Unmet demand by market, unknown words, and names that operators give to concepts."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.discovery.demand import unknown_words, unmet_demand, words_unknown_in
from marketplace.discovery.models import LexiconChange, SearchLog
from marketplace.discovery.overlay import added_names, bring_current
from marketplace.discovery.views import logbook
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.database import db
from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from search.analysis import find_concepts, lexicon, use_overlay
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app")
WORD = "zorvika"  # means nothing in any language


@pytest.fixture(autouse=True)
def _shipped_lexicon(app: Flask) -> Iterator[None]:
    from marketplace.discovery import overlay

    before = lexicon()
    yield
    overlay._state.applied = 0
    if lexicon() is not before:
        use_overlay(())


def searched(text: str, count: int = 1, results: int = 0, country: str = "", language: str = "en") -> None:
    with transaction() as session:
        session.add(
            SearchLog(
                day=today().isoformat(), language=language, country=country, text=text, results=results, count=count,
                at=now(),
            )
        )  # fmt: skip


def test_searches_are_counted_by_country_and_without_the_organisation(
    app: Flask, client: FlaskClient, session: Session, people: Cast
) -> None:
    logbook.write(app)
    german, dutch = people.buyer(country="DE"), people.buyer(country="NL")
    for person in (german, dutch, dutch):
        person.client.get("/products?q=vanilla+sticks")
    client.get("/products?q=vanilla+sticks")
    logbook.write(app)
    session.rollback()  # another connection has written
    rows = {row.country: row.count for row in unmet_demand(session)}
    assert rows == {"DE": 1, "NL": 2, "": 1}
    assert [row.count for row in unmet_demand(session, "NL")] == [2]


def test_unknown_words_are_ranked_by_searches_in_vain(session: Session) -> None:
    searched(f"{WORD} coffee", 3)
    searched("sweet karmolin", 9, results=5)
    searched("arabica coffee for the roaster", 50)
    searched("kopi dan gula", 50, language="id")
    found = [(one.word, one.count, one.in_vain) for one in unknown_words(session)]
    assert found == [(WORD, 3, 3), ("karmolin", 9, 0)]
    assert list(words_unknown_in("咖啡豆", "zh_Hans")) == []


def test_staff_alone_see_demand_and_operators_alone_the_lexicon(people: Cast) -> None:
    searched("vanilla sticks", 4, country="NL")
    curator, operator = people.curator(), people.operator()
    assert "vanilla sticks" in curator.client.get("/console/demand?country=NL").get_data(as_text=True)
    assert "vanilla sticks" not in curator.client.get("/console/demand?country=DE").get_data(as_text=True)
    for path in ("/console/vocabulary", "/console/vocabulary/name"):
        assert operator.client.get(path).status_code == 200
        for other in (curator, people.buyer(), people.seller()):
            assert other.client.get(path).status_code == 404
    data = {"name": WORD, "language": "en", "concept": "coffee-arabica-green"}
    assert curator.post("/console/vocabulary/name", data).status_code == 404
    assert added_names(db.session()) == []


def test_what_a_word_means_is_told_by_name_or_key_and_the_unknown_is_said(people: Cast) -> None:
    operator, page = people.operator(), f"/en/console/vocabulary/name?name={WORD}&language=en&concept="
    label = lexicon().concepts["coffee-arabica-green"].label("en")
    for meaning in ("coffee-arabica-green", label, label.upper()):
        answer = operator.client.get(page + quote(meaning))
        assert answer.status_code == 200
        assert 'name="concept" value="coffee-arabica-green"' in answer.text
    answer = operator.client.get(f"{page}no-such-thing")
    assert answer.status_code == 422
    assert "Choose what the word means." in answer.text


def test_a_name_is_looked_at_kept_used_by_search_and_matching_and_taken_back(
    client: FlaskClient, session: Session, people: Cast
) -> None:
    operator, seller = people.operator(), people.seller()
    named = a_listed_product(seller, title=f"{WORD.title()} one")
    arabica = a_listed_product(seller, title="Arabica Gayo")
    sugar = a_listed_product(seller, "coconut-sugar", title="Sugar")
    searched(WORD, 7)
    version = lexicon().version
    page = f"/console/vocabulary/name?name={WORD}&language=en&concept=coffee-arabica-green"
    assert WORD in operator.client.get("/console/vocabulary").get_data(as_text=True)
    html = operator.client.get(page).get_data(as_text=True)
    assert "1 listing has the word" in html
    assert "7 searches of the last 90 days" in html
    assert lexicon().version == version, "looking changes nothing"
    assert client.get(f"/products/{named.slug}").status_code == 200
    assert arabica.slug not in client.get(f"/products?q={WORD}").get_data(as_text=True)
    data = {"name": WORD, "language": "en", "concept": "coffee-arabica-green"}
    assert operator.post("/console/vocabulary/name", data, page=page).status_code == 303
    run_due()
    html = client.get(f"/products?q={WORD}&sort=newest").get_data(as_text=True)
    assert arabica.slug in html
    assert named.slug in html
    assert sugar.slug not in html
    html = client.get("/products?q=arabica").get_data(as_text=True)
    assert named.slug in html, "listings that have the word are read anew"
    assert "coffee-arabica-green" in {hit.concept for hit in find_concepts(f"we need {WORD}", "en")}
    assert operator.post("/console/vocabulary/name", data, page=page).status_code == 409
    assert session.scalar(select(func.count()).select_from(LexiconChange)) == 1
    assert operator.post("/console/vocabulary/remove", data, page="/console/vocabulary").status_code == 303
    assert operator.post("/console/vocabulary/remove", data, page="/console/vocabulary").status_code == 404
    with frozen(now()):
        run_due()
    assert arabica.slug not in client.get(f"/products?q={WORD}").get_data(as_text=True)
    verbs = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("lexicon.%"))).all()
    assert verbs == ["lexicon.named", "lexicon.unnamed"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"name": "coffee cherry tea", "language": "en", "concept": "no-such-concept"}, 404),
        ({"name": WORD, "language": "xx", "concept": "coffee-arabica-green"}, 422),
        ({"name": "123", "language": "en", "concept": "coffee-arabica-green"}, 422),
        ({"name": "x" * 61, "language": "en", "concept": "coffee-arabica-green"}, 422),
        ({"name": "coconut sugar", "language": "en", "concept": "coffee-arabica-green"}, 422),
        ({"name": "", "language": "en", "concept": "coffee-arabica-green"}, 422),
        ({"name": WORD, "language": "en", "concept": ""}, 422),
    ],
)
def test_names_that_cannot_be_change_nothing(session: Session, people: Cast, data: dict[str, str], status: int) -> None:
    operator = people.operator()
    page = "/console/vocabulary/name"
    assert operator.post(page, data, page="/account/sessions").status_code == status
    assert session.scalar(select(func.count()).select_from(LexiconChange)) == 0


def test_another_process_learns_it_from_the_database(session: Session) -> None:
    with transaction() as writing:
        writing.add(LexiconChange(concept="coffee-arabica-green", language="de", name=WORD, is_added=True, at=now()))
        writing.add(LexiconChange(concept="gone-with-a-release", language="de", name="x y", is_added=True, at=now()))
    assert not find_concepts(WORD, "de")
    assert bring_current(session)
    assert not bring_current(session)
    assert [hit.concept for hit in find_concepts(WORD, "de")] == ["coffee-arabica-green"]


@pytest.mark.parametrize("word", ["a", "a*", "the", "Not", "and or", "nicht", "bukan", "不要", "的", "x-y"])
def test_words_that_nearly_every_search_has_name_nothing(session: Session, people: Cast, word: str) -> None:
    operator, page = people.operator(), "/console/vocabulary/name"
    asked = {"name": word, "language": "en", "concept": "coffee-arabica"}
    assert operator.client.get(page, query_string=asked).status_code == 422
    assert operator.post(page, asked, page=f"{page}?name=x").status_code == 422
    assert added_names(session) == []
