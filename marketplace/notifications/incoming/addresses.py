"""Addresses under which one person answers one conversation by mail: signed, limited in time, revocable."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.notifications.models import ReplyAddress

LIFE = timedelta(days=60)
_MAC_BYTES, _MAC_LETTERS = 15, 24
# mail servers may fold letters to lower case, so there are none in upper case
_TOKEN = re.compile(r"[a-z2-7]{24}[0-9a-z]{1,13}")


def reply_address(session: Session, recipient_id: int, user_id: int, base: str, secret_key: str) -> str:
    """The address for this person and conversation, good for sixty days from now; empty where ``base`` is.

    ``base`` is MAIL_IN_ADDRESS: "reply@in.example" gives "reply+TOKEN@in.example", "@in.example" gives the token alone.
    """
    if not base:
        return ""
    row = session.scalar(
        select(ReplyAddress)
        .where(ReplyAddress.recipient_id == recipient_id, ReplyAddress.user_id == user_id)
        .with_for_update()
    )
    moment = now()
    if row is None:
        row = ReplyAddress(recipient_id=recipient_id, user_id=user_id, nonce=secrets.token_hex(16), created_at=moment)
        session.add(row)
    elif row.expires_at <= moment:
        row.nonce, row.created_at = secrets.token_hex(16), moment  # what ran out stays worthless
    row.expires_at = moment + LIFE
    session.flush()  # the token names its row
    local, _at, domain = base.rpartition("@")
    token = _token(row, secret_key)
    return f"{local}+{token}@{domain}" if local else f"{token}@{domain}"


def row_of(session: Session, token: str, secret_key: str) -> ReplyAddress | None:
    """The row of a token that was signed here and is still good; None for any other, whatever is wrong with it."""
    if not _TOKEN.fullmatch(token):
        return None
    key = int(token[_MAC_LETTERS:], 36)
    row = session.get(ReplyAddress, key, populate_existing=True) if key < 2**63 else None
    if row is None or not hmac.compare_digest(_token(row, secret_key), token) or row.expires_at <= now():
        return None
    return row


def token_in(address: str, base: str) -> str:
    """The token of an address of ours; empty for every other address."""
    address, base = address.strip().lower(), base.lower()
    local, _at, domain = base.rpartition("@")
    here, _at, there = address.rpartition("@")
    if there != domain:
        return ""
    if not local:
        return here
    return here.removeprefix(f"{local}+") if here.startswith(f"{local}+") else ""


def revoke(session: Session, user_id: int) -> int:
    """Make all reply addresses of a person worthless; gives how many. The next mail brings new ones."""
    gone = delete(ReplyAddress).where(ReplyAddress.user_id == user_id).returning(ReplyAddress.id)
    return len(session.scalars(gone).all())


def forget_over(session: Session) -> None:
    """Drop addresses that ran out."""
    session.execute(delete(ReplyAddress).where(ReplyAddress.expires_at <= now()))


def _token(row: ReplyAddress, secret_key: str) -> str:
    bound = f"souq.reply:{row.id}:{row.recipient_id}:{row.user_id}:{row.nonce}"
    digest = hmac.new(secret_key.encode(), bound.encode(), hashlib.sha256).digest()[:_MAC_BYTES]
    return base64.b32encode(digest).decode().lower() + _base36(row.id)


def _base36(number: int) -> str:
    letters = ""
    while True:
        number, rest = divmod(number, 36)
        letters = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + letters
        if not number:
            return letters
