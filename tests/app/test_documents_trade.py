"""Papers from real trades: both sides have them, strangers none; numbered without gaps, the same bytes each time."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.documents.jobs import forget
from marketplace.documents.models import Paper
from marketplace.documents.queries import deal_subject
from marketplace.documents.rules import OF_DEAL, PaperKind, languages_of
from marketplace.documents.services import ask_paper, bytes_of, forget_old, making
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import frozen
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.jobs import run_due
from marketplace.kernel.personal_data import erase_all
from marketplace.kernel.uow import transaction
from marketplace.orders.models import Sample
from marketplace.orders.services import answer_cancellation, ask_cancellation
from marketplace.payments.models import BankAccount
from marketplace.payments.services import decide_bank_account, propose_bank_account
from marketplace.quotes.services import withdraw_quote
from marketplace.quotes.wording import PAYMENTS
from marketplace.sellers.models import Seller
from tests.support.ordering import Trade, a_deal, a_trade, an_approved_sample, paid_by_bank
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


def test_the_requests_number_is_printed_as_people_read_it(people: Cast, session: Session) -> None:
    """In capitals; a paper made with small letters is the same paper, and gives the bytes it gave."""
    trade = a_trade(people)
    deal = a_deal(trade)
    path, key = f"/deals/{deal.key}/papers", trade.rfq.key
    made(trade.buyer, path, "proforma_invoice")
    paper = newest(session)
    assert f'"{key.upper()}"' in paper.content
    assert f'"{key}"' not in paper.content
    old = paper.content.replace(f'"{key.upper()}"', f'"{key}"')
    sha = hashlib.sha256(old.encode()).hexdigest()
    with transaction() as inside:
        inside.execute(update(Paper).values(content=old, content_sha256=sha))
    first = bytes_of(newest(session))
    asked = trade.seller.post(path, {"kind": "proforma_invoice", "language": ""}, page=path)
    assert asked.status_code == 303
    assert session.scalar(select(func.count(Paper.id))) == 1
    assert (newest(session).content, bytes_of(newest(session))) == (old, first)


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


def test_terms_of_payment_come_in_the_second_language(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade, payment_note="Bank Contoh only")
    made(trade.buyer, f"/deals/{deal.key}/papers", "proforma_invoice", "de")
    with speaking("de"):
        words = str(PAYMENTS["deposit_before_shipment"])
    content = newest(session).content
    assert "Deposit, balance before shipment" in content
    assert words in content
    assert content.count("Bank Contoh only") == 2, "one's own words are not translated"


def test_what_does_not_hold_any_more_gives_no_new_paper(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    a_sent_quote(trade.seller, trade.rfq, trade.product.id)
    path = f"/quotations/{trade.lead}/1/papers"
    made(trade.buyer, path, "quotation")
    with transaction() as inside:
        withdraw_quote(inside, trade.seller.actor, trade.lead, 1)
    page = trade.buyer.client.get(path).text
    assert "does not hold any more" in page
    assert "/papers/" in page, "what was made stays"
    for person in (trade.seller, trade.buyer):
        answer = person.post(path, {"kind": "quotation", "language": "de"}, page=f"/quotations/{trade.lead}/1/papers")
        assert answer.status_code == 409
    assert session.scalar(select(func.count(Paper.id))) == 1


def test_a_cancelled_deal_gives_no_new_papers(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    with transaction() as inside:
        ask_cancellation(inside, trade.buyer.actor, deal.key, "Our customer is gone.")
    with transaction() as inside:
        answer_cancellation(inside, trade.seller.actor, deal.key, is_agreed=True)
    with pytest.raises(Conflict), transaction() as inside:
        subject = deal_subject(inside, trade.buyer.actor, deal.key)
        ask_paper(inside, trade.buyer.actor, subject, PaperKind.PROFORMA_INVOICE, "")


def test_a_paper_that_cannot_be_drawn_says_so_and_is_tried_again(
    people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    path = f"/deals/{deal.key}/papers"

    def broken(*_all: object) -> bytes:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(making, "compiled", broken)
        assert trade.buyer.post(path, {"kind": "packing_list", "language": ""}, page=path).status_code == 303
        assert "is being made" in trade.buyer.client.get(path).text
        run_due()
    page = trade.buyer.client.get(path).text
    key = session.scalars(select(Paper.key)).one()
    assert "is being made" not in page
    assert "could not be made" in page
    assert people.buyer().post(f"/papers/{key}/again", {}).status_code == 404
    assert trade.seller.post(f"/papers/{key}/again", {}, page=path).location == path
    run_due()
    assert trade.buyer.client.get(f"/papers/{key}").status_code == 200
    assert "could not be made" not in trade.buyer.client.get(path).text
    assert trade.seller.post(f"/papers/{key}/again", {}, page=path).status_code == 303, "nothing is left to do"


def test_an_erased_person_leaves_invoices_that_nobody_paid(people: Cast, session: Session) -> None:
    free, paid = a_trade(people), a_trade(people)
    keys = {}
    for trade in (free, paid):
        sample = an_approved_sample(trade, refunds_freight=False)
        if trade is paid:
            paid_by_bank(trade, f"sample:{sample}")
        first = made(trade.seller, f"/samples/{sample}/papers", "sample_invoice")
        keys[sample] = (trade, first, newest(session).key)
        assert "Muster Feinkost" in newest(session).content
    for _sample, (trade, first, key) in keys.items():
        with transaction() as inside:
            gone = erase_all(inside, trade.buyer.user_id)
        run_due()
        paper = session.scalars(select(Paper).where(Paper.key == key)).one()
        session.refresh(paper)
        again = trade.seller.client.get(f"/papers/{key}").get_data()
        assert bytes_of(paper) == again
        assert hashlib.sha256(paper.content.encode()).hexdigest() == paper.content_sha256
        if trade is free:
            assert "Muster" not in paper.content
            assert again != first
            assert len(gone) == 1, "the old file goes too"
        else:
            assert "Muster Feinkost" in paper.content, "an accounting paper: kept by law"
            assert again == first
    assert "Muster" not in session.scalars(select(Sample.address).where(Sample.key == sample)).one()


def test_old_invoices_forget_where_a_sample_went(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    sample = an_approved_sample(trade)
    paid_by_bank(trade, f"sample:{sample}")
    made(trade.seller, f"/samples/{sample}/papers", "sample_invoice")
    with frozen(datetime(2036, 12, 31, tzinfo=UTC)), transaction() as inside:
        assert forget_old(inside) == []
    with frozen(datetime(2037, 1, 1, tzinfo=UTC)):
        forget()
        forget()
        run_due()
    session.expire_all()
    assert "Muster" not in newest(session).content
    assert newest(session).file_id is not None
