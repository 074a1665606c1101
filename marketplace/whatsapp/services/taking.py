"""What comes in is kept once, under WhatsApp's own name of it; a job files it. Agreeing and stopping count at once."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.i18n.locales import known
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import now
from marketplace.kernel.inserting import made, write
from marketplace.kernel.outbox import enqueue
from marketplace.whatsapp.envelope import Incoming, Status
from marketplace.whatsapp.models import WhatsappContact, WhatsappMessage, WhatsappReceived
from marketplace.whatsapp.queries import contact_at
from marketplace.whatsapp.rules import KEPT, MOST_IN_AN_HOUR, OLDEST, Outcome, code_in, is_further, is_stop
from marketplace.whatsapp.services.agreeing import agree, stop
from marketplace.whatsapp.services.sending import reply

JOB = "whatsapp.take"
_HOUR = OLDEST / 168
_DELAY = _HOUR / 12  # between somebody's clock and ours


def take_in(session: Session, one: Incoming) -> None:
    """Keep one message, unless it is here already or too old to be told from one that was."""
    if one.sent_at < now() - OLDEST:
        return
    contact = _agreeing(session, one) or contact_at(session, one.phone)
    has_agreed = bool(code_in(one.text)) and contact is not None and contact.phone != one.phone
    outcome = _outcome(session, one, contact)
    if contact is None or (outcome is Outcome.STRANGER and not has_agreed):
        return  # of strangers nothing is kept, not even the name of their message
    row = made(
        WhatsappReceived,
        wamid=one.wamid,
        contact_id=contact.id,
        answers=one.answers,
        text=one.text if outcome is Outcome.WAITING else "",
        choices=[],
        outcome=Outcome.AGREED if has_agreed else outcome,
        sent_at=one.sent_at,
        received_at=now(),
    )
    if not write(session, row, unless_taken=("wamid",)):
        return
    if has_agreed:
        agree(session, contact, one.phone)
        _say(session, contact, Outcome.AGREED)
    elif outcome is Outcome.STOPPED:
        was_on = contact.stopped_at is None
        stop(contact)
        if was_on:
            _say(session, contact, Outcome.STOPPED)
    elif outcome is Outcome.WAITING:
        enqueue(session, JOB, received_id=row.id)


def note_state(session: Session, status: Status) -> None:
    """How far one of our messages came; only what is further than known."""
    query = select(WhatsappMessage).where(WhatsappMessage.wamid == status.wamid).with_for_update()
    message = session.scalar(query)
    if message is not None and is_further(message.state, status.state):
        message.state, message.error = status.state, status.error


def forget_old(session: Session) -> None:
    """Forget what came in and what was sent last month; nothing so old is taken in again."""
    session.execute(delete(WhatsappReceived).where(WhatsappReceived.received_at < now() - KEPT))
    session.execute(delete(WhatsappMessage).where(WhatsappMessage.created_at < now() - KEPT))


def _agreeing(session: Session, one: Incoming) -> WhatsappContact | None:
    """Who was given the code that this message holds."""
    code = code_in(one.text)
    if not code:
        return None
    query = select(WhatsappContact).where(WhatsappContact.code == code, WhatsappContact.code_until > now())
    found = session.scalar(query.with_for_update())
    if found is not None and found.phone == one.phone:
        found.phone = None  # they come back by the same number: it is agreed to anew
        session.flush()
    return found


def _outcome(session: Session, one: Incoming, contact: WhatsappContact | None) -> Outcome:
    if contact is None or contact.agreed_at is None:
        return Outcome.STRANGER
    if is_stop(one.text):
        return Outcome.STOPPED
    if code_in(one.text):
        return Outcome.REFUSED  # a code that is over is nobody's answer
    if one.sent_at < contact.agreed_at - _DELAY:
        return Outcome.STRANGER  # written before they agreed, and delivered once more
    recent = select(func.count()).where(
        WhatsappReceived.contact_id == contact.id, WhatsappReceived.received_at > now() - _HOUR
    )
    if (session.scalar(recent) or 0) >= MOST_IN_AN_HOUR:
        return Outcome.REFUSED
    return Outcome.WAITING


def _say(session: Session, contact: WhatsappContact, what: Outcome) -> None:
    with speaking(known(session.get_one(User, contact.user_id).locale)):
        if what is Outcome.STOPPED:
            text = _("You get no more messages from us here. Your leads still stand in your inbox.")
        else:
            text = _(
                "Thank you. From now on we write to you here when a new lead arrives. Reply to such a message, and the "
                "buyer gets your answer. Write STOP to end it."
            )
        reply(session, contact, text)
