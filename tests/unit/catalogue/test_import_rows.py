"""Rows made into products: the mapping language, typed cells, contradictions, and what is told about each row."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.importing.columns import column_for, standard_columns
from marketplace.catalogue.importing.mapping import standard_mapping
from marketplace.catalogue.importing.problems import FileProblem
from marketplace.catalogue.importing.reading import Cell, RawRow
from marketplace.catalogue.importing.rows import RowReader
from marketplace.catalogue.registry.types import NumberRange
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from tests.support.import_rows import DOCS, read_row

COMPLETE: dict[str, Cell] = {
    "external_key": "GAYO-1",
    "commodity": "Kopi arabika mentah (green bean)",
    "title_id": "Kopi Gayo",
    "title_en": "Gayo coffee",
    "origin_country": "Indonesia",
    "moq": "10 bags of 60 kg",
    "capacity_per_month": "18 t",
    "lead_time_days": "30 hari",
    "packaging": "60 kg jute bag",
    "incoterm": "fob",
    "price_place": "Tanjung Perak",
    "price": "USD 6.20/kg",
    "price_2": "USD 6.00",
    "price_2_from": "1,5 ton",
    "price_unit": "kg",
    "destinations": "Germany; Hong Kong",
    "certificate_1_code": "EU organic",
    "certificate_1_issuer": "Example Control Body",
    "certificate_1_number": "EX-1",
    "certificate_1_from": "2026-01-01",
    "certificate_1_to": date(2026, 12, 31),
    "photos": "gayo-1.jpg; gayo-2.webp",
    "spec.species": "Arabika",
    "spec.variety": "Tim Tim",
    "spec.process": "giling basah",
    "spec.altitude_masl": "1200-1600 mdpl",
    "spec.moisture_pct": 12,
    "spec.foreign_matter_pct": "0,3 %",
    "spec.sni_grade": "Mutu 1",
    "spec.crop_year": "2026",
    "spec.origin_region": "Bondowoso",
}


def _with(**changes: Cell) -> dict[str, Cell]:
    return {**COMPLETE, "spec.process": "washed", **{name.replace("__", "."): cell for name, cell in changes.items()}}


def test_a_complete_row_becomes_a_complete_product() -> None:
    result = read_row(_with())
    assert result.problems == ()
    product = result.product
    assert product is not None
    assert product.is_complete
    assert (product.commodity, product.hs_code, product.stage) == ("coffee-arabica-green", "090111", "petik")
    assert (product.original_language, product.origin_country) == ("id", "ID")
    assert (product.unit, product.moq) == ("bag60", Quantity(Decimal(10), "bag60"))
    assert product.capacity_per_month == Quantity(Decimal(300), "bag60")
    assert [rung.min_quantity for rung in product.rungs] == [
        Quantity(Decimal(600), "kg"),
        Quantity(Decimal(1500), "kg"),
    ]
    assert product.rungs[1].price == UnitPrice(Decimal(6), "USD", "kg")
    assert product.destinations == ("DE", "HK")
    assert product.photos == ("gayo-1.jpg", "gayo-2.webp")
    assert product.certificates[0].valid_to == date(2026, 12, 31)
    assert product.specs["altitude_masl"] == NumberRange(Decimal(1200), Decimal(1600))
    assert product.specs["sni_grade"] == "1"
    assert product.crop_year == "2026"
    assert product.filled_in == ("language", "stage", "hs_code")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"external_key": ""}, "cell_missing"),
        ({"commodity": "unicorn"}, "commodity_unknown"),
        ({"commodity": "Rohkaffee"}, "commodity_ambiguous"),
        ({"title_id": "", "title_en": None}, "title_missing"),
        ({"title_id": "x" * 201}, "cell_too_long"),
        ({"origin_country": "Atlantis"}, "country_unknown"),
        ({"origin_country": ""}, "country_missing"),
        ({"moq": "10"}, "quantity_unit_missing"),
        ({"moq": "0 kg"}, "quantity_zero"),
        ({"moq": "1.250 kg"}, "number_ambiguous"),
        ({"capacity_per_month": "500 litre"}, "quantity_unconvertible"),
        ({"lead_time_days": "soon"}, "days_unreadable"),
        ({"lead_time_days": "-3"}, "days_unreadable"),
        ({"incoterm": "FOO"}, "incoterm_unknown"),
        ({"incoterm": ""}, "incoterm_missing"),
        ({"price_place": ""}, "place_missing"),
        ({"price": "-1 USD"}, "price_negative"),
        ({"price": "0 USD"}, "price_zero"),
        ({"price": "$5"}, "currency_ambiguous"),
        ({"price": "5"}, "currency_missing"),
        ({"price_2_from": ""}, "price_from_missing"),
        ({"price_2_from": "600 kg"}, "price_from_twice"),
        ({"hs_code": "12"}, "hs_unreadable"),
        ({"stage": "jump"}, "stage_unknown"),
        ({"language": "fr"}, "language_unknown"),
        ({"language": "de"}, "title_original_missing"),
        ({"certificate_1_number": ""}, "certificate_incomplete"),
        ({"certificate_1_to": "2025-01-01"}, "certificate_reversed"),
        ({"certificate_1_code": "magic"}, "certificate_unknown"),
        ({"certificate_1_from": "03/04/2026"}, "date_ambiguous"),
        ({"photos": "../../etc/passwd"}, "photo_unreadable"),
        ({"photos": "http://example.org/a.jpg"}, "photo_unreadable"),
        ({"spec__process": "boiled"}, "choice_unknown"),
        ({"spec__moisture_pct": 1e309}, "number_unreadable"),
        ({"spec__roast_level": "dark"}, "field_foreign"),
        ({"spec__variety": "#REF!"}, "cell_error"),
    ],
)
def test_each_fault_is_told_with_its_sentence_and_costs_the_row(changes: dict[str, Cell], code: str) -> None:
    result = read_row(_with(**changes))
    assert result.product is None
    assert code in {problem.code for problem in result.problems}
    for problem in result.problems:
        assert problem.row == 2
        assert problem.column
        assert problem.sentence(lambda text: text)


def test_what_publication_asks_for_is_named_but_costs_no_row() -> None:
    product = read_row({key: COMPLETE[key] for key in ("external_key", "commodity", "title_id")}).product
    assert product is not None
    assert not product.is_complete
    assert {"moq", "price", "origin_country", "spec.species"} <= set(product.missing)
    assert "hs_code" not in product.missing


def test_a_minimum_above_a_months_capacity_is_remarked() -> None:
    result = read_row(_with(moq="20 t", capacity_per_month="5 t"))
    assert result.product is not None
    assert [(problem.code, problem.is_fatal) for problem in result.problems] == [("moq_above_capacity", False)]


def test_an_item_code_stands_in_one_row_only() -> None:
    reader = RowReader(standard_mapping(tuple(COMPLETE)), COMPLETE)
    first, second = (reader.read(RawRow(number, _with())) for number in (2, 3))
    assert first.product is not None
    assert second.product is None
    assert second.problems[0].code == "key_twice"


def test_remembered_cells_read_the_same_for_every_commodity() -> None:
    reader = RowReader(standard_mapping(tuple(COMPLETE)), COMPLETE)
    coffee = reader.read(RawRow(2, _with()))
    batik = reader.read(RawRow(3, _with(external_key="B", commodity="batik-fabric")))
    again = reader.read(RawRow(4, _with(external_key="C")))
    assert coffee.product is not None
    assert "field_foreign" in {problem.code for problem in batik.problems}
    assert again.product is not None
    assert again.product.specs == coffee.product.specs


@pytest.mark.parametrize("heading", ["Kode barang", "item code", "Kode barang / Item code *", "external_key"])
def test_headings_are_known_in_indonesian_english_and_both(heading: str) -> None:
    column = column_for(heading)
    assert column is not None
    assert column.name == "external_key"


def test_every_column_is_found_by_its_template_heading_and_its_name() -> None:
    for column in standard_columns().values():
        assert column_for(column.heading) == column
        assert column_for(column.name) == column


def test_a_file_without_our_headings_asks_for_a_mapping() -> None:
    with pytest.raises(FileProblem, match="headings_unknown"):
        standard_mapping(("Foo", "Bar"))
    with pytest.raises(FileProblem, match="headings_missing"):
        standard_mapping(("commodity", "Bar"))
    assert standard_mapping(("external_key", "commodity", "Bar")).unread == ("Bar",)


def test_every_column_is_documented() -> None:
    text = (DOCS / "ref-import-columns.md").read_text(encoding="utf-8")
    for column in standard_columns().values():
        assert f"`{column.name}`" in text
        assert column.heading_en in text


@given(
    st.dictionaries(
        st.sampled_from([c for c in standard_columns() if c != "commodity"]), st.text(max_size=30), max_size=8
    )
)
def test_any_cells_make_a_product_or_problems_with_sentences(cells: dict[str, str]) -> None:
    result = read_row({"external_key": "A", "title_en": "T", **cells, "commodity": "coffee-arabica-green"})
    assert (result.product is None) == any(problem.is_fatal for problem in result.problems)
    for problem in result.problems:
        assert problem.sentence(lambda text: text)
