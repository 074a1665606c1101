"""Rows made into products: the mapping language, typed cells, contradictions, and what is told about each row."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.importing.columns import column_for, standard_columns
from marketplace.catalogue.importing.fieldrules import ColumnMapping
from marketplace.catalogue.importing.mapping import load_mapping, read_mapping, standard_mapping
from marketplace.catalogue.importing.problems import FileProblem
from marketplace.catalogue.importing.reading import Cell, RawRow, open_rows
from marketplace.catalogue.importing.rows import ReadingTally, RowReader, RowResult
from marketplace.catalogue.importing.templates import TextTemplate
from marketplace.catalogue.registry.loading import DATA
from marketplace.catalogue.registry.types import NumberRange
from marketplace.kernel.datafiles import DataFault
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice

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


def _read(cells: Mapping[str, Cell], mapping: ColumnMapping | None = None) -> RowResult:
    chosen = mapping or standard_mapping(tuple(cells))
    return RowReader(chosen, cells).read(RawRow(2, cells))


def _with(**changes: Cell) -> dict[str, Cell]:
    return {**COMPLETE, "spec.process": "washed", **{name.replace("__", "."): cell for name, cell in changes.items()}}


def _mapping(fields: str, head: str = "") -> ColumnMapping:
    base = "external_key: {column: Code}\n  commodity: {value: coffee-arabica-green}\n  title_en: {value: Coffee}\n  "
    return read_mapping(dedent(head) + "fields:\n  " + base + dedent(fields).strip().replace("\n", "\n  "))


def test_a_complete_row_becomes_a_complete_product() -> None:
    result = _read(_with())
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
    result = _read(_with(**changes))
    assert result.product is None
    assert code in {problem.code for problem in result.problems}
    for problem in result.problems:
        assert problem.row == 2
        assert problem.column
        assert problem.sentence(lambda text: text)


def test_what_publication_asks_for_is_named_but_costs_no_row() -> None:
    product = _read({key: COMPLETE[key] for key in ("external_key", "commodity", "title_id")}).product
    assert product is not None
    assert not product.is_complete
    assert {"moq", "price", "origin_country", "spec.species"} <= set(product.missing)
    assert "hs_code" not in product.missing


def test_a_minimum_above_a_months_capacity_is_remarked() -> None:
    result = _read(_with(moq="20 t", capacity_per_month="5 t"))
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


def test_columns_multiply_and_add_with_their_units() -> None:
    mapping = _mapping("""
        capacity_per_month: {product: [Bags, Weight], units: {lbs: lb}, convert: kg}
        moq: {sum: [{column: Weight}, {value: 1 kg}], units: {lbs: lb}}
    """)
    cells: dict[str, Cell] = {"Code": "1", "Bags": "100", "Weight": "10 lbs"}
    product = _read(cells, mapping).product
    assert product is not None
    assert product.moq is not None
    assert product.moq.unit == "lb"
    assert product.capacity_per_month is not None
    assert product.capacity_per_month.to("kg").rounded(3).amount == Decimal("453.592")
    refused = _read({"Code": "1", "Bags": "2 kg", "Weight": "10 lbs"}, mapping)
    assert refused.problems[0].code == "product_of_two_units"


def test_the_mapping_reads_what_the_file_means() -> None:
    mapping = _mapping(
        """
        origin_country: {column: Land, map: {"United States (Hawaii)": US}}
        moq: {column: Min, unit_column: Unit, units: {Sack: bag60}}
        spec.moisture_pct: {column: Feuchte, multiply: "100", empty: ["0"]}
        spec.altitude_masl: {first: [Exact, Mean], unit: m}
        spec.process: {column: Weg, map: {nass: washed}, only_map: true, if_unreadable: leave_out}
        spec.cup_score: {column: Score, pattern: '(\\d+) points', default: "80"}
        certificate_1_from: {column: Since, dates: ["%d/%m/%Y"]}
        """,
        head="""
        numbers: {decimal: ","}
        empty: [k. A.]
        """,
    )
    cells: dict[str, Cell] = {
        "Code": "1", "Land": "united states  (hawaii)", "Min": "1.250", "Unit": "Sack", "Feuchte": "0,12",
        "Exact": "k. A.", "Mean": "1.450", "Weg": "trocken", "Score": "84 points", "Since": "03/04/2026",
    }  # fmt: skip
    result = _read(cells, mapping)
    assert [(problem.code, problem.column, problem.is_fatal) for problem in result.problems] == [
        ("value_unmapped", "Weg", False),
        ("certificate_incomplete", "Certificate 1", True),
    ]
    result = _read({**cells, "Since": "", "Score": "", "Feuchte": "0"}, mapping)
    product = result.product
    assert product is not None
    assert product.origin_country == "US"
    assert product.moq == Quantity(Decimal(1250), "bag60")
    assert product.specs["altitude_masl"] == Decimal(1450)
    assert product.specs["cup_score"] == Decimal(80)
    assert "moisture_pct" not in product.specs
    assert "process" not in product.specs
    assert {"spec.cup_score", "commodity", "title_en"} <= set(product.filled_in)


def test_what_the_mapping_calls_implausible_is_told_not_taken() -> None:
    mapping = _mapping("moq: {column: Min, between: [1 kg, 2 t]}")
    assert _read({"Code": "1", "Min": "3000 kg"}, mapping).problems[0].code == "value_implausible"
    assert _read({"Code": "1", "Min": "3"}, mapping).problems[0].code == "quantity_unit_missing"
    assert _read({"Code": "1", "Min": "2 t"}, mapping).product is not None


def test_rows_may_be_skipped_for_a_reason() -> None:
    mapping = _mapping(
        "moq: {column: Min}",
        head="""
        skip:
          - {column: Code, is: [total, sum], because: Totals are no products.}
          - {column: Min, matches: 'sold.*', because: Sold.}
        """,
    )
    tally = ReadingTally()
    for code, least in (("TOTAL", "1 kg"), ("1", "sold out"), ("2", "1 kg"), ("3", "x")):
        tally.add(_read({"Code": code, "Min": least}, mapping))
    assert dict(tally.skipped) == {"Totals are no products.": 1, "Sold.": 1}
    assert (tally.products, tally.failed, tally.complete) == (1, 1, 0)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{a|title}[, {b}], {c}", "San José, Kenya"),
        ("{a} {b}", ""),
        ("[{b} ]{c|upper}", "KENYA"),
        ("no columns", "no columns"),
    ],
)
def test_templates_drop_what_is_in_brackets_when_a_column_is_empty(template: str, expected: str) -> None:
    assert TextTemplate(template).fill({"a": "SAN JOSÉ", "b": "n/a", "c": "Kenya"}, frozenset({"n/a"})) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "needs fields"),
        ("fields: {moq: {column: a}}", "fields lack external_key"),
        ("fields: {price: {columns: a}}", "does not know columns"),
        ("fields: {prize: {column: a}}", "not one of our columns"),
        ("fields: {moq: 60 kg}", "say column: or value:"),
        ("fields: {moq: {column: a, value: 60 kg}}", "exactly one of"),
        ("fields: {moq: {column: a, unit: bushel}}", "not one of our units"),
        ("fields: {moq: {column: a, between: [1 kg]}}", "low and a high"),
        ("fields: {moq: {column: a, between: [1 kg, 5]}}", "unit on both sides"),
        ("fields: {moq: {column: a, decimal: x}}", "decimal sign"),
        ("fields: {moq: {column: a, pattern: '('}}", "pattern"),
        ("fields: {moq: {column: a, pattern: '(a)(b)'}}", "more than one group"),
        ("fields: {moq: {column: a, if_unreadable: guess}}", "refuse or leave_out"),
        ("fields: {external_key: {column: a, if_unreadable: leave_out}}", "no row can do without"),
        ("fields: {title_en: {template: 'a [b'}}", "not closed"),
        ("fields: {title_en: {template: '{a|shout}'}}", "no filter"),
        ("fields: {external_key: {column: a}, commodity: {column: b}}\nskip: [{column: a, is: [b]}]", "because"),
        ("fields: {moq: {column: [a]}}", "must be a text"),
        ("fields: {moq: {column: a, map: [b]}}", "must be a table"),
        ("fields: {moq: {column: a, map: {b: [c]}}}", "table of texts"),
        ("fields: {moq: {product: {a: b}}}", "must be a list"),
        ("source: {delimiter: ';;'}\nfields: {moq: {column: a}}", "one character"),
        ("[a, b]", "needs fields"),
        ("version: '2'\nfields: {moq: {column: a}}", "version 2"),
        ("fields: &x {moq: {column: a}}\nskip: *x", "aliases"),
    ],
)
def test_faulty_mappings_are_refused_with_their_place(text: str, told: str) -> None:
    with pytest.raises(DataFault, match=told):
        read_mapping(text)


DOCS = Path(__file__).parents[3] / "docs"


def test_the_documented_example_is_a_mapping() -> None:
    text = (DOCS / "ref-mapping.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    mapping = read_mapping(example)
    cells: dict[str, Cell] = {
        "Status": "free", "Lot": "7", "Region": "ijen", "Country": "Java (ID)", "Bags": "300", "Bag weight": "60",
        "Price": "6,20", "Moisture": "0,12",
    }  # fmt: skip
    product = _read(cells, mapping).product
    assert product is not None
    assert product.titles["en"] == "Green arabica, Ijen, Java (ID)"
    assert product.rungs[0].price == UnitPrice(Decimal("6.2"), "USD", "kg")
    assert product.capacity_per_month == Quantity(Decimal(300), "bag60")
    assert product.specs["moisture_pct"] == Decimal(12)
    assert _read({**cells, "Status": "sold"}, mapping).skipped_because == "The lot is sold."


def test_every_column_is_documented() -> None:
    text = (DOCS / "ref-import-columns.md").read_text(encoding="utf-8")
    for column in standard_columns().values():
        assert f"`{column.name}`" in text
        assert column.heading_en in text


def test_a_mapping_for_another_file_is_told_at_once() -> None:
    with pytest.raises(FileProblem, match="headings_missing"):
        RowReader(_mapping("moq: {column: Min}"), ["Code"])


@given(
    st.dictionaries(
        st.sampled_from([c for c in standard_columns() if c != "commodity"]), st.text(max_size=30), max_size=8
    )
)
def test_any_cells_make_a_product_or_problems_with_sentences(cells: dict[str, str]) -> None:
    result = _read({"external_key": "A", "title_en": "T", **cells, "commodity": "coffee-arabica-green"})
    assert (result.product is None) == any(problem.is_fatal for problem in result.problems)
    for problem in result.problems:
        assert problem.sentence(lambda text: text)


GRADED = """
;Species;Owner;Country.of.Origin;Region;Number.of.Bags;Bag.Weight;Harvest.Year;Grading.Date;Variety;\
Processing.Method;Total.Cup.Points;Moisture;Category.One.Defects;Color;altitude_low_meters;altitude_high_meters
1;Arabica;somebody;Ethiopia;guji-hambela;300;60 kg;2014;April 4th, 2015;Bourbon;\
Washed / Wet;90.58;0.12;0;Green;1950;2200
2;Arabica;somebody;United States (Hawaii);kona;5;1;2017 / 2018;May 31st, 2010;;\
;89.75;0;0;;1600;1800
3;Arabica;somebody;Cote d?Ivoire;;10;100 lbs;4T/10;May 31st, 2010;Other;\
Other;0;0.11;1;None;190164;190164
4;Arabica;somebody;;huila;10;2 kg,lbs;2012;May 31st, 2010;Caturra;\
Natural / Dry;83;0.11;1;Green;NA;NA
5;Arabica;somebody;Kenya;nyeri;0;60 kg;2012;May 31st, 2010;SL28;\
Washed / Wet;84;0.11;0;Green;1700;1700
"""


def test_graded_lots_come_in_through_their_mapping(tmp_path: Path) -> None:
    path = tmp_path / "lots.csv"
    path.write_text(GRADED.strip(), encoding="utf-8")
    mapping = load_mapping(DATA / "mappings" / "cqi_arabica.yaml")
    source = open_rows(path, mapping.layout)
    reader = RowReader(mapping, source.headings)
    results = list(reader.read_all(source.rows))
    whole, unit_lost, odd, stateless, sold = results

    product = whole.product
    assert product is not None
    assert product.is_complete
    assert (product.external_key, product.origin_country) == ("cqi-arabica-1", "ET")
    assert product.titles["en"] == "Green arabica coffee, Guji-Hambela, Ethiopia"
    assert product.capacity_per_month == Quantity(Decimal(18000), "kg")
    assert product.moq == Quantity(Decimal(60), "kg")
    assert product.specs["altitude_masl"] == NumberRange(Decimal(1950), Decimal(2200))
    assert product.specs["moisture_pct"] == Decimal(12)
    assert {"price", "moq", "lead_time_days", "packaging", "spec.sni_grade"} <= set(product.filled_in)
    assert "spec.variety" not in product.filled_in
    assert "somebody" not in repr(product)

    assert unit_lost.product is None
    assert [problem.code for problem in unit_lost.problems] == ["quantity_unit_missing"]

    assert odd.product is not None
    assert odd.product.origin_country == "CI"
    assert {problem.code for problem in odd.problems} == {
        "crop_year_unreadable",
        "value_unmapped",
        "number_out_of_range",
    }
    assert {"spec.variety", "spec.process", "spec.altitude_masl", "spec.crop_year"} <= set(odd.product.missing)
    assert "cup_score" not in odd.product.specs

    assert stateless.product is None
    assert {problem.code for problem in stateless.problems} >= {"country_missing", "unit_unknown"}
    assert sold.skipped_because
