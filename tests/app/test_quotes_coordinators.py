"""A chapter without a seller of its own coordinates a pool: named by the seller, agreed by itself, ended by either."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block, Organisation
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.quotes.models import Deal, QuoteShare, QuoteVersion
from marketplace.quotes.rules import ShareState
from marketplace.quotes.services import (
    accept_counter,
    agree_to_coordinate,
    answer_share,
    hand_back,
    name_coordinator,
    offer_share,
    save_quote,
    start_pool,
    take_over,
    write_specification,
)
from marketplace.rfqs.models import Recipient
from tests.app.test_access_matrix import fingerprint
from tests.app.test_quotes_pages import fields_of
from tests.support.coordinating import Scene, a_scene, attributed, coordinated, done, pool_version, the_pool
from tests.support.flows import an_inquiry, recipient_of
from tests.support.people import Cast, Person, guards
from tests.support.quoting import a_counter, a_quote_draft, a_sent_quote, an_acceptance

pytestmark = pytest.mark.usefixtures("app", "moment")


def told(session: Session, person: Person) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Notice.kind).where(Notice.user_id == person.user_id).order_by(Notice.id)))


def test_from_the_sellers_question_to_the_agreement_by_the_forms_of_the_pages(people: Cast, session: Session) -> None:
    scene = a_scene(people)
    start, name = f"/leads/{scene.lead}/pool", scene.chapter.actor.organisation_name
    assert name in scene.seller.client.get(start).text
    begun = fields_of(scene.seller, start) | {"specification": "", "coordinator": str(scene.chapter.organisation_id)}
    assert scene.seller.client.post(start, data=begun).status_code == 303
    assert "has not answered yet" in scene.seller.client.get(start).text

    listed = scene.chapter.client.get("/partner/pools").text
    assert scene.page in listed
    asked = scene.chapter.client.get(scene.page).text
    assert scene.seller.actor.organisation_name in asked
    assert scene.chapter.post(f"{scene.page}/agree", seen(scene), page=scene.page).status_code == 303
    page = scene.chapter.client.get(scene.page).text
    assert "Write the specification first" in page
    wish = guards(scene.chapter.client, scene.page) | {"version": str(the_pool(session).version)}
    assert scene.chapter.client.post(f"{scene.page}/specification", data=wish).status_code == 422
    wish = guards(scene.chapter.client, scene.page) | wish | {"specification": "Grade 1, one harvest."}
    wish |= guards(scene.chapter.client, scene.page)
    assert scene.chapter.client.post(f"{scene.page}/specification", data=wish).status_code == 303
    share = seen(scene) | {"product": str(scene.theirs.id), "quantity": "1", "unit_price": "5000"}
    answer = scene.chapter.post(f"{scene.page}/shares", share, page=scene.page)
    assert (answer.status_code, answer.location) == (303, scene.page)

    key = session.scalars(select(QuoteShare.key)).one()
    theirs = scene.member.client.get(f"/pools/{key}").text
    assert name in theirs, "the member reads who coordinates"
    assert scene.seller.actor.organisation_name in theirs, "and who sells and pays"
    agreed = fields_of(scene.member, f"/pools/{key}") | {"answer": "yes"}
    assert scene.member.client.post(f"/pools/{key}/answer", data=agreed).status_code == 303

    edit = f"{scene.page}/quote/edit"
    filled = fields_of(scene.chapter, edit)
    assert scene.own.id == int(filled["lines-0-product"]), "what the seller has on the market is proposed"
    filled |= {"lines-0-quantity": "2", "lines-0-unit": "mt", "lines-0-unit_price": "6200", "lines-0-price_unit": "mt"}
    answer = scene.chapter.client.post(edit, data=filled)
    assert (answer.status_code, answer.location) == (303, f"{scene.page}/quote/preview")
    preview = fields_of(scene.chapter, f"{scene.page}/quote/preview")
    answer = scene.chapter.client.post(f"{scene.page}/quote/preview", data=preview)
    assert (answer.status_code, answer.location) == (303, f"{scene.page}/quote")
    row = session.scalars(select(QuoteVersion).where(QuoteVersion.number == 1)).one()
    assert (row.author_side, row.author_id) == ("seller", scene.chapter.user_id)
    assert [one["amount_minor"] for one in row.shares or []] == [500_000]
    assert session.scalars(
        select(AuditEntry.user_id).where(AuditEntry.action == "quote.sent_by_coordinator")
    ).all() == [scene.chapter.user_id]
    sent = scene.chapter.client.get(f"{scene.page}/quote").text
    for hidden in ("quote/withdraw", "/papers", "quote/accept", scene.buyer.actor.organisation_name):
        assert hidden not in sent
    assert scene.chapter.client.get(f"{scene.page}/annex.pdf").data.startswith(b"%PDF")
    assert "coordinator_quoted" in told(session, scene.seller)

    deal = an_acceptance(scene.buyer, scene.seller, scene.rfq, 1)
    assert deal.seller_id == scene.seller.seller_id, "the seller of record has the deal"
    assert {"pool_to_coordinate", "pool_news"} <= set(told(session, scene.chapter))
    assert "coordinator_agreed" in told(session, scene.seller)
    context = str(session.scalars(select(Notice.context).where(Notice.user_id == scene.chapter.user_id)).all())
    assert scene.buyer.actor.organisation_name not in context
    assert "6200" not in context
    for language in ("/id", "/de", "/zh-hans"):
        for path in ("/partner/pools", scene.page, f"{scene.page}/quote", f"{scene.page}/quote/1"):
            assert scene.chapter.client.get(f"{language}{path}").status_code == 200


def test_before_its_yes_and_after_the_end_a_chapter_reads_and_changes_nothing(people: Cast, session: Session) -> None:
    scene = a_scene(people)
    done(start_pool, scene.seller.actor, scene.lead, scene.draft(coordinator_id=scene.chapter.organisation_id))
    key = offered(scene, scene.seller)
    outsider = people.partner(country="US")
    reads = [f"{scene.page}{one}" for one in ("/quote", "/quote/1", "/quote/edit", "/quote/preview", "/annex.pdf")]
    writes = [
        (f"{scene.page}{path}", {"product": str(scene.theirs.id), "quantity": "0.1", "unit_price": "1", "version": "1"})
        for path in (
            "/shares",
            f"/shares/{key}/drop",
            "/specification",
            "/quote/edit",
            "/quote/preview",
            "/quote/discard",
        )
    ]
    asked = scene.chapter.client.get(scene.page).text
    assert "5,000" not in asked, "no prices"
    assert scene.member.actor.organisation_name not in asked, "no members"

    def refused(person: Person) -> None:
        before = fingerprint(session)
        for path in reads:
            assert person.client.get(path).status_code == 404, path
        for path, data in writes:
            assert person.post(path, data).status_code == 404, path
        for step in (offer_share, write_specification, save_quote):
            values: dict[Any, tuple[Any, ...]] = {
                offer_share: (scene.theirs.id, Decimal("0.1"), Decimal(1), 1),
                write_specification: ("Anything goes.", 1),
                save_quote: (a_quote_draft(scene.rfq, scene.own.id), 0),
            }
            with pytest.raises(NotFound):
                done(step, person.actor, scene.lead, *values[step])
        assert fingerprint(session) == before

    refused(scene.chapter)
    refused(outsider)
    for path in (scene.page, f"{scene.page}/agree", f"{scene.page}/hand-back"):
        assert outsider.client.get(path).status_code in {404, 405}
        assert outsider.post(path).status_code in {404, 405}
    assert outsider.client.get("/partner/pools").text.count(scene.lead) == 0
    done(agree_to_coordinate, scene.chapter.actor, scene.lead, pool_version(scene.lead))
    assert scene.chapter.client.get(reads[2]).status_code == 200
    refused(outsider)
    page = f"/leads/{scene.lead}/pool"
    assert scene.seller.post(f"{page}/coordinator/end", seen(scene), page=page).status_code == 303
    assert told(session, scene.chapter)[-1] == "pool_taken_back"
    refused(scene.chapter)
    assert scene.chapter.client.get(scene.page).status_code == 404


def seen(scene: Scene) -> dict[str, str]:
    """What the forms of the pool's pages name now."""
    return {"version": str(pool_version(scene.lead))}


