"""The start page beside its search box: goods that are harvested now, and fairs that are still to come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from marketplace.accounts.models import Organisation
from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import MonthPlan, Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import CapacityKind
from marketplace.cli.sample.harvests import HARVESTS
from marketplace.fairs.services import FairDraft, record_fair, withdraw_fair
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from tests.support.factories import a_listed_product
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")  # it is November 2026
FAIR = FairDraft("Contoh Food Fair", "Cologne", "DE", date(2026, 12, 5), date(2026, 12, 9), ("nutmeg",), "Hall 4")
HEADING = "In harvest: November"


def harvested(product: Product, month: date, kind: str = CapacityKind.HARVEST) -> None:
    with transaction() as session:
        session.execute(insert(MonthPlan).values(product_id=product.id, month=month, kind=kind))
        record(session, ProductChanged(product.id))


def section(client: FlaskClient, heading: str, path: str = "/en") -> str:
    """The part of the start page below ``heading``; empty where there is none."""
    html = client.get(path).get_data(as_text=True)
    _before, found, after = html.partition(heading)
    return after.split("</section>", 1)[0] if found else ""


def recorded(person: Person, draft: FairDraft = FAIR) -> tuple[int, str]:
    with transaction() as session:
        fair = record_fair(session, person.actor, draft)
        return fair.id, fair.code


@pytest.mark.parametrize(("month", "is_shown"), [
    (date(1, 11, 1), True), (date(2026, 11, 1), True), (date(2025, 11, 1), False), (date(1, 10, 1), False),
])  # fmt: skip
def test_what_is_harvested_this_month_stands_there(
    client: FlaskClient, people: Cast, month: date, is_shown: bool
) -> None:
    product = a_listed_product(people.seller(), title="Zamrud lot")
    harvested(product, month)
    assert ("Zamrud lot" in section(client, HEADING)) is is_shown


def test_a_month_of_free_capacity_is_no_harvest(client: FlaskClient, people: Cast) -> None:
    harvested(a_listed_product(people.seller()), date(1, 11, 1), CapacityKind.FREE)
    assert section(client, HEADING) == ""


def test_each_commodity_stands_there_once_with_its_newest(client: FlaskClient, people: Cast) -> None:
    seller = people.seller()
    for days, title in ((2, "Zamrud old"), (1, "Zamrud new")):
        with frozen(now() - timedelta(days=days)):
            harvested(a_listed_product(seller, title=title), date(1, 11, 1))
    harvested(a_listed_product(seller, "vanilla-beans", title="Safir vanilla"), date(1, 11, 1))
    found = section(client, HEADING)
    assert "Zamrud new" in found
    assert "Safir vanilla" in found
    assert "Zamrud old" not in found


def test_goods_of_a_suspended_seller_are_not_shown(client: FlaskClient, people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller, title="Zamrud lot")
    harvested(product, date(1, 11, 1))
    with transaction() as session:
        own = update(Organisation).where(Organisation.id == seller.actor.organisation_id)
        session.execute(own.values(suspended_at=now()))
        record(session, ProductChanged(product.id))
    assert section(client, HEADING) == ""


def test_a_fair_ahead_is_named_with_place_days_and_goods_alone(client: FlaskClient, people: Cast) -> None:
    _key, code = recorded(people.partner())
    found = section(client, "Fairs ahead")
    for words in ("Contoh Food Fair", "Cologne, Germany", "5–9 Dec 2026", "/en/products?commodity=nutmeg"):
        assert words in found
    assert code not in client.get("/en").get_data(as_text=True)
    assert "Hall 4" not in found
    assert "Cologne, Deutschland" in client.get("/de").get_data(as_text=True)


def test_a_fair_that_is_over_withdrawn_or_of_a_suspended_chapter_is_not_shown(
    client: FlaskClient, people: Cast
) -> None:
    curator, partner = people.curator(), people.partner()
    recorded(curator, FairDraft("Contoh Past", "Berlin", "DE", date(2026, 11, 18), date(2026, 11, 21), ("nutmeg",)))
    recorded(curator, FairDraft("Contoh Today", "Berlin", "DE", date(2026, 11, 20), date(2026, 11, 22), ("nutmeg",)))
    key, _code = recorded(
        curator, FairDraft("Contoh Gone", "Berlin", "DE", date(2026, 12, 1), date(2026, 12, 2), ("nutmeg",))
    )
    recorded(partner)
    with transaction() as session:
        withdraw_fair(session, curator.actor, key, 1)
        own = update(Organisation).where(Organisation.id == partner.actor.organisation_id)
        session.execute(own.values(suspended_at=now()))
    found = section(client, "Fairs ahead")
    assert "Contoh Today" in found
    for words in ("Contoh Past", "Contoh Gone", "Contoh Food Fair"):
        assert words not in found


def test_a_browser_that_has_the_page_hears_of_a_new_fair(client: FlaskClient, people: Cast) -> None:
    partner = people.partner()
    before = client.get("/en")
    assert client.get("/en", headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    recorded(partner)
    for memory in client.application.extensions["cache"].values():
        memory.clear()  # the copy that is kept for minutes has gone
    after = client.get("/en", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Contoh Food Fair" in after.get_data(as_text=True)


def test_the_samples_harvests_name_goods_and_months() -> None:
    assert set(HARVESTS) <= set(load_registry().commodities)
    assert {month for months in HARVESTS.values() for month in months} == set(range(1, 13))
