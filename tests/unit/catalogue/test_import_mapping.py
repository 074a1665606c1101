"""Mapping files: columns that multiply and add, what the file means, faults with their place."""

from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from marketplace.catalogue.importing.fieldrules import ColumnMapping
from marketplace.catalogue.importing.mapping import load_mapping, read_mapping
from marketplace.catalogue.importing.problems import FileProblem
from marketplace.catalogue.importing.reading import Cell, open_rows
from marketplace.catalogue.importing.rows import ReadingTally, RowReader
from marketplace.catalogue.importing.templates import TextTemplate
from marketplace.catalogue.registry.loading import DATA
from marketplace.catalogue.registry.types import NumberRange
from marketplace.kernel.datafiles import DataFault
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from tests.support.import_rows import DOCS, read_row


def _mapping(fields: str, head: str = "") -> ColumnMapping:
    base = "external_key: {column: Code}\n  commodity: {value: coffee-arabica-green}\n  title_en: {value: Coffee}\n  "
    return read_mapping(dedent(head) + "fields:\n  " + base + dedent(fields).strip().replace("\n", "\n  "))


def test_columns_multiply_and_add_with_their_units() -> None:
    mapping = _mapping("""
        capacity_per_month: {product: [Bags, Weight], units: {lbs: lb}, convert: kg}
        moq: {sum: [{column: Weight}, {value: 1 kg}], units: {lbs: lb}}
    """)
    cells: dict[str, Cell] = {"Code": "1", "Bags": "100", "Weight": "10 lbs"}
    product = read_row(cells, mapping).product
    assert product is not None
    assert product.moq is not None
    assert product.moq.unit == "lb"
    assert product.capacity_per_month is not None
    assert product.capacity_per_month.to("kg").rounded(3).amount == Decimal("453.592")
    refused = read_row({"Code": "1", "Bags": "2 kg", "Weight": "10 lbs"}, mapping)
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
    result = read_row(cells, mapping)
    assert [(problem.code, problem.column, problem.is_fatal) for problem in result.problems] == [
        ("value_unmapped", "Weg", False),
        ("certificate_incomplete", "Certificate 1", True),
    ]
    result = read_row({**cells, "Since": "", "Score": "", "Feuchte": "0"}, mapping)
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
    assert read_row({"Code": "1", "Min": "3000 kg"}, mapping).problems[0].code == "value_implausible"
    assert read_row({"Code": "1", "Min": "3"}, mapping).problems[0].code == "quantity_unit_missing"
    assert read_row({"Code": "1", "Min": "2 t"}, mapping).product is not None


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
        tally.add(read_row({"Code": code, "Min": least}, mapping))
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


def test_the_documented_example_is_a_mapping() -> None:
    text = (DOCS / "ref-mapping.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    mapping = read_mapping(example)
    cells: dict[str, Cell] = {
        "Status": "free", "Lot": "7", "Region": "ijen", "Country": "Java (ID)", "Bags": "300", "Bag weight": "60",
        "Price": "6,20", "Moisture": "0,12",
    }  # fmt: skip
    product = read_row(cells, mapping).product
    assert product is not None
    assert product.titles["en"] == "Green arabica, Ijen, Java (ID)"
    assert product.rungs[0].price == UnitPrice(Decimal("6.2"), "USD", "kg")
    assert product.capacity_per_month == Quantity(Decimal(300), "bag60")
    assert product.specs["moisture_pct"] == Decimal(12)
    assert read_row({**cells, "Status": "sold"}, mapping).skipped_because == "The lot is sold."


def test_a_mapping_for_another_file_is_told_at_once() -> None:
    with pytest.raises(FileProblem, match="headings_missing"):
        RowReader(_mapping("moq: {column: Min}"), ["Code"])


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
