"""What a chapter that coordinates may not: act for the suspended, past a block, after its end, or read who buys and what rivals quote."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block, Organisation
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.uow import transaction
from marketplace.quotes.models import Deal, QuotePool, QuoteVersion
from marketplace.quotes.services import (
    PoolDraft,
    agree_to_coordinate,
    hand_back,
    holding,
    save_quote,
    start_pool,
)
from marketplace.rfqs.models import Rfq, RfqLine
from tests.support.coordinating import GOODS, a_scene, attributed, coordinated, done, pool_version, the_pool
from tests.support.factories import a_listed_product
from tests.support.flows import a_request, an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person
from tests.support.quoting import a_quote_draft, a_sent_quote, an_acceptance

pytestmark = pytest.mark.usefixtures("app", "moment")


def suspended(person: Person) -> None:
    with transaction() as session:
        session.get_one(Organisation, person.organisation_id).suspended_at = now()


def blocked(one: Person, other: Person) -> None:
    block = Block(organisation_id=one.organisation_id, blocked_id=other.organisation_id)
    block.created_at = now()
    with transaction() as session:
        session.add(block)


def test_for_a_suspended_seller_nothing_is_written_or_agreed(people: Cast, session: Session) -> None:
    scene = coordinated(people)
    row = a_sent_quote(scene.seller, scene.rfq, scene.own.id)
    suspended(scene.seller)
    with pytest.raises(Conflict):
        done(save_quote, scene.chapter.actor, scene.lead, a_quote_draft(scene.rfq, scene.own.id), 0)
    with pytest.raises(Conflict):
        an_acceptance(scene.buyer, scene.seller, scene.rfq, row.number or 0)
    session.rollback()
    assert session.scalars(select(Deal)).all() == []
    assert session.scalars(select(QuoteVersion.number)).all() == [1]


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_a_block_counts_whenever_it_was_set(people: Cast, session: Session, side: str) -> None:
    scene = a_scene(people)
    done(start_pool, scene.seller.actor, scene.lead, scene.draft(coordinator_id=scene.chapter.organisation_id))
    blocked(getattr(scene, side), scene.chapter)
    with pytest.raises(Forbidden):
        done(agree_to_coordinate, scene.chapter.actor, scene.lead, pool_version(scene.lead))
    assert the_pool(session).coordinator_agreed_at is None


def test_a_block_ends_what_a_chapter_may_write(people: Cast, session: Session) -> None:
    scene = coordinated(people)
    blocked(scene.buyer, scene.chapter)
    with pytest.raises(Forbidden):
        done(save_quote, scene.chapter.actor, scene.lead, a_quote_draft(scene.rfq, scene.own.id), 0)
    assert session.scalars(select(QuoteVersion)).all() == []


def test_a_late_yes_agrees_for_nobody_else(people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, other = a_scene(people), people.partner(country="US")
    attributed(scene.seller, other)
    done(start_pool, scene.seller.actor, scene.lead, scene.draft(coordinator_id=scene.chapter.organisation_id))
    real = holding._held

    def waited(inside: Session, found: Any, **more: Any) -> holding.Held:
        the_other = {"coordinator_id": other.organisation_id}
        inside.execute(update(QuotePool).values(**the_other))  # what the seller did while this waited for the lock
        return real(inside, found, **more)

    monkeypatch.setattr(holding, "_held", waited)
    with pytest.raises(NotFound):
        done(agree_to_coordinate, scene.chapter.actor, scene.lead, pool_version(scene.lead))
    assert the_pool(session).coordinator_agreed_at is None


def test_the_buyers_words_stay_off_a_chapters_pages(people: Cast, session: Session) -> None:
    scene = coordinated(people)
    with transaction() as writing:
        writing.execute(update(Rfq).values(subject="We are Geheim GmbH, Hamburg"))
        writing.execute(update(RfqLine).values(commodity="", description="", product_id=None))
    for path in ("", "/quote/edit"):
        page = scene.chapter.client.get(f"{scene.page}{path}")
        assert page.status_code == 200
        assert "Geheim" not in page.get_data(as_text=True)
    assert "Geheim" in scene.seller.client.get(f"/leads/{scene.lead}/pool").get_data(as_text=True)
    draft = a_quote_draft(scene.rfq, None)
    done(save_quote, scene.chapter.actor, scene.lead, draft, 0)
    page = scene.chapter.client.get(f"{scene.page}/quote/preview")
    assert page.status_code == 200
    assert "Geheim" not in page.get_data(as_text=True)


def test_before_a_seller_commits_the_buyers_chapter_is_not_told(people: Cast) -> None:
    buyer, chapter, seller = people.buyer(), people.partner(country="DE"), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller, GOODS, capacity_per_month=None))
    attributed(buyer, chapter)
    lead = recipient_of(rfq, seller).key
    with transaction() as session:
        line = session.scalars(select(RfqLine.id).where(RfqLine.rfq_id == rfq.id)).one()
    draft = PoolDraft(line, "Grade 1.", "USD", coordinator_id=chapter.organisation_id)
    choice = f'value="{chapter.organisation_id}"'
    assert choice not in seller.client.get(f"/leads/{lead}/pool").get_data(as_text=True)
    with pytest.raises(DomainError):
        done(start_pool, seller.actor, lead, draft)
    an_answer(seller, rfq)
    assert choice in seller.client.get(f"/leads/{lead}/pool").get_data(as_text=True)
    done(start_pool, seller.actor, lead, draft)


def test_who_writes_one_price_reads_no_rivals_papers(people: Cast) -> None:
    buyer, chapter, seller, rival = people.buyer(), people.partner(country="DE"), people.seller(), people.seller()
    attributed(buyer, chapter)
    theirs = a_listed_product(rival, "coconut-sugar", capacity_per_month=None)
    a_listed_product(seller, "coconut-sugar", capacity_per_month=None)
    rfq = a_request(buyer, [seller, rival])
    for one in (seller, rival):
        an_answer(one, rfq)
    a_sent_quote(rival, rfq, theirs.id)
    lead, papers = recipient_of(rfq, seller).key, f"/quotations/{recipient_of(rfq, rival).key}/1/papers"
    assert chapter.client.get(papers).status_code == 200  # the chapter that brought the buyer follows the trade
    with transaction() as session:
        line = session.scalars(select(RfqLine.id).where(RfqLine.rfq_id == rfq.id)).one()
    done(start_pool, seller.actor, lead, PoolDraft(line, "Grade 1.", "USD", coordinator_id=chapter.organisation_id))
    assert chapter.client.get(papers).status_code == 404
    done(agree_to_coordinate, chapter.actor, lead, pool_version(lead))
    assert chapter.client.get(papers).status_code == 404
    done(hand_back, chapter.actor, lead, pool_version(lead))
    assert chapter.client.get(papers).status_code == 200
