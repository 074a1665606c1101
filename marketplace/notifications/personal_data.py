"""What this domain keeps about a person: what they were told, and what they want to hear by mail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.kernel.outbox import Task
from marketplace.kernel.outside import settings
from marketplace.kernel.personal_data import PersonalData, register
from marketplace.notifications.mailer import FolderMailer, open_mailer
from marketplace.notifications.models import Notice, Preference, ReplyAddress
from marketplace.notifications.services import SECRET, mail_key


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Notices and choices; a link that was not yet sent is no datum about a person and stays out."""
    notices = session.scalars(select(Notice).where(Notice.user_id == user_id).order_by(Notice.id)).all()
    choices = session.scalars(select(Preference).where(Preference.user_id == user_id).order_by(Preference.id)).all()
    addresses = session.scalars(select(ReplyAddress).where(ReplyAddress.user_id == user_id).order_by(ReplyAddress.id))
    return {
        "notices": [
            {
                "kind": one.kind,
                "channel": one.channel,
                "address": one.address,
                "names": {name: value for name, value in one.context.items() if name != SECRET},
                "created_at": one.created_at.isoformat(),
                "sent_at": one.sent_at.isoformat() if one.sent_at else None,
                "read_at": one.read_at.isoformat() if one.read_at else None,
            }
            for one in notices
        ],
        "mail_choices": {one.kind: one.is_on for one in choices},
        "reply_addresses": [
            {"created_at": one.created_at.isoformat(), "expires_at": one.expires_at.isoformat()} for one in addresses
        ],
    }


def erase(session: Session, user_id: int) -> list[str]:
    """Everything goes: notices, choices, reply addresses, waiting deliveries, and mails in the folder of a sample."""
    notices = session.scalars(select(Notice).where(Notice.user_id == user_id)).all()
    mail = settings().mail
    mailer = open_mailer(mail.url, mail.sender)
    for notice in notices:
        if isinstance(mailer, FolderMailer):
            mailer.forget(mail_key(notice))  # a mail gone too early is no harm if the erasure is tried again
        session.execute(delete(Task).where(Task.dedupe_key == f"notice:{notice.id}"))
    session.execute(delete(Notice).where(Notice.user_id == user_id))
    session.execute(delete(Preference).where(Preference.user_id == user_id))
    session.execute(delete(ReplyAddress).where(ReplyAddress.user_id == user_id))
    return []


register(PersonalData("notifications", export=export, erase=erase))
