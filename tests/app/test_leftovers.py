"""Bytes that were stored by someone who died before the row: gone after a day, and nothing else with them."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from marketplace.accounts.documents import Document
from marketplace.accounts.models import DataRequest
from marketplace.accounts.services.files import store_document
from marketplace.catalogue.models import Photo
from marketplace.catalogue.photos import keep_files, prepare_illustration, prepare_photo, stem_of
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.jobs import run_due
from marketplace.kernel.leftovers import KEPT, remove_leftovers
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.outside import storage
from marketplace.kernel.storage import FolderStorage, new_key
from marketplace.kernel.uow import transaction
from tests.conftest import NOON
from tests.support.factories import a_listed_product
from tests.support.people import Cast

LATER = NOON + KEPT + timedelta(hours=1)


@pytest.fixture
def root(app: Flask) -> Path:
    store = storage()
    assert isinstance(store, FolderStorage)
    return store.root


@pytest.fixture
def written_at_noon(root: Path) -> Callable[[], None]:
    """Files carry the machine's time; this sets all of them to the noon that the tests' clock shows."""

    def date() -> None:
        for path in root.rglob("*"):
            if path.is_file():
                os.utime(path, (NOON.timestamp(), NOON.timestamp()))

    return date


def a_picture() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (240, 210), "green").save(picture, "PNG")
    return picture.getvalue()


def a_document() -> Document:
    return Document(name="licence.pdf", data=b"%PDF-1.7 sample", media_type="application/pdf", ending="pdf")


def test_files_that_no_row_names_go_after_a_day(root: Path, written_at_noon: Callable[[], None]) -> None:
    keys = [new_key("document", "pdf"), new_key("import", "csv"), new_key("export", "zip")]
    for key in keys:
        storage().put(key, b"nobody's")
    keep_files(storage(), prepare_photo(a_picture()))
    keep_files(storage(), prepare_illustration("<svg/>"))
    half = root / "photo" / ".0123.webp.ab12"  # the process died while it wrote
    half.write_bytes(b"half a pic")
    written_at_noon()
    everything = sorted(path for path in root.rglob("*") if path.is_file())
    with frozen(NOON + KEPT):
        assert remove_leftovers() == 0
    assert sorted(path for path in root.rglob("*") if path.is_file()) == everything
    with frozen(LATER):
        assert remove_leftovers() == len(everything) == 3 + 6 + 1 + 1
        assert remove_leftovers() == 0
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_what_a_row_names_stays(people: Cast, root: Path, written_at_noon: Callable[[], None]) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    photo, drawing = prepare_photo(a_picture()), prepare_illustration("<svg/>")
    copy = new_key("export", "zip")
    with transaction() as session:
        kept = store_document(session, seller.actor, a_document()).key
        for position, one in enumerate((photo, drawing)):
            keep_files(storage(), one)
            session.add(
                Photo(product_id=product.id, stem=one.stem, width=one.width, height=one.height, position=position,
                      alt={}, is_illustration=one is drawing, created_at=now())
            )  # fmt: skip
        storage().put(copy, b"copy")
        session.add(
            DataRequest(
                user_id=seller.actor.user_id, kind="export", asked_at=now(), due_at=now(), done_at=now(), file_key=copy
            )
        )
    storage().put("elsewhere/of-another-part.txt", b"nobody speaks for this folder")
    written_at_noon()
    before = storage().keys()
    assert {kept, copy, *photo.files, *drawing.files} <= set(before)
    with frozen(LATER):
        remove_leftovers()
    assert storage().keys() == before


def test_the_job_runs_by_itself(root: Path, written_at_noon: Callable[[], None]) -> None:
    storage().put("document/" + "0" * 32 + ".pdf", b"nobody's")
    written_at_noon()
    with frozen(LATER):
        with transaction() as session:
            enqueue(session, "kernel.leftovers")
        run_due()
    assert storage().keys("document/") == []


@pytest.mark.parametrize(
    ("key", "stem"),
    [
        ("photo/" + "a1" * 16 + "-320.webp", "a1" * 16),
        ("photo/i" + "b" * 31 + ".svg", "i" + "b" * 31),
        ("photo/." + "a1" * 16 + "-320.webp.0011", ""),
        ("photo/readme.txt", ""),
        ("photo/", ""),
    ],
)
def test_the_stem_of_a_file(key: str, stem: str) -> None:
    assert stem_of(key) == stem
