"""One mail that came in: a message of the conversation whose reply address it was sent to, or nothing at all.

What was decided is told to nobody but the person whose address it is; a stranger learns nothing, not even by a bounce.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.documents import Document, read_document
from marketplace.accounts.services.files import store_document
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, TooMany
from marketplace.kernel.outside import settings
from marketplace.kernel.scanning import ScannerSilent
from marketplace.kernel.text import normal_email
from marketplace.kernel.uow import transaction
from marketplace.leads.services import answer_lead
from marketplace.notifications.handlers.rfqs import lead_of
from marketplace.notifications.incoming.addresses import row_of, token_in
from marketplace.notifications.incoming.letters import LARGEST, Letter, Unreadable, head_of, read_letter
from marketplace.notifications.models import ReceivedMail
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify
from marketplace.rfqs.forms import MAX_FILES
from marketplace.rfqs.queries.participants import Participant, participant_of
from marketplace.rfqs.rules import Side, written_in
from marketplace.rfqs.services import write_to_seller

log = logging.getLogger(__name__)
LONGEST_TEXT = 20000


class Outcome(StrEnum):
    """What became of a mail."""

    TAKEN = "taken"
    REPEATED = "repeated"
    REFUSED = "refused"  # no address of ours, or one that is forged, over or revoked: all the same
    AUTOMATIC = "automatic"
    FOREIGN = "foreign"  # to a good address, from somebody else's
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    CLOSED = "closed"
    LIMIT = "limit"
    BLOCKED = "blocked"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Addressed:
    """A good reply address and who stands behind it."""

    row_id: int
    recipient_id: int
    person: Participant


def receive(raw: bytes, to: Sequence[str] = ()) -> Outcome:
    """Take one mail in; ``to`` are addresses of the envelope, where they are known. Safe to call twice for one mail."""
    base = settings().mail.reply_address
    domain = parseaddr(settings().mail.sender)[1].rpartition("@")[2].lower()
    is_large = len(raw) > LARGEST
    try:
        letter = read_letter(head_of(raw) if is_large else raw, tuple(to), own_domain=domain)
    except Unreadable as fault:
        log.info("mail.unreadable", extra={"fault": str(fault)})
        return Outcome.UNREADABLE
    if letter.is_automatic:
        return Outcome.AUTOMATIC
    tokens = dict.fromkeys(token for address in letter.recipients if base and (token := token_in(address, base)))
    outcomes = [_received(letter, token, is_large=is_large) for token in list(tokens)[:4]]
    outcome = next((one for one in outcomes if one is not Outcome.REFUSED), Outcome.REFUSED)
    log.info("mail.received", extra={"outcome": outcome.value})
    return outcome


def _received(letter: Letter, token: str, *, is_large: bool) -> Outcome:
    with transaction() as session:
        found = _addressed(session, token)
        key = hashlib.sha256(f"{letter.key}:{found.row_id if found else ''}".encode()).hexdigest()
        if found is None:
            return Outcome.REFUSED
        if session.scalar(select(ReceivedMail.id).where(ReceivedMail.key == key)) is not None:
            return Outcome.REPEATED
    with speaking(found.person.actor.locale):
        outcome, papers, left_out = _judged(letter, found, is_large=is_large)
        try:
            if outcome is Outcome.TAKEN:
                outcome = _written(letter, found, key, papers, left_out)
            if outcome is not Outcome.TAKEN:
                with transaction() as session:
                    _note(session, key, outcome)
                    _tell(session, found, key, outcome)
        except IntegrityError:
            return Outcome.REPEATED  # another reader of the same mail was quicker
    return outcome


def _addressed(session: Session, token: str) -> Addressed | None:
    row = row_of(session, token, settings().web.secret_key)
    person = participant_of(session, row.recipient_id, row.user_id) if row is not None else None
    return Addressed(row.id, row.recipient_id, person) if row is not None and person is not None else None


def _judged(letter: Letter, found: Addressed, *, is_large: bool) -> tuple[Outcome, list[Document], int]:
    """What can be said before anything is written; papers that cannot be taken are counted."""
    if not letter.sender or letter.sender != normal_email(found.person.email):
        return Outcome.FOREIGN, [], 0
    if is_large or len(letter.text) > LONGEST_TEXT:
        return Outcome.TOO_LARGE, [], 0
    papers: list[Document] = []
    left_out = max(0, len(letter.papers) - MAX_FILES)
    for name, data in letter.papers[:MAX_FILES]:
        try:
            papers.append(read_document(data, name))
        except ScannerSilent:
            raise  # the mail waits where it is and is read again
        except DomainError:
            left_out += 1
    if not letter.text:
        return Outcome.EMPTY, [], 0
    return Outcome.TAKEN, papers, left_out


def _written(letter: Letter, found: Addressed, key: str, papers: list[Document], left_out: int) -> Outcome:
    """Write the message; what stands against it is the outcome then, and nothing is written."""
    person = found.person
    language = written_in(letter.text, person.actor.locale)
    try:
        with transaction() as session:
            _note(session, key, Outcome.TAKEN)
            files = [store_document(session, person.actor, one) for one in papers]
            if person.side is Side.SELLER:
                answer_lead(session, person.actor, person.recipient_key, letter.text, language=language, files=files)
            else:
                write_to_seller(
                    session, person.actor, person.rfq_key, person.recipient_key, letter.text,
                    language=language, files=files,
                )  # fmt: skip
            if left_out:
                _notify(session, found, Kind.MAIL_PAPERS, key[:24], {"count": left_out})
    except TooMany:
        return Outcome.LIMIT
    except Conflict:
        return Outcome.CLOSED
    except Forbidden:
        return Outcome.BLOCKED
    except DomainError:
        return Outcome.REJECTED
    return Outcome.TAKEN


def _note(session: Session, key: str, outcome: Outcome) -> None:
    session.add(ReceivedMail(key=key, outcome=outcome, received_at=now()))
    session.flush()  # whoever comes second fails here, before anything is written twice


def _tell(session: Session, found: Addressed, key: str, outcome: Outcome) -> None:
    """The person themselves learns that a mail was not taken; of strangers' mails once a day is enough."""
    about = f"{key[:24]}"
    if outcome is Outcome.FOREIGN:
        about = f"{found.row_id}:{today():%Y%m%d}"
    _notify(session, found, Kind.MAIL_NOT_TAKEN, about, {"mail": outcome.value})


def _notify(session: Session, found: Addressed, kind: Kind, about: str, context: dict[str, Any]) -> None:
    named = lead_of(session, found.recipient_id).context
    goods: dict[str, Any] = {name: named[name] for name in ("product", "commodity") if name in named}
    person = found.person
    notify(session, kind, f"mail:{about}", [person.actor.user_id], {**goods, **context}, person.path)
