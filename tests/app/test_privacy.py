"""A person's copy has everything; after erasure no byte of database, log or file names them."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import zipfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.accounts.documents import read_document
from marketplace.accounts.models import (
    Consent,
    DataRequest,
    LinkToken,
    Organisation,
    SessionRow,
    User,
    Verification,
)
from marketplace.accounts.rules import Document
from marketplace.accounts.services.consents import give_consent
from marketplace.accounts.services.files import store_document
from marketplace.accounts.services.invitations import invite_seller
from marketplace.kernel import jobs
from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from marketplace.kernel.outside import storage
from marketplace.kernel.personal_data import registered
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Producer, ProducerText, Seller, SellerNote
from tests.support.accounts import HASH, PASSWORD, caught_links, fill
from tests.support.factories import a_certificate, a_listed_product
from tests.support.people import Cast, Person

MARK = "Qzxwv"
PHONE = "+6281277775555"
PAGE = "/account/privacy"
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\n% " + MARK.encode() + b"\ntrailer <<>>\n%%EOF\n"


def marked_seller(people: Cast, session: Session) -> Person:
    """A seller whose mark stands wherever accounts and profiles take a text."""
    person = people.seller(
        name=f"{MARK} Person",
        email=f"{MARK.lower()}@contoh.example",
        phone=PHONE,
        password_hash=HASH,
        website=f"https://{MARK}.example",
        city=f"{MARK}town",
        registration_number=f"{MARK}-1",
    )
    with transaction() as inside:
        inside.get_one(Organisation, person.organisation_id).name = f"{MARK} Unit"
        seller = inside.get_one(Seller, person.seller_id)
        seller.whatsapp, seller.port, seller.slug = PHONE, f"{MARK}port", MARK.lower()
        producer = inside.get_one(Producer, person.producer_id)
        producer.name, producer.address, producer.slug = f"PP {MARK}", f"Jalan {MARK}", f"pp-{MARK.lower()}"
        inside.add(ProducerText(producer_id=producer.id, language="id", story=f"Cerita {MARK}", is_original=True))
        give_consent(inside, person.user_id, list(Document), "id")
        store_document(inside, person.actor, read_document(PDF, f"{MARK}.pdf"))
        for row in inside.scalars(select(SessionRow).where(SessionRow.user_id == person.user_id)):
            row.device = f"{MARK} phone"
    certificate = a_certificate(person, number=f"{MARK}-7", scope=f"{MARK} scope")
    a_listed_product(
        person,
        slug=f"kopi-{MARK.lower()}",
        title=f"Kopi {MARK}",
        description=f"Kopi dari {MARK}",
        sample_note=f"Ask {MARK}",
        external_key=f"{MARK}-9",
        certificates=[certificate],
    )
    person.post("/account/email", {"email": f"new-{MARK.lower()}@contoh.example", "present": PASSWORD}, page="/account")
    return person


def bytes_of(settings: Settings) -> dict[str, bytes]:
    """Every file of the home: database, its log, uploads, mails."""
    db.session.remove()
    return {
        path.relative_to(settings.home).as_posix(): path.read_bytes()
        for path in Path(settings.home).rglob("*")
        if path.is_file()
    }


def named_in(settings: Settings) -> list[str]:
    """Files that still hold the mark or the number, in any case."""
    marks = [MARK.lower().encode(), PHONE.encode(), PHONE.lstrip("+").encode()]
    return [name for name, data in bytes_of(settings).items() if any(mark in data.lower() for mark in marks)]


def rows_naming(settings: Settings) -> list[str]:
    """Tables and columns of the SQLite file that still hold the mark: says where to look."""
    with closing(sqlite3.connect(settings.home / "souq.sqlite3")) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = []
        for table in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                cells = zip(names, row, strict=True)
                found += [f"{table}.{name}" for name, cell in cells if MARK.lower() in str(cell).lower()]
    return sorted(set(found))


def test_a_copy_has_everything(people: Cast, session: Session, app: Flask) -> None:
    person = marked_seller(people, session)
    assert person.post(f"{PAGE}/copy", page=PAGE).status_code == 303
    assert "Under way" in person.client.get(PAGE).get_data(as_text=True)
    jobs.run_due()
    request = session.scalars(select(DataRequest)).one()
    answer = person.client.get(f"{PAGE}/copy/{request.id}")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/zip", "no-store")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        data = json.loads(archive.read("data.json"))
        documents = [name for name in archive.namelist() if name.startswith("documents/")]
        assert MARK.encode() in archive.read(documents[0])
    assert set(registered()) <= set(data)
    account = data["accounts"]
    assert (account["account"]["name"], account["account"]["phone"]) == (f"{MARK} Person", PHONE)
    assert account["organisations"][0]["website"] == f"https://{MARK}.example"
    assert account["sessions"][0]["device"] == f"{MARK} phone"
    assert {one["document"] for one in account["consents"]} == {"terms", "privacy", "transfer"}
    assert account["links"][0]["contents"] == {"email": f"new-{MARK.lower()}@contoh.example"}
    assert data["sellers"]["pesantren"][0]["story"] == f"Cerita {MARK}"
    assert HASH not in answer.data.decode("latin-1")
    other = people.buyer()
    assert other.client.get(f"{PAGE}/copy/{request.id}").status_code == 404


def test_a_copy_lies_ready_for_a_week(people: Cast, session: Session, moment: datetime) -> None:
    person = people.buyer()
    person.post(f"{PAGE}/copy", page=PAGE)
    jobs.run_due()
    request = session.scalars(select(DataRequest)).one()
    key = request.file_key or ""
    assert storage().get(key)
    with frozen(moment + timedelta(days=8)):
        jobs._jobs["accounts.tidy"]()
        assert person.client.get(f"{PAGE}/copy/{request.id}").status_code in {302, 404}
    assert key not in storage().keys()  # noqa: SIM118 - a storage is no dict


def test_after_erasure_no_byte_names_the_person(
    people: Cast, session: Session, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    curator = people.curator()
    with transaction() as inside:
        invite_seller(inside, curator.actor, PHONE.replace("7777", "7778"), "PP Lain", "Orang Lain")
    caplog.set_level(logging.DEBUG)
    person = marked_seller(people, session)
    jobs.run_due()
    assert named_in(settings), "the mark is there before"
    assert person.post(f"{PAGE}/erase", {"present": "wrong"}, page=PAGE).status_code == 422
    answer = person.post(f"{PAGE}/erase", {"present": PASSWORD}, page=PAGE)
    assert answer.location == "/account-erased"
    assert person.client.get("/account").status_code == 302, "closed at once"
    assert fill(person.client, "/sign-in", identifier=PHONE, password=PASSWORD).status_code == 422
    jobs.run_due()
    if settings.stores.is_sqlite:
        assert rows_naming(settings) == []
        assert named_in(settings) == []
    assert MARK.lower() not in caplog.text.lower()
    user = session.get_one(User, person.user_id, populate_existing=True)
    assert (user.email, user.phone, user.password_hash, user.name) == (None, None, None, "—")
    assert user.erased_at is not None
    request = session.scalars(select(DataRequest)).one()
    assert request.done_at is not None
    assert request.done_at <= request.due_at
    assert session.scalars(select(Consent).where(Consent.user_id == person.user_id)).all(), "that they agreed stays"
    assert session.scalars(select(LinkToken)).all(), "the invitation of somebody else stays"
    assert session.get_one(Organisation, person.organisation_id, populate_existing=True).suspended_at is not None


def test_an_erasure_that_broke_off_is_done_again(people: Cast, session: Session, settings: Settings) -> None:
    person = marked_seller(people, session)
    person.post(f"{PAGE}/erase", {"present": PASSWORD}, page=PAGE)
    request = session.scalars(select(DataRequest)).one()
    for _ in range(2):
        jobs._jobs["accounts.erase"](request_id=request.id)
    assert session.get_one(DataRequest, request.id, populate_existing=True).done_at is not None


def test_a_colleague_goes_and_the_company_stays(people: Cast, session: Session) -> None:
    owner = people.buyer(password_hash=HASH)
    with caught_links() as links:
        data = {"name": "Kolja", "email": "kolja@beispiel.example", "role": "member"}
        owner.post("/organisation/members", data, page="/organisation/members")
    answers = {"name": "Kolja", "password": PASSWORD, "terms": "y", "privacy": "y", "transfer": "y"}
    fill(owner.client.application.test_client(), f"/invitations/member/{links[0].token}", **answers)
    assert owner.post(f"{PAGE}/erase", {"present": PASSWORD}, page=PAGE).status_code == 409, "nobody in charge"
    colleague = session.scalars(select(User).where(User.email == "kolja@beispiel.example")).one()
    client = owner.client.application.test_client()
    fill(client, "/sign-in", identifier="kolja@beispiel.example", password=PASSWORD)
    assert fill(client, f"{PAGE}/erase", PAGE, present=PASSWORD).status_code == 303
    jobs.run_due()
    organisation = session.get_one(Organisation, owner.organisation_id, populate_existing=True)
    assert organisation.suspended_at is None
    assert session.get_one(User, colleague.id, populate_existing=True).email is None


def test_a_curators_notes_stay_without_a_name(people: Cast, session: Session) -> None:
    curator, operator, seller = people.curator(), people.operator(), people.seller()
    with transaction() as inside:
        from marketplace.accounts.rules import VerificationLevel, VerificationMethod
        from marketplace.accounts.services.organisations import add_member, verify_organisation
        from marketplace.kernel.clock import today
        from marketplace.kernel.policy import Role
        from marketplace.sellers.services import add_note

        add_member(inside, operator.organisation_id, curator.user_id, Role.CURATOR)
        add_note(inside, curator.actor, seller.seller_id or 0, "Please add moisture.")
        verify_organisation(
            inside,
            curator.actor,
            seller.organisation_id,
            VerificationLevel.VERIFIED,
            VerificationMethod.VISIT,
            "Visited",
            today() + timedelta(days=300),
        )
        inside.get_one(User, curator.user_id).password_hash = HASH
    curator.post(f"{PAGE}/erase", {"present": PASSWORD}, page=PAGE)
    jobs.run_due()
    note = session.scalars(select(SellerNote)).one()
    assert (note.author_id, note.text) == (None, "Please add moisture.")
    check = session.scalars(select(Verification)).one()
    assert session.get_one(User, check.checked_by_id, populate_existing=True).name == "—"


def test_two_requests_for_a_copy_make_one(people: Cast, session: Session) -> None:
    person = people.buyer()
    for _ in range(2):
        person.post(f"{PAGE}/copy", page=PAGE)
    assert len(session.scalars(select(DataRequest)).all()) == 1


def test_the_words_one_agreed_to_can_be_read(people: Cast) -> None:
    person, other = people.buyer(), people.buyer()
    with transaction() as inside:
        give_consent(inside, person.user_id, [Document.TERMS], "de")
    path = f"{PAGE}/texts/terms/2026-11-22"
    assert person.client.get(path).status_code == 200
    assert other.client.get(path).status_code == 404


def test_nothing_of_a_person_is_left_unregistered() -> None:
    """Every table that names a person belongs to a domain that has registered its share."""
    tables = {
        "session",
        "recovery_code",
        "link_token",
        "membership",
        "consent",
        "data_request",
        "stored_file",
        "verification",
        "seller",
        "seller_note",
        "user_account",
    }
    shares = set(registered())
    assert {"accounts", "sellers", "buyers"} <= shares
    naming = {
        table.name
        for table in db.metadata.tables.values()
        if any(key.column.table.name == "user_account" for key in table.foreign_keys)
    }
    domains = {
        "application_note": "partners",
        "distributor_application": "partners",
        "introduction": "partners",
        "partnership": "partners",
        "opportunity": "partners",
        "partner_territory": "partners",
        "fair": "fairs",
        "meeting": "meetings",
        "meeting_guest": "meetings",
        "meeting_plan": "meetings",
        "seller_closure": "closures",
        "seller_standing": "sellers",
        "spot_offer": "offers",
        "membership_plan": "memberships",
        "paid_membership": "memberships",
        "webhook_endpoint": "webhooks",
        "whatsapp_contact": "whatsapp",
        "rfq": "rfqs",
        "message": "rfqs",
        "heard_answer": "rfqs",
        "quote_version": "quotes",
        "deal": "quotes",
        "sample": "orders",
        "trade_order": "orders",
        "trade_order_step": "orders",
        "paper": "documents",
        "bank_account": "payments",
        "commission_rule": "payments",
        "ledger_entry": "payments",
        "refund": "payments",
        "rfq_recipient": "rfqs",
        "rfq_moment": "rfqs",
        "report": "moderation",
        "review": "reviews",
        "lead_follow_up": "followups",
        "notice": "notifications",
        "notification_preference": "notifications",
        "reply_address": "notifications",
        "certificate": "catalogue",
        "listing_review": "catalogue",
        "saved_search": "saved",
        "lexicon_change": "discovery",
        "shortlist": "saved",
        "request_news": "matchmaking",
        "request_alert": "matchmaking",
    }
    assert {domains[name] for name in naming - tables if name in domains} <= shares
    assert naming - tables <= set(domains), "a new table names a person: say whose share it is"
