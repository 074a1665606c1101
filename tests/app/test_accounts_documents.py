"""Documents are judged by their bytes, read through the owner check and handed out harmless."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.documents import display_name, read_document
from marketplace.accounts.models import Organisation, StoredFile, Verification
from marketplace.accounts.policies import _file_rights, also_reads_files
from marketplace.accounts.rules import VerificationLevel, VerificationMethod
from marketplace.accounts.services.files import store_document
from marketplace.accounts.services.organisations import (
    block_organisation,
    lapse_verifications,
    verify_organisation,
)
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.outside import storage
from marketplace.kernel.policy import Actor
from marketplace.kernel.uow import transaction
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app")  # uploads ask its settings whether a virus scanner looks first
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def picture(kind: str, size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture with hidden data: a place in EXIF and words after its end."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "SECRET place"
    exif[0x0112] = 6  # turned
    Image.new("RGB", size, "teal").save(out, kind, exif=exif)
    return out.getvalue() + b"<script>SECRET</script>"


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_pictures_are_drawn_anew(kind: str, ending: str) -> None:
    document = read_document(picture(kind), "../../etc/pass<wd>.php")
    assert (document.ending, document.name) == (ending, f"pass_wd_.{ending}")
    assert b"SECRET" not in document.data
    with Image.open(io.BytesIO(document.data)) as drawn:
        assert drawn.size == (40, 60), "upright"


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"just text",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<!doctype html><script>1</script>",
        b"MZ\x90\x00" + b"\x00" * 200,
        b"PK\x03\x04" + b"\x00" * 200,
        b"GIF89a" + b"\x00" * 200,
        b"%PDF-1.4 without an end",
        PDF.replace(b"<<>>", b"<< /OpenAction << /S /JavaScript >> >>", 1),
        PDF.replace(b"<<>>", b"<< /Encrypt 5 0 R >>", 1),
        PDF.replace(b"<<>>", b"<< /EmbeddedFile 5 0 R >>", 1),
        picture("JPEG")[:300],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        PDF + b"\x00" * (10 * 1024 * 1024) + b"%%EOF",
    ],
)
def test_everything_else_is_refused_with_a_remedy(upload: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        read_document(upload, "evidence.pdf")
    assert len(str(refusal.value.sentence)) > 20


def test_a_picture_of_too_many_points_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (6000, 5000)).save(out, "PNG")
    with pytest.raises(DomainError, match="25 million"):
        read_document(out.getvalue(), "large.png")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.pdf", "a.pdf"),
        ("C:\\x\\NIB 2026.PDF", "NIB 2026.pdf"),
        ("..", "document.pdf"),
        ("", "document.pdf"),
        ('q"\r\nSet-Cookie: x', "q_ Set-Cookie_ x.pdf"),
        ("证书.pdf", "证书.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
    ],
)
def test_names_are_harmless(name: str, shown: str) -> None:
    made = display_name(name, "pdf")
    assert not set(made) & set('"\r\n/\\:<>')
    assert made == shown or name.startswith("q")


def stored(person: Person, data: bytes = PDF, name: str = "NIB.pdf") -> StoredFile:
    with transaction() as session:
        return store_document(session, person.actor, read_document(data, name))


def test_who_reads_a_document(people: Cast, session: Session) -> None:
    owner, other, curator, partner = people.seller(), people.seller(), people.curator(), people.partner()
    row = stored(owner)
    answer = owner.client.get(f"/files/{row.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="NIB.pdf"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence.seen")).all() == []
    missing = other.client.get("/files/99999")
    for person in (other, partner, people.buyer()):
        refused = person.client.get(f"/files/{row.id}")
        assert refused.status_code == missing.status_code == 404
    assert owner.client.application.test_client().get(f"/files/{row.id}").status_code == 302
    assert curator.client.get(f"/files/{row.id}").status_code == 200
    seen = session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence.seen")).one()
    assert (seen.user_id, seen.subject) == (curator.user_id, f"file:{row.id}")


def test_a_domain_can_let_others_read(people: Cast) -> None:
    owner, partner = people.seller(), people.partner()
    row = stored(owner)

    def reviewer(_session: Session, actor: Actor, file: StoredFile) -> bool:
        return actor.user_id == partner.user_id and file.id == row.id

    also_reads_files(reviewer)
    try:
        assert partner.client.get(f"/files/{row.id}").status_code == 200
        assert partner.client.get(f"/files/{stored(owner).id}").status_code == 404
    finally:
        _file_rights.remove(reviewer)


def test_a_picture_is_shown_and_a_lost_file_is_missing(people: Cast) -> None:
    owner = people.buyer()
    row = stored(owner, picture("PNG"), "office.png")
    answer = owner.client.get(f"/files/{row.id}")
    assert (answer.mimetype, answer.headers["Content-Disposition"][:6]) == ("image/png", "inline")
    storage().delete(row.key)
    assert owner.client.get(f"/files/{row.id}").status_code == 404


def verify(person: Person, organisation_id: int, **more: object) -> Verification:
    values = {
        "level": VerificationLevel.VERIFIED,
        "method": VerificationMethod.VISIT,
        "evidence": "Saw the NIB.",
        "next_check_on": today() + timedelta(days=365),
        **more,
    }
    with transaction() as session:
        return verify_organisation(session, person.actor, organisation_id, **values)  # type: ignore[arg-type]


def test_a_verification_counts_until_its_next_check(people: Cast, session: Session) -> None:
    curator, buyer = people.curator(), people.buyer(verification_level=VerificationLevel.NONE)
    verify(curator, buyer.organisation_id)
    organisation = session.get_one(Organisation, buyer.organisation_id, populate_existing=True)
    assert organisation.verification_level == "verified"
    with frozen(now() + timedelta(days=364)), transaction() as inside:
        assert lapse_verifications(inside) == 0
    with frozen(now() + timedelta(days=367)), transaction() as inside:
        assert lapse_verifications(inside) == 1
    organisation = session.get_one(Organisation, buyer.organisation_id, populate_existing=True)
    assert (organisation.verification_level, organisation.verified_until) == ("none", None)


def test_who_verifies_and_how(people: Cast, session: Session) -> None:
    curator, buyer, partner = people.curator(), people.buyer(), people.partner()
    for actor in (buyer, partner, people.seller()):
        with pytest.raises(NotFound):
            verify(actor, buyer.organisation_id)
    with pytest.raises(NotFound):
        verify(curator, 99999)
    for wrong in ({"evidence": " "}, {"next_check_on": today()}, {"next_check_on": today() + timedelta(days=900)}):
        with pytest.raises(DomainError):
            verify(curator, buyer.organisation_id, **wrong)
    with pytest.raises(DomainError):
        verify(curator, curator.organisation_id)
    assert session.scalars(select(Verification)).all() == []


def test_blocking(people: Cast, session: Session) -> None:
    buyer, seller, programme = people.buyer(), people.seller(), people.curator()
    page = "/account/blocks"
    slug = session.scalars(select(Organisation.slug).where(Organisation.id == seller.organisation_id)).one()
    assert buyer.client.get(f"{page}?organisation={slug}").status_code == 200
    assert buyer.client.get(f"{page}?organisation=nobody").status_code == 404
    for _ in range(2):
        assert buyer.post(page, {"organisation": slug}).status_code == 303
    html = buyer.client.get(page).get_data(as_text=True)
    block_id = html.split("/account/blocks/")[1].split("/")[0]
    assert seller.post(f"{page}/{block_id}/lift").status_code == 404
    assert buyer.post(f"{page}/{block_id}/lift").status_code == 303
    assert "Nobody is blocked" in buyer.client.get(page).get_data(as_text=True)
    own = session.scalars(select(Organisation.slug).where(Organisation.id == programme.organisation_id)).one()
    with pytest.raises(DomainError), transaction() as inside:
        block_organisation(inside, buyer.actor, own)
