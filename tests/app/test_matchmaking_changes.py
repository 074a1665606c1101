"""Offers that changed since the model was fitted are matched as they are, wherever they stood in its ranking."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.services.organisations import suspend_organisation, unsuspend_organisation
from marketplace.catalogue.events import CertificateChanged, ListingWithdrawn, ProductChanged
from marketplace.catalogue.models import Certificate, MarketRegistration, Product, ProductCertificate, ProductText
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.database import db
from marketplace.kernel.events import record
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outbox import Task
from marketplace.kernel.uow import transaction
from marketplace.matchmaking import fitting, in_step, model
from marketplace.matchmaking.model import matcher_of_process
from marketplace.matchmaking.models import ChangedOffer, RequestFit
from marketplace.matchmaking.reading import read
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState
from marketplace.sellers.services import curate_seller
from tests.app.test_matchmaking_selling import posted
from tests.support.factories import a_certificate, a_listed_product
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
TEXT = "300 kg coconut sugar to Germany"


@pytest.fixture(autouse=True)
def looked_at_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first of a ranking are read again, as with thousands of offers: what stands below shows what was known."""
    monkeypatch.setattr(model, "LOOKED_AT", 1)


def found(text: str = TEXT, n: int = 1) -> list[int]:
    session = db.session()
    answer, _model = matcher_of_process().recommend(session, read(text, "en", today()), n)
    session.rollback()
    return [int(each.offer) for each in answer.matches]


def sugar(seller: Person, **more: object) -> int:
    return a_listed_product(seller, "coconut-sugar", title="Coconut sugar", **more).id


def shipping_elsewhere(people: Cast, count: int) -> list[int]:
    """Offers that cannot serve Germany, known to a stored model that was loaded."""
    offers = [sugar(people.seller(), destinations=["JP"]) for _each in range(count)]
    fitting.refit()
    assert found() == []
    return offers


def ships_everywhere(product: int) -> None:
    with transaction() as writing:
        writing.get_one(Product, product).destinations = []
        record(writing, ProductChanged(product))


@pytest.mark.parametrize("place", range(4))
def test_a_known_offer_that_fits_since_it_changed_is_found(people: Cast, place: int) -> None:
    offers = shipping_elsewhere(people, 4)
    ships_everywhere(offers[place])
    assert found() == [offers[place]]


def test_a_process_that_starts_later_knows_what_changed_since_the_fit(people: Cast) -> None:
    offers = shipping_elsewhere(people, 4)
    ships_everywhere(offers[2])
    matcher_of_process().forget()
    with frozen(now() + timedelta(hours=5)):
        assert found() == [offers[2]]


def test_other_goods_by_its_title_are_found(people: Cast) -> None:
    sugar(people.seller(), destinations=["JP"])
    other = a_listed_product(people.seller(), "batik-fabric", title="Batik").id
    fitting.refit()
    assert found() == []
    with transaction() as writing:
        writing.scalars(select(ProductText).where(ProductText.product_id == other)).one().title = "Coconut sugar"
        product = writing.get_one(Product, other)
        product.commodity, product.unit = "coconut-sugar", "kg"
        record(writing, ProductChanged(other))
    assert found() == [other]


def test_a_certificate_that_was_checked_counts_for_all_it_covers(people: Cast) -> None:
    sellers = [people.seller() for _each in range(4)]
    papers = [a_certificate(each, "organic-eu", verified_at=None) for each in sellers]
    offers = [sugar(each, certificates=[paper]) for each, paper in zip(sellers, papers, strict=True)]
    fitting.refit()
    assert found("EU organic coconut sugar") == []
    with transaction() as writing:
        writing.get_one(Certificate, papers[2].id).verified_at = now()
        record(writing, CertificateChanged(papers[2].id))
    assert found("EU organic coconut sugar") == [offers[2]]


