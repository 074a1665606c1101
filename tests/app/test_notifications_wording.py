"""Notices name goods and deposits in the reader's words, never by a stored sentence or a bare key."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.i18n.translations import speaking
from marketplace.notifications.rules import Kind
from marketplace.notifications.wording import words


@pytest.mark.parametrize("locale", ["en", "id", "de", "zh_Hans", "zh_Hant"])
def test_a_deposit_is_named_in_the_readers_language(app: Flask, locale: str) -> None:
    with app.app_context(), speaking(locale):
        said = words(Kind.PAYMENT_RECEIPT, {"deposit_of": "A2SCWBE9HA"}, locale)
    assert "A2SCWBE9HA" in said.subject
    assert ("Deposit of agreement" in said.subject) == (locale == "en")
    assert "%(" not in said.subject + said.line


def test_a_request_is_called_by_its_goods(app: Flask) -> None:
    with app.app_context(), speaking("en"):
        named = words(Kind.REQUEST_EXPIRED, {"request": "AFQWGZNUX7", "commodity": "coconut-sugar"}, "en")
        unnamed = words(Kind.REQUEST_EXPIRED, {"request": "AFQWGZNUX7"}, "en")
    assert named.subject == "Your request has run out: Coconut sugar (granulated or block)"
    assert unnamed.subject == "Your request has run out: AFQWGZNUX7"


def test_who_has_the_money_is_said_by_how_it_was_paid(app: Flask) -> None:
    context = {"balance_of": "A2SCWBE9HA", "holder": "Example Chapter"}
    with app.app_context(), speaking("en"):
        lines = {kind: words(kind, context, "en") for kind in (Kind.CARD_RECEIPT, Kind.CARD_PAID, Kind.PAYMENT_RECEIPT)}
    assert "arrived at Example Chapter" in lines[Kind.CARD_RECEIPT].line
    assert "Example Chapter, who takes card payments for you, holds it" in lines[Kind.CARD_PAID].line
    assert "The seller has" in lines[Kind.PAYMENT_RECEIPT].line
    assert all("Balance of agreement A2SCWBE9HA" in one.subject for one in lines.values())
