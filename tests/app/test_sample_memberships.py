"""Memberships of the sample marketplace: one that runs, one that waits for its money, one that is over."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.cli.sample.memberships import PLANS, MembershipMaker
from marketplace.cli.sample.people import SampleBuyer, SampleChapter, SampleSeller
from marketplace.kernel.uow import transaction
from marketplace.memberships.models import MembershipPlan, PaidMembership
from marketplace.memberships.queries import state_of
from marketplace.memberships.rules import MembershipState
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_each_state_is_there(people: Cast, session: Session) -> None:
    partners = {plan.chapter: people.partner() for plan in PLANS}
    seller, buyer = people.seller(), people.buyer()
    chapters = [
        SampleChapter(one.chapter_id or 0, one.organisation_id, one.user_id, slug) for slug, one in partners.items()
    ]
    made = MembershipMaker(transaction, people.curator().actor).memberships(
        chapters,
        [SampleSeller(1, seller.seller_id or 0, 0, seller.organisation_id, seller.user_id, "")],
        [SampleBuyer(buyer.organisation_id, buyer.user_id, "DE", "Hamburg", "de", "roaster")],
    )
    session.rollback()
    rows = session.scalars(select(PaidMembership).order_by(PaidMembership.id)).all()
    assert made == len(rows)
    assert [state_of(one) for one in rows] == [MembershipState.RUNNING, MembershipState.ORDERED, MembershipState.OVER]
    for plan in session.scalars(select(MembershipPlan)):
        assert "(Example)" in plan.services or "(Beispiel)" in plan.services
    shown = buyer.client.get("/payments").get_data(as_text=True)
    assert "Fotos und Texte (Beispiel)" in shown
