"""T13: curators decide the same listing at the same moment, one submit key arrives many times: one effect each."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import ListingReview, Product
from marketplace.rfqs.models import Rfq
from tests.app.test_console_desk import ALL_TICKED, a_waiting_listing, version_of
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry_form
from tests.support.people import Cast, Person, guards
from tests.support.racing import HANDS, ROUNDS, all_at_once

pytestmark = pytest.mark.usefixtures("app")


def browsers(app: Flask, person: Person, count: int) -> list:  # type: ignore[type-arg]
    """Browsers of one person's session."""
    made = []
    for _ in range(count):
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = person.token, True
        made.append(browser)
    return made


def test_a_listing_is_published_once(app: Flask, people: Cast, session: Session) -> None:
    curators, seller = [people.curator(), people.curator()], people.seller()
    for _ in range(ROUNDS):
        product, review_id = a_waiting_listing(seller)
        path = f"/console/curation/{review_id}"
        data = {"decision": "publish", "version": version_of(session, product), **ALL_TICKED}
        session.rollback()
        hands = [browser for curator in curators for browser in browsers(app, curator, HANDS // 2)]
        ready = [(browser, {**guards(browser, path), **data}) for browser in hands]
        answers = all_at_once([lambda one=one, at=path: one[0].post(at, data=one[1]) for one in ready])
        statuses = Counter(answer.status_code for answer in answers)
        assert statuses[303] == 1, statuses
        assert set(statuses) <= {303, 404, 409}
        session.rollback()
        assert session.scalars(select(Product.state).where(Product.id == product.id)).one() == "listed"
        decided = select(func.count()).select_from(ListingReview).where(ListingReview.product_id == product.id)
        assert session.scalar(decided) == 1


def test_one_submit_key_makes_one_inquiry(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    for number in range(1, ROUNDS + 1):
        path = f"/products/{a_listed_product(seller).slug}/inquiry"
        hands = browsers(app, buyer, HANDS)
        page = hands[0].get(path)
        assert page.status_code == 200
        hidden = guards(hands[0], path)
        with hands[0].session_transaction() as cookie:
            token = cookie["csrf_token"]
        for browser in hands[1:]:
            with browser.session_transaction() as cookie:
                cookie["csrf_token"] = token
        data = {**hidden, **an_inquiry_form("Is this lot free?")}
        answers = all_at_once([lambda one=one, at=path, form=data: one.post(at, data=form) for one in hands])
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Rfq)) == number
