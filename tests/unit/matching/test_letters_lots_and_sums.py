"""Papers told by letters, first lots of a larger need, sums for all the goods; and what only looks like them."""

import pytest

from matching.reader.request import read_request
from tests.support.reading import POSTED

RAINFOREST, EITHER = ("rainforest-alliance",), ("fair-trade", "rainforest-alliance")


@pytest.mark.parametrize(
    ("text", "lang", "certificates"),
    [
        ("cocoa 5 t, Fairtrade / RA", "en", (EITHER,)),
        ("cocoa 5 t, RA-certified", "en", (RAINFOREST,)),
        ("cocoa 5 t, no RA needed", "en", ()),
        ("arabica AA or RA 86, 5 t", "en", ()),
        ("kakao 5 ton, RA tidak perlu", "id", ()),
        ("Kaffee Bio (EU), 5 t", "de", (("organic-eu",),)),
        ("cloves 3 t for EU or US buyers", "en", ()),
    ],
)
def test_letters_are_papers_beside_papers_only(text: str, lang: str, certificates: tuple[tuple[str, ...], ...]) -> None:
    assert read_request(text, lang=lang, posted=POSTED).certificates == certificates


@pytest.mark.parametrize(
    ("text", "lang", "quantity"),
    [
        ("palm sugar 10 t every month, first order 2 t", "en", 2000),
        ("pepper 10 t, sample 2 kg to start with", "en", 10_000),
        ("cengkeh 5 ton, sampel 1 kg dulu", "id", 5000),
        ("椰糖30吨,优先有机,8吨一柜", "zh", 30_000),
    ],
)
def test_a_first_lot_is_what_is_wanted_and_a_sample_is_none(text: str, lang: str, quantity: float) -> None:
    assert read_request(text, lang=lang, posted=POSTED).quantity == quantity


@pytest.mark.parametrize("text", ["注册资本500万元的公司求购椰糖10吨", "百元店采购椰壳碗2000个"])
def test_the_capital_of_a_firm_is_no_price(text: str) -> None:
    assert read_request(text, lang="zh", posted=POSTED).price is None


def test_weeks_are_weeks_in_indonesian_and_papers_dates_no_deadlines() -> None:
    weeks = read_request("kayu manis 2 ton, 6 minggu", lang="id", posted=POSTED).deadline
    assert weeks is not None
    assert (weeks - POSTED).days == 42
    paper = read_request("cloves 2 t, halal cert valid until 5 April 2027", lang="en", posted=POSTED)
    assert paper.deadline is None
