"""A file of products between its upload and the word to bring it in; kept privately, and not for long."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.accounts.services import throttle
from marketplace.accounts.services.scanning import queue_scan
from marketplace.kernel.clock import now
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.outside import storage
from marketplace.kernel.policy import Actor
from marketplace.kernel.scanning import let_pass
from marketplace.kernel.storage import new_key
from marketplace.kernel.text import cleaned

MOST_BYTES = 10 * 1024 * 1024
KEPT = timedelta(days=2)
FOLDER = "import"
_ENDINGS = {"csv": "text/csv", "tsv": "text/csv", "txt": "text/csv", "jsonl": "application/jsonl",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


@dataclass(frozen=True)
class SentFile:
    """A file that may be kept; made by `read_import_file` alone."""

    data: bytes
    name: str
    is_scanned: bool


def read_import_file(data: bytes, filename: str) -> SentFile:
    """The file as it was sent, looked into by the virus scanner; raises `DomainError`. Before the transaction opens."""
    if not data.strip():
        raise DomainError(_("The file is empty. Choose another."))
    if len(data) > MOST_BYTES:
        raise DomainError(_("The file is larger than 10 MB. Send it in parts."))
    return SentFile(data, filename, let_pass(data))


def keep_import_file(session: Session, actor: Actor, sent: SentFile) -> StoredFile:
    """Keep the file for the actor's organisation; the reader judges its content."""
    data, filename = sent.data, sent.name
    if actor.organisation_id is None:
        raise NotFound
    throttle.spend(session, throttle.UPLOAD_ORGANISATION, str(actor.organisation_id))
    ending = filename.rpartition(".")[2].lower()
    if ending not in _ENDINGS:
        raise DomainError(_("This is not a file we can read. Send CSV, XLSX or JSON lines."))
    key = new_key(FOLDER, ending)
    storage().put(key, data)
    row = StoredFile(
        organisation_id=actor.organisation_id,
        uploaded_by_id=actor.user_id,
        key=key,
        name=cleaned(filename, 200) or f"products.{ending}",
        media_type=_ENDINGS[ending],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=now(),
    )
    session.add(row)
    session.flush()  # its address holds the key
    if not sent.is_scanned:
        queue_scan(session, key)
    return row


def drop_import_file(session: Session, actor: Actor, file_id: int) -> None:
    """Delete a file that was brought in."""
    row = session.scalar(
        select(StoredFile).where(
            StoredFile.id == file_id,
            StoredFile.organisation_id == actor.organisation_id,
            StoredFile.key.startswith(f"{FOLDER}/"),
        )
    )
    if row is not None:
        enqueue(session, "catalogue.delete_document", key=row.key)
        session.delete(row)


def forget_import_files(session: Session) -> int:
    """Delete files that nobody has brought in within two days. Gives how many."""
    rows = session.scalars(
        select(StoredFile).where(StoredFile.key.startswith(f"{FOLDER}/"), StoredFile.created_at < now() - KEPT)
    ).all()
    for row in rows:
        enqueue(session, "catalogue.delete_document", key=row.key)
        session.delete(row)
    return len(rows)
