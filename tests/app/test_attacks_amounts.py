"""T4: amounts that are no amounts, and lines that come twice, are refused with a sentence and change nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import MonthPlan
from marketplace.rfqs.models import RfqLine
from tests.app.test_access_matrix import fingerprint
from tests.support.factories import a_draft, a_listed_product
from tests.support.flows import a_request_draft, an_inquiry_form
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("moment")
NO_AMOUNTS = ("-1", "-0.000001", "1e309", "-1e309", "NaN", "Infinity", "-Infinity", "9" * 40, "0x10", "1,2,3.4.5")
NO_LEAST = ("0", "0.0000000", *NO_AMOUNTS)  # where nothing at all makes no sense either
PRICE = {
    "rungs-0-incoterm": "FOB", "rungs-0-place": "Tanjung Perak", "rungs-0-min_quantity": "600", "rungs-0-unit": "kg",
    "rungs-0-currency": "USD", "rungs-0-unit_price": "7.40",
}  # fmt: skip
TWICE = {name.replace("-0-", "-1-"): value for name, value in PRICE.items()}


def refused(person: Person, session: Session, path: str, data: dict[str, object]) -> int:
    """The status of a form that was sent; nothing has changed after it."""
    before = fingerprint(session)
    status = person.client.post(path, data={**guards(person.client, path), **data}).status_code
    assert fingerprint(session) == before, (path, data)
    return int(status)


def faults(found: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Those that were not refused with a sentence of ours."""
    return {key: status for key, status in found.items() if status != 422}


def test_t4_an_inquiry_takes_no_amount_that_is_none(people: Cast, session: Session) -> None:
    path = f"/products/{a_listed_product(people.seller()).slug}/inquiry"
    buyer, found = people.buyer(), {}
    for name in ("quantity", "target_price"):
        for value in NO_LEAST:
            form = {**an_inquiry_form("Is this lot free?"), name: value}
            found[name, value] = refused(buyer, session, path, form)
    assert len(found) == 24
    assert faults(found) == {}


def test_t4_a_request_takes_no_amount_that_is_none(people: Cast, session: Session) -> None:
    buyer, found = people.buyer(), {}
    path = f"/requests/{a_request_draft(buyer).key}/match"
    for name in ("quantity", "target_price"):
        for value in NO_LEAST:
            form = {"text": "2 FCL organic coconut sugar", "unit": "mt", "version": "1", name: value}
            found[name, value] = refused(buyer, session, path, form)
    assert faults(found) == {}


@pytest.mark.parametrize(
    ("section", "field", "values"),
    [
        ("trade", "moq", NO_LEAST),
        ("trade", "capacity_per_month", NO_AMOUNTS),
        ("trade", "lead_time_days", ("-1", "1.5", *NO_AMOUNTS)),
        ("trade", "unit_weight_kg", NO_LEAST),
        ("trade", "units_per_fcl20", NO_LEAST),
        ("trade", "sample_days", ("-1", "1.5", *NO_AMOUNTS)),
        ("prices", "rungs-0-unit_price", NO_LEAST),
        ("prices", "rungs-0-min_quantity", NO_LEAST),
        ("calendar", "free-3", NO_AMOUNTS),
    ],
)
def test_t4_an_offer_takes_no_amount_that_is_none(
    people: Cast, session: Session, section: str, field: str, values: tuple[str, ...]
) -> None:
    seller = people.seller()
    path = f"/selling/products/{a_draft(seller).slug}/edit/{section}"
    whole: dict[str, object] = {"prices": dict(PRICE), "trade": {"unit": "kg", "moq": "600"}}.get(section, {})  # type: ignore[assignment]  # values of several types
    found = {
        (field, value): refused(seller, session, path, {**whole, "version": "1", field: value}) for value in values
    }
    assert faults(found) == {}


def test_t4_a_price_that_comes_twice_is_refused(people: Cast, session: Session) -> None:
    seller = people.seller()
    path = f"/selling/products/{a_draft(seller).slug}/edit/prices"
    cheaper = {**TWICE, "rungs-1-unit_price": "0.01"}
    found = {
        ("twice", str(number)): refused(seller, session, path, {**PRICE, **more, "version": "1"})
        for number, more in enumerate((TWICE, cheaper))
    }
    assert faults(found) == {}


def test_t4_of_a_field_that_comes_twice_one_value_counts(app: Flask, people: Cast, session: Session) -> None:
    """A second, odd value for the same name is never added to the first, nor taken in its place."""
    path = f"/products/{a_listed_product(people.seller()).slug}/inquiry"
    buyer = people.buyer()
    form: dict[str, object] = {**guards(buyer.client, path), **an_inquiry_form("Is this lot free?")}
    answer = buyer.client.post(path, data={**form, "quantity": ["2", "-5"], "unit": ["mt", "kg"]})
    assert answer.status_code == 303
    session.rollback()
    lines = session.execute(select(RfqLine.quantity, RfqLine.unit)).all()
    assert [(int(line.quantity), line.unit) for line in lines] == [(2, "mt")]


def test_t4_months_that_a_request_leaves_out_keep_their_places(people: Cast, session: Session) -> None:
    seller = people.seller()
    draft = a_draft(seller)
    path = f"/selling/products/{draft.slug}/edit/calendar"
    answer = seller.client.post(path, data={**guards(seller.client, path), "version": "1", "free-3": "120"})
    assert answer.status_code == 303
    session.rollback()
    months = session.execute(select(MonthPlan.month, MonthPlan.quantity)).all()
    assert [(row.month.isoformat(), int(row.quantity or 0)) for row in months] == [("2027-02-01", 120)]
