"""Files of products: known again by item code, whole batches or nothing, honest about every row."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import services
from marketplace.catalogue.importing.problems import FileProblem
from marketplace.catalogue.models import Certificate, CommoditySetting, Photo, PriceRung, Product, ProductSpec
from marketplace.catalogue.queries import latest_review, listed_product
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.services import importing
from marketplace.catalogue.services.importing import ImportWish, run_import
from marketplace.catalogue.services.trial import trial_seller
from marketplace.kernel.clock import now
from marketplace.kernel.outbox import Task
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from tests.support.people import Cast
from tests.support.product_files import GOOD, HEAD, a_file, brought_in, counts, only, souq


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


def test_an_unknown_port_stays_by_name_and_is_told(people: Cast, session: Session, tmp_path: Path) -> None:
    seller = people.seller()
    report = brought_in(a_file(tmp_path, {"ports": "Tg. Perak; Atlantis"}), seller)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert ["Atlantis" in told.sentence and not told.is_fatal for told in report.problems] == [True]
    assert only(session).ports == ["Tanjung Perak", "Atlantis"]


def test_another_sellers_item_code_is_another_product(people: Cast, session: Session, tmp_path: Path) -> None:
    one, two = people.seller(), people.seller()
    path = a_file(tmp_path, {})
    brought_in(path, one)
    assert counts(brought_in(path, two)) == (1, 0, 0, 0, 1)
    assert session.scalar(select(func.count()).select_from(Product)) == 2


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