def offered(scene: Scene, person: Person, quantity: str = "1", price: str = "5000") -> str:
    with transaction() as session:
        values = (scene.theirs.id, Decimal(quantity), Decimal(price), pool_version(scene.lead))
        return offer_share(session, person.actor, scene.lead, *values).key


def test_it_reads_the_pool_and_nothing_else_of_the_seller(people: Cast) -> None:
    scene = coordinated(people)
    other = an_inquiry(people.buyer(), scene.own)
    for path in (
        f"/leads/{scene.lead}",
        f"/leads/{scene.lead}/pool",
        f"/leads/{scene.lead}/quote",
        f"/leads/{scene.lead}/quote/withdraw",
        f"/partner/pools/{recipient_of(other, scene.seller).key}",
        f"/partner/pools/{recipient_of(other, scene.seller).key}/quote/edit",
        f"/requests/{scene.rfq.key}",
        "/leads",
    ):
        assert scene.chapter.client.get(path).status_code in {403, 404}, path
    for page in (scene.page, f"{scene.page}/quote/edit"):
        assert scene.buyer.actor.organisation_name not in scene.chapter.client.get(page).text


def test_what_binds_the_seller_stays_with_the_seller(people: Cast, session: Session) -> None:
    scene = coordinated(people)
    a_sent_quote(scene.seller, scene.rfq, scene.own.id)
    a_counter(scene.buyer, scene.seller, scene.rfq, "6.00")
    counter = scene.chapter.client.get(f"{scene.page}/quote").text
    assert "The seller accepts or declines" in counter
    before = fingerprint(session)
    for path in ("accept", "decline", "withdraw"):
        for base in (f"/leads/{scene.lead}", scene.page):
            assert scene.chapter.post(f"{base}/quote/{path}", {"number": "2"}).status_code in {403, 404}
    with pytest.raises(NotFound):
        done(accept_counter, scene.chapter.actor, scene.lead, 2)
    assert fingerprint(session) == before
    assert session.scalar(select(QuoteVersion.viewed_at).where(QuoteVersion.number == 2)) is None, (
        "not read by the seller"
    )
    assert "pool_news" in told(session, scene.chapter)
    done(accept_counter, scene.seller.actor, scene.lead, 2)
    assert session.scalars(select(Deal.seller_id)).one() == scene.seller.seller_id


