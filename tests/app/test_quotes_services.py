"""Quotes: written, sent, frozen, revised, countered, accepted once; what stands against it is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.states import IllegalMove, advance
from marketplace.kernel.uow import transaction
from marketplace.quotes.drafts import LineDraft, QuoteDraft, RungDraft
from marketplace.quotes.models import FrozenVersion, QuoteLine, QuoteVersion
from marketplace.quotes.rules import QUOTE_MOVES, QuoteDecline, QuoteState, fingerprint
from marketplace.quotes.services import (
    accept_counter,
    accept_quote,
    decline_counter,
    decline_quote,
    mark_viewed,
    save_quote,
    send_quote,
    withdraw_quote,
)
from marketplace.rfqs.models import RfqMoment
from marketplace.rfqs.rules import CloseReason, MomentCode, RecipientState, RfqState, Side
from marketplace.rfqs.services import close_request
from tests.support.factories import a_listed_product
from tests.support.flows import fresh, recipient_of
from tests.support.people import Cast
from tests.support.quoted_trade import a_trade, refused
from tests.support.quoting import (
    a_counter,
    a_quote_draft,
    a_saved_quote,
    a_sent_quote,
    an_acceptance,
    in_days,
    standing,
    the_version,
    unsent_version,
)

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_steps_that_are_not_listed_are_refused() -> None:
    for current in QuoteState:
        for target in QuoteState:
            if target in QUOTE_MOVES[current]:
                assert advance(current, target, QUOTE_MOVES) is target
            else:
                with pytest.raises(IllegalMove):
                    advance(current, target, QUOTE_MOVES)


def test_a_quote_is_counted_on_the_server_and_frozen_when_sent(people: Cast) -> None:
    _buyer, seller, product, rfq = a_trade(people)
    row = a_sent_quote(seller, rfq, product.id, "6.123456")
    assert (row.state, row.number) == (QuoteState.SENT, 1)
    assert row.total_minor == row.lines[0].amount_minor == 1224691  # 2,000 kg at 6.123456, rounded once
    assert row.lines[0].kilograms == Decimal(2000)
    assert row.loading == {
        "packages": 34, "package_unit": "bag", "package_kg": "60", "container": "fcl20", "containers": 1,
        "percent": 11, "pallets": 2,
    }  # fmt: skip
    assert row.content_sha256 == fingerprint(row.content())
    recipient = recipient_of(rfq, seller)
    assert recipient.state == RecipientState.QUOTED
    assert recipient.committed_at == recipient.answered_at == now()
    key, line = row.id, row.lines[0].id
    with pytest.raises(FrozenVersion), transaction() as session:
        session.get_one(QuoteVersion, key).total_minor = 1
    with pytest.raises(FrozenVersion), transaction() as session:
        session.get_one(QuoteLine, line).unit_price = Decimal(1)
    with pytest.raises(FrozenVersion), transaction() as session:
        session.delete(session.get_one(QuoteLine, line))
    assert the_version(key).content_sha256 == fingerprint(the_version(key).content())


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"incoterm": ""}, "Incoterm"),
        ({"place": "Malang"}, "sea port"),
        ({"lead_time_days": None}, "deposit"),
        ({"payment": ""}, "terms of payment"),
        ({"deposit_percent": None}, "percent"),
        ({"unit_price": None}, "quantity and price"),
        ({"answer": "not_available"}, "at least one line"),
        ({"answer": "alternative"}, "something else"),
    ],
)
def test_what_is_missing_is_named_when_sending_not_when_saving(
    people: Cast, change: dict[str, object], word: str
) -> None:
    _buyer, seller, product, rfq = a_trade(people)
    version = a_saved_quote(seller, rfq, product.id, **change)
    with pytest.raises(DomainError) as fault, transaction() as session:
        send_quote(session, seller.actor, recipient_of(rfq, seller).key, version)
    assert word in str(fault.value.sentence)
    assert recipient_of(rfq, seller).state == RecipientState.INVITED


def test_a_validity_that_has_passed_is_refused_when_sending(people: Cast, moment: datetime) -> None:
    _buyer, seller, product, rfq = a_trade(people)
    version = a_saved_quote(seller, rfq, product.id, valid_until=in_days(1))
    with frozen(moment + timedelta(days=2)), pytest.raises(DomainError), transaction() as session:
        send_quote(session, seller.actor, recipient_of(rfq, seller).key, version)


@pytest.mark.parametrize(
    "change",
    [
        {"unit_price": Decimal("-1")},
        {"unit_price": Decimal("1e309")},
        {"quantity": Decimal(0)},
        {"quantity": Decimal("NaN")},
        {"unit": "furlong"},
        {"currency": "XXX"},
        {"incoterm": "ABC"},
        {"payment": "gold"},
        {"deposit_percent": 101},
        {"lead_time_days": 0},
        {"price_unit": "piece"},
        {"rungs": (RungDraft(Decimal(1), Decimal(1)),)},
    ],
)
def test_what_cannot_stand_is_not_even_kept(people: Cast, change: dict[str, object]) -> None:
    _buyer, seller, product, rfq = a_trade(people)
    with pytest.raises(DomainError):
        a_saved_quote(seller, rfq, product.id, **change)
    assert unsent_version(seller, rfq) == 0


def test_lines_are_answered_once_and_products_are_the_sellers_own(people: Cast) -> None:
    _buyer, seller, product, rfq = a_trade(people)
    foreign = a_listed_product(people.seller())
    draft, key = a_quote_draft(rfq, product.id), recipient_of(rfq, seller).key
    for lines in (draft.lines * 2, (LineDraft(999_999, "offered"),), a_quote_draft(rfq, foreign.id).lines):
        with pytest.raises(DomainError), transaction() as session:
            save_quote(session, seller.actor, key, QuoteDraft(draft.terms, lines), 0)


def test_an_old_draft_does_not_overwrite_a_newer_one(people: Cast) -> None:
    _buyer, seller, product, rfq = a_trade(people)
    version = a_saved_quote(seller, rfq, product.id)
    key, draft = recipient_of(rfq, seller).key, a_quote_draft(rfq, product.id, "5.00")
    for stale in (0, version + 5):
        with pytest.raises(Conflict), transaction() as session:
            save_quote(session, seller.actor, key, draft, stale)
        with pytest.raises(Conflict), transaction() as session:
            send_quote(session, seller.actor, key, stale)


def test_a_revision_replaces_what_stood(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    first = a_sent_quote(seller, rfq, product.id)
    second = a_sent_quote(seller, rfq, product.id, "5.90")
    assert (second.number, second.supersedes_id) == (2, first.id)
    assert the_version(first.id).state == QuoteState.SUPERSEDED
    assert "newer version" in refused(buyer, seller, rfq, 1)
    deal = an_acceptance(buyer, seller, rfq, 2)
    assert deal.total_minor == 1_180_000


def test_a_counter_offer_is_the_buyers_version(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    first = a_sent_quote(seller, rfq, product.id)
    counter = a_counter(buyer, seller, rfq, "5.50", Decimal(3))
    assert (counter.author_side, counter.number, counter.incoterm) == (Side.BUYER, 2, "FOB")
    assert counter.total_minor == 1_650_000
    assert the_version(first.id).state == QuoteState.COUNTERED
    assert "newer version" in refused(buyer, seller, rfq, 1)
    assert "your own" in refused(buyer, seller, rfq, 2)
    with transaction() as session:
        deal = accept_counter(session, seller.actor, recipient_of(rfq, seller).key, 2)
        session.flush()
        assert (deal.accepted_side, deal.total_minor) == (Side.SELLER, 1_650_000)
    assert fresh(rfq).state == RfqState.AWARDED


def test_the_seller_may_answer_a_counter_with_a_new_version(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    a_sent_quote(seller, rfq, product.id)
    counter = a_counter(buyer, seller, rfq, "5.50")
    third = a_sent_quote(seller, rfq, product.id, "5.80")
    assert (third.number, the_version(counter.id).state) == (3, QuoteState.COUNTERED)
    with pytest.raises(Conflict), transaction() as session:
        accept_counter(session, seller.actor, recipient_of(rfq, seller).key, 2)
    assert an_acceptance(buyer, seller, rfq, 3).total_minor == 1_160_000


def test_a_counter_that_changes_nothing_is_no_counter(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    a_sent_quote(seller, rfq, product.id, "6.20")
    with pytest.raises(DomainError, match="changed nothing"):
        a_counter(buyer, seller, rfq, "6.20")
    assert standing(seller, rfq).number == 1


def test_a_closed_request_takes_its_quotes_with_it(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    row = a_sent_quote(seller, rfq, product.id)
    with transaction() as session:
        close_request(session, buyer.actor, rfq.key, CloseReason.POSTPONED, fresh(rfq).version)
    assert (the_version(row.id).state, the_version(row.id).decline_reason) == ("declined", "request_closed")
    assert "not open" in refused(buyer, seller, rfq, 1)


def test_withdrawn_and_declined_quotes_say_so(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    key = recipient_of(rfq, seller).key
    a_sent_quote(seller, rfq, product.id)
    with transaction() as session:
        withdraw_quote(session, seller.actor, key, 1)
    assert recipient_of(rfq, seller).state == RecipientState.WILL_QUOTE
    refused(buyer, seller, rfq, 1)
    a_sent_quote(seller, rfq, product.id)
    with transaction() as session:
        decline_quote(session, buyer.actor, rfq.key, key, 2, QuoteDecline.PRICE, "Too dear.")
    assert "declined" in refused(buyer, seller, rfq, 2)
    with pytest.raises(Conflict), transaction() as session:
        withdraw_quote(session, seller.actor, key, 2)
    a_sent_quote(seller, rfq, product.id, "5.00")
    assert an_acceptance(buyer, seller, rfq, 3).total_minor == 1_000_000


def test_a_version_is_viewed_once_and_only_by_the_other_side(people: Cast, session: Session) -> None:
    _buyer, seller, product, rfq = a_trade(people)
    row = a_sent_quote(seller, rfq, product.id)
    for reader, is_first in ((Side.SELLER, False), (Side.BUYER, True), (Side.BUYER, False)):
        with transaction() as inside:
            assert mark_viewed(inside, row.id, reader) is is_first
    assert the_version(row.id).state == QuoteState.VIEWED
    assert session.scalar(select(func.count()).where(RfqMoment.code == MomentCode.QUOTE_VIEWED)) == 1


def test_nobody_acts_on_others_quotes(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    a_sent_quote(seller, rfq, product.id)
    key = recipient_of(rfq, seller).key
    rival, stranger = people.seller(), people.buyer()
    draft = a_quote_draft(rfq, product.id)
    acts = [
        lambda session: save_quote(session, rival.actor, key, draft, 0),
        lambda session: send_quote(session, rival.actor, key, 1),
        lambda session: withdraw_quote(session, rival.actor, key, 1),
        lambda session: accept_counter(session, rival.actor, key, 1),
        lambda session: accept_quote(session, stranger.actor, rfq.key, key, 1),
        lambda session: accept_quote(session, seller.actor, rfq.key, key, 1),
        lambda session: accept_counter(session, buyer.actor, key, 1),
        lambda session: decline_quote(session, stranger.actor, rfq.key, key, 1, QuoteDecline.PRICE),
        lambda session: accept_quote(session, buyer.actor, rfq.key, key, 9),
    ]
    for act in acts:
        with pytest.raises(NotFound), transaction() as session:
            act(session)
    assert standing(seller, rfq).state == QuoteState.SENT


def test_blocked_parties_do_not_quote(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    version = a_saved_quote(seller, rfq, product.id)
    with transaction() as session:
        block = Block(organisation_id=buyer.organisation_id, blocked_id=seller.organisation_id, created_at=now())
        session.add(block)
    with pytest.raises(Forbidden), transaction() as session:
        send_quote(session, seller.actor, recipient_of(rfq, seller).key, version)


def test_a_seller_declines_a_counter_offer(people: Cast, session: Session) -> None:
    buyer, seller, product, rfq = a_trade(people)
    key = recipient_of(rfq, seller).key
    a_sent_quote(seller, rfq, product.id)
    with pytest.raises(Conflict), transaction() as inside:
        decline_counter(inside, seller.actor, key, 1)  # one's own version
    counter = a_counter(buyer, seller, rfq, "5.50")
    with pytest.raises(NotFound), transaction() as inside:
        decline_counter(inside, people.seller().actor, key, 2)
    with transaction() as inside:
        decline_counter(inside, seller.actor, key, 2, "Below our cost.")
    row = the_version(counter.id)
    assert (row.state, row.decline_reason) == (QuoteState.DECLINED, QuoteDecline.SELLERS_NO)
    with pytest.raises(Conflict), transaction() as inside:
        decline_counter(inside, seller.actor, key, 2)
    with pytest.raises(Conflict), transaction() as inside:
        accept_counter(inside, seller.actor, key, 2)
    moment = session.scalars(select(RfqMoment).where(RfqMoment.code == MomentCode.COUNTER_DECLINED)).one()
    assert (moment.side, moment.note) == (Side.SELLER, "Below our cost.")
    with pytest.raises(DomainError), transaction() as inside:
        decline_quote(inside, buyer.actor, rfq.key, key, 2, QuoteDecline.SELLERS_NO)
    again = a_sent_quote(seller, rfq, product.id, "6.00")
    assert (again.number, again.state) == (3, QuoteState.SENT)
