"""Many hands on one lead at once: exactly one of them has its effect, and nobody sees a crash."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.rfqs.models import Recipient, RfqMoment
from marketplace.rfqs.rules import MomentCode, RecipientState
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry, recipient_of
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
HANDS = 8


def all_at_once(app: Flask, seller: Person, page: str, acts: list[tuple[str, dict[str, str]]]) -> Counter[int]:
    """Each act from a browser of its own with a form shown before; gives how often each status came."""
    browsers = []
    for path, data in acts:
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = seller.token, True
        browsers.append((browser, path, {**guards(browser, page), **data}))
    with ThreadPoolExecutor(len(acts)) as pool:
        answers = pool.map(lambda one: one[0].post(one[1], data=one[2]).status_code, browsers)
        return Counter(answers)


def test_one_no_is_enough(app: Flask, people: Cast, session: Session) -> None:
    seller = people.seller()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    path = f"/leads/{recipient_of(rfq, seller).key}"
    acts = [(f"{path}/decline", {"reason": "price"})] * HANDS
    assert all_at_once(app, seller, path, acts) == {303: 1, 409: HANDS - 1}
    session.rollback()  # the snapshot from before the race
    assert session.scalar(select(func.count()).where(RfqMoment.code == MomentCode.DECLINED)) == 1


def test_yes_no_and_handing_on_exclude_each_other(app: Flask, people: Cast, session: Session) -> None:
    seller, fellow = people.seller(), people.seller()
    a_listed_product(fellow)
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    path = f"/leads/{recipient_of(rfq, seller).key}"
    slug = session.scalars(select(Seller.slug).where(Seller.id == fellow.seller_id)).one()
    session.rollback()
    hand_on = (f"{path}/hand-on", {"seller": slug})
    decline = (f"{path}/decline", {"reason": "season"})
    statuses = all_at_once(app, seller, path, [hand_on, decline] * (HANDS // 2))
    # who comes late is told that the lead was settled, or that the seller is not on the list any more
    assert statuses[303] == 1
    assert set(statuses) <= {303, 409, 422}
    session.rollback()  # the snapshot from before the race
    state = recipient_of(rfq, seller).state
    recipients = session.scalar(select(func.count()).select_from(Recipient))
    assert (state, recipients) in {(RecipientState.DECLINED, 1), (RecipientState.CLOSED, 2)}
