"""Work after the commit: housekeeping, copies of one's data, erasure down to the bytes of the database file."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import DataRequest, StoredFile
from marketplace.accounts.policies import PAPERS
from marketplace.accounts.services import privacy, scanning
from marketplace.accounts.services.links import forget_links
from marketplace.accounts.services.organisations import lapse_verifications
from marketplace.accounts.services.registration import forget_unconfirmed
from marketplace.accounts.services.sessions import forget_ended
from marketplace.kernel import limits, scrubbing, submits
from marketplace.kernel.database import db
from marketplace.kernel.jobs import Postponed, job
from marketplace.kernel.leftovers import names_files
from marketplace.kernel.outside import storage
from marketplace.kernel.scanning import ScannerSilent
from marketplace.kernel.uow import transaction


@job("accounts.tidy", every=timedelta(hours=1))
def tidy() -> None:
    """Drop what has run out: sessions, links, unconfirmed addresses, copies, submit keys, tallies."""
    with transaction() as session:
        forget_ended(session)
        forget_links(session)
        forget_unconfirmed(session)
        submits.forget_old(session)
        limits.forget_old(session)
        keys = privacy.expired_copies(session)
    for key in keys:
        storage().delete(key)


@names_files("document")
@names_files("import")
@names_files(PAPERS)
def named_by_documents(session: Session, keys: list[str]) -> set[str]:
    """Of these files, those that are somebody's documents."""
    return set(session.scalars(select(StoredFile.key).where(StoredFile.key.in_(keys))))


@names_files("export")
def named_by_requests(session: Session, keys: list[str]) -> set[str]:
    """Of these files, those that are somebody's copy of their data."""
    return {key for key in session.scalars(select(DataRequest.file_key).where(DataRequest.file_key.in_(keys))) if key}


@job("accounts.lapse", every=timedelta(hours=6))
def lapse() -> None:
    """Take the level off organisations whose next check is overdue."""
    with transaction() as session:
        lapse_verifications(session)


@job("accounts.export")
def export(request_id: int) -> None:
    """Put a copy of a person's data together and tell them."""
    request = db.session.get(DataRequest, request_id)
    if request is None or request.done_at is not None:
        return
    copy = privacy.gather(db.session(), request.user_id)
    key = privacy.new_copy_key()
    storage().put(key, copy)
    with transaction() as session:
        privacy.keep_copy(session, request_id, key)


@job(scanning.JOB)
def scan_file(key: str) -> None:
    """Look into a file that was kept while the virus scanner was silent; wait on while it is."""
    try:
        scanning.scan_kept(key)
    except ScannerSilent:
        raise Postponed(timedelta(minutes=5)) from None


@job("accounts.erase", is_long=True)
def erase(request_id: int) -> None:
    """Erase a person from rows, files and the free pages of the database; safe to run again from any point."""
    with transaction() as session:
        keys = privacy.erase_person(session, request_id)
    for key in keys:
        storage().delete(key)
    scrubbing.scrub()
    with transaction() as session:
        privacy.note_erased(session, request_id)
