"""Samples from the asking to the score sheet: every step once, by the right side, with the money in step."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.jobs import enqueue_periodic, run_due
from marketplace.kernel.money import Money
from marketplace.kernel.states import IllegalMove, advance
from marketplace.kernel.uow import transaction
from marketplace.orders.drafts import Judgement, SampleTerms, SampleWish
from marketplace.orders.models import Outcome, Sample
from marketplace.orders.rules import SAMPLE_MOVES, SampleDecline, SampleKind, SampleState, SheetKind, Verdict, scale_for
from marketplace.orders.services import (
    approve_sample,
    ask_sample,
    cancel_sample,
    close_sample,
    confirm_delivery,
    decline_sample,
    judge_sample,
    ship_sample,
)
from marketplace.orders.sheets import sheet_of
from marketplace.orders.wording import ATTRIBUTES
from marketplace.payments.models import Payment, Refund
from marketplace.payments.rules import Method, PaymentState
from marketplace.payments.services import ask_refund
from marketplace.payments.services.facts import settle
from marketplace.payments.services.holding import locked
from marketplace.rfqs.models import Rfq, RfqMoment
from tests.support.members import takes_cards
from tests.support.ordering import a_sample, a_trade, an_approved_sample, paid_by_bank, sample_now
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
POINTS = {name: Decimal("8.25") for name in scale_for("coffee-arabica-green").attributes}


def test_steps_that_are_not_listed_are_refused() -> None:
    for current in SampleState:
        for target in SampleState:
            if target in SAMPLE_MOVES[current]:
                assert advance(current, target, SAMPLE_MOVES) is target
            else:
                with pytest.raises(IllegalMove):
                    advance(current, target, SAMPLE_MOVES)


def test_a_paid_sample_from_the_asking_to_its_end(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    key = an_approved_sample(trade, refunds_freight=True)
    assert sample_now(key).state == SampleState.PAYMENT_DUE
    payment = session.scalars(select(Payment).where(Payment.about == f"sample:{key}")).one()
    assert (payment.minor, payment.currency, payment.payer_id) == (5_500, "USD", trade.buyer.organisation_id)
    with pytest.raises(IllegalMove), transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, "DHL", "EXAMPLE-1")
    paid_by_bank(trade, f"sample:{key}")
    assert sample_now(key).state == SampleState.PAID
    with transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, "DHL", "EXAMPLE-1")
    with transaction() as inside:
        confirm_delivery(inside, trade.buyer.actor, key)
    with transaction() as inside:
        judge_sample(inside, trade.buyer.actor, key, Judgement(Verdict.SUITS, POINTS, taints=1, words="Clean cup."))
    row = sample_now(key)
    assert (row.state, row.score, row.verdict) == (SampleState.FEEDBACK, Decimal("80.5"), Verdict.SUITS)
    assert session.scalar(select(func.count(Refund.id))) == 0, "a bank transfer goes back by hand"
    with transaction() as inside:
        close_sample(inside, trade.seller.actor, key)
    assert sample_now(key).state == SampleState.CLOSED
    codes = session.scalars(
        select(RfqMoment.code).where(RfqMoment.code.startswith("sample_")).order_by(RfqMoment.id)
    ).all()
    assert codes == ["sample_asked", "sample_approved", "sample_sent", "sample_arrived", "sample_judged"]
    assert session.scalars(select(Outcome.kind)).all() == ["sample"]


@pytest.mark.parametrize(("is_promised", "already"), [(True, 0), (True, 4_000), (False, 0)])
def test_freight_paid_by_card_goes_back_for_the_score_sheet(
    people: Cast, session: Session, is_promised: bool, already: int
) -> None:
    trade, partner = a_trade(people), people.partner()
    takes_cards(partner)
    with transaction() as inside:
        inside.get_one(Rfq, trade.rfq.id).chapter_id = partner.chapter_id
    key = an_approved_sample(trade, refunds_freight=is_promised)
    payment_id = session.scalars(select(Payment.id).where(Payment.about == f"sample:{key}")).one()
    with transaction() as inside:  # as the card company's word leaves it
        payment = locked(inside, payment_id)
        payment.paid_at, payment.method, payment.intent_id = now(), Method.CARD, "pi_of_sample"
        settle(inside, payment)
    if already:
        with transaction() as inside:
            given = Money(already, "USD")
            ask_refund(inside, partner.actor, inside.get_one(Payment, payment_id), given, "late")
    with transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, "DHL", "EXAMPLE-1")
    with transaction() as inside:
        confirm_delivery(inside, trade.buyer.actor, key)
    with transaction() as inside:
        judge_sample(inside, trade.buyer.actor, key, Judgement(Verdict.SUITS, POINTS, words="Clean cup."))
    assert sample_now(key).state == SampleState.FEEDBACK
    asked = session.scalars(select(Refund.minor)).all()
    assert asked == ([4_000] if is_promised else []), "once, by hand or for the score sheet"


@pytest.mark.parametrize(
    ("commodity", "kind"),
    [
        ("coffee-roasted", SheetKind.CUPPING),
        ("coconut-sugar", SheetKind.FOOD),
        ("batik-fabric", SheetKind.MADE),
        ("furniture-rattan", SheetKind.MADE),
        ("clove-oil", SheetKind.SCENT),
        ("soap-bar", SheetKind.SCENT),
        ("charcoal-briquette-coconut", SheetKind.RAW),
        ("", SheetKind.FOOD),
        ("gone-from-the-registry", SheetKind.FOOD),
    ],
)
def test_each_branch_of_goods_has_its_own_sheet(commodity: str, kind: SheetKind) -> None:
    sheet = sheet_of(commodity)
    assert sheet.kind is kind
    assert set(sheet.attributes) <= set(ATTRIBUTES)
    assert ("taste" in sheet.attributes) is (kind is SheetKind.FOOD)


def test_a_sheet_of_former_attributes_is_still_shown(people: Cast) -> None:
    trade = a_trade(people, "batik-fabric")
    key = an_approved_sample(trade, price=0, freight=0)
    with transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, "DHL", "")
    with transaction() as inside:
        confirm_delivery(inside, trade.buyer.actor, key)
    page = trade.buyer.client.get(f"/samples/{key}/feedback").text
    assert "Workmanship" in page
    assert "Taste" not in page
    points = dict.fromkeys(sheet_of("batik-fabric").attributes, Decimal(4))
    with transaction() as inside:
        judge_sample(inside, trade.buyer.actor, key, Judgement(Verdict.SUITS, points, words=""))
    with transaction() as inside:  # as it was judged when all goods had one sheet
        row = inside.scalars(select(Sample).where(Sample.key == key)).one()
        assert row.score == 80
        row.scores = {"taste": "5", "texture": "4"}
    page = trade.seller.client.get(f"/samples/{key}").text
    assert "Taste" in page
    assert "Texture" in page


def test_a_free_sample_owes_nothing(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    key = an_approved_sample(trade, price=0, freight=0)
    assert sample_now(key).state == SampleState.FREE
    assert session.scalar(select(func.count(Payment.id))) == 0


def test_a_sample_nobody_needs_any_more_is_not_due(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    key = an_approved_sample(trade)
    with transaction() as inside:
        cancel_sample(inside, trade.buyer.actor, key, sample_now(key).version)
    assert session.scalars(select(Payment.state)).all() == [PaymentState.CANCELLED]
    assert sample_now(key).state == SampleState.CANCELLED


def test_a_no_has_its_reason(people: Cast) -> None:
    trade = a_trade(people)
    key = a_sample(trade)
    with transaction() as inside:
        decline_sample(inside, trade.seller.actor, key, SampleDecline.NOT_IN_SEASON, "In May again.")
    row = sample_now(key)
    assert (row.state, row.decline_reason) == (SampleState.DECLINED, "not_in_season")
    assert a_sample(trade) != key, "after a no one may ask again"


def test_one_of_a_kind_at_a_time(people: Cast) -> None:
    trade = a_trade(people)
    a_sample(trade)
    with pytest.raises(Conflict):
        a_sample(trade)
    a_sample(trade, SampleKind.TYPE)


def test_each_side_has_its_own_steps_and_strangers_none(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    key = a_sample(trade)
    for stranger in (people.buyer(), people.seller(), people.partner(), people.curator()):
        with pytest.raises(NotFound), transaction() as inside:
            approve_sample(inside, stranger.actor, key, SampleTerms())
    with pytest.raises(Forbidden), transaction() as inside:
        approve_sample(inside, trade.buyer.actor, key, SampleTerms())
    with pytest.raises(Forbidden), transaction() as inside:
        cancel_sample(inside, trade.seller.actor, key, sample_now(key).version)
    wish = SampleWish(SampleKind.TYPE, 999_999, "Somewhere")
    for person in (trade.seller, trade.buyer, people.buyer()):
        with pytest.raises(NotFound), transaction() as inside:
            ask_sample(inside, person.actor, trade.lead, wish)
    assert session.scalars(select(Sample.state)).all() == [SampleState.REQUESTED]


def test_amounts_and_points_are_judged(people: Cast) -> None:
    trade = a_trade(people)
    key = a_sample(trade)
    with pytest.raises(DomainError), transaction() as inside:
        approve_sample(inside, trade.seller.actor, key, SampleTerms("USD", price_minor=-1))
    with transaction() as inside:
        approve_sample(inside, trade.seller.actor, key, SampleTerms())
    with transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, "Pos Indonesia", "")
    with transaction() as inside:
        confirm_delivery(inside, trade.buyer.actor, key)
    for points in (POINTS | {"aroma": Decimal("10.25")}, POINTS | {"aroma": Decimal("7.1")}, {"aroma": Decimal(8)}):
        with pytest.raises(DomainError), transaction() as inside:
            judge_sample(inside, trade.buyer.actor, key, Judgement(Verdict.SUITS, points))
    assert sample_now(key).state == SampleState.DELIVERED


def test_the_clock_closes_what_nobody_speaks_of_and_counts_inquiries(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    key = an_approved_sample(trade, price=0, freight=0)
    with transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, "Pos Indonesia", "")
    with transaction() as inside:
        confirm_delivery(inside, trade.buyer.actor, key)
    for days, state in ((59, SampleState.DELIVERED), (61, SampleState.CLOSED)):
        with frozen(now() + timedelta(days=days)):
            enqueue_periodic()
            run_due()
        assert sample_now(key).state == state
    kinds = session.scalars(select(Outcome.kind).order_by(Outcome.kind)).all()
    assert kinds == ["inquiry", "sample"], "each once, however often the clock strikes"
