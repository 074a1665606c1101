"""Files of products: known again by item code, whole batches or nothing, honest about every row."""

from __future__ import annotations

import csv
import gc
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import services
from marketplace.catalogue.importing.problems import FileProblem
from marketplace.catalogue.models import Certificate, CommoditySetting, Photo, PriceRung, Product, ProductSpec
from marketplace.catalogue.queries import any_product, latest_review, listed_product
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.services import importing
from marketplace.catalogue.services.importing import ImportReport, ImportWish, run_import
from marketplace.catalogue.services.trial import trial_seller
from marketplace.discovery.engine import lives_in_database
from marketplace.discovery.models import DocumentVersion, StaleDocument
from marketplace.kernel.clock import now
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outbox import Task
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from tests.support.people import Cast, Person

HEAD = (
    "external_key commodity language title_en title_id origin_country origin_region moq capacity_per_month "
    "lead_time_days packaging incoterm price_place price spec.species spec.variety spec.process spec.altitude_masl "
    "spec.moisture_pct spec.foreign_matter_pct spec.sni_grade spec.crop_year spec.origin_region ports "
    "certificate_1_code certificate_1_issuer certificate_1_number spec.organic_status"
).split()
GOOD = {
    "commodity": "coffee-arabica-green", "language": "en", "title_en": "Arabica of Jember", "title_id": "Arabika Jember",
    "origin_country": "Indonesia", "origin_region": "Jember", "moq": "500 kg", "capacity_per_month": "5 t",
    "lead_time_days": "21", "packaging": "60 kg jute bag", "incoterm": "FOB", "price_place": "Surabaya",
    "price": "USD 6.20/kg", "spec.species": "arabica", "spec.variety": "Typica", "spec.process": "washed",
    "spec.altitude_masl": "1200 - 1500", "spec.moisture_pct": "11.5", "spec.foreign_matter_pct": "0.3",
    "spec.sni_grade": "1", "spec.crop_year": "2026", "spec.origin_region": "Jember",
}  # fmt: skip


def a_file(folder: Path, *rows: dict[str, str], name: str = "products.csv") -> Path:
    """A CSV file whose rows are GOOD but for what is given; item codes count up."""
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, HEAD, restval="")
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow({"external_key": f"K{number}", **GOOD, **row})
    return path


def brought_in(path: Path, seller: Person, **wish: Any) -> ImportReport:
    return run_import(path, seller.seller_id or 0, ImportWish(**{"publish": True, **wish}))


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.failed, report.published


def only(session: Session, key: str = "K0") -> Product:
    with transaction() as inside:
        return any_product(inside, session.scalars(select(Product.id).where(Product.external_key == key)).one())


