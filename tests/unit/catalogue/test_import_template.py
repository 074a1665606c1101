"""The template: filled in and read back it gives the product that was meant, and it holds no formula."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from marketplace.catalogue.importing.columns import Kind, standard_columns
from marketplace.catalogue.importing.fieldrules import FieldRule
from marketplace.catalogue.importing.mapping import standard_mapping
from marketplace.catalogue.importing.reading import open_rows
from marketplace.catalogue.importing.rows import RowReader
from marketplace.catalogue.importing.template import PRODUCTS_SHEET, _choices, write_template
from marketplace.catalogue.importing.typed import SIMPLE, read_spec
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.lookup import CommodityUnknown

REGISTRY = load_registry()


def test_a_filled_template_is_read_back(tmp_path: Path) -> None:
    written = io.BytesIO()
    write_template(written, ["clove"])
    book = openpyxl.load_workbook(io.BytesIO(written.getvalue()))
    sheet = book[PRODUCTS_SHEET]
    headings = [str(cell.value) for cell in sheet[1]]
    row = {
        "Kode barang / Item code *": "C-1",
        "Komoditas / Commodity *": "Cengkeh / Cloves",
        "Judul (Indonesia) / Title (Indonesian)": '=HYPERLINK("x")',
        "Negara asal / Country of origin *": "Indonesia",
        "Pesanan minimum / Minimum order *": "1 ton",
        "Tersedia sampel / Samples offered": "Ya / Yes",
        "Tahap / Stage": "Olah / Processing (olah)",
    }
    for heading, value in row.items():
        cell = sheet.cell(2, headings.index(heading) + 1)
        cell.value = value
        cell.data_type = "s"
    book.save(tmp_path / "filled.xlsx")
    source = open_rows(tmp_path / "filled.xlsx")
    mapping = standard_mapping(source.headings)
    assert mapping.unread == ()
    (result,) = RowReader(mapping, source.headings).read_all(source.rows)
    product = result.product
    assert product is not None
    assert (product.commodity, product.stage, product.sample_is_offered) == ("clove", "olah", True)
    assert product.titles["id"] == '=HYPERLINK("x")'


def test_the_template_asks_only_what_its_commodities_need() -> None:
    written = io.BytesIO()
    write_template(written, ["clove"])
    book = openpyxl.load_workbook(io.BytesIO(written.getvalue()))
    headings = " ".join(str(cell.value) for cell in book[PRODUCTS_SHEET][1])
    assert "Moisture" in headings
    assert "Roast level" not in headings
    with pytest.raises(CommodityUnknown):
        write_template(io.BytesIO(), ["unicorn"])


def test_every_choice_of_a_drop_down_can_be_read() -> None:
    commodities = list(REGISTRY)
    for column in standard_columns().values():
        rule = FieldRule(column, columns=(column.name,))
        for choice in _choices(column, commodities):
            if column.kind is Kind.SPEC:
                key = column.name.removeprefix("spec.")
                commodity = next(c for c in commodities if key in c.rules)
                read_spec(rule, choice, commodity, key, "id")
            else:
                assert SIMPLE[column.kind](rule, choice) is not None
    names = {SIMPLE[Kind.COMMODITY](FieldRule(standard_columns()["commodity"]), c) for c in
             _choices(standard_columns()["commodity"], commodities)}  # fmt: skip
    assert names == set(REGISTRY.commodities)


def test_no_cell_is_a_formula() -> None:
    written = io.BytesIO()
    write_template(written)
    with zipfile.ZipFile(io.BytesIO(written.getvalue())) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 3
    assert all(b"<f>" not in sheet and b"<f " not in sheet for sheet in sheets)
