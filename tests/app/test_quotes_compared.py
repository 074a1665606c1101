"""The comparison of quotes is kept by the rows it shows: every change shows at once, and to nobody else."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event, update

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction
from tests.support.factories import a_listed_product
from tests.support.flows import a_request
from tests.support.people import Cast, Person
from tests.support.quoting import a_counter, a_sent_quote, an_acceptance, in_days

pytestmark = pytest.mark.usefixtures("app", "moment")


def page(buyer: Person, key: str, query: str = "", prefix: str = "/en") -> str:
    answer = buyer.client.get(f"{prefix}/requests/{key}/quotes{query}")
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True)).replace("\xa0", " ")


def test_every_change_shows_at_once(people: Cast, moment: datetime) -> None:
    buyer, first, second = people.buyer(), people.seller(), people.seller()
    for seller in (first, second):
        a_listed_product(seller)
    rfq = a_request(buyer, [first, second])
    assert "No quote yet" in page(buyer, rfq.key)
    a_sent_quote(first, rfq, quantity=Decimal(1000), unit="kg")
    assert "6.20" in page(buyer, rfq.key)
    a_sent_quote(second, rfq, price="5.90", quantity=Decimal(1000), unit="kg")
    assert "5.90" in page(buyer, rfq.key)
    a_sent_quote(second, rfq, price="5.80", quantity=Decimal(1000), unit="kg")
    text = page(buyer, rfq.key)
    assert "5.80" in text
    assert "5.90" not in text
    with transaction() as session:
        own = Organisation.id == first.organisation_id
        session.execute(update(Organisation).where(own).values(name="Koperasi Contoh Baru"))
    assert "Koperasi Contoh Baru" in page(buyer, rfq.key)
    a_counter(buyer, first, rfq, "6.00")
    assert "your counter-offer" in page(buyer, rfq.key)
    number = 2
    assert "See the agreement" not in page(buyer, rfq.key)
    an_acceptance(buyer, second, rfq, number)
    assert "See the agreement" in page(buyer, rfq.key)


def test_a_quote_runs_out_on_a_page_that_is_known(people: Cast, moment: datetime) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = a_request(buyer, [seller])
    row = a_sent_quote(seller, rfq, quantity=Decimal(1000), unit="kg", valid_until=in_days(2))
    assert "Waits for your answer" in page(buyer, rfq.key)
    assert row.valid_until is not None
    with frozen(row.valid_until):
        assert "Waits for your answer" in page(buyer, rfq.key)
    with frozen(row.valid_until + timedelta(seconds=1)):
        assert "Waits for your answer" not in page(buyer, rfq.key)


def test_the_footing_the_language_and_the_reader_have_pages_of_their_own(people: Cast) -> None:
    buyer, seller, other = people.buyer(), people.seller(), people.buyer()
    rfq = a_request(buyer, [seller])
    a_sent_quote(seller, rfq, quantity=Decimal(1000), unit="kg")
    assert "Sum in EUR" not in page(buyer, rfq.key)
    assert "Sum in EUR" in page(buyer, rfq.key, "?currency=EUR")
    assert "/de/requests/" in page(buyer, rfq.key, prefix="/de")
    for reader in (other, seller):
        assert reader.client.get(f"/en/requests/{rfq.key}/quotes").status_code in {403, 404}
    odd = "?" + "currency=EUR&" * 40
    assert "Sum in EUR" in page(buyer, rfq.key, odd)  # too long to be kept


def statements(buyer: Person, key: str, query: str = "") -> int:
    """How many statements the page takes, but for the session's."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        said.append(text)

    event.listen(db.engine, "before_cursor_execute", note)
    page(buyer, key, query)
    event.remove(db.engine, "before_cursor_execute", note)
    return len([text for text in said if "FROM session " not in text])


def test_a_comparison_asks_the_same_few_rows_whatever_its_size(people: Cast) -> None:
    buyer, sellers = people.buyer(), [people.seller() for _ in range(4)]
    rfq = a_request(buyer, sellers)
    known, new = [], []
    for some in (sellers[:1], sellers[1:]):
        for seller in some:
            a_sent_quote(seller, rfq, quantity=Decimal(1000), unit="kg")
        page(buyer, rfq.key)
        known.append(statements(buyer, rfq.key))
        new.append(statements(buyer, rfq.key, "?currency=EUR"))
    assert known == [4, 4]
    assert new[0] == new[1]


def test_freight_to_another_place_is_no_lower_price(people: Cast) -> None:
    buyer, near, far = people.buyer(), people.seller(), people.seller()
    rfq = a_request(buyer, [near, far], incoterm="CIF", place="Hamburg")
    a_sent_quote(near, rfq, price="6.20", quantity=Decimal(1000), unit="kg", incoterm="CIF", place="Port of Hamburg")
    a_sent_quote(far, rfq, price="5.10", quantity=Decimal(1000), unit="kg", incoterm="CIF", place="Hong Kong")
    text = page(buyer, rfq.key)
    assert text.count("freight goes to Hong Kong") == 1
    assert "freight goes to Port of Hamburg" not in text
    lowest = text.index("lowest on this basis")
    assert text.rindex("6.20", 0, lowest) > text.rindex("Comparable:", 0, lowest)


def test_the_kept_frame_shows_what_the_template_does(people: Cast, app: Flask) -> None:
    buyer, other, seller = people.buyer(), people.buyer(), people.seller()
    with transaction() as session:
        session.get_one(Organisation, buyer.organisation_id or 0).name = "Kontor <b>& \ue005 Söhne</b>"
    keys = [a_request(one, [seller]).key for one in (other, buyer)]
    path = f"/de/requests/{keys[1]}/quotes"
    paths = [path, f"{path}?currency=EUR&note=%3Cb%3E%EE%80%A0"]
    assert other.client.get(f"/de/requests/{keys[0]}/quotes").status_code == 200, "its frame is made for somebody else"
    framed = [unguarded(buyer, each) for each in paths]
    app.jinja_env.auto_reload = True
    try:
        drawn = [unguarded(buyer, each) for each in paths]
    finally:
        app.jinja_env.auto_reload = False
    assert framed == drawn
    for text in framed:
        assert '<p class="work-organisation">Kontor &lt;b&gt;&amp; \ue005 Söhne&lt;/b&gt;</p>' in text
        assert keys[0] not in text
        assert other.actor.organisation_name not in text


def unguarded(reader: Person, path: str) -> str:
    """The page without the guards of its forms, which are others each time."""
    text = reader.client.get(path).get_data(as_text=True)
    return re.sub(r'name="(csrf_token|_once)" value="[^"]*"', "", text)
