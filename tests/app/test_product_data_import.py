"""Packing, usual minimums, ports and national codes by file: read, told where they cannot stand, and written again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from marketplace.catalogue.models import ProductTariffCode
from marketplace.catalogue.queries.export import export_rows
from marketplace.catalogue.tables import as_csv
from marketplace.kernel.clock import today
from marketplace.kernel.uow import transaction
from tests.support.people import Cast
from tests.support.product_files import HEAD, a_file, brought_in, counts, only

FIGURES = {
    "pack_unit": "karung", "pack_net_weight": "60 kg", "cartons_per_fcl20": "300", "ports": "IDSUB; Semarang",
    "tariff_eu": "0901 11 00", "tariff_eu_source": "CN 2026", "tariff_us": "0901.11.00.25",
    "tariff_us_source": "HTS 2025",
}  # fmt: skip


@pytest.fixture(autouse=True)
def wider_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of these tests has the new columns as well."""
    more = [*FIGURES, "moq_usual", "packs_per_carton"]
    monkeypatch.setattr("tests.support.product_files.HEAD", [*HEAD, *(name for name in more if name not in HEAD)])


def test_figures_and_codes_are_read(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    report = brought_in(a_file(tmp_path, {**FIGURES, "packaging": ""}), seller)
    assert counts(report) == (1, 0, 0, 0, 1), report.problems
    product = only(session)
    assert (product.pack_unit, product.pack_net_kg, product.packing.load_kg("fcl20")) == ("bag", 60, 18000)
    assert product.ports == ["Tanjung Perak", "Tanjung Emas"]
    codes = {row.market: (row.code, row.source) for row in product.tariff_codes}
    assert codes == {"eu": ("09011100", "CN 2026"), "us": ("0901110025", "HTS 2025")}
    assert product.moq_basis == "own"


def test_what_is_exported_changes_nothing_when_it_comes_back(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    brought_in(a_file(tmp_path, FIGURES, {"moq": "", "moq_usual": "ya"}), seller)
    path = tmp_path / "again.csv"
    path.write_bytes(as_csv(export_rows(session, seller.seller_id)))
    session.rollback()
    report = brought_in(path, seller)
    assert (report.created, report.failed) == (0, 0)
    first, second = only(session, "K0"), only(session, "K1")
    assert (first.pack_net_kg, first.cartons_per_fcl20) == (60, 300)
    assert len(first.tariff_codes) == 2
    assert (second.moq, second.moq_basis) == (300, "group")


def test_a_usual_minimum_is_taken_only_where_the_row_says_so(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    rows = ({"moq": "", "moq_usual": "yes"}, {"moq": "", "moq_usual": ""}, {"moq": "50 kg", "moq_usual": "yes"})
    report = brought_in(a_file(tmp_path, *rows), seller)
    assert counts(report) == (3, 0, 0, 0, 2)
    kept = [(only(session, key).moq, only(session, key).moq_basis) for key in ("K0", "K1", "K2")]
    assert kept == [(Decimal(300), "group"), (None, ""), (Decimal(50), "own")]


@pytest.mark.parametrize(
    ("row", "words", "is_fatal"),
    [
        ({"tariff_eu": "0901"}, "8 digits", True),
        ({"tariff_eu": "09012100", "tariff_eu_source": "CN"}, "does not begin with the HS code", False),
        ({"tariff_eu": "09011100"}, "Say where", False),
        ({"pack_unit": "kg", "pack_net_weight": "60 kg"}, "not a package", True),
        ({"pack_unit": "bag", "pack_net_weight": "60 kg", "cartons_per_fcl20": "471"}, "a container may carry", True),
        ({"pack_net_weight": "60 kg"}, "packed in", True),
        ({"pack_unit": "bag", "pack_net_weight": "60 kg", "packs_per_carton": "2.5"}, "whole number", True),
        ({"ports": "Atlantis"}, "stays as it is written", False),
    ],
)
def test_what_cannot_stand_is_told(
    people: Cast, tmp_path: Path, row: dict[str, str], words: str, is_fatal: bool
) -> None:
    report = brought_in(a_file(tmp_path, row), people.seller())
    assert [(words in told.sentence, told.is_fatal) for told in report.problems] == [(True, is_fatal)], report.problems
    assert report.created == (0 if is_fatal else 1)


def test_a_curators_code_stays_until_the_file_states_another(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    brought_in(a_file(tmp_path, FIGURES), seller)
    with transaction() as inside:
        held = inside.get(type(only(session)), only(session).id)
        assert held is not None
        inside.add(
            ProductTariffCode(
                product_id=held.id, market="hk", code="09011100", source="HKHS", is_by_staff=True, stated_on=today()
            )
        )
    brought_in(a_file(tmp_path, {**FIGURES, "lead_time_days": "30", "tariff_us": "0901110015"}, name="two.csv"), seller)
    codes = {row.market: (row.code, row.is_by_staff) for row in only(session).tariff_codes}
    assert codes == {"eu": ("09011100", False), "us": ("0901110015", False), "hk": ("09011100", True)}
