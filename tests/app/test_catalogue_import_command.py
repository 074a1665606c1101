"""`souq import` and `souq export`: answers, exit codes, and what they leave to jobs."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries import listed_product
from marketplace.discovery.engine import lives_in_database
from marketplace.discovery.models import DocumentVersion, StaleDocument
from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from tests.support.people import Cast
from tests.support.product_files import a_file, brought_in, souq


def test_the_command_answers_in_json_and_exit_codes(app: Flask, people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    with transaction() as inside:
        slug = inside.get_one(Seller, seller.seller_id).slug
    good, bad = a_file(tmp_path, {}), a_file(tmp_path, {"moq": "many"}, name="bad.csv")
    status, out = souq(app, "import", "products", str(good), "--seller", slug, "--json")
    answer = json.loads(out)
    assert status == 0
    assert [answer[name] for name in ("created", "updated", "unchanged", "failed")] == [1, 0, 0, 0]
    status, out = souq(app, "import", "products", str(bad), "--seller", slug, "--json")
    assert status == 1
    assert json.loads(out)["failed_rows"] == [
        {"row": 2, "column": "moq", "problem": json.loads(out)["failed_rows"][0]["problem"]}
    ]
    assert souq(app, "import", "products", str(good), "--seller", "nobody")[0] == 2
    assert souq(app, "import", "products", str(tmp_path / "none.csv"))[0] == 2
    (tmp_path / "wrong.yaml").write_text("fields: 7")
    assert souq(app, "import", "products", str(good), "--mapping", str(tmp_path / "wrong.yaml"))[0] == 2
    (tmp_path / "picture.csv").write_bytes(b"%PDF-1.7 no table")
    assert souq(app, "import", "products", str(tmp_path / "picture.csv"))[0] == 2


def test_the_report_speaks_the_readers_language(app: Flask, tmp_path: Path) -> None:
    bad = a_file(tmp_path, {}, {"moq": "many"}, name="bad.csv")
    status, out = souq(app, "import", "products", str(bad), "--lang", "de")
    assert status == 1
    assert [line for line in out.splitlines() if line.startswith("Zeile 3, ")]
    assert "Nothing was" not in out
    assert "created 0, updated 0, unchanged 0, failed 1, published 0" in out  # names that scripts know


def test_without_a_seller_a_trial_seller_takes_the_products(app: Flask, session: Session, tmp_path: Path) -> None:
    status, _out = souq(app, "import", "products", str(a_file(tmp_path, {}, {})), "--publish")
    assert status == 0
    session.rollback()
    view = listed_product(session, session.scalars(select(Product.slug).order_by(Product.id)).first() or "")
    assert view.seller.name == "Trial seller (imports)"
    assert view.producer is not None
    assert "Indonesia" in view.producer.name


@pytest.mark.parametrize("is_large", [False, True])
def test_a_large_file_leaves_the_index_to_the_job(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_large: bool
) -> None:
    from marketplace.cli import import_

    frozen: list[int] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(1))
    monkeypatch.setattr(import_, "LARGE", 10 if is_large else 10**6)
    status, _out = souq(app, "import", "products", str(a_file(tmp_path, {}, {})), "--publish")
    assert status == 0
    session.rollback()
    waiting = session.scalar(select(func.count()).select_from(StaleDocument))
    if lives_in_database():
        assert bool(waiting) is is_large
    assert bool(frozen) is is_large
    run_due()
    session.rollback()
    assert session.scalar(select(func.count()).select_from(StaleDocument)) == 0
    assert (session.scalar(select(func.count()).select_from(DocumentVersion)) or 0) >= 2


def test_what_was_exported_can_be_imported_again(app: Flask, people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    brought_in(a_file(tmp_path, {}, {"title_en": "=cmd()|calc", "spec.process": "honey"}), seller)
    for name in ("out.csv", "out.xlsx"):
        status, out = souq(app, "export", "products", str(tmp_path / name))
        assert status == 0, out
        report = brought_in(tmp_path / name, seller, dry_run=True, publish=False)
        assert (report.created, report.failed, report.updated + report.unchanged) == (0, 0, 2), report.problems
    assert souq(app, "export", "products", str(tmp_path / "out.doc"))[0] == 2
    status, _out = souq(app, "export", "template", str(tmp_path / "t.xlsx"), "--commodity", "copra")
    assert status == 0
    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"
    assert souq(app, "export", "template", str(tmp_path / "t.xlsx"), "--commodity", "gold")[0] == 2


def test_a_rehearsal_leaves_no_figures_of_the_database_either(app: Flask, session: Session, tmp_path: Path) -> None:
    if not app.extensions["souq_settings"].stores.is_sqlite:
        pytest.skip("PostgreSQL keeps its figures by itself")
    counted = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'"
    before = session.execute(text(counted)).scalar()
    status, _out = souq(app, "import", "products", str(a_file(tmp_path, {}, {})), "--publish", "--dry-run")
    session.rollback()
    assert (status, before, session.execute(text(counted)).scalar()) == (0, 0, 0)
