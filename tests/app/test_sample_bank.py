"""Bank details of the sample marketplace: whoever is to be paid has some, made up in every word, the same each time."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.cli.sample.bank import BANK, BankMaker
from marketplace.cli.sample.people import SampleSeller
from marketplace.kernel.uow import transaction
from marketplace.payments.banking import account_number
from marketplace.payments.models import BankAccount, Payment
from marketplace.payments.rules import BankState
from tests.support.ordering import a_deal, a_trade
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_a_due_transfer_says_where_to_pay(people: Cast, session: Session) -> None:
    trade, idle = a_trade(people), people.seller()
    deal = a_deal(trade)
    sample = [SampleSeller(number, one.seller_id or 0, 0, one.organisation_id, one.user_id, "")
              for number, one in enumerate((trade.seller, idle), 7)]  # fmt: skip
    page = f"/payments/{session.scalars(select(Payment.key).where(Payment.about == f'deposit:{deal.key}')).one()}"
    assert "no confirmed bank details" in trade.buyer.client.get(page).get_data(as_text=True)
    maker = BankMaker(transaction, sample, people.curator().actor)
    assert maker.accounts() == 1
    assert maker.accounts() == 0, "once"
    session.rollback()
    row = session.scalars(select(BankAccount)).one()
    assert (row.organisation_id, row.state, row.is_change) == (trade.seller.organisation_id, BankState.CONFIRMED, False)
    assert (row.bank, row.account, row.swift) == (BANK, "000-00-00007-0", "")
    assert account_number(row.account) == row.account, "a form would take it"
    assert "(Example)" in row.holder
    shown = trade.buyer.client.get(page).get_data(as_text=True)
    assert "no confirmed bank details" not in shown
    assert row.account in shown
    assert BANK in shown
