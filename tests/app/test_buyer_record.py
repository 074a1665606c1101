"""What sellers read of a buyer: earlier dealings counted, signs with their evidence, and the company's own words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import VerificationLevel
from marketplace.buyers.models import Buyer
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.uow import transaction
from marketplace.orders.drafts import Judgement
from marketplace.orders.rules import Verdict
from marketplace.orders.services import confirm_delivery, judge_sample, ship_sample
from marketplace.rfqs.earnest import BuyerRecord, Sign, signs
from marketplace.rfqs.queries.records import record_of
from marketplace.rfqs.rules import CloseReason
from marketplace.rfqs.services import close_request
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, fresh, recipient_of
from tests.support.ordering import Trade, a_trade, an_approved_sample, paid_by_bank
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def a_judged_sample(trade: Trade) -> None:
    """Paid, sent, in hand, and with its feedback."""
    key = an_approved_sample(trade)
    paid_by_bank(trade, f"sample:{key}")
    with transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, "DHL", "")
    with transaction() as inside:
        confirm_delivery(inside, trade.buyer.actor, key)
    with transaction() as inside:
        judge_sample(inside, trade.buyer.actor, key, Judgement(Verdict.SUITS, {}, words="Fine."))


@pytest.mark.parametrize(
    ("record", "known"),
    [
        (BuyerRecord(), {Sign.CHECKED: True, Sign.ENDED: None, Sign.SAMPLES: None, Sign.PAID: None}),
        (BuyerRecord(requests=3, agreed=1, ran_out=2), {Sign.ENDED: False}),
        (BuyerRecord(requests=4, agreed=1, closed=1, ran_out=2), {Sign.ENDED: True}),
        (BuyerRecord(samples_arrived=3, samples_judged=1, payments_asked=2, payments_made=1), {Sign.SAMPLES: False, Sign.PAID: True}),
    ],
)  # fmt: skip
def test_a_sign_is_given_refused_or_not_known_yet(record: BuyerRecord, known: dict[Sign, bool | None]) -> None:
    found = signs(VerificationLevel.VERIFIED, record)
    assert {sign: found[sign] for sign in known} == known
    assert signs(VerificationLevel.LISTED, record)[Sign.CHECKED] is False


def test_a_sellers_page_counts_earlier_dealings_and_nothing_of_the_request_itself(
    people: Cast, session: Session
) -> None:
    trade, rival = a_trade(people), people.seller()
    a_judged_sample(trade)
    with transaction() as inside:
        close_request(inside, trade.buyer.actor, trade.rfq.key, CloseReason.FOUND_ELSEWHERE, fresh(trade.rfq).version)
    with frozen(now() + timedelta(days=30)):
        rfq = an_inquiry(trade.buyer, a_listed_product(rival))
    assert record_of(session, rfq.buyer_id, besides=rfq) == BuyerRecord(
        requests=1, answered=1, closed=1, samples_arrived=1, samples_judged=1, payments_asked=1, payments_made=1
    )
    page = rival.client.get(f"/leads/{recipient_of(rfq, rival).key}").text
    for words in ("Earlier requests", "Closed with a reason", "of which paid", "Samples get their feedback"):
        assert words in page, words
    assert trade.seller.actor.organisation_name not in page


def test_what_comes_of_a_request_that_still_runs_is_told_to_nobody(people: Cast, session: Session) -> None:
    """A rival's answer, sample and payment would show in the counts: of the request itself, or of another one."""
    trade = a_trade(people)
    a_judged_sample(trade)
    assert record_of(session, trade.rfq.buyer_id, besides=trade.rfq) == BuyerRecord()
    assert record_of(session, trade.rfq.buyer_id) == BuyerRecord(requests=1)


def test_a_companys_own_words_are_read_once_a_seller_has_committed(people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    with transaction() as inside:
        own = inside.scalars(select(Buyer).where(Buyer.organisation_id == buyer.organisation_id)).one()
        own.about, own.import_history = "We roast in Altona.", "Two containers of arabica a year."
    rfq = an_inquiry(buyer, a_listed_product(seller))
    path = f"/leads/{recipient_of(rfq, seller).key}"
    before = seller.client.get(path).text
    assert "Altona" not in before
    assert "Two containers" not in before
    an_answer(seller, rfq)
    after = seller.client.get(path).text
    assert "We roast in Altona." in after
    assert "Two containers of arabica a year." in after
    own_page = buyer.client.get("/buying/company/record").text
    assert "We roast in Altona." in own_page
    assert "Signs of a serious buyer" in own_page
