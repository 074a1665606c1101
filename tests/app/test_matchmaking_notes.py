"""Changed offers are noted at the end of a transaction and in one order, so that no two wait for each other."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.events import OrganisationChanged
from marketplace.catalogue.events import CertificateChanged, ProductChanged, ProductsChanged
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.database import db
from marketplace.kernel.events import Event, dispatch, record
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.models import ChangedOffer
from marketplace.sellers.events import SellerChanged
from tests.support.factories import a_certificate, a_listed_product
from tests.support.people import Cast
from tests.support.racing import all_at_once

pytestmark = pytest.mark.usefixtures("app", "moment")


def versions(session: Session) -> dict[int, int]:
    found = {row.product_id: row.version for row in session.scalars(select(ChangedOffer))}
    session.expire_all()
    session.rollback()
    return found


def grown(session: Session, before: dict[int, int]) -> dict[int, int]:
    """By how much each version grew."""
    after = versions(session)
    return {key: version - before.get(key, 0) for key, version in after.items() if version != before.get(key, 0)}


def test_many_events_of_one_transaction_are_one_note(people: Cast, session: Session) -> None:
    """A product by itself, by its batch, its certificate, its seller and its seller's organisation: it changed once."""
    seller, other = people.seller(), people.seller()
    paper = a_certificate(seller, "organic-eu")
    covered = a_listed_product(seller, "coconut-sugar", certificates=[paper]).id
    bare = a_listed_product(seller, "coconut-sugar").id
    foreign = a_listed_product(other, "coconut-sugar").id
    organisation = seller.actor.organisation_id
    assert organisation is not None
    assert seller.seller_id is not None
    both, gone = {covered: 1, bare: 1}, 10**9
    cases: list[tuple[list[Event], dict[int, int]]] = [
        ([CertificateChanged(paper.id)], {covered: 1}),
        ([SellerChanged(seller.seller_id)], both),
        ([OrganisationChanged(organisation)], both),
        ([CertificateChanged(paper.id), SellerChanged(seller.seller_id), OrganisationChanged(organisation)], both),
        ([ProductChanged(foreign), ProductChanged(foreign), SellerChanged(seller.seller_id)], {**both, foreign: 1}),
        ([ProductsChanged((gone, bare), seller.seller_id), ProductChanged(bare)], {bare: 1, gone: 1}),
    ]
    for events, expected in cases:
        before = versions(session)
        with transaction() as writing:
            for event in events:
                record(writing, event)
        assert grown(session, before) == expected, events


def test_nothing_is_written_before_the_end(people: Cast, session: Session) -> None:
    product = a_listed_product(people.seller(), "coconut-sugar").id
    before = versions(session)
    noted = select(ChangedOffer.version).where(ChangedOffer.product_id == product)
    with transaction() as writing:
        record(writing, ProductChanged(product))
        dispatch(writing)
        assert writing.scalar(noted) == before[product]
        with writing.begin_nested():
            record(writing, ProductChanged(product))
            dispatch(writing)
        assert writing.scalar(noted) == before[product], "the end of a savepoint is not the end"
    assert grown(session, before) == {product: 1}


def test_what_came_to_nothing_is_not_written_later(people: Cast, session: Session) -> None:
    seller = people.seller()
    lost, kept = (a_listed_product(seller, "coconut-sugar").id for _each in range(2))
    before = versions(session)
    with pytest.raises(RuntimeError), transaction() as writing:
        record(writing, ProductChanged(lost))
        dispatch(writing)
        raise RuntimeError
    with transaction() as writing:
        record(writing, ProductChanged(kept))
    assert grown(session, before) == {kept: 1}


@pytest.mark.skipif(not os.environ.get("SOUQ_TEST_POSTGRES"), reason="SQLite lets one transaction write at a time")
@pytest.mark.parametrize("wide", ["product", "seller", "organisation", "batch"])
def test_transactions_in_opposite_order_both_commit(people: Cast, session: Session, app: Flask, wide: str) -> None:
    """Each has told of one of two offers before the other goes on; written at once, both would wait for ever. What
    changes a whole seller comes in the same order as what changes its goods one by one."""
    seller = people.seller()
    goods = [a_listed_product(seller, "coconut-sugar").id for _each in range(2)]
    with transaction() as writing:  # of drafts nothing is queued under a name of which there is one
        for key in goods:
            writing.get_one(Product, key).state = ListingState.DRAFT
    organisation, seller_id = seller.actor.organisation_id, seller.seller_id
    assert organisation is not None
    assert seller_id is not None
    first, last = goods
    widest: Event = {
        "product": ProductChanged(first),
        "seller": SellerChanged(seller_id),
        "organisation": OrganisationChanged(organisation),
        "batch": ProductsChanged((first, last), seller_id),
    }[wide]
    before = versions(session)

    def pressing(events: list[Event]) -> Callable[[], None]:
        def press() -> None:
            with app.app_context():
                with transaction() as own:
                    own.connection().exec_driver_sql("SET LOCAL deadlock_timeout = '200ms'")
                    for event in events:
                        record(own, event)
                        dispatch(own)
                        both_told.append(event)
                        while len(both_told) < 2:
                            time.sleep(0.01)
                db.session.remove()

        return press

    both_told: list[Event] = []
    all_at_once([pressing([ProductChanged(first), ProductChanged(last)]), pressing([ProductChanged(last), widest])])
    expected = {first: 2, last: 2}
    assert grown(session, before) == expected