def test_only_chapters_that_work_with_the_buyer_or_a_member_are_named(people: Cast, session: Session) -> None:
    scene = a_scene(people)
    stranger = people.partner(country="US")
    for wrong in (stranger.organisation_id, scene.buyer.organisation_id, scene.member.organisation_id, 999_999):
        with pytest.raises(DomainError, match="works with the buyer"):
            done(start_pool, scene.seller.actor, scene.lead, scene.draft(coordinator_id=wrong))
    done(start_pool, scene.seller.actor, scene.lead, scene.draft())
    page = f"/leads/{scene.lead}/pool"
    shown = scene.seller.client.get(page).text
    assert scene.chapter.actor.organisation_name in shown
    assert stranger.actor.organisation_name not in shown
    wrong_form = seen(scene) | {"coordinator": str(stranger.organisation_id)}
    assert scene.seller.post(f"{page}/coordinator", wrong_form, page=page).status_code == 422
    attributed(scene.member, stranger)
    assert stranger.actor.organisation_name not in scene.seller.client.get(page).text
    offered(scene, scene.seller)
    assert stranger.actor.organisation_name in scene.seller.client.get(page).text, "the member's chapter"
    for person in (scene.member, scene.chapter, stranger):
        with pytest.raises(NotFound):
            done(name_coordinator, person.actor, scene.lead, stranger.organisation_id, pool_version(scene.lead))
    with transaction() as inside:
        inside.get_one(Organisation, stranger.organisation_id).suspended_at = now()
    with pytest.raises(DomainError, match="works with the buyer"):
        done(name_coordinator, scene.seller.actor, scene.lead, stranger.organisation_id, pool_version(scene.lead))
    with transaction() as inside:
        block = Block(organisation_id=scene.chapter.organisation_id, blocked_id=scene.seller.organisation_id)
        block.created_at = now()
        inside.add(block)
    with pytest.raises(Forbidden):
        done(name_coordinator, scene.seller.actor, scene.lead, scene.chapter.organisation_id, pool_version(scene.lead))
    assert the_pool(session).coordinator_id is None


