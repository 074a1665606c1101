"""Filters narrow a search and never say no where the rules would say yes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.conditions import judge
from matching.filters import WORDS, conditions_of, entry_of
from matching.profile import Held, OfferProfile, RequestProfile
from matching.reader.offer import read_offer
from search.analysis import lexicon
from search.near import AtLeast, AtMost, Either, Entry, Is, is_met

TODAY = date(2026, 11, 23)
PAPERS = st.sampled_from(["halal", "halal-bpjph", "organic", "organic-eu", "brc", "registration-fda"])
COUNTRIES = st.sampled_from(["DE", "US", "SG", "CN"])
DAYS = st.integers(-200, 400).map(lambda each: TODAY + timedelta(days=each))
UNITS = st.sampled_from(["kg", "litre", "pcs"])
AMOUNTS = st.sampled_from([0.1, 6.0, 10.0, 14.0, 60.0, 100.0, 140.0, 1e6])

OFFERS = st.builds(
    OfferProfile,
    key=st.just("1"),
    seller=st.just("2"),
    titles=st.just({"en": "coconut sugar"}),
    unit=UNITS,
    minimum=st.none() | AMOUNTS,
    monthly_capacity=st.none() | AMOUNTS,
    certificates=st.lists(st.builds(Held, PAPERS, st.none() | DAYS), max_size=3).map(tuple),
    registrations=st.lists(st.sampled_from(["registration-fda", "registration-gacc"]), max_size=2).map(tuple),
    ships_to=st.none() | st.frozensets(COUNTRIES, max_size=2),
    lead_days=st.none() | st.integers(0, 120),
    is_suspended=st.booleans(),
)
REQUESTS = st.builds(
    RequestProfile,
    goods=st.just(("coconut-sugar",)),
    quantity=st.none() | AMOUNTS,
    unit=st.none() | UNITS | st.just("bag"),
    least=st.none() | AMOUNTS,
    months=st.none() | st.sampled_from([0.25, 1.0, 12.0]),
    certificates=st.lists(st.lists(PAPERS, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    destinations=st.lists(COUNTRIES, max_size=2).map(tuple),
    deadline=st.none() | DAYS,
)


def met(request: RequestProfile, offer: OfferProfile) -> bool:
    entry = entry_of(*read_offer(offer, lexicon()), [1.0], 1, lexicon())
    return all(is_met(each, entry) for each in conditions_of(request, request.goods, TODAY))


@settings(deadline=None, max_examples=400)
@given(request=REQUESTS, offer=OFFERS)
def test_whatever_the_rules_allow_a_filter_lets_through(request: RequestProfile, offer: OfferProfile) -> None:
    completed, reading = read_offer(offer, lexicon())
    if judge(request, completed, reading, TODAY, {"USD": 1.0}).is_possible:
        assert met(request, offer)


OFFER = OfferProfile(key="1", seller="2", titles={"en": "coconut sugar"}, minimum=100, monthly_capacity=100)
REQUEST = RequestProfile(goods=("coconut-sugar",), quantity=100, unit="kg")


@pytest.mark.parametrize(
    ("offer", "request_"),
    [
        (replace(OFFER, is_suspended=True), REQUEST),
        (replace(OFFER, titles={"en": "cloves"}), REQUEST),
        (replace(OFFER, ships_to=frozenset({"US"})), replace(REQUEST, destinations=("DE",))),
        (OFFER, replace(REQUEST, certificates=(("halal",),))),
        (
            replace(OFFER, certificates=(Held("halal", TODAY - timedelta(days=90)),)),
            replace(REQUEST, certificates=(("halal",),)),
        ),
        (OFFER, replace(REQUEST, quantity=50)),
        (OFFER, replace(REQUEST, quantity=600)),
        (replace(OFFER, lead_days=60), replace(REQUEST, deadline=TODAY + timedelta(days=30))),
    ],
)
def test_what_clearly_cannot_serve_is_filtered_out(offer: OfferProfile, request_: RequestProfile) -> None:
    assert met(REQUEST, OFFER)
    assert not met(request_, offer)


def test_other_measures_are_not_held_against_an_offer() -> None:
    assert met(replace(REQUEST, quantity=1, unit="pcs"), OFFER)


def test_entries_have_the_words_that_are_filtered_by() -> None:
    entry = entry_of(*read_offer(OFFER, lexicon()), [1.0], 7, lexicon())
    assert set(entry.words) == set(WORDS)
    assert entry.version == 7
    assert "food" in entry.words["goods"]


def test_conditions_are_met_or_not() -> None:
    entry = Entry("1", 1, [1.0], {"goods": ["a", "b"]}, {"until_halal": 5.0})
    assert is_met(Is("goods", frozenset({"b", "c"})), entry)
    assert not is_met(Is("unit", frozenset({"kg"})), entry)
    assert is_met(AtLeast("until_halal", 5), entry)
    assert not is_met(AtMost("until_halal", 4), entry)
    assert not is_met(AtLeast("until_brc", 0), entry)
    assert is_met(Either((AtLeast("until_brc", 0), AtMost("until_halal", 5))), entry)
    assert not is_met(Either(()), entry)
