"""A lead whose pool a chapter coordinates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.kernel.uow import transaction
from marketplace.partners.models import Attribution
from marketplace.quotes.models import QuotePool
from marketplace.quotes.services import (
    PoolDraft,
    agree_to_coordinate,
    start_pool,
)
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person

GOODS = "coffee-arabica-green"


@dataclass
class Scene:
    """A lead for 2 t of a buyer whom ``chapter`` brought, its seller, another seller of the same goods."""

    buyer: Person
    chapter: Person
    seller: Person
    member: Person
    own: Product
    theirs: Product
    rfq: Rfq

    @property
    def lead(self) -> str:
        return recipient_of(self.rfq, self.seller).key

    @property
    def page(self) -> str:
        return f"/partner/pools/{self.lead}"

    def draft(self, **more: Any) -> PoolDraft:
        with transaction() as session:
            line = session.scalars(select(RfqLine.id).where(RfqLine.rfq_id == self.rfq.id)).one()
        values = {"specification": "Grade 1, moisture at most 12.5 %.", "currency": "USD", "own": Decimal("0.5")}
        return PoolDraft(line, **(values | more))


def a_scene(people: Cast) -> Scene:
    """The lead, committed to, with no pool yet."""
    buyer, chapter, seller, member = people.buyer(), people.partner(country="DE"), people.seller(), people.seller()
    own, theirs = (a_listed_product(one, GOODS, capacity_per_month=None) for one in (seller, member))
    rfq = an_inquiry(buyer, own)
    an_answer(seller, rfq)
    attributed(buyer, chapter)
    return Scene(buyer, chapter, seller, member, own, theirs, rfq)


def attributed(person: Person, chapter: Person) -> None:
    """This company was brought by that chapter."""
    with transaction() as session:
        session.add(
            Attribution(organisation_id=person.organisation_id, chapter_id=chapter.chapter_id or 0, since=now())
        )


def done(step: Callable[..., Any], *values: Any) -> Any:
    """What a service answers in a transaction of its own."""
    with transaction() as session:
        return step(session, *values)


def coordinated(people: Cast) -> Scene:
    """The lead with a pool that its chapter has agreed to coordinate."""
    scene = a_scene(people)
    done(start_pool, scene.seller.actor, scene.lead, scene.draft(coordinator_id=scene.chapter.organisation_id))
    done(agree_to_coordinate, scene.chapter.actor, scene.lead, pool_version(scene.lead))
    return scene


def the_pool(session: Session) -> QuotePool:
    """The only pool, as the database has it now."""
    session.rollback()
    return session.scalars(select(QuotePool).execution_options(populate_existing=True)).one()


def pool_version(lead: str) -> int:
    """The version that the page of a lead's pool would name now; 0 where there is none."""
    with transaction() as session:
        query = select(QuotePool.version).join(Recipient, Recipient.id == QuotePool.recipient_id)
        return session.scalar(query.where(Recipient.key == lead)) or 0
