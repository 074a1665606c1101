"""Mails leave after the commit, each once as far as a person can notice."""

from __future__ import annotations

import logging
from datetime import timedelta

from marketplace.accounts.models import User
from marketplace.accounts.services.guests import access_token
from marketplace.kernel.clock import now
from marketplace.kernel.jobs import job
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.notifications.composing import compose
from marketplace.notifications.incoming.inviting import talk_of
from marketplace.notifications.mailer import MailRefused, open_mailer
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import ATTEMPT_LEASE, Channel
from marketplace.notifications.services import forget_old, mark_sent

log = logging.getLogger(__name__)


class DeliveryUnderWay(Exception):
    """Another worker is sending this mail right now."""


@job("notifications.deliver")
def deliver(notice_id: int) -> None:
    """Send one notice's mail.

    The attempt is written down before the mail leaves and crossed out after. A worker that dies between leaves
    the question open; the next attempt sends the same Message-ID (or the same file) again.
    """
    with transaction() as session:
        notice = session.get(Notice, notice_id, with_for_update=True)
        if notice is None or notice.sent_at is not None or notice.channel != Channel.MAIL:
            return
        if notice.attempted_at is not None and notice.attempted_at + ATTEMPT_LEASE > now():
            raise DeliveryUnderWay
        user = session.get(User, notice.user_id) if notice.user_id is not None else None
        if user is not None and user.erased_at is not None:
            return
        access = access_token(session, user.id, settings().web.secret_key) if user is not None else ""
        mail = compose(notice, user, settings(), access, talk_of(session, notice, user))
        notice.attempted_at = now()
    if mail is None:
        return
    mail_settings = settings().mail
    try:
        open_mailer(mail_settings.url, mail_settings.sender).send(mail)
    except MailRefused:
        log.warning("mail.refused", extra={"notice_id": notice_id})
    except BaseException:
        with transaction() as session:
            failed = session.get(Notice, notice_id)
            if failed is not None:
                failed.attempted_at = None
        raise
    with transaction() as session:
        mark_sent(session, notice_id)


@job("notifications.tidy", every=timedelta(hours=6))
def tidy() -> None:
    """Forget notices of last year, and links that were never sent."""
    with transaction() as session:
        forget_old(session)
