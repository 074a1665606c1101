"""What this domain keeps about a person: the requests, messages and notes they wrote."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.rfqs.models import Attachment, HeardAnswer, Message, Recipient, Rfq, RfqFile, RfqLine, RfqMoment
from marketplace.rfqs.rules import RfqState


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Requests the person made, what they wrote in conversations, and their notes on the timeline."""
    requests = session.scalars(select(Rfq).where(Rfq.created_by_id == user_id).order_by(Rfq.id)).all()
    messages = session.scalars(select(Message).where(Message.author_id == user_id).order_by(Message.id)).all()
    notes = session.scalars(select(RfqMoment).where(RfqMoment.author_id == user_id).order_by(RfqMoment.id)).all()
    heard = session.scalars(select(HeardAnswer).where(HeardAnswer.said_by_id == user_id).order_by(HeardAnswer.id)).all()
    return {
        "requests": [
            {
                "key": one.key,
                "state": one.state,
                "subject": one.subject,
                "text": one.text,
                "place": one.place,
                "packaging": one.packaging or "",
                "contact_phone": one.contact_phone,
                "created_at": one.created_at.isoformat(),
            }
            for one in requests
        ],
        "messages": [
            {"text": one.text, "language": one.language, "at": one.created_at.isoformat()} for one in messages
        ],
        "said_elsewhere": [{"channel": one.channel, "on": one.said_on.isoformat()} for one in heard],
        "notes": [{"code": one.code, "note": one.note, "at": one.at.isoformat()} for one in notes],
    }


def erase(session: Session, user_id: int) -> list[str]:
    """Drafts go; of sent requests and messages the terms of trade stay with both companies, the words do not.

    Gives the storage keys of papers the person had sent.
    """
    keys = _erase_papers(session, user_id)
    own = select(Rfq.id).where(Rfq.created_by_id == user_id)
    session.execute(delete(Rfq).where(Rfq.created_by_id == user_id, Rfq.state == RfqState.DRAFT))
    session.execute(update(RfqLine).where(RfqLine.rfq_id.in_(own)).values(description=ERASED_NAME))
    session.execute(
        update(Rfq)
        .where(Rfq.created_by_id == user_id)
        .values(
            text=ERASED_NAME,
            subject=ERASED_NAME,
            place="",
            packaging=None,
            contact_phone="",
            reading={},
            created_by_id=None,
        )
    )
    said = select(HeardAnswer.message_id).where(HeardAnswer.said_by_id == user_id)
    session.execute(update(Message).where(Message.id.in_(said)).values(text=ERASED_NAME, parts=None))
    session.execute(update(HeardAnswer).where(HeardAnswer.said_by_id == user_id).values(said_by_id=None))
    session.execute(
        update(Message).where(Message.author_id == user_id).values(text=ERASED_NAME, parts=None, author_id=None)
    )
    session.execute(update(RfqMoment).where(RfqMoment.author_id == user_id).values(note="", author_id=None))
    session.execute(update(Recipient).where(Recipient.assigned_to_id == user_id).values(assigned_to_id=None))
    return keys


def _erase_papers(session: Session, user_id: int) -> list[str]:
    rows = [
        row
        for table in (Attachment, RfqFile)
        for row in session.execute(
            select(StoredFile.id, StoredFile.key)
            .join(table, table.file_id == StoredFile.id)
            .where(StoredFile.uploaded_by_id == user_id)
        )
    ]
    ids = [key for key, _storage_key in rows]
    session.execute(delete(RfqFile).where(RfqFile.file_id.in_(ids)))
    session.execute(delete(Attachment).where(Attachment.file_id.in_(ids)))
    session.execute(delete(StoredFile).where(StoredFile.id.in_(ids)))
    return [storage_key for _key, storage_key in rows]


register(PersonalData("rfqs", export=export, erase=erase))
