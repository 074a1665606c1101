"""Rights over one's data: a copy, and erasure, each with a clock of 72 hours that the person sees."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.events import DataExported
from marketplace.accounts.models import DataRequest, Membership, Organisation, StoredFile, User
from marketplace.accounts.queries import owner_count
from marketplace.accounts.rules import DATA_REQUEST_CLOCK, EXPORT_LIFE, DataRequestKind
from marketplace.accounts.services.sessions import end_all_sessions
from marketplace.accounts.services.throttle import Limit, spend
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.outside import storage
from marketplace.kernel.personal_data import erase_all, export_all
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.kernel.storage import MissingFile, new_key

EXPORTS = Limit("export/person", 5, timedelta(days=1))


def ask_for_copy(session: Session, actor: Actor) -> DataRequest:
    """Queue a copy of everything kept about the person; one that is under way is not queued twice."""
    waiting = session.scalar(
        select(DataRequest).where(
            DataRequest.user_id == actor.user_id,
            DataRequest.kind == DataRequestKind.EXPORT,
            DataRequest.done_at.is_(None),
        )
    )
    if waiting is not None:
        return waiting
    spend(session, EXPORTS, str(actor.user_id))
    request = _request(session, actor.user_id, DataRequestKind.EXPORT)
    enqueue(session, "accounts.export", dedupe_key=f"accounts.export:{request.id}", request_id=request.id)
    audit(session, actor, "data.copy_asked", f"user:{actor.user_id}")
    return request


def ask_for_erasure(session: Session, actor: Actor) -> DataRequest:
    """Close the account at once and queue its erasure. The last operator or owner beside others hands over first."""
    _refuse_orphans(session, actor)
    user = session.get_one(User, actor.user_id)
    user.suspended_at = now()
    end_all_sessions(session, user.id)
    request = _request(session, user.id, DataRequestKind.ERASURE)
    enqueue(session, "accounts.erase", dedupe_key=f"accounts.erase:{request.id}", request_id=request.id)
    audit(session, actor, "data.erasure_asked", f"user:{user.id}")
    return request


def requests_of(session: Session, user_id: int) -> list[DataRequest]:
    """A person's requests, newest first."""
    query = select(DataRequest).where(DataRequest.user_id == user_id).order_by(DataRequest.id.desc())
    return list(session.scalars(query.limit(20)))


def own_copy(session: Session, actor: Actor, request_id: int) -> bytes:
    """The ZIP of one's own request while it lies ready; `NotFound` for any other."""
    request = session.scalar(
        select(DataRequest).where(
            DataRequest.id == request_id, DataRequest.user_id == actor.user_id, DataRequest.file_key.is_not(None)
        )
    )
    if request is None or request.file_key is None:
        raise NotFound
    try:
        return storage().get(request.file_key)
    except MissingFile:
        raise NotFound(_("The copy is not kept any longer. Ask for a new one.")) from None


def gather(session: Session, user_id: int) -> bytes:
    """A ZIP with everything kept about a person: `data.json` and the documents they uploaded."""
    data: dict[str, Any] = {"made": now().isoformat(), **export_all(session, user_id)}
    files = session.scalars(
        select(StoredFile).where(StoredFile.uploaded_by_id == user_id).order_by(StoredFile.id)
    ).all()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2, default=str))
        for row in files:
            try:
                archive.writestr(f"documents/{row.id}-{row.name}", storage().get(row.key))
            except MissingFile:
                continue
    return out.getvalue()


def keep_copy(session: Session, request_id: int, file_key: str) -> None:
    """Note where a copy lies and tell the person; a second run of the job changes nothing."""
    request = session.get(DataRequest, request_id)
    if request is None or request.done_at is not None:
        return
    request.file_key, request.done_at = file_key, now()
    record(session, DataExported(request.user_id, request.id))


def new_copy_key() -> str:
    """An unguessable place for a copy."""
    return new_key("export", "zip")


def erase_person(session: Session, request_id: int) -> list[str]:
    """Erase everything of the person of a request; gives the storage keys to delete after the commit."""
    request = session.get(DataRequest, request_id)
    if request is None:
        return []
    keys = erase_all(session, request.user_id)
    audit(session, None, "data.erased", f"user:{request.user_id}")
    return keys


def note_erased(session: Session, request_id: int) -> None:
    """The clock stops: rows, files and free pages of the database are clean."""
    request = session.get(DataRequest, request_id)
    if request is not None and request.done_at is None:
        request.done_at = now()


def expired_copies(session: Session) -> list[str]:
    """Let go of copies that lay ready for a week; gives the storage keys to delete after the commit."""
    old = session.scalars(
        select(DataRequest).where(DataRequest.file_key.is_not(None), DataRequest.done_at < now() - EXPORT_LIFE)
    ).all()
    keys = [request.file_key for request in old if request.file_key]
    for request in old:
        request.file_key = None
    return keys


def _request(session: Session, user_id: int, kind: DataRequestKind) -> DataRequest:
    request = DataRequest(user_id=user_id, kind=kind, asked_at=now(), due_at=now() + DATA_REQUEST_CLOCK)
    session.add(request)
    session.flush()  # the job is queued by its key
    return request


def _refuse_orphans(session: Session, actor: Actor) -> None:
    """Others who remain in an organisation need somebody in charge; the programme needs an operator."""
    rows = session.execute(
        select(Membership, Organisation.kind)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id == actor.user_id)
    ).all()
    for membership, kind in rows:
        in_charge = Role.OPERATOR if kind == OrganisationKind.PROGRAMME else Role.OWNER
        if membership.role != in_charge or owner_count(session, membership.organisation_id, in_charge) > 1:
            continue
        others = session.scalar(
            select(Membership.id)
            .where(Membership.organisation_id == membership.organisation_id, Membership.user_id != actor.user_id)
            .limit(1)
        )
        if others is not None or kind == OrganisationKind.PROGRAMME:
            raise Conflict(_("Your colleagues need somebody in charge. Give one of them this role first."))
