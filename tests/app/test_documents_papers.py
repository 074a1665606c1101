"""Every kind of trade paper says what the agreement says, in one or two languages, the same each time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask

from marketplace.documents.facts import ContainerFacts, LineFacts
from marketplace.documents.papers.invoice import proforma_invoice, sample_invoice
from marketplace.documents.papers.packing_list import packing_list
from marketplace.documents.papers.quotation import quotation
from marketplace.documents.papers.sales_contract import sales_contract
from marketplace.documents.papers.specification_sheet import specification_sheet
from marketplace.documents.rendering import rendered
from tests.support.papers import an_agreement

PRICED = [quotation, proforma_invoice, sample_invoice, sales_contract]
UNPRICED = [packing_list, specification_sheet]
LANGUAGES = [("en",), ("en", "id"), ("en", "de"), ("en", "zh_Hans"), ("en", "zh_Hant")]


@pytest.mark.parametrize("make", [*PRICED, *UNPRICED])
@pytest.mark.parametrize("languages", LANGUAGES)
def test_every_paper_in_every_pair_of_languages(app: Flask, make, languages) -> None:  # type: ignore[no-untyped-def]  # makers of papers, by name
    with app.app_context():
        first = make(an_agreement(), languages)
        again = make(an_agreement(), languages)
    assert rendered(first) == rendered(again)
    text = first.data()
    for words in ("PSQ-2026-0042-1", "Muster Feinkost GmbH", "Koperasi Contoh Sejahtera", "k7m2p9x4ta"):
        assert words in text
    assert len(json.loads(text)["title"]) == len(languages)


@pytest.mark.parametrize("make", PRICED)
def test_sums_are_those_of_the_agreement(app: Flask, make) -> None:  # type: ignore[no-untyped-def]  # makers of papers, by name
    with app.app_context():
        text = make(an_agreement()).data()
    assert "US$47,250.00" in text
    assert "US$4.125 / " in text


@pytest.mark.parametrize("make", UNPRICED)
def test_no_price_where_none_belongs(app: Flask, make) -> None:  # type: ignore[no-untyped-def]  # makers of papers, by name
    with app.app_context():
        text = make(an_agreement(), ("en", "de")).data()
    assert "US$" not in text
    assert "0000 0000 0000" not in text, "nor a bank account"


def test_deposit_and_balance_make_the_total(app: Flask) -> None:
    with app.app_context():
        sheet = proforma_invoice(an_agreement())
    assert [total.value for total in sheet.totals] == ["US$47,250.00", "US$14,175.00", "US$33,075.00"]


def test_masses_are_summed_only_where_every_line_has_one(app: Flask) -> None:
    agreement = an_agreement()
    with app.app_context():
        assert packing_list(agreement).totals == ()
        whole = packing_list(replace(agreement, lines=agreement.lines[:1] * 2))
    assert [total.value for total in whole.totals] == ["36,000\xa0kg", "36,720\xa0kg"]


def test_a_column_without_a_figure_is_left_out(app: Flask) -> None:
    agreement = an_agreement()
    bare = replace(agreement, lines=tuple(replace(line, gross=None) for line in agreement.lines))
    with app.app_context():
        labels = [column.label[0] for column in packing_list(bare).columns]
        widths = {len(row) for row in packing_list(bare).rows}
        whole = [column.label[0] for column in packing_list(agreement).columns]
    assert labels == ["No.", "Goods", "Packages", "Net mass"]
    assert widths == {4}
    assert whole[-1] == "Gross mass"


def test_one_container_has_no_last_one(app: Flask) -> None:
    agreement = an_agreement()
    with app.app_context():
        one = packing_list(agreement).data()
        two = packing_list(replace(agreement, containers=(ContainerFacts("fcl20", 2, 0.92),))).data()
    assert "the last one" not in one
    assert "92%" in one
    assert "the last one 92% full" in two


def test_terms_of_payment_are_said_in_both_languages(app: Flask) -> None:
    with app.app_context():
        text = quotation(an_agreement(), ("en", "de")).data()
    assert "30 % deposit" in text
    assert "30 % Anzahlung" in text


def test_a_quotation_says_when_its_last_day_ends(app: Flask) -> None:
    with app.app_context():
        text = quotation(an_agreement(), ("en", "de")).data()
    assert "6 December 2026, 23:59 WIB" in text


def test_a_changed_account_is_said_loudly(app: Flask) -> None:
    agreement = an_agreement()
    assert agreement.bank is not None
    with app.app_context():
        changed = proforma_invoice(agreement)
        settled = proforma_invoice(replace(agreement, bank=replace(agreement.bank, changed_on=None)))
    assert changed.bank is not None
    assert settled.bank is not None
    assert any("These details changed on 10 November 2026" in line for line in changed.bank.lines)
    assert not any("changed" in line for line in settled.bank.lines)


def test_words_of_people_stay_words(app: Flask) -> None:
    agreement = an_agreement()
    nasty = LineFacts({"en": '#read("/etc/passwd") $ \\ %(count)s'}, agreement.lines[0].quantity, note="<script>")
    with app.app_context():
        for make in (*PRICED, *UNPRICED):
            assert rendered(make(replace(agreement, lines=(nasty,), note="*x* #y %(z)s"))).startswith(b"%PDF-")


def test_a_paper_of_any_moment_can_be_drawn(app: Flask) -> None:
    exact = an_agreement()
    with app.app_context():
        between = packing_list(replace(exact, made_at=exact.made_at.replace(microsecond=974584)))
    assert rendered(between).startswith(b"%PDF"), "clocks give parts of a second, which the compiler refuses"


def test_words_of_bargaining_are_no_words_of_the_seller(app: Flask) -> None:
    """The note of a counter-offer stands in the agreement; an invoice and a specification are the seller's papers."""
    theirs = replace(an_agreement(), note="We say yes at 17.60.")
    with app.app_context():
        for make in (proforma_invoice, specification_sheet, sales_contract):
            assert "17.60." in make(theirs).data(), make
            is_contract = make is sales_contract
            assert ("17.60." in make(replace(theirs, is_buyers_note=True)).data()) is is_contract