def test_one_is_named_at_a_time_and_either_ends_it(people: Cast, session: Session) -> None:
    scene = a_scene(people)
    done(start_pool, scene.seller.actor, scene.lead, scene.draft(coordinator_id=scene.chapter.organisation_id))
    with pytest.raises(Conflict):
        done(name_coordinator, scene.seller.actor, scene.lead, scene.chapter.organisation_id, pool_version(scene.lead))
    data = guards(scene.chapter.client, scene.page) | seen(scene)
    answers = [scene.chapter.client.post(f"{scene.page}/agree", data=data) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303], "two clicks agree once"
    with pytest.raises(Conflict, match="already"):
        done(agree_to_coordinate, scene.chapter.actor, scene.lead, pool_version(scene.lead))
    key = offered(scene, scene.chapter)
    assert scene.chapter.post(f"{scene.page}/hand-back", seen(scene), page=scene.page).status_code == 303
    pool = the_pool(session)
    assert (pool.coordinator_id, pool.coordinator_agreed_at) == (None, None)
    assert told(session, scene.seller)[-1] == "coordinator_gone"
    share = session.scalars(select(QuoteShare).where(QuoteShare.key == key)).one()
    assert share.state == ShareState.INVITED, "what was asked stands"
    with pytest.raises(Conflict):
        done(take_over, scene.seller.actor, scene.lead, pool_version(scene.lead))
    with pytest.raises(NotFound):
        done(hand_back, scene.chapter.actor, scene.lead, pool_version(scene.lead))
    done(name_coordinator, scene.seller.actor, scene.lead, scene.chapter.organisation_id, pool_version(scene.lead))
    done(agree_to_coordinate, scene.chapter.actor, scene.lead, pool_version(scene.lead))
    assert told(session, scene.member)[-1] == "pool_has_coordinator", "who reads their price now"


def test_a_specification_stays_once_somebody_was_asked_or_quoted_by_it(people: Cast, session: Session) -> None:
    scene = coordinated(people)
    first = the_pool(session).version
    done(write_specification, scene.chapter.actor, scene.lead, "Grade 2.", first)
    with pytest.raises(Conflict, match="changed"):
        done(write_specification, scene.seller.actor, scene.lead, "Grade 3.", first)
    key = offered(scene, scene.chapter)
    with pytest.raises(Conflict, match="asked by"):
        done(write_specification, scene.chapter.actor, scene.lead, "Grade 3.", the_pool(session).version)
    version = session.scalars(select(QuoteShare.version).where(QuoteShare.key == key)).one()
    with transaction() as inside:
        answer_share(inside, scene.member.actor, key, version, agrees=True)
    a_sent_quote(scene.seller, scene.rfq, scene.own.id)
    version = session.scalars(select(QuoteShare.version).where(QuoteShare.key == key)).one()
    drop = {"version": str(version)}
    assert scene.chapter.post(f"{scene.page}/shares/{key}/drop", drop, page=scene.page).status_code == 303
    with pytest.raises(Conflict, match="sent by"):
        done(write_specification, scene.chapter.actor, scene.lead, "Grade 3.", the_pool(session).version)
    assert the_pool(session).specification == "Grade 2."


def test_nobody_is_asked_before_there_is_a_specification(people: Cast) -> None:
    scene = a_scene(people)
    draft = scene.draft(specification="", coordinator_id=scene.chapter.organisation_id)
    done(start_pool, scene.seller.actor, scene.lead, draft)
    with pytest.raises(DomainError, match="specification"):
        offered(scene, scene.seller)


def test_hostile_words_stay_words(people: Cast, session: Session) -> None:
    scene = coordinated(people)
    text = "<script>alert(1)</script> Grade 1"
    done(write_specification, scene.chapter.actor, scene.lead, text, the_pool(session).version)
    for person, page in ((scene.chapter, scene.page), (scene.seller, f"/leads/{scene.lead}/pool")):
        assert "<script>alert" not in person.client.get(page).text


def test_a_request_that_is_over_is_not_coordinated(people: Cast) -> None:
    scene = a_scene(people)
    done(start_pool, scene.seller.actor, scene.lead, scene.draft(coordinator_id=scene.chapter.organisation_id))
    a_sent_quote(scene.seller, scene.rfq, scene.own.id)
    an_acceptance(scene.buyer, scene.seller, scene.rfq, 1)
    with pytest.raises(Conflict):
        done(agree_to_coordinate, scene.chapter.actor, scene.lead, pool_version(scene.lead))
    assert "not open any more" in scene.chapter.client.get(scene.page).text
    with transaction() as session:
        assert session.scalar(select(Recipient.id).where(Recipient.key == scene.lead)) is not None
