"""What came of a fair: inquiry, sample, first order, repeat, with value bands, for its owner and the desk alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.fairs.models import Fair
from marketplace.kernel.uow import transaction
from marketplace.orders.drafts import SampleTerms
from marketplace.orders.models import Outcome
from marketplace.orders.queries import counted, counted_at_fair, summed
from marketplace.orders.services import approve_sample, record_inquiries, ship_sample
from marketplace.partners.models import Attribution
from marketplace.rfqs.drafts import InquiryDraft, LineDraft
from marketplace.rfqs.services import send_inquiry
from tests.app.test_fairs import a_fair
from tests.app.test_matchmaking import text_of
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry
from tests.support.ordering import Trade, a_deal, a_sample
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")


def met_at(people: Cast, fair: Fair, buyer: Person) -> Trade:
    """A buyer asks with the fair's code, and the seller says yes."""
    seller = people.seller()
    product = a_listed_product(seller, capacity_per_month=None)
    line = LineDraft(quantity=Decimal(2), unit="mt")
    with transaction() as inside:
        draft = InquiryDraft("We met in Cologne.", "en", line=line, fair=fair.code)
        rfq = send_inquiry(inside, buyer.actor, product.id, draft)
    an_answer(seller, rfq)
    return Trade(buyer, seller, product, rfq)


def traded(people: Cast, fair: Fair, buyer: Person) -> Trade:
    """The whole way: inquiry, sample, first order, and a repeat whose request names no fair."""
    trade = met_at(people, fair, buyer)
    key = a_sample(trade)
    with transaction() as inside:
        approve_sample(inside, trade.seller.actor, key, SampleTerms())
    with transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, "Pos Indonesia", "")
    a_deal(trade)
    again = an_inquiry(trade.buyer, trade.product)
    an_answer(trade.seller, again)
    a_deal(Trade(trade.buyer, trade.seller, trade.product, again))
    with transaction() as inside:
        record_inquiries(inside)
    return trade


def test_the_ledger_counts_the_way_from_a_fair(people: Cast, session: Session) -> None:
    owner = people.partner()
    fair = a_fair(owner)
    trade = traded(people, fair, people.buyer())
    kinds = session.execute(select(Outcome.kind, Outcome.fair).order_by(Outcome.kind, Outcome.fair)).all()
    assert [tuple(one) for one in kinds] == [
        ("first_order", fair.code), ("inquiry", ""), ("inquiry", fair.code), ("repeat", fair.code), ("sample", fair.code),
    ]  # fmt: skip
    (row,) = counted_at_fair(session, owner.actor, fair.code)
    assert dict(row.kinds) == {"inquiry": 1, "sample": 1, "first_order": 1, "repeat": 1}
    assert sum(count for band, count in row.bands.items() if band != "none") == 2
    assert summed([row, row], "both").kinds["repeat"] == 2
    page = text_of(owner.client, f"/partner/fairs/{fair.id}")
    assert "1 request came from this fair." in page
    with transaction() as inside:
        seller = inside.get_one(Organisation, trade.seller.organisation_id).name
        buyer = inside.get_one(Organisation, trade.buyer.organisation_id).name
    assert seller in page
    assert f">{buyer}<" not in page, "a count has no buyer"
    assert "Contoh Food Fair" in text_of(owner.client, "/outcomes")
    assert "Contoh Food Fair" in text_of(trade.seller.client, "/outcomes"), "a pesantren's own outcomes by fair"


def test_nobody_else_counts_a_fair(people: Cast, session: Session) -> None:
    owner, other, bystander = people.partner(), people.partner(), people.seller()
    buyer, fair = people.buyer(), a_fair(owner)
    with transaction() as inside:  # the buyer was brought by the other chapter
        inside.add(
            Attribution(organisation_id=buyer.organisation_id, chapter_id=other.chapter_id, since=fair.created_at)
        )
    traded(people, fair, buyer)
    assert [row.kinds["first_order"] for row in counted(session, other.actor, "chapter")] == [1], "it counts for them"
    assert counted(session, other.actor, "fair") == []
    assert counted_at_fair(session, other.actor, fair.code) == []
    assert "Contoh Food Fair" not in text_of(other.client, "/outcomes")
    assert counted(session, owner.actor, "seller") == [], "the owner of the fair learns of the fair only"
    assert [row.name for row in counted(session, owner.actor, "fair")] == ["Contoh Food Fair 2026"]
    assert counted(session, bystander.actor, "fair") == []
    assert counted(session, buyer.actor, "fair") == []
    for staff in (people.curator(), people.operator()):
        assert [row.kinds["repeat"] for row in counted(session, staff.actor, "fair")] == [1]
        assert "1 request came from this fair." in text_of(staff.client, f"/console/fairs/{fair.id}")
    owners = text_of(owner.client, "/outcomes")
    assert "Contoh Food Fair" in owners
    assert "Nothing to count yet" not in owners
    mine, theirs = ([row[-1] for row in cells(one)[1:] if row[1] == "First order"] for one in (owner, other))
    assert mine == [""], "what a buyer of another chapter spent is that chapter's to read"
    assert len(theirs) == 1
    assert theirs != [""]


