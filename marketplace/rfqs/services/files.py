"""Files of a request itself: added by its buyer, read by whoever may read the request and its buyer's name."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.policy import Actor
from marketplace.rfqs.models import Rfq, RfqFile
from marketplace.rfqs.rules import LIVE, MAX_REQUEST_FILES, TO_CHECK, MomentCode, RfqState, Side
from marketplace.rfqs.services.sending import own_request
from marketplace.rfqs.services.timeline import note_moment


def attach_files(session: Session, actor: Actor, key: str, files: Sequence[StoredFile]) -> Rfq:
    """Put stored files to the company's request. `NotFound` for another's, `Conflict` once the request is over."""
    rfq = own_request(session, actor, key)
    if RfqState(rfq.state) not in LIVE | TO_CHECK | {RfqState.DRAFT}:
        raise Conflict(_("This request is over, so no document can be added."))
    have = session.scalar(select(func.count()).select_from(RfqFile).where(RfqFile.rfq_id == rfq.id)) or 0
    if have + len(files) > MAX_REQUEST_FILES:
        raise DomainError(_("A request holds at most %(count)s documents.", count=MAX_REQUEST_FILES))
    session.add_all(RfqFile(rfq_id=rfq.id, file_id=file.id) for file in files)
    if rfq.opened_at is not None and files:
        note_moment(session, rfq.id, MomentCode.FILES_ADDED, Side.BUYER)
    session.flush()  # a page shown next reads them
    return rfq


def detach_file(session: Session, actor: Actor, key: str, file_id: int) -> Rfq:
    """Take a file back while no seller has the request; its bytes go with the next tidying up."""
    rfq = own_request(session, actor, key)
    row = session.scalar(select(RfqFile).where(RfqFile.rfq_id == rfq.id, RfqFile.file_id == file_id))
    if row is None:
        raise NotFound
    if rfq.opened_at is not None:
        raise Conflict(_("Sellers have this request already, so its documents stay."))
    session.delete(row)
    session.flush()  # before the file it refers to
    session.delete(session.get_one(StoredFile, file_id))
    return rfq
