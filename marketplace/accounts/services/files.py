"""Documents people hand in: kept private, read through an owner check, handed out as they were judged."""

from __future__ import annotations

import hashlib

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.documents import Document
from marketplace.accounts.models import StoredFile
from marketplace.accounts.policies import may_read_file
from marketplace.accounts.services import throttle
from marketplace.accounts.services.scanning import queue_scan, require_scanned
from marketplace.kernel.audit import audit_look
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Forbidden, NotFound
from marketplace.kernel.outside import storage
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.storage import MissingFile, new_key


def store_document(session: Session, actor: Actor, document: Document) -> StoredFile:
    """Keep a document for the actor's organisation; `documents.read_document` judged it before the transaction opened.

    The bytes are written before the row, so that a row never names a file that is not there.
    """
    if actor.organisation_id is None:
        raise Forbidden(_("Documents belong to an organisation. Register one first."))
    throttle.spend(session, throttle.UPLOAD_ORGANISATION, str(actor.organisation_id))
    key = new_key("document", document.ending)
    storage().put(key, document.data)
    row = StoredFile(
        organisation_id=actor.organisation_id,
        uploaded_by_id=actor.user_id,
        key=key,
        name=document.name,
        media_type=document.media_type,
        size=len(document.data),
        sha256=hashlib.sha256(document.data).hexdigest(),
        created_at=now(),
    )
    session.add(row)
    session.flush()  # callers link to its key
    if not document.is_scanned:
        queue_scan(session, key)
    return row


def readable_file(session: Session, actor: Actor, file_id: int) -> StoredFile:
    """The row of a file this person may read; `NotFound` for any other, `NotLookedInto` before its virus check."""
    row = session.get(StoredFile, file_id)
    if row is None:
        raise NotFound
    require(may_read_file(session, actor, row))
    require_scanned(session, row.key)
    return row


def content_of(row: StoredFile) -> bytes:
    """The bytes of a file; `NotFound` where the storage has lost them."""
    try:
        return storage().get(row.key)
    except MissingFile:
        raise NotFound(_("The file is not there any more. Ask for it to be uploaded again.")) from None


def note_reading(session: Session, actor: Actor, row: StoredFile) -> None:
    """Write down that staff or another organisation saw a document."""
    audit_look(session, actor, "evidence.seen", f"file:{row.id}", organisation=row.organisation_id)
