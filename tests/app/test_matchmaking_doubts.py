"""Words that cannot be meant: the page says what is wrong with them, to members and to visitors."""

from __future__ import annotations

from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.rfqs.models import RfqLine
from tests.app.test_matchmaking import drafted, sugar, text_of, the_rfq
from tests.support.people import Cast, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
CASES = [
    ("organic coconut sugar, not organic", "“organic” and “not organic” exclude each other."),
    ("washed arabica coffee, not washed", "Your words ask for “washed arabica” and refuse it as well."),
    ("-5 t coconut sugar", "“-5 t” was read without its minus"),
    ("10^12 t coconut sugar", "“10^12 t” is more than there is and was left out."),
    ("coconut sugar by 1 Jan 9999", "“1 Jan 9999” is too far ahead and was left out."),
]


@pytest.mark.parametrize(("words", "answer"), CASES)
def test_the_draft_says_what_cannot_be_meant(people: Cast, words: str, answer: str) -> None:
    buyer = people.buyer()
    assert answer in unescape(text_of(buyer.client, f"/requests/{drafted(buyer, words)}/match"))


@pytest.mark.parametrize(("words", "answer"), CASES)
def test_a_visitor_is_told_as_well(client: FlaskClient, words: str, answer: str) -> None:
    page = guards(client, "/requests/new")
    assert client.post("/requests/new", data={**page, "text": words}).status_code == 303
    assert answer in unescape(text_of(client, "/requests/preview"))


def test_what_cannot_be_is_not_kept(people: Cast, session: Session) -> None:
    rfq = the_rfq(session, drafted(people.buyer(), "10^12 t coconut sugar by 1 Jan 9999"))
    line = session.scalars(select(RfqLine)).one()
    assert (rfq.needed_by, line.commodity, line.quantity) == (None, "coconut-sugar", None)


def test_one_click_settles_a_contradiction(people: Cast, session: Session) -> None:
    buyer = people.buyer()
    key = drafted(buyer, "organic coconut sugar, not organic")
    path = f"/requests/{key}/match"
    rfq = the_rfq(session, key)
    data = {
        "text": rfq.text, "commodity": "coconut-sugar", "unit": "kg", "currency": "USD", "price_unit": "kg",
        "certificates": list(rfq.certificates), "version": str(rfq.version), "drop": "attribute:required:conventional",
    }  # fmt: skip
    assert buyer.post(path, data, page=path).status_code == 303
    assert "exclude each other" not in text_of(buyer.client, path)


@pytest.mark.parametrize("words", ["🥥" * 50, "(((", "12345", "……"])
def test_words_that_say_nothing_are_told_so(people: Cast, words: str) -> None:
    buyer = people.buyer()
    page = text_of(buyer.client, f"/requests/{drafted(buyer, words)}/match")
    assert "Nothing could be read from these words." in page


def test_several_scripts_in_one_sentence_are_read(people: Cast, session: Session) -> None:
    product = sugar(people.seller())
    buyer = people.buyer()
    key = drafted(buyer, "椰糖 organic Zucker 2 ton ke Гамбург, سكر")
    session.rollback()
    line = session.scalars(select(RfqLine)).one()
    assert (line.commodity, line.quantity) == ("coconut-sugar", 2000)
    assert f'value="{product}"' in text_of(buyer.client, f"/requests/{key}/match")


def test_a_text_of_a_hundred_thousand_letters_is_answered_beside_its_field(people: Cast) -> None:
    answer = people.buyer().post("/requests/new", {"text": "gula " * 20_000}, page="/requests/new")
    assert answer.status_code == 422
    assert "8,000" in answer.get_data(as_text=True) or "8000" in answer.get_data(as_text=True)
