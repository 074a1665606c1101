"""Messages leave and answers are filed after the commit."""

from __future__ import annotations

import logging
from datetime import timedelta

from marketplace.kernel.errors import DomainError
from marketplace.kernel.jobs import job
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.whatsapp.cloud import Busy, Refused, Unsure, send
from marketplace.whatsapp.rules import MessageState
from marketplace.whatsapp.services import begin_sending, finish_sending, forget_old, refuse, settle
from marketplace.whatsapp.services.sending import JOB as SEND
from marketplace.whatsapp.services.taking import JOB as TAKE

log = logging.getLogger(__name__)


@job(SEND, is_outside=True)
def send_message(message_id: int) -> None:
    """Send one message. What surely did not leave is tried again; what may have left is not."""
    with transaction() as session:
        leaving = begin_sending(session, message_id)
    if leaving is None:
        return
    state, name, error = MessageState.SENT, "", ""
    try:
        name = send(settings().whatsapp, leaving.content)
    except Busy:
        with transaction() as session:
            finish_sending(session, message_id, MessageState.QUEUED)
        raise
    except Refused as fault:
        state, error = MessageState.FAILED, fault.code
        log.warning("whatsapp.refused", extra={"message_id": message_id, "code": fault.code})
    except Unsure:
        state = MessageState.UNSURE
    with transaction() as session:
        finish_sending(session, message_id, state, name, error)


@job(TAKE)
def take(received_id: int) -> None:
    """File one message that came in, or say why not."""
    try:
        with transaction() as session:
            settle(session, received_id)
    except DomainError:
        with transaction() as session:
            refuse(session, received_id)


@job("whatsapp.tidy", every=timedelta(hours=6))
def tidy() -> None:
    """Forget messages of last month."""
    with transaction() as session:
        forget_old(session)
