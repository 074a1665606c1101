"""Hard and near conditions, at their edges."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from matching.conditions import Verdict, judge, price_for
from matching.matcher import RATES
from matching.profile import Held, OfferProfile, PriceBreak, RequestProfile, TargetPrice
from matching.reader.offer import read_offer
from search.analysis import lexicon

TODAY = date(2026, 11, 22)
DEADLINE = TODAY + timedelta(days=90)
OFFER = OfferProfile(
    key="o1",
    seller="s1",
    titles={"en": "Whole cloves"},
    minimum=1000,
    monthly_capacity=4000,
    certificates=(Held("halal-bpjph", date(2028, 1, 1)),),
    prices=(PriceBreak(0, 9.0), PriceBreak(2000, 8.0)),
    incoterms=("FOB",),
    ships_to=frozenset({"DE", "US"}),
    lead_days=20,
)
REQUEST = RequestProfile(
    goods=("clove",),
    quantity=2000,
    unit="kg",
    price=TargetPrice(8.0, "USD", "kg"),
    incoterms=("FOB",),
    certificates=(("halal",),),
    destinations=("DE",),
    deadline=DEADLINE,
)


def verdict(request: RequestProfile = REQUEST, offer: OfferProfile = OFFER) -> Verdict:
    completed, reading = read_offer(offer, lexicon())
    return judge(request, completed, reading, TODAY, RATES)


def codes(found: Verdict) -> tuple[set[str], set[str], set[str]]:
    return tuple({each.code for each in part} for part in (found.passed, found.near, found.failed))  # type: ignore[return-value]


def test_everything_fits() -> None:
    passed, near, failed = codes(verdict())
    assert passed == {"certificate", "minimum", "capacity", "price", "destination", "deadline", "incoterm"}
    assert (near, failed) == (set(), set())


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [(1000, "passed"), (999, "near"), (600, "near"), (599, "failed")],
)
def test_minimum(quantity: float, expected: str) -> None:
    found = verdict(replace(REQUEST, quantity=quantity, price=None))
    assert "minimum" in {each.code for each in getattr(found, expected)}


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [(12000, "passed"), (12001, "near"), (16800, "near"), (16801, "failed")],
)
def test_capacity_over_the_time_there_is(quantity: float, expected: str) -> None:
    found = verdict(replace(REQUEST, quantity=quantity))
    assert "capacity" in {each.code for each in getattr(found, expected)}


def test_a_monthly_need_is_held_against_a_month() -> None:
    found = verdict(replace(REQUEST, quantity=5601, months=1.0))
    assert "capacity" in codes(found)[2]


@pytest.mark.parametrize(
    ("months", "quantity", "expected"),
    [(12.0, 48000, "passed"), (12.0, 48001, "near"), (12 / 52, 923, "passed"), (12 / 52, 1293, "failed")],
)
def test_a_rhythm_is_held_against_what_is_made_in_its_time(months: float, quantity: float, expected: str) -> None:
    found = verdict(replace(REQUEST, quantity=quantity, months=months, period="some", price=None))
    (capacity,) = [each for each in getattr(found, expected) if each.code == "capacity"]
    assert capacity.values["capacity"] == pytest.approx(4000 * months)
    assert capacity.values["period"] == "some"


def test_a_weekly_need_ships_once_a_month() -> None:
    weekly = verdict(replace(REQUEST, quantity=250.0, months=12 / 52, price=None))
    (minimum,) = [each for each in weekly.passed if each.code == "minimum"]
    assert minimum.values["wanted"] == pytest.approx(250 * 52 / 12)


@pytest.mark.parametrize(
    ("target", "expected"),
    [(8.0, "passed"), (7.99, "near"), (6.96, "near"), (6.95, "failed")],
)
def test_price(target: float, expected: str) -> None:
    found = verdict(replace(REQUEST, price=TargetPrice(target, "USD", "kg")))
    assert "price" in {each.code for each in getattr(found, expected)}


def test_price_in_another_currency() -> None:
    assert "price" in codes(verdict(replace(REQUEST, price=TargetPrice(8.0 * RATES["EUR"], "EUR", "kg"))))[0]
    assert "price" in verdict(replace(REQUEST, price=TargetPrice(8.0, "XXX", "kg"))).unknown


def test_price_steps() -> None:
    assert price_for(OFFER.prices, 1999) == 9.0
    assert price_for(OFFER.prices, 2000) == 8.0
    assert price_for(OFFER.prices, None) == 9.0
    assert price_for((), 5) is None


@pytest.mark.parametrize(
    ("days_short", "expected"),
    [(0, "certificate"), (1, "certificate_expiring"), (60, "certificate_expiring"), (61, "certificate_expired")],
)
def test_certificate_until_delivery(days_short: int, expected: str) -> None:
    held = Held("halal-bpjph", DEADLINE - timedelta(days=days_short))
    found = verdict(offer=replace(OFFER, certificates=(held,)))
    assert expected in set().union(*codes(found))


def test_a_certificate_without_a_day_counts_and_a_missing_one_does_not() -> None:
    assert "certificate" in codes(verdict(offer=replace(OFFER, certificates=(Held("HALAL"),))))[0]
    assert "certificate" in codes(verdict(offer=replace(OFFER, certificates=())))[2]


def test_any_certificate_of_a_group_will_do() -> None:
    request = replace(REQUEST, certificates=(("organic-eu", "organic-nop"),))
    assert "certificate" in codes(verdict(request, replace(OFFER, certificates=(Held("ORG_US"),))))[0]
    assert "certificate" in codes(verdict(request, replace(OFFER, certificates=(Held("KOSHER"),))))[2]


@pytest.mark.parametrize(("lead", "expected"), [(56, "passed"), (57, "near"), (70, "near"), (71, "failed")])
def test_deadline_with_the_days_at_sea(lead: int, expected: str) -> None:
    found = verdict(offer=replace(OFFER, lead_days=lead))
    assert "deadline" in {each.code for each in getattr(found, expected)}


def test_destination_and_incoterm() -> None:
    assert "destination" in codes(verdict(replace(REQUEST, destinations=("JP",))))[2]
    assert "incoterm" in codes(verdict(replace(REQUEST, incoterms=("DDP",))))[1]


@pytest.mark.parametrize(
    ("country", "title", "registration"),
    [
        ("US", "Whole cloves", "registration-fda"),
        ("CN", "Whole cloves", "registration-gacc"),
        ("DE", "Robusta green beans", "registration-eudr"),
    ],
)
def test_market_registrations_are_near_when_missing(country: str, title: str, registration: str) -> None:
    request = replace(REQUEST, destinations=(country,))
    offer = replace(OFFER, titles={"en": title}, ships_to=None)
    missing = [each for each in verdict(request, offer).near if each.code == "registration"]
    assert [each.values["registration"] for each in missing] == [registration]
    done = replace(offer, registrations=(registration,))
    assert "registration" not in codes(verdict(request, done))[1]


def test_fish_to_europe_needs_an_approved_plant() -> None:
    offer = replace(OFFER, titles={"en": "Frozen tuna loin"})
    assert "registration" in codes(verdict(REQUEST, offer))[2]
    approved = replace(offer, certificates=(*OFFER.certificates, Held("EUNO")))
    assert "registration" not in codes(verdict(REQUEST, approved))[2]


def test_unknown_is_not_failed() -> None:
    bare = OfferProfile(key="o", seller="s", titles={"en": "Cloves"})
    found = verdict(replace(REQUEST, certificates=()), bare)
    assert found.is_possible
    assert set(found.unknown) >= {"minimum", "capacity", "price", "destination", "deadline", "incoterm"}


def test_pieces_are_not_compared_with_kilograms() -> None:
    found = verdict(replace(REQUEST, unit="pcs"))
    assert "unit" in found.unknown
    assert "minimum" not in set().union(*codes(found))


def test_a_suspended_seller_is_ruled_out() -> None:
    assert "suspended" in codes(verdict(offer=replace(OFFER, is_suspended=True)))[2]


def test_a_description_fills_what_the_form_left_open() -> None:
    text = (
        "Hand picked. Minimum order 1.2 tons. Capacity around 3 MT per month. We also supply frozen shrimp HLSO. "
        "Certificates: Halal BPJPH (valid until 2028-05-01), USDA Organic (exp. 2027-01-15)."
    )
    offer = OfferProfile(key="o", seller="s", titles={"en": "Cloves"}, descriptions={"en": text})
    completed, reading = read_offer(offer, lexicon())
    assert (completed.minimum, completed.monthly_capacity) == (1200, 3000)
    assert reading.certificates["organic-nop"] == date(2027, 1, 15).toordinal()
    assert reading.goods == ("clove",)
    assert "shrimp-cut" not in reading.attributes
