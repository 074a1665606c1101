"""Files that were kept while the virus scanner was silent: nobody reads them before it has looked into them."""

from __future__ import annotations

import logging

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.kernel.audit import audit
from marketplace.kernel.errors import DomainError
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.outside import storage
from marketplace.kernel.scanning import UploadInfected, is_scanner_set, judge
from marketplace.kernel.storage import MissingFile
from marketplace.kernel.uow import transaction

JOB = "accounts.scan_file"
log = logging.getLogger(__name__)


class NotLookedInto(DomainError):
    """The file waits for the virus scanner."""

    status = 503


def queue_scan(session: Session, key: str) -> None:
    """Have the scanner look into the file under ``key`` as soon as it answers; until then `require_scanned` refuses."""
    enqueue(session, JOB, dedupe_key=_name_of(key), key=key)


def require_scanned(session: Session, key: str) -> None:
    """Raise `NotLookedInto` while a file waits for the scanner."""
    waits = select(Task.id).where(Task.dedupe_key == _name_of(key), Task.state != TaskState.DONE)
    if session.scalar(waits) is not None:
        raise NotLookedInto(_("This file waits for its virus check. Please try again in some minutes."))


def scan_kept(key: str) -> None:
    """Look into a kept file; its bytes go if something is found, its row tells readers that it is gone.

    Raises `ScannerSilent` while the scanner does not answer. Without a scanner (the setting was taken back) the file
    counts as looked into.
    """
    if not is_scanner_set():
        return
    try:
        judge(storage().get(key))
    except MissingFile:
        return  # deleted meanwhile
    except UploadInfected:
        storage().delete(key)
        with transaction() as session:
            row = session.scalar(select(StoredFile).where(StoredFile.key == key))
            if row is not None:
                audit(session, None, "file.infected", f"file:{row.id}", organisation=row.organisation_id)
        log.warning("scanner.deleted")


def _name_of(key: str) -> str:
    return f"scan:{key}"
