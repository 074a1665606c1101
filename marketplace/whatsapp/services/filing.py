"""An answer from a telephone goes to the lead it replies to, or to the only open one; otherwise we ask which."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.i18n.addresses import localised
from marketplace.i18n.locales import known
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict
from marketplace.kernel.outside import settings
from marketplace.leads.heard import answer_from_outside
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.rules import written_in
from marketplace.whatsapp.models import WhatsappContact, WhatsappReceived
from marketplace.whatsapp.queries import acting_seller, lead_answered, open_leads
from marketplace.whatsapp.rules import CHOICE_LIFE, Outcome, choice_in
from marketplace.whatsapp.services.sending import reply, said_of


def settle(session: Session, received_id: int) -> None:
    """File one message that came in. Raises a `DomainError` for what cannot be taken: then nothing is written."""
    row = _waiting(session, received_id)
    if row is None:
        return
    contact = session.get_one(WhatsappContact, row.contact_id)
    locale = known(session.get_one(User, contact.user_id).locale)
    if not row.text:
        _end(row, Outcome.NO_TEXT)
        return _answer(session, contact, locale, Outcome.NO_TEXT)
    asked = _question(session, contact) if choice_in(row.text) and not row.answers else None
    if asked is not None and choice_in(row.text) <= len(asked.choices):
        key = asked.choices[choice_in(row.text) - 1]
        recipient_id = session.scalar(select(Recipient.id).where(Recipient.key == key))
        _file(session, contact, recipient_id, asked.text, row, locale)
        _end(asked, Outcome.TAKEN)
        _end(row, Outcome.CHOSEN)
        return _answer(session, contact, locale, Outcome.TAKEN)
    recipient_id = lead_answered(session, contact, row.answers) if row.answers else None
    if recipient_id is None:
        waiting = open_leads(session, contact.user_id)
        if len(waiting) > 1:
            return _ask(session, contact, row, waiting, locale)
        if not waiting:
            _end(row, Outcome.NO_LEAD)
            return _answer(session, contact, locale, Outcome.NO_LEAD)
        recipient_id = waiting[0].id
    _file(session, contact, recipient_id, row.text, row, locale)
    _end(row, Outcome.TAKEN)
    return _answer(session, contact, locale, Outcome.TAKEN)


def refuse(session: Session, received_id: int) -> None:
    """Say that it could not be taken; the words go."""
    row = _waiting(session, received_id)
    if row is None:
        return
    contact = session.get_one(WhatsappContact, row.contact_id)
    _end(row, Outcome.REFUSED)
    _answer(session, contact, known(session.get_one(User, contact.user_id).locale), Outcome.REFUSED)


def _waiting(session: Session, received_id: int) -> WhatsappReceived | None:
    row = session.get(WhatsappReceived, received_id, with_for_update=True, populate_existing=True)
    return row if row is not None and row.outcome == Outcome.WAITING and row.contact_id is not None else None


def _question(session: Session, contact: WhatsappContact) -> WhatsappReceived | None:
    """The last message of which we asked to which lead it belongs."""
    return session.scalar(
        select(WhatsappReceived)
        .where(
            WhatsappReceived.contact_id == contact.id,
            WhatsappReceived.outcome == Outcome.ASKED,
            WhatsappReceived.received_at > now() - CHOICE_LIFE,
        )
        .order_by(WhatsappReceived.id.desc())
        .limit(1)
        .with_for_update()
    )


def _file(
    session: Session,
    contact: WhatsappContact,
    recipient_id: int | None,
    text: str,
    row: WhatsappReceived,
    locale: str,
) -> None:
    found = acting_seller(session, contact.user_id, recipient_id) if recipient_id is not None else None
    if found is None:  # it was handed on, or they work there no more
        raise Conflict("")
    actor, key = found
    day = min(row.sent_at.date(), today())
    answer_from_outside(session, actor, key, text, language=written_in(text, locale), said_on=day)


def _ask(
    session: Session, contact: WhatsappContact, row: WhatsappReceived, waiting: list[Recipient], locale: str
) -> None:
    row.outcome, row.choices = Outcome.ASKED, [one.key for one in waiting]
    lines = [f"{number}. {said_of(session, one.id, locale).subject}" for number, one in enumerate(waiting, 1)]
    with speaking(locale):
        first = _("Which lead is this for? Write its number.")
    reply(session, contact, "\n".join([first, *lines]))


def _answer(session: Session, contact: WhatsappContact, locale: str, what: Outcome) -> None:
    link = localised(settings().web.public_url, locale, "/leads")
    with speaking(locale):
        said = {
            Outcome.TAKEN: _("Your answer is sent to the buyer. You read on here: %(link)s", link=link),
            Outcome.NO_TEXT: _("We can only take in text here. Send pictures and papers here: %(link)s", link=link),
            Outcome.NO_LEAD: _(
                "No lead of yours waits for an answer. Your conversations are here: %(link)s", link=link
            ),
            Outcome.REFUSED: _("Your answer could not be taken. See how the lead stands: %(link)s", link=link),
        }
    reply(session, contact, said[what])


def _end(row: WhatsappReceived, outcome: Outcome) -> None:
    row.outcome, row.text, row.choices = outcome, "", []
