"""T8: 96 files that are not what they say, at every door that takes files: refused or drawn anew, in bounded memory."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.catalogue.models import Photo
from marketplace.kernel.limits import Tally
from marketplace.kernel.outside import storage
from marketplace.kernel.uow import transaction
from tests.app.test_catalogue_uploads import BAD_TABLES, GOOD, HOSTILE
from tests.support.factories import a_draft, a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("moment")
AT_MOST = 200 * 1024  # kilobytes that the process may grow beyond where it was
NAMES = (
    "x.jpg",
    "../../etc/cron.d/x.png",
    "x.php.jpg",
    "x.pdf\r\nX-Evil: 1",
    "con.svg",
    "a" * 300 + ".webp",
    "x.html",
)
ACTIVE = (b"<script", b"<?php", b"MZ\x00\x00", b"system($_GET")


def memory(line: str) -> int:
    """A line of this process's status, in kilobytes."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(one for one in text.splitlines() if one.startswith(line)).split()[1])


def send(person: Person, page: str, action: str, field: str, data: bytes, name: str, **more: Any) -> int:
    """Post one file by a form, as a browser does; gives the status."""
    form = {**guards(person.client, page), **more, field: (io.BytesIO(data), name)}
    answer = person.client.post(action, data=form, content_type="multipart/form-data")
    assert answer.status_code < 500
    return int(answer.status_code)


# the test client leaves its own copies of large files to the collector
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_t8_96_files_at_every_door(app: Flask, people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    draft = a_draft(seller, has_photo=False)
    rfq = an_inquiry(buyer, a_listed_product(seller))
    an_answer(seller, rfq)
    talk = f"/requests/{rfq.key}/with/{recipient_of(rfq, seller).key}"
    photos, imports = f"/selling/products/{draft.slug}/photos", "/selling/import"
    names = itertools.cycle(NAMES)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
    before = memory("VmRSS")
    sent: list[tuple[str, str, int]] = []
    for kind, data in HOSTILE.items():
        sent.append(("photo", kind, send(seller, photos, photos, "photos", data, next(names))))
        text = f"paper {kind}"
        status = send(buyer, talk, f"{talk}/messages", "files", data, next(names), text=text)
        sent.append(("paper", kind, status))
        status = send(seller, f"/leads/{talk.split('/')[-1]}", f"/leads/{talk.split('/')[-1]}/answer", "files", data,
                      next(names), text=text)  # fmt: skip
        sent.append(("answer", kind, status))
    for name, data in BAD_TABLES.items():
        sent.append(("table", name, send(seller, imports, imports, "file", data, name)))
    for kind, make in GOOD.items():
        sent.append(("good photo", kind, send(seller, photos, photos, "photos", make().getvalue(), f"{kind}.jpg")))
        status = send(buyer, talk, f"{talk}/messages", "files", make().getvalue(), f"{kind}.png", text=kind)
        sent.append(("good paper", kind, status))
        with transaction() as inside:
            inside.execute(update(Tally).values(count=0))  # an hour passes
    assert len(sent) >= 96
    assert memory("VmHWM") - before <= AT_MOST
    assert [one for one in sent if one[0].startswith("good") and one[2] != 303] == []
    assert [one for one in sent if one[0] == "photo" and one[2] not in {400, 413, 422}] == []
    assert [one for one in sent if one[2] not in {303, 400, 413, 422}] == []
    session.rollback()
    # tables wait as they came until their owner has looked at what was read from them
    kept = [row for row in session.scalars(select(StoredFile)).all() if row.name not in BAD_TABLES]
    taken = [one for one in sent if one[0] in {"paper", "answer", "good paper"} and one[2] == 303]
    assert len(GOOD) <= len(kept) <= len(taken)
    assert session.query(Photo).filter_by(product_id=draft.id).count() == len(GOOD)
    for key in [row.key for row in kept] + storage().keys("photo/"):
        data = storage().get(key)
        assert not any(mark in data for mark in ACTIVE), key
        assert data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"%PDF-")) or data[4:12] == b"ftypavif", key
    for row in kept:
        answer = buyer.client.get(f"/files/{row.id}")
        if answer.status_code == 404:
            continue  # the seller's papers before the buyer may read them
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.mimetype == row.media_type
        assert row.media_type in {"application/pdf", "image/jpeg", "image/png", "image/webp"}
        assert not set(row.name) & set('"\r\n/\\:<>')
