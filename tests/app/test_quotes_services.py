"""Quotes: written, sent, frozen, revised, countered, accepted once; what stands against it is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block
from marketplace.catalogue.models import MonthPlan, PriceRung, Product
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.jobs import enqueue_periodic, run_due
from marketplace.kernel.states import IllegalMove, advance
from marketplace.kernel.uow import transaction
from marketplace.quotes.drafts import LineDraft, QuoteDraft, RungDraft
from marketplace.quotes.models import Deal, DealLine, FrozenVersion, QuoteLine, QuotePromise, QuoteVersion
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
from marketplace.rfqs.models import Rfq, RfqMoment
from marketplace.rfqs.rules import CloseReason, MomentCode, RecipientState, RfqState, Side
from marketplace.rfqs.services import close_request, extend_request
from tests.support.factories import a_listed_product
from tests.support.flows import a_request, an_inquiry, fresh, recipient_of
from tests.support.people import Cast, Person
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


def a_trade(people: Cast, **more: object) -> tuple[Person, Person, Product, Rfq]:
    """A buyer, a seller, a product without a stated capacity unless told, and an inquiry for 2 t of it."""
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller, **({"capacity_per_month": None} | more))
    return buyer, seller, product, an_inquiry(buyer, product)


def refused(buyer: Person, seller: Person, rfq: Rfq, number: int) -> str:
    """The sentence with which an acceptance is refused; nothing is agreed by it."""
    with pytest.raises(Conflict) as fault:
        an_acceptance(buyer, seller, rfq, number)
    with transaction() as session:
        assert session.scalar(select(func.count(Deal.id)).where(Deal.rfq_id == rfq.id)) == 0
    return str(fault.value.sentence)


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


def test_acceptance_ends_the_request_for_everybody(people: Cast, session: Session) -> None:
    buyer, sellers = people.buyer(), [people.seller() for _ in range(4)]
    rfq = a_request(buyer, sellers)
    for seller in sellers[:2]:
        a_sent_quote(seller, rfq, price="2.10", unit_price=Decimal("2.10"))
    waiting = a_saved_quote(sellers[2], rfq)
    assert len(an_acceptance(buyer, sellers[0], rfq, 1).lines) == 1
    assert fresh(rfq).state == RfqState.AWARDED
    states = [recipient_of(rfq, seller).state for seller in sellers]
    assert states == [RecipientState.QUOTED, *[RecipientState.CLOSED] * 3]
    other = standing(sellers[1], rfq)
    assert (other.state, other.decline_reason) == (QuoteState.DECLINED, QuoteDecline.AGREED_WITH_ANOTHER)
    assert standing(sellers[0], rfq).state == QuoteState.ACCEPTED
    with pytest.raises(Conflict, match="already agreed"):
        an_acceptance(buyer, sellers[1], rfq, 1)
    with pytest.raises(Conflict, match="already agreed"):
        an_acceptance(buyer, sellers[0], rfq, 1)
    with pytest.raises(Conflict), transaction() as inside:
        send_quote(inside, sellers[2].actor, recipient_of(rfq, sellers[2]).key, waiting)
    assert session.scalar(select(func.count(Deal.id))) == 1
    codes = session.scalars(select(RfqMoment.code).where(RfqMoment.rfq_id == rfq.id)).all()
    assert (codes.count(MomentCode.AGREED), codes.count(MomentCode.AWARDED)) == (1, 1)


def test_expiry_is_checked_when_accepting_not_by_the_job(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    row = a_sent_quote(seller, rfq, product.id, valid_until=in_days(5))
    assert row.valid_until is not None
    with frozen(row.valid_until + timedelta(seconds=1)):
        assert "has passed" in refused(buyer, seller, rfq, 1)
        assert the_version(row.id).state == QuoteState.SENT
        enqueue_periodic()
        run_due()
        assert the_version(row.id).state == QuoteState.EXPIRED
        assert "has passed" in refused(buyer, seller, rfq, 1)
        renewed = a_sent_quote(seller, rfq, product.id, valid_until=in_days(5))
        assert renewed.supersedes_id == row.id


def test_the_last_second_counts(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    row = a_sent_quote(seller, rfq, product.id, valid_until=in_days(5))
    assert row.valid_until is not None
    with frozen(row.valid_until):
        assert an_acceptance(buyer, seller, rfq, 1).version_id == row.id


def test_a_request_whose_date_has_passed_takes_no_acceptance_until_it_is_moved(people: Cast, moment: datetime) -> None:
    buyer, seller, product, rfq = a_trade(people)
    a_sent_quote(seller, rfq, product.id, valid_until=in_days(60))
    with frozen(moment + timedelta(days=30)):
        assert "not open" in refused(buyer, seller, rfq, 1)  # before the job
        enqueue_periodic()
        run_due()
        assert fresh(rfq).state == RfqState.EXPIRED
        assert "not open" in refused(buyer, seller, rfq, 1)
        with transaction() as session:
            extend_request(session, buyer.actor, rfq.key, in_days(10), fresh(rfq).version)
        assert an_acceptance(buyer, seller, rfq, 1).total_minor == 1_240_000


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


def test_blocked_parties_do_not_agree(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    a_sent_quote(seller, rfq, product.id)
    a_counter(buyer, seller, rfq, "5.50")
    with transaction() as session:
        session.add(Block(organisation_id=seller.organisation_id, blocked_id=buyer.organisation_id, created_at=now()))
    key = recipient_of(rfq, seller).key
    with pytest.raises(Forbidden), transaction() as session:
        accept_counter(session, seller.actor, key, 2)
    with transaction() as session:
        session.execute(update(Block).values(organisation_id=buyer.organisation_id, blocked_id=seller.organisation_id))
    with pytest.raises(Forbidden), transaction() as session:
        accept_counter(session, seller.actor, key, 2)
    with transaction() as session:
        session.execute(delete(Block))
    a_sent_quote(seller, rfq, product.id, "5.60")
    with transaction() as session:
        session.add(Block(organisation_id=seller.organisation_id, blocked_id=buyer.organisation_id, created_at=now()))
    with pytest.raises(Forbidden):
        an_acceptance(buyer, seller, rfq, 3)
    with transaction() as session:
        assert session.scalar(select(func.count(Deal.id))) == 0


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


def test_a_day_ends_where_the_seller_is(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    row = a_sent_quote(seller, rfq, product.id, valid_until=in_days(14))
    assert row.valid_until is not None
    assert row.valid_until.isoformat() == "2026-12-06T16:59:59+00:00"
    key = recipient_of(rfq, seller).key
    page = buyer.client.get(f"/requests/{rfq.key}/with/{key}/quote").text
    assert "WIB" in page
    counter = a_counter(buyer, seller, rfq, "5.50")
    assert counter.valid_until is not None
    assert counter.valid_until.hour == 16


def test_the_cap_closes_whoever_is_left_over(people: Cast, session: Session) -> None:
    buyer, sellers = people.buyer(), [people.seller() for _ in range(4)]
    rfq = a_request(buyer, sellers)
    with transaction() as inside:
        inside.get_one(Rfq, rfq.id).quote_cap = 2
    late = a_saved_quote(sellers[3], rfq)
    for seller in sellers[:2]:
        a_sent_quote(seller, rfq)
    states = [recipient_of(rfq, seller).state for seller in sellers]
    assert states == ["quoted", "quoted", "closed", "closed"]
    assert session.scalar(select(func.count()).where(RfqMoment.code == MomentCode.ENOUGH_QUOTES)) == 2
    with pytest.raises(Conflict), transaction() as inside:
        send_quote(inside, sellers[3].actor, recipient_of(rfq, sellers[3]).key, late)
    a_sent_quote(sellers[0], rfq, price="1.90")  # who has quoted may revise
    assert standing(sellers[0], rfq).number == 2


def test_after_the_agreement_the_catalogue_may_change_as_it_likes(people: Cast, session: Session) -> None:
    buyer, seller, product, rfq = a_trade(people, moq=Decimal(5000))  # the quote is below the minimum order
    a_sent_quote(seller, rfq, product.id)
    deal = an_acceptance(buyer, seller, rfq, 1)
    with transaction() as inside:
        row = inside.get_one(Product, product.id)
        row.moq, row.unit, row.card_titles = Decimal(9000), "mt", {"en": "Other goods"}
        inside.execute(update(PriceRung).where(PriceRung.product_id == product.id).values(unit_price=Decimal(99)))
    with transaction() as inside:
        again = inside.get_one(Deal, deal.id, populate_existing=True)
        line = inside.scalars(select(DealLine).where(DealLine.deal_id == deal.id)).one()
        assert (again.total_minor, line.unit_price, line.unit) == (1_240_000, Decimal("6.2"), "mt")
        assert "Other goods" not in line.description
        assert again.terms["incoterm"] == "FOB"
        assert again.content_sha256 == standing(seller, rfq).content_sha256
    with pytest.raises(FrozenVersion), transaction() as inside:
        inside.scalars(select(DealLine)).one().unit_price = Decimal(1)
    assert session


def test_two_quotes_never_promise_the_same_tonnes(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(seller, capacity_per_month=Decimal(1500))
    first, second = an_inquiry(people.buyer(), product), an_inquiry(people.buyer(), product)
    row = a_sent_quote(seller, first, product.id)  # 2,000 kg until 22 December
    assert {(one.month.month, one.quantity) for one in row.promises} == {(12, Decimal(1500)), (11, Decimal(500))}
    version = a_saved_quote(seller, second, product.id)
    key = recipient_of(second, seller).key
    with pytest.raises(Conflict) as fault, transaction() as inside:
        send_quote(inside, seller.actor, key, version)
    assert "1,000" in str(fault.value.sentence)
    assert recipient_of(second, seller).state == RecipientState.INVITED
    # less, or later, fits; a revision of the first frees what it held
    a_sent_quote(seller, second, product.id, quantity=Decimal(1), unit="mt")
    a_sent_quote(seller, first, product.id, lead_time_days=60)
    held = session.execute(select(func.sum(QuotePromise.quantity))).scalar()
    assert held is not None


def test_a_quote_that_ended_gives_its_capacity_back(people: Cast, moment: datetime) -> None:
    seller = people.seller()
    product = a_listed_product(seller, capacity_per_month=Decimal(1000))
    first, second = an_inquiry(people.buyer(), product), an_inquiry(people.buyer(), product)
    a_sent_quote(seller, first, product.id, valid_until=in_days(3))
    with pytest.raises(Conflict):
        a_sent_quote(seller, second, product.id)
    with frozen(moment + timedelta(days=4)):  # ran out, though no job has said so yet
        assert a_sent_quote(seller, second, product.id).number == 1


def test_a_calendar_that_shrank_is_noticed_when_accepting(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people, capacity_per_month=Decimal(2000))
    a_sent_quote(seller, rfq, product.id)
    with transaction() as session:
        for month in (11, 12):
            session.add(
                MonthPlan(product_id=product.id, month=now().date().replace(month=month, day=1), kind="free",
                          quantity=Decimal(100))
            )  # fmt: skip
    sentence = refused(buyer, seller, rfq, 1)
    assert "no room" in sentence
    assert "200" not in sentence
