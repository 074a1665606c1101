"""Offers held against a request all at once fare as they do one after the other, to the last digit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import store
from matching.matcher import SupplierMatcher
from matching.profile import Held, OfferProfile, PriceBreak, RequestProfile, TargetPrice
from matching.reader.offer import read_offer
from matching.word_table import Terms
from search.analysis import lexicon

TODAY = date(2026, 11, 23)
MADE = datetime(2026, 11, 23, tzinfo=UTC)
PAPERS = st.sampled_from(
    ["halal", "halal-bpjph", "organic", "organic-eu", "brc", "registration-fda", "registration-eu-approval"]
)
REGISTRATIONS = st.sampled_from(["registration-fda", "registration-gacc", "registration-eu-approval"])
COUNTRIES = st.sampled_from(["DE", "US", "SG", "CN"])
DAYS = st.integers(-200, 400).map(lambda each: TODAY + timedelta(days=each))
UNITS = st.sampled_from(["kg", "litre", "pcs"])
AMOUNTS = st.sampled_from([0.1, 6.0, 10.0, 14.0, 60.0, 100.0, 140.0, 1e6])
PRICES = st.sampled_from([0.7, 1.1, 1.15, 1.37, 2.0, 2.3, 3.333])
TITLES = st.sampled_from(
    ["coconut sugar", "organic coconut sugar powder", "palm sugar", "aren sugar blocks", "virgin coconut oil",
     "desiccated coconut fine", "robusta green beans 80 points", "frozen tuna"]
)  # fmt: skip
GOODS = st.sampled_from(
    ["coconut-sugar", "palm-sugar", "food/coconut/sugar", "virgin-coconut-oil", "coconut-desiccated",
     "coffee-robusta-green", "coffee-arabica-green"]
)  # fmt: skip

OFFERS = st.builds(
    OfferProfile,
    key=st.just(""),
    seller=st.sampled_from(["1", "2", "30", "4", "x"]),
    titles=TITLES.map(lambda each: {"en": each}),
    unit=UNITS,
    minimum=st.none() | AMOUNTS,
    monthly_capacity=st.none() | AMOUNTS,
    certificates=st.lists(st.builds(Held, PAPERS, st.none() | DAYS), max_size=3).map(tuple),
    registrations=st.lists(REGISTRATIONS, max_size=2).map(tuple),
    prices=st.lists(st.builds(PriceBreak, AMOUNTS, PRICES), max_size=3).map(tuple),
    incoterms=st.lists(st.sampled_from(["FOB", "CIF", "EXW"]), max_size=2).map(tuple),
    ships_to=st.none() | st.frozensets(COUNTRIES, max_size=2),
    lead_days=st.none() | st.integers(0, 120),
    has_sample=st.none() | st.booleans(),
    is_suspended=st.booleans(),
    export_years=st.none() | st.integers(0, 30),
)
REQUESTS = st.builds(
    RequestProfile,
    goods=st.lists(GOODS, min_size=1, max_size=2, unique=True).map(tuple),
    excluded_goods=st.sampled_from([(), ("coconut-sugar",)]),
    attributes=st.sampled_from([(), ("form-powder",), ("cut-fine",)]),
    preferred_attributes=st.sampled_from([(), ("form-powder",), ("organic-grown",)]),
    quantity=st.none() | AMOUNTS,
    unit=st.none() | UNITS | st.just("bag"),
    least=st.none() | AMOUNTS,
    months=st.none() | st.sampled_from([0.25, 1.0, 12.0]),
    price=st.none() | st.builds(TargetPrice, PRICES, st.sampled_from(["USD", "EUR", "XXX"]), UNITS),
    incoterms=st.lists(st.sampled_from(["FOB", "CIF", "DDP"]), max_size=2).map(tuple),
    certificates=st.lists(st.lists(PAPERS, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    preferred_certificates=st.lists(PAPERS, max_size=2).map(tuple),
    destinations=st.lists(COUNTRIES, max_size=2).map(tuple),
    deadline=st.none() | DAYS,
    wants_sample=st.booleans(),
)
MARKETS = st.lists(OFFERS, min_size=1, max_size=14).map(
    lambda found: [replace(each, key=str(number * 7)) for number, each in enumerate(found)]
)


@settings(deadline=None, max_examples=120)
@given(market=MARKETS, request=REQUESTS, n=st.integers(1, 12), weighs_more=st.sampled_from(["", "price", "words"]))
def test_all_at_once_is_one_after_the_other(
    market: list[OfferProfile], request: RequestProfile, n: int, weighs_more: str
) -> None:
    weights = {"grade": 1.0, "shared": 0.06, weighs_more: 0.3} if weighs_more else None
    one_by_one = SupplierMatcher(weights=weights).hold(read_offer(each, lexicon()) for each in market)
    expected = one_by_one.recommend(request, n, today=TODAY)
    assert SupplierMatcher(weights=weights).fit(market).recommend(request, n, today=TODAY) == expected
    half = SupplierMatcher(weights=weights).fit(market[::2])
    for each in market[1::2]:
        half.update(each)
    assert half.recommend(request, n, today=TODAY) == expected


@pytest.fixture(scope="module")
def few() -> list[OfferProfile]:
    return [
        OfferProfile(
            key=str(number), seller=str(number % 3), titles={"en": f"coconut sugar from Banyumas, lot {number}"}
        )
        for number in range(9)
    ]


@pytest.fixture
def stored(few: list[OfferProfile], tmp_path: Path) -> SupplierMatcher:
    store.save(SupplierMatcher().fit(few), tmp_path, MADE)
    return store.load(tmp_path).matcher


REQUEST = RequestProfile(text="coconut sugar from Banyumas", goods=("coconut-sugar",))


def test_a_stored_matcher_knows_what_the_fitted_one_did(few: list[OfferProfile], stored: SupplierMatcher) -> None:
    fitted = SupplierMatcher().fit(few)
    assert stored.recommend(REQUEST, 5, today=TODAY) == fitted.recommend(REQUEST, 5, today=TODAY)
    assert stored.explain(REQUEST, "4", TODAY) == fitted.explain(REQUEST, "4", TODAY)
    assert dict(stored.offers_) == dict(fitted.offers_)
    assert dict(stored.readings_) == dict(fitted.readings_)


def test_offers_in_a_file_change_come_and_go(few: list[OfferProfile], stored: SupplierMatcher) -> None:
    stored.forget("0")
    stored.forget("0")
    stored.forget("unknown")
    stored.update(replace(few[3], titles={"en": "frozen tuna"}))
    stored.update(replace(few[4], seller="new"))
    stored.update(replace(few[5], key="55"))
    assert sorted(stored.offers_) == sorted([*"12345678", "55"])
    assert len(stored.offers_) == 9
    assert "0" not in stored.offers_
    assert stored.offers_["4"].seller == "new"
    assert stored.readings_["3"].goods != stored.readings_["5"].goods
    found = stored.recommend(REQUEST, 20, today=TODAY)
    assert [each.seller for each in found.matches].count("new") == 1
    named = {each.offer for each in stored.recommend(REQUEST, 20, among=lambda keys: keys, today=TODAY).matches}
    assert not named & {"0", "3"}
    assert stored.recommend(REQUEST, 20, among=["55"], today=TODAY).matches[0].offer == "55"
    stored.forget("55")
    assert stored.recommend(REQUEST, 20, among=["55", "0"], today=TODAY).matches == ()


def test_an_offer_keeps_its_words_when_something_else_about_it_changes(stored: SupplierMatcher) -> None:
    before = stored.explain(REQUEST, "4", TODAY)
    assert before is not None
    assert before.features["words"] > 0
    for lead_days in (20, 30):  # changed, and changed again
        stored.update(replace(stored.offers_["4"], lead_days=lead_days))
        after = stored.explain(REQUEST, "4", TODAY)
        assert after is not None
        assert after.features == before.features
        [listed] = stored.recommend(REQUEST, 20, among=["4"], today=TODAY).matches
        assert (listed.features, listed.terms[:1]) == (before.features, ("banyuma",))  # as the index knows the word
    stored.update(replace(stored.offers_["4"], titles={"en": "coconut sugar of another place"}))
    changed = stored.explain(REQUEST, "4", TODAY)
    assert changed is not None
    assert changed.features["words"] == 0


def test_a_few_are_left_out(few: list[OfferProfile], stored: SupplierMatcher) -> None:
    stored.update(replace(few[4], lead_days=20))
    for without in ([], ["0"], ["4"], ["0", "4", "unknown"], [each.key for each in few]):
        expected = stored.recommend(
            REQUEST, 20, among=[each.key for each in few if each.key not in without], today=TODAY
        )
        assert stored.recommend(REQUEST, 20, without=without, today=TODAY) == expected
        lines = replace(REQUEST, lines=(REQUEST, REQUEST))
        assert not {each.offer for each in stored.recommend(lines, 20, without=without, today=TODAY).matches} & {
            *without
        }


def test_what_changed_since_it_was_fitted_is_not_stored(
    few: list[OfferProfile], tmp_path: Path, stored: SupplierMatcher
) -> None:
    stored.update(few[2])
    with pytest.raises(ValueError, match="as it was fitted"):
        store.save(stored, tmp_path, MADE)


def test_words_keep_their_places() -> None:
    known = Terms.sorted(["ab", "b", "bé", "椰子"])
    assert [known.column(each) for each in ("ab", "b", "bé", "椰子", "a", "z")] == [0, 1, 2, 3, None, None]
    assert [known.before(each) for each in ("", "aa", "b", "bb", "龙")] == [0, 0, 1, 2, 4]
    assert known.words_in_order() == ["ab", "b", "bé", "椰子"]