def test_a_repeat_names_the_fair_of_its_own_request_first(people: Cast, session: Session) -> None:
    owner, buyer = people.partner(), people.buyer()
    first, second = a_fair(owner), a_fair(owner, name="Contoh Winter Fair")
    trade = met_at(people, first, buyer)
    a_deal(trade)
    with transaction() as inside:
        draft = InquiryDraft("We met again.", "en", line=LineDraft(quantity=Decimal(2), unit="mt"), fair=second.code)
        rfq = send_inquiry(inside, buyer.actor, trade.product.id, draft)
    an_answer(trade.seller, rfq)
    a_deal(Trade(buyer, trade.seller, trade.product, rfq))
    fairs = session.execute(select(Outcome.kind, Outcome.fair).order_by(Outcome.id)).all()
    assert [tuple(one) for one in fairs] == [("first_order", first.code), ("repeat", second.code)]


def cells(person: Person, path: str = "/outcomes.xlsx") -> list[list[str]]:
    return [[str(cell or "") for cell in row] for row in rows_of(person.client, path)]


def test_the_ledger_is_taken_along_as_a_table_by_whom_it_concerns(people: Cast) -> None:
    owner, other, bystander = people.partner(), people.partner(), people.seller()
    buyer, fair = people.buyer(), a_fair(owner)
    with transaction() as inside:  # the buyer was brought by the other chapter
        inside.add(
            Attribution(organisation_id=buyer.organisation_id, chapter_id=other.chapter_id, since=fair.created_at)
        )
    trade = traded(people, fair, buyer)
    with transaction() as inside:
        inside.get_one(Organisation, trade.seller.organisation_id).name = '=HYPERLINK("https://evil.example")'
        buying = inside.get_one(Organisation, buyer.organisation_id).name
    mine, theirs, sold = cells(owner), cells(other), cells(trade.seller)
    assert mine[0] == ["Date", "Outcome", "Goods", "Pesantren", "Chapter", "Fair", "Value of the orders"]
    assert len(mine) == 1 + 4, "what came of the fair"
    assert len(theirs) == len(sold) == 1 + 5, "and the inquiry that named no fair"
    assert sorted(row[1] for row in theirs[1:]) == ["First order", "Inquiry", "Inquiry", "Repeat order", "Sample sent"]
    assert {row[3] for row in mine[1:]} == {'\'=HYPERLINK("https://evil.example")'}, "a name is no formula"
    assert {(row[4], row[5]) for row in mine[1:]} == {("", "Contoh Food Fair 2026")}, "whose buyer it was stays away"
    assert {(row[4], row[5]) for row in theirs[1:]} == {(other.actor.organisation_name, "")}
    assert {row[4] for row in sold[1:]} == {""}
    assert {row[5] for row in sold[1:]} == {"", "Contoh Food Fair 2026"}
    for table in (mine, theirs, sold, cells(people.curator(), "/console/outcomes.xlsx")):
        assert not any(buying in cell for row in table for cell in row)
    assert len(cells(bystander)) == 1
    assert "/outcomes.xlsx" in text_of(owner.client, "/outcomes")
    assert "/outcomes.xlsx" not in text_of(bystander.client, "/outcomes"), "nothing to take along yet"
    assert "/console/outcomes.xlsx" in text_of(people.curator().client, "/console/outcomes")
    assert buyer.client.get("/outcomes.xlsx").status_code == 403
    localized = cells(owner, "/de/outcomes.xlsx")
    assert localized[0][0] != "Date"
    assert localized[1][0] != mine[1][0], "dates as the reader writes them"


def rows_of(client: FlaskClient, path: str) -> Iterator[tuple[object, ...]]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    yield from book.worksheets[0].iter_rows(values_only=True)