def test_who_is_paused_is_not_suggested_and_is_again_when_back(people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    product = sugar(seller)
    fitting.refit()
    assert found() == [product]
    for state, expected in ((CurationState.PAUSED, []), (CurationState.APPROVED, [product])):
        with transaction() as writing:
            curate_seller(writing, curator.actor, seller.seller_id, state, "A reason.")
        assert found() == expected


def test_who_is_suspended_is_not_suggested_and_is_again_when_back(people: Cast) -> None:
    seller, operator = people.seller(), people.operator()
    product = sugar(seller)
    fitting.refit()
    with transaction() as writing:
        suspend_organisation(writing, operator.actor, seller.actor.organisation_id)
    assert found() == []
    with transaction() as writing:
        unsuspend_organisation(writing, operator.actor, seller.actor.organisation_id)
    assert found() == [product]


def test_a_withdrawn_offer_leaves_its_place_to_the_next(people: Cast) -> None:
    offers = [sugar(people.seller()) for _each in range(3)]
    fitting.refit()
    first = found()[0]
    with transaction() as writing:
        writing.get_one(Product, first).state = ListingState.WITHDRAWN
        record(writing, ListingWithdrawn(first))
    assert found()[0] in set(offers) - {first}


def test_a_change_that_nobody_told_is_noticed_where_it_shows(people: Cast) -> None:
    """Rows changed by hand leave no note; what is about to be shown is read from its rows."""
    offers = [sugar(people.seller()) for _each in range(3)]
    fitting.refit()
    first = found()[0]
    with transaction() as writing:
        seller_id = writing.get_one(Product, first).seller_id
        organisation = writing.get_one(Organisation, writing.get_one(Seller, seller_id).organisation_id)
        organisation.suspended_at = now()
    assert found()[0] in set(offers) - {first}


def test_what_begins_and_ends_with_the_day_counts_from_then_on(people: Cast) -> None:
    offers = [sugar(people.seller()) for _each in range(3)]
    with transaction() as writing:
        for product in offers:
            seller_id = writing.get_one(Product, product).seller_id
            paper = Certificate(
                seller_id=seller_id, code="organic-eu", issuer="Sample Inspections", number="S-1", verified_at=now(),
                created_at=now(), valid_from=_after(2 if product == offers[2] else 9), valid_to=_after(400),
            )  # fmt: skip
            writing.add(paper)
            writing.flush()  # the row below names it
            writing.add(ProductCertificate(product_id=product, certificate_id=paper.id))
        writing.add(MarketRegistration(product_id=offers[2], kind="fda", valid_to=_after(1)))
    fitting.refit()
    words = "EU organic coconut sugar"
    assert found(words) == []
    with frozen(now() + timedelta(days=1)):
        assert found(words) == []
    with frozen(now() + timedelta(days=2)):
        assert found(words) == [offers[2]]


def _after(days: int) -> date:
    return today() + timedelta(days=days)


def test_after_many_changes_the_goods_wanted_come_first_and_others_a_few_at_a_time(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_step, "OTHERS_AT_ONCE", 2)
    seller = people.seller()
    cloths = [a_listed_product(seller, "batik-fabric").id for _each in range(5)]
    offers = shipping_elsewhere(people, 3)
    with transaction() as writing:
        for product in cloths:
            writing.get_one(Product, product).lead_time_days = 77
            record(writing, ProductChanged(product))
    for product in offers:
        ships_everywhere(product)
    assert sorted(found(n=3)) == offers
    for expected in (2, 4, 5, 5):
        loaded = matcher_of_process()._loaded
        assert loaded is not None
        assert sum(loaded.matcher.offers_[str(each)].lead_days == 77 for each in cloths) == expected
        found()


def test_a_request_asks_for_what_changed_and_not_for_all_there_is(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = shipping_elsewhere(people, 4)
    ships_everywhere(offers[2])
    asked: list[int] = []
    real = in_step.offer_profiles

    def profiles(session: Session, keys: list[int]) -> object:
        asked.extend(keys)
        return real(session, keys)

    monkeypatch.setattr(in_step, "offer_profiles", profiles)
    monkeypatch.setattr(model, "open_among", lambda *_args: pytest.fail("every offer of the goods was looked up"))
    assert found() == [offers[2]]
    assert asked.count(offers[2]) == 2  # as it changed, and before it is shown
    asked.clear()
    assert found() == [offers[2]]
    assert asked.count(offers[2]) == 1


def test_what_was_looked_at_is_not_looked_at_again_until_something_comes(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an import of thousands every request of the next minutes would read their notes again."""
    offers = shipping_elsewhere(people, 3)
    looked: list[int] = []
    real, real_listed = in_step.changes_at, in_step.listed_unnoted

    def changes(session: Session, moments: list[datetime]) -> object:
        found = real(session, moments)
        looked.append(len(found))
        return found

    def listed(session: Session, moment: datetime) -> object:
        looked.append(-1)
        return real_listed(session, moment)

    monkeypatch.setattr(in_step, "changes_at", changes)
    monkeypatch.setattr(in_step, "listed_unnoted", listed)
    for minutes, expected in ((0, []), (1, []), (2, [offers[1]]), (3, [offers[1]])):
        with frozen(now() + timedelta(minutes=minutes)):
            if minutes == 2:
                ships_everywhere(offers[1])
            looked.clear()
            assert found() == expected
            if minutes == 2:
                assert looked[0] > 0
            else:
                assert looked == [0], minutes
    with frozen(now() + timedelta(minutes=30)):
        ships_everywhere(offers[2])
        assert sorted(found(n=2)) == offers[1:]
    with frozen(now() + timedelta(minutes=31)):
        looked.clear()
        ships_everywhere(offers[0])
        assert sorted(found(n=3)) == offers


def test_of_thousands_that_the_model_does_not_know_those_wanted_are_read_at_once(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_step, "EXPECTED_AT_ONCE", 2)
    monkeypatch.setattr(in_step, "OTHERS_AT_ONCE", 1)
    a_listed_product(people.seller(), "batik-fabric")
    fitting.refit()
    seller = people.seller()
    offers = [sugar(people.seller()) for _each in range(3)]
    cloths = [a_listed_product(seller, "batik-fabric").id for _each in range(3)]
    for expected in (0, 1, 2, 3, 3):  # the one that the model knows was noted, too, and comes first
        assert sorted(found(n=3)) == offers
        loaded = matcher_of_process()._loaded
        assert loaded is not None
        assert sum(str(each) in loaded.matcher.offers_ for each in cloths) == expected


def test_rows_that_were_copied_in_are_found(people: Cast) -> None:
    """Listed by no way of the site's own: nothing notes them."""
    offers = shipping_elsewhere(people, 1)
    assert found() == []
    other = sugar(people.seller())
    with transaction() as writing:
        writing.execute(delete(ChangedOffer).where(ChangedOffer.product_id == other))
    assert found() == [other]
    assert offers != [other]


def test_changes_are_noted_with_their_transaction(people: Cast, session: Session) -> None:
    product = sugar(people.seller())
    before = session.get_one(ChangedOffer, product).version
    session.rollback()
    with pytest.raises(RuntimeError), transaction() as writing:
        record(writing, ProductChanged(product))
        raise RuntimeError
    assert session.get_one(ChangedOffer, product).version == before
    session.rollback()
    ships_everywhere(product)
    assert session.get_one(ChangedOffer, product).version == before + 1


def test_requests_that_wait_are_held_against_what_changed_within_ten_minutes(people: Cast, session: Session) -> None:
    product = sugar(people.seller(), destinations=["JP"])
    posted(people.buyer(), session, TEXT)
    fitting.refit()
    fits = select(RequestFit.is_fitting)
    assert session.scalars(fits).all() == [False]
    for _twice in range(2):
        ships_everywhere(product)
    with frozen(now() + timedelta(minutes=5)):
        run_due()
        session.rollback()
        assert session.scalars(fits).all() == [False]
    queued = select(Task.id).where(Task.job == "matchmaking.fit_requests", Task.dedupe_key.contains(":changes:"))
    assert len(session.scalars(queued).all()) == 1
    session.rollback()
    with transaction() as writing:
        writing.execute(delete(Task).where(Task.job == "matchmaking.refit"))  # new models look at them, too
    with frozen(now() + timedelta(minutes=10)):
        run_due()
    session.rollback()
    assert session.scalars(fits).all() == [True]
