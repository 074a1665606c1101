"""A chapter that sells memberships, and who orders them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.memberships.models import MembershipPlan, PaidMembership
from marketplace.memberships.services import PlanDraft, offer_plan, order_membership
from marketplace.payments.gateway import SignedEvent
from marketplace.payments.models import Payment, SettlementAccount
from marketplace.payments.rules import AccountState
from marketplace.payments.services import confirm_bank_transfer, keep_event
from tests.support.payments import ACCOUNT, Scene, session_object, work
from tests.support.people import Cast, Person

DRAFT = PlanDraft(
    "Photos and translation", "Ten product photos and their texts in German.", "en", Money(24_000, "USD"), 12
)
PRICE = DRAFT.price.minor
TODAY = date(2026, 11, 22)
YEAR_ON = date(2027, 11, 21)


def a_plan(partner: Person, **more: Any) -> MembershipPlan:
    """A plan that this chapter offers."""
    values = {name: more.get(name, getattr(DRAFT, name)) for name in PlanDraft.__dataclass_fields__}
    with transaction() as session:
        return offer_plan(session, partner.actor, PlanDraft(**values))


def an_order(member: Person, plan: MembershipPlan, version: int = 1) -> PaidMembership:
    """That plan, ordered and not paid."""
    with transaction() as session:
        return order_membership(session, member.actor, plan.key, version)[0]


def paid_by_bank(session: Session, partner: Person, membership: PaidMembership) -> PaidMembership:
    """The chapter saw the money on its account; gives the membership as it is then."""
    with transaction() as inside:
        payment = inside.scalars(select(Payment).where(Payment.about == membership.about)).one()
        confirm_bank_transfer(inside, partner.actor, payment)
    return as_it_is(session, membership)


def as_it_is(session: Session, membership: PaidMembership) -> PaidMembership:
    """The row as the database has it."""
    session.rollback()
    return session.get_one(PaidMembership, membership.id, populate_existing=True)


def takes_cards(partner: Person) -> None:
    """The chapter has a settlement account at the card company."""
    with transaction() as session:
        session.add(
            SettlementAccount(
                organisation_id=partner.organisation_id,
                country="US",
                stripe_account=ACCOUNT,
                idempotency_key=f"account-{partner.organisation_id}",
                state=AccountState.ACTIVE,
                created_at=now(),
            )
        )


def ordered_by_card(people: Cast, session: Session) -> tuple[Scene, PaidMembership]:
    """A buyer's order of a chapter that takes cards, with the payment as a scene for events."""
    partner, buyer = people.partner(), people.buyer()
    takes_cards(partner)
    membership = an_order(buyer, a_plan(partner))
    payment = session.scalars(select(Payment).where(Payment.about == membership.about)).one()
    return Scene(buyer, partner, partner, payment.id, payment.key), membership


def payment_of(session: Session, membership: PaidMembership) -> Payment:
    """The payment of an order, as the database has it."""
    query = select(Payment).where(Payment.about == membership.about)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def tell(kind: str, content: dict[str, Any], ids: tuple[str, ...] = ("a", "a", "b")) -> None:
    """What the card company says, said again under the same id and another; its signature is checked elsewhere."""
    for letter in ids:
        event = SignedEvent(f"evt_{kind}_{content['id']}_{letter}", kind, ACCOUNT, now(), False, content)
        with transaction() as session:
            keep_event(session, event)
        work()


def is_paid(scene: Scene, ids: tuple[str, ...] = ("a", "a", "b")) -> None:
    tell("checkout.session.completed", session_object(scene, "cs_1", PRICE), ids)
