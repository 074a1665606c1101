"""Papers of a pool: the buyer's name who makes the goods, the members' annex says how much, and neither says more."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.documents.models import Paper
from marketplace.kernel.uow import transaction
from marketplace.quotes.models import QuoteShare
from marketplace.quotes.services import leave_pool
from tests.support.people import Cast
from tests.support.pooling import Pooled, agreed, offered, pooled
from tests.support.quoting import a_sent_quote, an_acceptance

pytestmark = pytest.mark.usefixtures("app", "moment")


def quoted(people: Cast) -> tuple[Pooled, str, str]:
    """A pool whose quote was sent: one member is named to the buyer, the other is not; with their shares' keys."""
    pool = pooled(people)
    first = agreed(pool, 0, "1", "5432.10")
    second = agreed(pool, 1, "0.5", "4321.09", is_named=False)
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    return pool, first, second


def text_of(session: Session, kind: str) -> str:
    session.rollback()
    return session.scalars(select(Paper.content).where(Paper.kind == kind).order_by(Paper.id.desc())).first() or ""


def test_the_buyers_papers_name_makers_and_one_specification_and_no_shares(people: Cast, session: Session) -> None:
    pool, _first, _second = quoted(people)
    names = [one.actor.organisation_name for one in pool.members]
    page = f"/quotations/{pool.lead}/1/papers"
    assert pool.buyer.post(page, {"kind": "quotation", "language": "de"}, page=page).status_code == 303
    deal = an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    of_deal = f"/deals/{deal.key}/papers"
    for kind in ("sales_contract", "specification_sheet", "packing_list"):
        assert pool.buyer.post(of_deal, {"kind": kind, "language": "id"}, page=of_deal).status_code == 303
    for kind in ("quotation", "sales_contract", "specification_sheet"):
        words = text_of(session, kind)
        assert "Grade 1, moisture at most 12.5 %." in words
        assert names[0] in words
        assert names[1] not in words, "who wants to stay unnamed does"
        assert "1 further seller" in words
        assert json.dumps(pool.coordinator.actor.organisation_name, ensure_ascii=False)[1:-1] in words
        assert not any(secret in words for secret in ("5,432.10", "4,321.09", "5432", "4321", "0.5 t"))
    assert names[0] not in text_of(session, "packing_list")


def test_a_quote_without_a_pool_says_nothing_of_makers(people: Cast, session: Session) -> None:
    pool = pooled(people)
    offered(pool, 0, "1")  # asked, not agreed
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    page = f"/quotations/{pool.lead}/1/papers"
    assert pool.buyer.post(page, {"kind": "quotation", "language": ""}, page=page).status_code == 303
    assert "Made together by" not in text_of(session, "quotation")
    assert pool.coordinator.client.get(f"/leads/{pool.lead}/pool/annex.pdf").status_code == 404


def test_members_read_the_same_annex_byte_for_byte_and_nobody_else_does(people: Cast, session: Session) -> None:
    pool, first, second = quoted(people)
    addresses = [
        (pool.members[0], f"/pools/{first}/annex.pdf"),
        (pool.members[1], f"/pools/{second}/annex.pdf"),
        (pool.coordinator, f"/leads/{pool.lead}/pool/annex.pdf"),
        (pool.members[0], f"/pools/{first}/annex.pdf"),
    ]
    prints = set()
    for person, address in addresses:
        answer = person.client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        prints.add(hashlib.sha256(answer.data).hexdigest())
    assert len(prints) == 1
    assert f"/pools/{first}/annex.pdf" in pool.members[0].client.get(f"/pools/{first}").text
    assert pool.members[0].client.get(f"/id/pools/{first}/annex.pdf").data != answer.data, "two languages"
    stranger = people.seller()
    for person in (stranger, pool.members[1], pool.buyer, people.partner()):
        for address in (f"/pools/{first}/annex.pdf", f"/leads/{pool.lead}/pool/annex.pdf"):
            assert person.client.get(address).status_code in {403, 404}
    assert stranger.client.get(f"/pools/{first}/annex.pdf").status_code == 404
    share = session.scalars(select(QuoteShare).where(QuoteShare.key == first)).one()
    with transaction() as inside:
        leave_pool(inside, pool.members[0].actor, share.key, share.version)
    assert pool.members[0].client.get(f"/pools/{first}/annex.pdf").status_code == 404, "who left is no member"
