"""T10: what people typed is never run by the spreadsheet of whoever takes a table along."""

from __future__ import annotations

import csv
import io
import unicodedata

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.access import ACCESS
from marketplace.kernel.uow import transaction
from marketplace.rfqs.models import Rfq
from tests.app.test_catalogue_uploads import PREFIXES
from tests.app.test_saved_pages import a_list, keep
from tests.support.factories import a_listed_product
from tests.support.flows import a_request
from tests.support.people import Cast
from tests.support.quoting import a_sent_quote

pytestmark = pytest.mark.usefixtures("moment")
FORMULA = 'HYPERLINK("https://evil.example","x")'
STORED = [prefix for prefix in PREFIXES if "\x00" not in prefix]  # no database field takes a NUL
TABLES = (
    "catalogue.export_own", "catalogue.import_template", "saved.export", "quotes.table", "orders.outcomes_table",
    "order_desk.outcomes_table",
)  # fmt: skip


def is_live(cell: str) -> bool:
    """Whether a spreadsheet might run it: a sign of a formula comes first, after what is not seen."""
    if cell[:1] in {"\t", "\r", "\n"}:
        return True
    seen = next((one for one in cell if not one.isspace() and unicodedata.category(one) not in {"Cf", "Cc"}), "")
    return unicodedata.normalize("NFKC", seen) in {"=", "+", "-", "@", "|", "%"}


def cells_of(client: FlaskClient, path: str) -> list[str]:
    """The text of every cell of a CSV or XLSX; a cell that is a formula fails."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert "attachment" in answer.headers["Content-Disposition"]
    content = answer.get_data()
    if path.endswith("csv"):
        return [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    book.close()
    return [str(cell.value) for cell in cells if cell.value is not None]


def test_the_judge_of_cells_sees_them_all() -> None:
    assert [prefix for prefix in PREFIXES if not is_live(prefix + FORMULA)] == []
    assert not any(is_live(text) for text in ("'=1", "Kopi", "6.2", "咖啡", ""))


def test_t10_no_cell_of_any_table_is_live(app: Flask, people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer()
    shortlist = a_list(buyer, "=For the spring")
    for prefix in STORED:
        product = a_listed_product(seller, title=prefix + FORMULA, description=prefix + FORMULA)
        assert keep(buyer, product, shortlist, note=prefix + FORMULA).status_code == 303
    exports = {
        "/selling/export.csv": seller, "/selling/export.xlsx": seller, "/selling/import/template.xlsx": seller,
        f"/shortlists/{shortlist}/products.csv": buyer, f"/shortlists/{shortlist}/products.xlsx": buyer,
    }  # fmt: skip
    for path, person in exports.items():
        cells = cells_of(person.client, path)
        assert [cell for cell in cells if is_live(cell)] == [], path
        expected = 0 if "template" in path else len(STORED)
        assert sum("evil.example" in cell for cell in cells) >= expected, path


def test_t10_what_sellers_wrote_in_quotes_is_not_run_either(people: Cast) -> None:
    buyer, sellers = people.buyer(), [people.seller() for _prefix in STORED[:12]]
    rfq = a_request(buyer, sellers)
    with transaction() as session:
        session.get_one(Rfq, rfq.id).quote_cap = len(sellers)
    for seller, prefix in zip(sellers, STORED[-12:], strict=True):
        words = {"packing": prefix + FORMULA, "payment_note": prefix + FORMULA, "sample_note": prefix + FORMULA}
        a_sent_quote(seller, rfq, answer="alternative", reason=prefix + FORMULA, **words)
    cells = cells_of(buyer.client, f"/requests/{rfq.key}/quotes.xlsx")
    assert [cell for cell in cells if is_live(cell)] == []
    assert sum("evil.example" in cell for cell in cells) >= len(sellers)


def test_every_table_there_is_to_take_along_is_looked_at(app: Flask) -> None:
    tables = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if any(word in rule.rule for word in ("csv", "xlsx", "export", ".<ending>"))
    }
    assert tables == set(TABLES)
    assert tables <= set(ACCESS)
