"""Every upload passes the virus scanner before anything of it is kept, and what a silent scanner means is a setting."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings, SettingsError
from marketplace.accounts.models import StoredFile
from marketplace.catalogue.models import Photo
from marketplace.kernel import jobs, scanning
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.outbox import Task
from marketplace.kernel.outside import storage
from marketplace.kernel.scanning import ScannerSilent, UploadInfected, judge
from marketplace.notifications.incoming.receiving import Outcome, receive
from marketplace.rfqs.models import Message
from marketplace.web.checks import scanner as scanner_check
from tests.support.factories import a_draft, a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.letters import a_talk, address_of, email_of
from tests.support.people import Cast, Person, guards
from tests.support.pictures import a_jpeg
from tests.support.scanner import EICAR, Scanner, scanner_running, set_scanner

pytestmark = pytest.mark.usefixtures("moment")
ROOT = Path(__file__).parent.parent.parent
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
BAD_PDF = PDF.replace(b"trailer", EICAR + b"\ntrailer")
BAD_PHOTO = a_jpeg().getvalue() + EICAR
BAD_TABLE = b"title\n" + EICAR + b"\n"
FOUND = "Our virus check found something harmful"
SILENT = "Files cannot be checked for viruses just now"


@pytest.fixture
def scanner(app: Flask) -> Any:
    with scanner_running() as running:
        set_scanner(app, running.url)
        yield running


def send(person: Person, page: str, action: str, field: str, data: bytes, name: str, **more: Any) -> Any:
    form = {**guards(person.client, page), **more, field: (io.BytesIO(data), name)}
    return person.client.post(action, data=form, content_type="multipart/form-data")


def doors(people: Cast) -> dict[str, Any]:
    """Every form that takes a file, as a function that sends one; gives the answer."""
    seller, buyer = people.seller(), people.buyer()
    draft = a_draft(seller, has_photo=False)
    rfq = an_inquiry(buyer, a_listed_product(seller))
    an_answer(seller, rfq)
    key = recipient_of(rfq, seller).key
    talk, lead = f"/requests/{rfq.key}/with/{key}", f"/leads/{key}"
    photos, papers = f"/selling/products/{draft.slug}/photos", "/selling/certificates/new"
    named = {"code": "organic-eu", "number": "ID123", "issuer": "Contoh", "producer": ""}
    return {
        "photo": lambda bad: send(seller, photos, photos, "photos", BAD_PHOTO if bad else a_jpeg().getvalue(), "a.jpg"),
        "certificate": lambda bad: send(seller, papers, papers, "document", BAD_PDF if bad else PDF, "a.pdf", **named),
        "request": lambda bad: send(
            buyer, f"/requests/{rfq.key}", f"/requests/{rfq.key}/files", "files", BAD_PDF if bad else PDF, "a.pdf"
        ),
        "message": lambda bad: send(
            buyer, talk, f"{talk}/messages", "files", BAD_PDF if bad else PDF, "a.pdf", text="See here."
        ),
        "answer": lambda bad: send(
            seller, lead, f"{lead}/answer", "files", BAD_PDF if bad else PDF, "a.pdf", text="See here."
        ),
        "import": lambda bad: send(
            seller, "/selling/import", "/selling/import", "file", BAD_TABLE if bad else b"title\nSugar\n", "a.csv"
        ),
    }  # fmt: skip


def a_mail(sender: str, to: str, papers: dict[str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, "Re", "<sheets@mail.example>"
    mail.set_content("See the sheets.")
    for name, data in papers.items():
        mail.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def kept(session: Session) -> tuple[list[str], list[str], int]:
    """Every key in the storage, every row of a document, and how many messages there are."""
    session.rollback()
    rows = sorted(session.scalars(select(StoredFile.key))) + sorted(session.scalars(select(Photo.stem)))
    return storage().keys(), rows, len(session.scalars(select(Message.id)).all())


def test_an_infected_file_is_refused_at_every_door_and_nothing_is_kept(
    people: Cast, session: Session, scanner: Scanner
) -> None:
    for name, door in doors(people).items():
        before, looks = kept(session), len(scanner.seen)
        answer = door(True)
        assert answer.status_code == 422, name
        assert FOUND in answer.get_data(as_text=True), name
        assert kept(session) == before, name
        assert len(scanner.seen) == looks + 1, name
        assert EICAR in scanner.seen[-1], name


def test_a_clean_file_passes_every_door_after_a_look(people: Cast, session: Session, scanner: Scanner) -> None:
    for name, door in doors(people).items():
        before, looks = kept(session), len(scanner.seen)
        assert door(False).status_code == 303, name
        assert kept(session) != before, name
        assert len(scanner.seen) == looks + 1, name


def test_while_the_scanner_is_silent_nothing_is_taken(people: Cast, session: Session, scanner: Scanner) -> None:
    scanner.answers = False
    for name, door in doors(people).items():
        before = kept(session)
        answer = door(False)
        assert answer.status_code == 503, name
        assert SILENT in answer.get_data(as_text=True), name
        assert kept(session) == before, name


def test_with_keep_a_document_waits_unread_until_it_is_looked_into(
    app: Flask, people: Cast, session: Session, scanner: Scanner
) -> None:
    set_scanner(app, scanner.url, refuses_when_down=False)
    scanner.answers = False
    seller, curator = people.seller(), people.curator()
    page = "/selling/certificates/new"
    named = {"code": "organic-eu", "number": "ID123", "issuer": "Contoh", "producer": ""}
    bad = send(seller, page, page, "document", BAD_PDF, "a.pdf", **named)
    good = send(seller, page, page, "document", PDF, "b.pdf", **{**named, "number": "ID124"})
    assert (bad.status_code, good.status_code) == (303, 303)
    session.rollback()
    first, second = session.scalars(select(StoredFile.id).order_by(StoredFile.id)).all()
    start = now()
    for round_ in range(12):  # more often than a task that fails is tried
        with frozen(start + timedelta(minutes=6 * round_)):
            jobs.run_due()
    for person in (seller, curator):
        answer = person.client.get(f"/files/{second}")
        assert answer.status_code == 503
        assert "waits for its virus check" in answer.get_data(as_text=True)
    scanner.answers = True
    with frozen(start + timedelta(hours=2)):
        jobs.run_due()
    assert curator.client.get(f"/files/{second}").data == PDF
    assert curator.client.get(f"/files/{first}").status_code == 404
    assert len(storage().keys("document/")) == 1
    session.rollback()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "file.infected")).one()
    assert entry.subject == f"file:{first}"
    assert set(session.scalars(select(Task.state).where(Task.job == "accounts.scan_file"))) == {"done"}


@pytest.mark.usefixtures("mail_comes_in")
def test_a_mail_waits_for_the_scanner_and_a_bad_paper_is_left_out(
    app: Flask, people: Cast, session: Session, scanner: Scanner
) -> None:
    buyer, seller, rfq = a_talk(people)
    mail = a_mail(email_of(buyer), address_of(rfq, seller, buyer), {"good.pdf": PDF, "bad.pdf": BAD_PDF})
    scanner.answers = False
    before = kept(session)
    with pytest.raises(ScannerSilent):
        receive(mail)
    assert kept(session) == before
    scanner.answers = True
    assert receive(mail) is Outcome.TAKEN
    session.rollback()
    assert [row.name for row in session.scalars(select(StoredFile))] == ["good.pdf"]


def test_without_a_scanner_everything_is_as_before(people: Cast, session: Session) -> None:
    for name, door in doors(people).items():
        assert door(False).status_code == 303, name
    assert session.scalars(select(Task.id).where(Task.job == "accounts.scan_file")).all() == []


@pytest.mark.usefixtures("app")
def test_the_protocol_in_pieces_at_a_socket_and_where_there_is_no_judgement(app: Flask, tmp_path: Path) -> None:
    with scanner_running(tmp_path / "clamd") as running:
        set_scanner(app, running.url)
        large = bytes(range(256)) * 2000
        judge(large)
        judge(b"")
        assert running.seen == [large, b""]
        with pytest.raises(UploadInfected):
            judge(large + EICAR)  # it lies across two pieces for some size of a piece
        running.most = 1000
        with pytest.raises(ScannerSilent):
            judge(large)
    with pytest.raises(ScannerSilent):
        judge(b"nobody there")


def test_health_names_the_scanner_where_one_is_set(app: Flask, client: Any, scanner: Scanner) -> None:
    assert scanner_check().detail.startswith("ClamAV 1.4.3")
    assert client.get("/readyz").json["checks"]["scanner"] == "ok"
    scanner.answers = False
    assert not scanner_check().is_fine
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["scanner"]) == (200, "failing")
    set_scanner(app, "")
    assert scanner_check().detail == "not used"
    assert "scanner" not in client.get("/readyz").json["checks"]


@pytest.mark.parametrize("url", ["clamd://127.0.0.1:3310", "clamd://scan", "unix:/run/clamd.sock"])
def test_addresses_of_scanners(url: str, tmp_path: Path) -> None:
    made = Settings.from_env({"SOUQ_HOME": str(tmp_path), "SCAN_URL": url})
    assert (made.scan.url, made.scan.refuses_when_down) == (url, True)
    assert not Settings.from_env({"SOUQ_HOME": str(tmp_path), "SCAN_WHEN_DOWN": "keep"}).scan.refuses_when_down


@pytest.mark.parametrize("url", ["clamd://", "clamd://x:99999999", "unix:", "unix:/", "http://x", "127.0.0.1:3310"])
def test_addresses_that_are_none(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as fault:
        Settings.from_env({"SOUQ_HOME": str(tmp_path), "SCAN_URL": url, "SCAN_WHEN_DOWN": "pass"})
    assert [one.partition(":")[0] for one in fault.value.faults] == ["SCAN_URL", "SCAN_WHEN_DOWN"]


# whoever puts bytes into the storage; an upload may come here only by a judge that asks `let_pass`
_KEEPERS = {
    "marketplace/accounts/jobs.py": "a copy of somebody's data, made by us",
    "marketplace/accounts/services/files.py": "a `Document`, which `read_document` alone makes of an upload",
    "marketplace/catalogue/photos.py": "a `PreparedPhoto`, which `prepare_photo` alone makes of an upload",
    "marketplace/catalogue/services/import_file.py": "a `SentFile`, which `read_import_file` alone makes",
    "marketplace/cli/archive.py": "files of a backup",
    "marketplace/documents/services/making.py": "papers, made by us",
    "marketplace/web/checks.py": "two letters of our own",
}
_JUDGES = {
    "marketplace/accounts/documents.py": "read_document",
    "marketplace/catalogue/photos.py": "prepare_photo",
    "marketplace/catalogue/services/import_file.py": "read_import_file",
}


def test_no_other_door_leads_into_the_storage() -> None:
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in ROOT.glob("marketplace/**/*.py")}
    puts = {name for name, text in sources.items() if re.search(r"\bstorage(\(\))?\.put\(", text)}
    assert puts == set(_KEEPERS)
    asking = {name for name, text in sources.items() if "let_pass(" in text}
    assert asking == set(_JUDGES) | {Path(scanning.__file__).relative_to(ROOT).as_posix()}