def test_a_good_row_becomes_a_product_a_buyer_can_read(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    report = brought_in(a_file(tmp_path, {}), seller)
    assert counts(report) == (1, 0, 0, 0, 1)
    view = listed_product(session, only(session).slug)
    assert (view.moq, view.unit, view.capacity_per_month) == (Decimal(500), "kg", Decimal(5000))
    assert (view.ladders[0].place, view.ladders[0].rungs[0].unit_price) == ("Tanjung Perak", Decimal("6.2"))
    assert (view.origin_region, view.crop_year, view.price_per_kg_usd) == ("kab-jember", "2026", Decimal("6.2"))
    assert view.text_in("id").title == "Arabika Jember"
    assert view.producer is not None
    assert view.producer.id == seller.producer_id
    assert view.photos == ()
    assert "hs_code" in view.filled_in


def test_the_same_file_twice_changes_nothing(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    path = a_file(tmp_path, {}, {})
    brought_in(path, seller)
    before = only(session).version
    assert counts(brought_in(path, seller)) == (0, 0, 2, 0, 0)
    assert only(session).version == before
    assert session.scalar(select(func.count()).select_from(ProductSpec)) == 18


def test_a_changed_row_updates_its_product_and_no_other(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    brought_in(a_file(tmp_path, {}, {}), seller)
    with transaction() as inside:
        mine = only(session)
        services.edit_texts(
            inside, seller.actor, mine.slug, mine.version, services.TextDraft("en", "Arabica of Jember"),
            [services.TextDraft("id", "Arabika Jember"), services.TextDraft("de", "Arabica aus Jember")],
        )  # fmt: skip
    slug, other = only(session).slug, only(session, "K1").version
    report = brought_in(a_file(tmp_path, {"price": "USD 7.10/kg", "moq": "300 kg"}, {}), seller)
    assert counts(report) == (0, 1, 1, 0, 0)
    view = listed_product(session, slug)
    assert (view.moq, view.ladders[0].rungs[0].unit_price) == (Decimal(300), Decimal("7.1"))
    assert view.text_in("de").title == "Arabica aus Jember", "what a person wrote in another language stays"
    assert view.is_listed
    assert only(session, "K1").version == other
    assert session.scalar(select(func.count()).select_from(PriceRung)) == 2


def test_a_changed_claim_in_a_file_goes_back_to_review(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    brought_in(a_file(tmp_path, {}, {}), seller)
    rows = ({"spec.sni_grade": "2"}, {"price": "USD 5/kg"})
    report = brought_in(a_file(tmp_path, *rows), seller, publish=False)
    assert counts(report) == (0, 2, 0, 0, 0)
    assert only(session).state == ListingState.IN_REVIEW
    assert only(session, "K1").state == ListingState.LISTED
    review = latest_review(session, only(session).id)
    assert review is not None
    assert review.changed_claims == ["spec:sni_grade"]


def test_all_or_nothing_unless_told_otherwise(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    path = a_file(tmp_path, {}, {"price": "USD 6,20/kilogramm wool"}, {"lead_time_days": "soon"}, {})
    report = brought_in(path, seller)
    assert report.was_stopped
    assert report.failed == 2
    assert {told.row for told in report.problems} == {3, 4}
    assert session.scalar(select(func.count()).select_from(Product)) == 0
    report = brought_in(path, seller, skip_bad_rows=True)
    assert counts(report) == (2, 0, 0, 2, 2)


def test_a_dry_run_writes_nothing(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    report = brought_in(a_file(tmp_path, {}, {}), seller, dry_run=True)
    assert counts(report) == (2, 0, 0, 0, 2)
    assert session.scalar(select(func.count()).select_from(Product)) == 0


def test_a_rehearsal_without_a_seller_makes_none(app: Flask, session: Session, tmp_path: Path) -> None:
    good, bad = a_file(tmp_path, {}, {}), a_file(tmp_path, {}, {"moq": "many"}, name="bad.csv")
    status, out = souq(app, "import", "products", str(good), "--publish", "--dry-run", "--json")
    assert (status, json.loads(out)["created"], json.loads(out)["published"]) == (0, 2, 2)
    assert souq(app, "import", "products", str(bad))[0] == 1  # all or nothing
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Seller)) == 0
    assert session.scalar(select(func.count()).select_from(Task)) == 0


@pytest.mark.parametrize("skip_bad_rows", [False, True])
def test_a_file_that_ends_in_damage_leaves_nothing_behind(
    people: Cast, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, skip_bad_rows: bool
) -> None:
    monkeypatch.setattr(importing, "BATCH", 1)
    path = a_file(tmp_path, *[{}] * 60)  # more than is looked at for its delimiter
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16") + b"\x00")  # cut in the middle of a letter
    with pytest.raises(FileProblem, match="file_encoding"):
        brought_in(path, people.seller(), skip_bad_rows=skip_bad_rows)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Product)) == 0


REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "a sea term without a sea port": ({"price_place": "Malang"}, "Price", "sea port"),
    "a foreign HS code": ({}, "HS code", "HS codes of this commodity"),
    "a container as unit": ({"moq": "1 FCL", "capacity_per_month": "2 FCL"}, "Price from quantity", "cannot be counted"),
    "an unknown producer": ({}, "Producer", "no producer called"),
    "a short title": ({"title_en": "Ab"}, "Title (English)", "three letters"),
    "too large a quantity": ({"moq": "90000000000 kg", "capacity_per_month": "90000000000 kg"}, "Minimum order", "above zero"),
}  # fmt: skip
REFUSED["a foreign HS code"][0]["hs_code"] = "851712"
REFUSED["an unknown producer"][0]["producer"] = "PP Lain"


@pytest.mark.parametrize("case", REFUSED)
def test_the_rules_of_the_site_hold_for_files(people: Cast, session: Session, tmp_path: Path, case: str) -> None:
    seller = people.seller()
    changed, column, words = REFUSED[case]
    path = tmp_path / "one.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, [*HEAD, "hs_code", "producer"], restval="")
        writer.writeheader()
        writer.writerow({"external_key": "K0", **GOOD, **changed})
    report = brought_in(path, seller, skip_bad_rows=True)
    assert report.failed == 1, report
    assert any(told.column == column and words in told.sentence for told in report.problems), report.problems
    assert session.scalar(select(func.count()).select_from(Product)) == 0


def test_an_incomplete_row_becomes_a_draft_and_says_what_it_lacks(
    people: Cast, session: Session, tmp_path: Path
) -> None:
    seller = people.seller()
    report = brought_in(a_file(tmp_path, {"packaging": "", "spec.variety": ""}), seller)
    assert counts(report) == (1, 0, 0, 0, 0)
    assert set(report.held_back) == {"packaging", "spec:variety"}
    assert only(session).state == ListingState.DRAFT
    report = brought_in(a_file(tmp_path, {}), seller)
    assert counts(report) == (0, 1, 0, 0, 1)
    assert only(session).state == ListingState.LISTED


def test_a_listed_product_is_not_emptied_by_a_file(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    brought_in(a_file(tmp_path, {}), seller)
    report = brought_in(a_file(tmp_path, {"packaging": ""}), seller, skip_bad_rows=True)
    assert report.failed == 1
    assert "the packaging" in report.problems[0].sentence
    assert only(session).packaging == "60 kg jute bag"


def test_only_approved_sellers_are_published(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller(curation="applied")
    assert counts(brought_in(a_file(tmp_path, {}), seller)) == (1, 0, 0, 0, 0)
    assert only(session).state == ListingState.DRAFT


def test_paused_commodities_and_hidden_listings_stand(people: Cast, session: Session, tmp_path: Path) -> None:
    seller, curator = people.seller(), people.curator()
    brought_in(a_file(tmp_path, {}), seller)
    with transaction() as inside:
        services.hide_listing(inside, curator.actor, only(session).id)
    report = brought_in(a_file(tmp_path, {"price": "USD 1/kg"}), seller, skip_bad_rows=True)
    assert (report.failed, only(session).state) == (1, ListingState.HIDDEN)
    with transaction() as inside:
        inside.add(CommoditySetting(commodity=GOOD["commodity"], is_offered=False, changed_at=now()))
    report = brought_in(a_file(tmp_path, {"external_key": "new"}), seller, skip_bad_rows=True)
    assert (report.created, report.failed) == (0, 1)


def test_certificates_of_a_file_are_unverified_and_kept_once(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    stated = {"certificate_1_code": "organic-eu", "certificate_1_issuer": "Contoh", "certificate_1_number": "7"}
    brought_in(a_file(tmp_path, stated, stated), seller)
    held = session.scalars(select(Certificate)).one()
    assert held.verified_at is None
    assert [link.certificate_id for link in only(session, "K1").certificates] == [held.id]
    assert only(session).card_certificates == [], "nobody has checked it, so no card shows it"


def test_an_unknown_port_is_left_out_and_told(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    report = brought_in(a_file(tmp_path, {"ports": "Tg. Perak; Atlantis"}), seller)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert ["Atlantis" in told.sentence and not told.is_fatal for told in report.problems] == [True]
    assert only(session).ports == ["Tanjung Perak"]


def test_another_sellers_item_code_is_another_product(people: Cast, session: Session, tmp_path: Path) -> None:
    one, two = people.seller(), people.seller()
    path = a_file(tmp_path, {})
    brought_in(path, one)
    assert counts(brought_in(path, two)) == (1, 0, 0, 0, 1)
    assert session.scalar(select(func.count()).select_from(Product)) == 2


def souq(app: Flask, *arguments: str) -> tuple[int, str]:
    """The command line on the test's own home: exit code and answer, else what it complains of. On a slow machine it
    also tells how far it is, beside the answer."""
    from marketplace.cli.main import souq as command

    settings = app.extensions["souq_settings"]
    environ = {"SOUQ_HOME": str(settings.home), "SECRET_KEY": "k" * 40, "DATABASE_URL": _address(settings)}
    result = CliRunner(env=environ).invoke(command, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout or result.stderr


def _address(settings: Any) -> str:
    return str(settings.stores.database_url)


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


def test_kill_9_leaves_whole_batches_and_the_next_run_goes_on(
    app: Flask, people: Cast, session: Session, tmp_path: Path
) -> None:
    settings = app.extensions["souq_settings"]
    if not settings.stores.is_sqlite:
        pytest.skip("the kill is tried on the embedded database; batches are transactions on both")
    with transaction() as inside:
        seller_id = trial_seller(inside).id
    path = a_file(tmp_path, *({} for _ in range(4000)))
    environ = {**os.environ, "SOUQ_HOME": str(settings.home), "SECRET_KEY": "k" * 40}
    command = [sys.executable, "-m", "marketplace.cli.main", "import", "products", str(path), "--skip-bad-rows"]
    program = "import sys; from marketplace.cli.main import main; sys.argv = sys.argv[1:]; main()"
    process = subprocess.Popen([sys.executable, "-c", program, "souq", *command[3:]], env=environ)
    deadline = time.monotonic() + 60
    made = 0
    while not made and time.monotonic() < deadline and process.poll() is None:
        session.rollback()
        made = session.scalar(select(func.count()).select_from(Product)) or 0
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    session.rollback()
    left = session.scalar(select(func.count()).select_from(Product)) or 0
    assert 0 < left < 4000
    assert left % importing.BATCH == 0
    assert session.scalar(select(func.count()).select_from(ProductSpec)) == 9 * left
    report = run_import(path, seller_id, ImportWish(skip_bad_rows=True, makes_producers=True))
    assert (report.created, report.unchanged, report.failed) == (4000 - left, left, 0)
    assert session.scalar(select(func.count(Product.external_key.distinct()))) == 4000


def test_photos_stay_when_a_file_comes_again(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    brought_in(a_file(tmp_path, {}), seller)
    product_id = only(session).id
    with transaction() as inside:
        inside.add(Photo(product_id=product_id, stem="a" * 32, width=640, height=480, alt={}, created_at=now()))
    brought_in(a_file(tmp_path, {"price": "USD 9/kg"}), seller)
    assert [photo.stem for photo in only(session).photos] == ["a" * 32]
