"""Papers from real trades: both sides have them, strangers none; numbered without gaps, the same bytes each time."""

from __future__ import annotations

import hashlib
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.documents.models import Paper
from marketplace.documents.queries import deal_subject
from marketplace.documents.rules import OF_DEAL, PaperKind, languages_of
from marketplace.documents.services import ask_paper, bytes_of
from marketplace.kernel.errors import DomainError
from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from marketplace.payments.models import BankAccount
from marketplace.payments.services import decide_bank_account, propose_bank_account
from marketplace.sellers.models import Seller
from tests.support.ordering import Trade, a_deal, a_trade, an_approved_sample
from tests.support.people import Cast, Person
from tests.support.quoting import a_sent_quote

pytestmark = pytest.mark.usefixtures("app", "moment")
IBAN = "0000123456"


def made(person: Person, path: str, kind: str, language: str = "") -> bytes:
    """The newest paper of a page, asked for by its form."""
    assert person.post(path, {"kind": kind, "language": language}, page=path).status_code == 303
    run_due()
    page = person.client.get(path).get_data(as_text=True)
    link = re.search(r'href="(/papers/[a-z0-9]+)"', page)
    assert link is not None
    answer = person.client.get(link[1])
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    return answer.get_data()


def newest(session: Session) -> Paper:
    """The paper made last."""
    query = select(Paper).order_by(Paper.id.desc()).limit(1).execution_options(populate_existing=True)
    return session.scalars(query).one()


def a_bank_account(people: Cast, trade: Trade) -> None:
    """The seller's confirmed account."""
    values = {"holder": "Pesantren Contoh", "bank": "Bank Contoh", "account": IBAN, "swift": "BMRIIDJA"}
    with transaction() as session:
        propose_bank_account(session, trade.seller.actor, currency="USD", **values)
    with transaction() as session:
        row = session.scalars(select(BankAccount)).one()
        decide_bank_account(session, people.operator().actor, row, is_confirmed=True, note="")


def test_every_paper_of_a_deal_in_every_language(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    path = f"/deals/{deal.key}/papers"
    for kind in OF_DEAL:
        for language in ("", "id", "de", "zh_Hans", "zh_Hant"):
            assert made(trade.buyer, path, kind, language).startswith(b"%PDF-")
    numbers = session.scalars(select(Paper.sequence).order_by(Paper.id)).all()
    assert numbers == list(range(1, 21)), "no gaps"


def test_the_same_data_give_the_same_bytes_and_no_second_number(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    path = f"/deals/{deal.key}/papers"
    first = made(trade.buyer, path, "proforma_invoice")
    again = made(trade.seller, path, "proforma_invoice")
    assert first == again
    assert session.scalar(select(func.count(Paper.id))) == 1
    paper = session.scalars(select(Paper)).one()
    assert bytes_of(paper) == first
    assert paper.made_at == deal.agreed_at
    assert paper.number == f"PSQ-{trade.seller.seller_id}-2026-0001"
    assert session.scalars(select(StoredFile.sha256)).all() == [hashlib.sha256(first).hexdigest()]


def test_bank_details_are_the_confirmed_ones_and_a_change_makes_a_new_paper(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    path = f"/deals/{deal.key}/papers"
    made(trade.buyer, path, "proforma_invoice")
    assert IBAN not in newest(session).content
    a_bank_account(people, trade)
    made(trade.buyer, path, "proforma_invoice")
    paper = newest(session)
    assert IBAN in paper.content
    assert paper.sequence == 2


def test_what_is_printed_is_what_was_agreed(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    made(trade.buyer, f"/deals/{deal.key}/papers", "proforma_invoice")
    content = newest(session).content
    for words in (
        "US$12,400.00",
        "US$3,720.00",
        "US$8,680.00",
        "FOB Tanjung Perak",
        trade.buyer.actor.organisation_name,
    ):
        assert words in content
    made(trade.buyer, f"/deals/{deal.key}/papers", "packing_list")
    assert "US$" not in newest(session).content


def test_the_quotation_and_the_samples_invoice(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    a_sent_quote(trade.seller, trade.rfq, trade.product.id)
    path = f"/quotations/{trade.lead}/1/papers"
    for person in (trade.seller, trade.buyer):
        assert made(person, path, "quotation").startswith(b"%PDF-")
    sample = an_approved_sample(trade)
    made(trade.seller, f"/samples/{sample}/papers", "sample_invoice")
    assert "US$15.00" in newest(session).content
    assert trade.buyer.client.get(f"/quotations/{trade.lead}/2/papers").status_code == 404


def test_strangers_have_none(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    sample = an_approved_sample(trade)
    pages = [f"/deals/{deal.key}/papers", f"/samples/{sample}/papers", f"/quotations/{trade.lead}/1/papers"]
    kinds = ["packing_list", "sample_invoice", "quotation"]
    for path, kind in zip(pages, kinds, strict=True):
        made(trade.seller, path, kind)
    keys = session.scalars(select(Paper.key)).all()
    strangers = [(person, "") for person in (people.buyer(), people.seller(), people.partner())]
    for stranger, root in [*strangers, (people.curator(), "/console")]:
        for path, kind in zip(pages, kinds, strict=True):
            assert stranger.client.get(f"{root}{path}").status_code == 404
            assert stranger.post(f"{root}{path}", {"kind": kind, "language": "de"}).status_code == 404
        for key in keys:
            assert stranger.client.get(f"{root}/papers/{key}").status_code == 404
            assert trade.buyer.client.get(f"/papers/{key}").status_code == 200
    assert session.scalar(select(func.count(Paper.id))) == 3


def test_the_mentor_reads_papers_at_the_desk(people: Cast, session: Session) -> None:
    trade, curator = a_trade(people), people.curator()
    deal = a_deal(trade)
    made(trade.seller, f"/deals/{deal.key}/papers", "packing_list")
    with transaction() as inside:
        inside.get_one(Seller, trade.seller.seller_id).mentor_id = curator.user_id
    shown = curator.client.get(f"/console/deals/{deal.key}/papers").get_data(as_text=True)
    here = f"/console/papers/{session.scalars(select(Paper.key)).one()}"
    assert f'href="{here}"' in shown
    assert f'href="/console/deals/{deal.key}/progress"' in shown
    assert curator.client.get(here).get_data().startswith(b"%PDF")
    assert curator.client.get(f"/deals/{deal.key}/papers").status_code == 403
    assert trade.buyer.client.get(here).status_code == 404, "the desk is not advertised"


def test_only_papers_and_languages_of_the_list(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    path = f"/deals/{deal.key}/papers"
    for data in ({"kind": "quotation", "language": ""}, {"kind": "packing_list", "language": "fr"}):
        assert trade.buyer.post(path, data, page=path).status_code == 422
    for kind, language in ((PaperKind.QUOTATION, ""), (PaperKind.PACKING_LIST, "fr")):
        with pytest.raises(DomainError), transaction() as inside:
            ask_paper(inside, trade.buyer.actor, deal_subject(inside, trade.buyer.actor, deal.key), kind, language)
    assert languages_of("en") is None
    assert session.scalar(select(func.count(Paper.id))) == 0
