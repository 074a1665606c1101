"""What mails about samples and deals say is enough to act on: which step, which carrier, what was asked."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.kernel.uow import transaction
from marketplace.notifications.composing import compose
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.orders.rules import OrderState
from marketplace.orders.services import (
    answer_cancellation,
    ask_cancellation,
    open_dispute,
    report_step,
    ship_sample,
    withdraw_dispute,
)
from tests.support.ordering import a_deal, a_trade, an_approved_sample, paid_by_bank
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def mail_of(app: Flask, session: Session, kind: Kind) -> tuple[int | None, str]:
    """Who got the newest mail of a kind, and its text as it is sent, in English."""
    session.rollback()
    notice = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id.desc())).first()
    assert notice is not None
    notice.locale = "en"
    mail = compose(notice, session.get_one(User, notice.user_id), app.extensions["souq_settings"])
    assert mail is not None
    session.rollback()
    return notice.user_id, f"{mail.subject}\n{mail.text}"


@pytest.mark.parametrize(
    ("carrier", "tracking", "said"),
    [
        ("DHL Express", "JD 0146-0001", "It goes with DHL Express, shipment number JD 0146-0001."),
        ("J&T", "", "It goes with J&T."),
        ("DHL", "https://evil.example/x", "It goes with DHL."),
        ("pay at evil.example", "1234567", "Its page says who carries it."),
    ],
)
def test_the_mail_of_a_sent_sample_names_the_carrier(
    app: Flask, people: Cast, session: Session, carrier: str, tracking: str, said: str
) -> None:
    trade = a_trade(people)
    key = an_approved_sample(trade, price=0, freight=0)
    assert "There is nothing to pay." in mail_of(app, session, Kind.SAMPLE_APPROVED)[1]
    with transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, carrier, tracking)
    reader, text = mail_of(app, session, Kind.SAMPLE_SENT)
    assert reader == trade.buyer.user_id
    assert said in text
    assert "evil.example" not in text, "what a seller types brings no link into a mail"
    assert f"/samples/{key}" in text


def test_the_mail_of_a_sample_to_be_paid_says_so(app: Flask, people: Cast, session: Session) -> None:
    an_approved_sample(a_trade(people))
    assert "Pay the amount that the page names, and it is sent." in mail_of(app, session, Kind.SAMPLE_APPROVED)[1]


def test_mails_of_a_deal_name_the_step_and_what_is_asked(app: Flask, people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    paid_by_bank(trade, f"deposit:{deal.key}")
    reader, text = mail_of(app, session, Kind.DEAL_STEP_SELLER)
    assert reader == trade.seller.user_id
    assert "Begin with production" in text
    assert "countersign" not in text, "a paid deposit is countersigned already"
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, OrderState.PAPERS_READY)
    reader, text = mail_of(app, session, Kind.DEAL_STEP_BUYER)
    assert reader == trade.buyer.user_id
    assert "“The papers are ready”. Look at it and countersign." in text
    assert "the balance is to be paid" in text
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, OrderState.SHIPPED)
    text = mail_of(app, session, Kind.DEAL_STEP_BUYER)[1]
    assert "“The goods are shipped”. Look at it and countersign." in text
    assert "the balance" not in text, "it was told with the step that made it due"
    with transaction() as inside:
        open_dispute(inside, trade.buyer.actor, deal.key, "Two bags are wet.")
    text = mail_of(app, session, Kind.DEAL_STOPPED_SELLER)[1]
    assert "The buyer disputes the deal" in text
    assert "wet" not in text, "the buyer's own words stay on the page"
    with transaction() as inside:
        withdraw_dispute(inside, trade.buyer.actor, deal.key)
    assert "goes on where it stood" in mail_of(app, session, Kind.DEAL_CHANGED_SELLER)[1]
    for is_agreed, said in ((False, "does not want to cancel"), (True, "is cancelled, as you asked")):
        with transaction() as inside:
            ask_cancellation(inside, trade.seller.actor, deal.key, "The harvest failed.")
        assert "asks to cancel the deal" in mail_of(app, session, Kind.DEAL_STOPPED_BUYER)[1]
        with transaction() as inside:
            answer_cancellation(inside, trade.buyer.actor, deal.key, is_agreed)
        reader, text = mail_of(app, session, Kind.DEAL_CHANGED_SELLER)
        assert reader == trade.seller.user_id
        assert said in text
