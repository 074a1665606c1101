"""Matching keeps its quality on requests judged by hand: floors below what was measured, language by language."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from matching.matcher import LIKELY
from matching.profile import OfferProfile
from matching.reliability import expected_error, reliability
from tests.conftest import NOON
from tests.golden.matching.judging import LANGUAGES, odd_requests, requests, verdict
from tests.golden.matching.market import sample_offers
from tests.golden.matching.measuring import Answer, answers, figures
from tests.support.application import build, home_settings

# What was measured less two or three requests; a change that goes below shows its price here and is argued or undone.
NDCG = {"all": 0.925, "en": 0.90, "id": 0.93, "de": 0.92, "zh_Hans": 0.95, "zh_Hant": 0.88}
HIT = {"all": 0.85, "en": 0.79, "id": 0.93, "de": 0.84, "zh_Hans": 0.90, "zh_Hant": 0.80}
NO_MATCH = {"all": 0.95, "en": 0.91, "id": 0.97, "de": 0.95, "zh_Hans": 0.97, "zh_Hant": 0.93}


@pytest.fixture(scope="module")
def offers(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[OfferProfile]]:
    """The sample marketplace's offers, loaded once."""
    home = tmp_path_factory.mktemp("golden")
    shutil.copyfile(prepared, home / "souq.sqlite3")
    with build(home_settings(home)).app_context(), frozen(NOON):
        yield sample_offers(db.session())
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def found(offers: list[OfferProfile]) -> list[Answer]:
    """Every request answered."""
    return answers(offers)


def _of(found: list[Answer], language: str) -> list[Answer]:
    return [each for each in found if language in ("all", each.request.language)]


def test_the_set_is_whole() -> None:
    every = list(requests())
    assert len(every) >= 150
    assert len({each.key for each in every}) == len({each.text for each in every}) == len(every)
    by_language = Counter(each.language for each in every)
    assert set(by_language) == set(LANGUAGES)
    assert min(by_language.values()) >= 30
    assert sum(each.is_unserved for each in every) >= 20


def test_labels_agree_with_the_offers(offers: list[OfferProfile]) -> None:
    goods = {offer.commodity for offer in offers}
    for request in requests():
        assert set(request.goods) <= goods, request.key
        stated = {name: set[str]() for name in request.where}
        for offer in offers:
            if request.goods.get(offer.commodity or "") == 3:
                for name in request.where:
                    stated[name].add(offer.attributes.get(name, ""))
        for name, values in request.where.items():
            assert set(values) & stated[name], f"{request.key}: nobody states {name} {values}"
        is_served = any(verdict(request, offer).grade for offer in offers)
        assert is_served is not request.is_unserved, request.key


@pytest.mark.parametrize("language", ["all", *LANGUAGES])
def test_the_ranking_keeps_its_quality(found: list[Answer], language: str) -> None:
    of = figures(_of(found, language))
    assert of.ndcg >= NDCG[language], of
    assert of.hit >= HIT[language], of


def test_the_request_that_everybody_tries_first_has_its_seller(found: list[Answer]) -> None:
    (containers,) = [each for each in found if each.request.text.startswith("2 FCL organic coconut sugar")]
    assert containers.is_served
    assert containers.shown[0][1].grade == 3


@pytest.mark.parametrize("language", ["all", *LANGUAGES])
def test_it_tells_when_nobody_can_serve(found: list[Answer], language: str) -> None:
    of = figures(_of(found, language))
    assert of.no_match >= NO_MATCH[language], of
    assert of.honest >= 0.85, of


def test_hardly_any_slot_breaks_a_condition_or_shows_other_goods(found: list[Answer]) -> None:
    of = figures(found)
    assert of.violations <= 0.01, of
    assert of.strangers <= 0.04, of


def test_requests_in_other_registers_are_answered_as_well(offers: list[OfferProfile]) -> None:
    """Chats, tenders, forwarded mails, tables, lists; before any of them had been looked at nDCG@10 was 0.918."""
    odd = answers(offers, asked=odd_requests())
    assert len(odd) == 40
    for each in odd:
        assert each.is_answerable is not each.request.is_unserved, each.request.key
    of = figures(odd)
    assert of.ndcg >= 0.93, of
    assert of.no_match >= 0.95, of
    assert of.honest == 1, of
    assert of.violations <= 0.03, of


def test_even_exposure_costs_next_to_nothing(offers: list[OfferProfile], found: list[Answer]) -> None:
    evened = answers(offers, is_evened=True)
    plain, fair = figures(found), figures(evened)
    assert fair.ndcg >= plain.ndcg - 0.01, (plain, fair)
    assert fair.hit >= plain.hit - 0.02, (plain, fair)
    orders = [[key for key, _verdict in each.shown] for each in found]
    assert orders != [[key for key, _verdict in each.shown] for each in evened]
    assert [sorted(each) for each in orders] == [sorted(key for key, _verdict in each.shown) for each in evened]


def test_confidence_keeps_its_word(found: list[Answer]) -> None:
    """Whoever is told "likely" finds a good offer; "nobody" is wrong for few. The page of the matcher shows the same
    for real requests."""
    bands = [("sure" if each.confidence >= LIKELY else "none", *each.told) for each in found if each.confidence]
    [sure] = reliability(("sure",), bands)
    assert sure.low >= 0.93, sure
    assert expected_error([each.told for each in found]) <= 0.05


def test_a_ranking_turned_round_would_be_noticed(found: list[Answer]) -> None:
    turned = [
        Answer(each.request, each.shown[::-1], 1 - each.confidence, not each.is_served, each.best) for each in found
    ]
    of = figures(turned)
    assert of.ndcg < NDCG["all"]
    assert of.hit < HIT["all"]
    assert of.no_match < NO_MATCH["all"]
    assert of.honest < 0.85


def test_cases_are_judged_as_written() -> None:
    """The judge itself, on one request with every kind of label."""
    from dataclasses import replace
    from datetime import date

    from matching.profile import Held, PriceBreak

    request = next(each for each in requests() if each.key == "en-02")
    offer = OfferProfile(
        "1", "1", commodity="coconut-desiccated", attributes={"cut_grade": "fine"}, minimum=3000, monthly_capacity=9000,
        certificates=(Held("halal-bpjph", date(2027, 6, 1)),), prices=(PriceBreak(3000, 2.1),), incoterms=("CIF",),
    )  # fmt: skip
    assert verdict(request, offer).grade == 3
    assert verdict(request, replace(offer, attributes={"cut_grade": "medium"})).grade == 2
    assert verdict(request, replace(offer, attributes={})).grade == 2
    assert verdict(request, replace(offer, incoterms=("FOB",))).near == ("incoterm",)
    assert verdict(request, replace(offer, minimum=15000)).near == ("minimum",)
    assert verdict(request, replace(offer, minimum=25000)).broken == ("minimum",)
    assert verdict(request, replace(offer, monthly_capacity=5000)).near == ("capacity",)
    assert verdict(request, replace(offer, monthly_capacity=3000)).broken == ("capacity",)
    assert verdict(request, replace(offer, prices=(PriceBreak(0, 2.5),))).near == ("price",)
    assert verdict(request, replace(offer, prices=(PriceBreak(0, 2.7),))).broken == ("price",)
    assert verdict(request, replace(offer, ships_to=frozenset({"US"}))).broken == ("destination",)
    assert verdict(request, replace(offer, certificates=())).broken == ("halal",)
    assert verdict(request, replace(offer, certificates=(Held("halal-bpjph", date(2026, 10, 1)),))).near == ("halal",)
    assert verdict(request, replace(offer, commodity="copra")).grade == 0
