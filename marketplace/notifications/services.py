"""Notices: made in the event's transaction, read, passed on, and wished for or not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.catalogue.queries.product_view import title_in
from marketplace.i18n.locales import known
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.inserting import made, write
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.policy import Actor
from marketplace.notifications.models import Notice, Preference
from marketplace.notifications.policies import readable_by
from marketplace.notifications.queries import PASSED_ON_KINDS, Reachable, choices, reachable
from marketplace.notifications.rules import (
    ALWAYS_ON,
    CHOICES,
    KEPT,
    QUIET_AFTER_MAIL,
    SECRET_LIFE,
    TALK,
    TOPIC_OF,
    Channel,
    Kind,
    Topic,
    is_on,
)

SECRET = "token"  # noqa: S105 - the name of a field
STOP = "stop"  # the local path that ends mails about this one thing, where turning off the whole topic says too much


@dataclass(frozen=True)
class ByLanguage:
    """A title by language, of which each reader is told their own, or the original where there is none."""

    titles: Mapping[str, str]
    original: str


def notify(
    session: Session,
    kind: Kind,
    about: str,
    user_ids: Iterable[int],
    context: Mapping[str, Any] | None = None,
    href: str = "",
) -> list[Notice]:
    """Tell people about ``about``, each once: a page notice for everyone, a mail for those who want and have one.

    The notices that were made are given, written but not held by the session.
    """
    return notify_people(session, kind, about, reachable(session, user_ids), context or {}, href)


def notify_people(
    session: Session, kind: Kind, about: str, people: Iterable[Reachable], context: Mapping[str, Any], href: str = ""
) -> list[Notice]:
    """As `notify`, of people who were read already; what they chose must be that for the kind's topic."""
    told = []
    for user in people:
        notice = made(
            Notice,
            dedupe_key=f"{kind}:{about}:{user.id}",
            user_id=user.id,
            kind=kind,
            channel=_channel(session, user, kind, href),
            locale=known(user.locale),
            context=in_language(context, known(user.locale)),
            href=href,
            created_at=now(),
        )
        if _queue(session, notice):
            told.append(notice)
    return told


def notify_address(
    session: Session,
    kind: Kind,
    about: str,
    address: str,
    locale: str,
    context: Mapping[str, Any],
    *,
    user_id: int | None = None,
    href: str = "",
) -> Notice | None:
    """Write to an address that is not (or not yet) an account's: an invitation, a changed address."""
    if not address:
        return None
    notice = made(
        Notice,
        dedupe_key=f"{kind}:{about}:{user_id or 'address'}",
        user_id=user_id,
        kind=kind,
        channel=Channel.MAIL,
        address=address,
        locale=known(locale),
        context=in_language(context, known(locale)),
        href=href,
        created_at=now(),
    )
    return notice if _queue(session, notice) else None


def in_language(context: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """The context as it is kept: plain values, titles in the reader's language."""
    return {
        name: title_in(value.titles, locale, value.original) if isinstance(value, ByLanguage) else value
        for name, value in context.items()
    }


def _queue(session: Session, notice: Notice) -> bool:
    """Write a notice, and queue its mail if it is one; False where the same was told before."""
    if not write(session, notice, unless_taken=("dedupe_key",)):
        return False
    if notice.channel == Channel.MAIL:
        enqueue(session, "notifications.deliver", dedupe_key=f"notice:{notice.id}", notice_id=notice.id)
    return True


def _channel(session: Session, user: Reachable, kind: Kind, href: str) -> Channel:
    topic = TOPIC_OF[kind]
    if not user.email or not (topic in ALWAYS_ON or user.email_verified_at):
        return Channel.PAGE
    if not is_on(topic, user.choice if user.is_asked else choices(session, user.id).get(topic)):
        return Channel.PAGE
    if kind in TALK and _was_mailed_just_now(session, user.id, kind, href):
        return Channel.PAGE
    return Channel.MAIL


def _was_mailed_just_now(session: Session, user_id: int, kind: Kind, href: str) -> bool:
    query = select(Notice.id).where(
        Notice.user_id == user_id,
        Notice.kind == kind,
        Notice.href == href,
        Notice.channel == Channel.MAIL,
        Notice.read_at.is_(None),
        Notice.created_at > now() - QUIET_AFTER_MAIL,
    )
    return session.scalar(query.limit(1)) is not None


def mail_key(notice: Notice) -> str:
    """The name under which this notice's mail travels: sorts by time, tells nothing, stays the same."""
    digest = hashlib.sha256(notice.dedupe_key.encode()).hexdigest()[:24]
    return f"{notice.created_at:%Y%m%d-%H%M%S}-{digest}"


def mark_sent(session: Session, notice_id: int) -> None:
    """The mail has left: its link token and a foreign address are no longer needed."""
    notice = session.get(Notice, notice_id, with_for_update=True)
    if notice is not None:
        notice.sent_at, notice.attempted_at = now(), None
        _forget_secrets(notice)


def _forget_secrets(notice: Notice) -> None:
    notice.context = {name: value for name, value in notice.context.items() if name != SECRET}
    notice.address = ""


def mark_read(session: Session, actor: Actor, notice_id: int) -> Notice:
    """One's own notice, marked as read."""
    notice = session.scalar(select(Notice).where(Notice.id == notice_id, readable_by(actor)))
    if notice is None:
        raise NotFound
    notice.read_at = notice.read_at or now()
    return notice


def mark_all_read(session: Session, actor: Actor, until: datetime) -> int:
    """Mark what was there at ``until`` as read; gives how many."""
    query = update(Notice).where(readable_by(actor), Notice.read_at.is_(None), Notice.created_at <= until)
    return len(session.scalars(query.values(read_at=now()).returning(Notice.id)).all())


def set_preferences(session: Session, actor: Actor, wanted: Iterable[str]) -> None:
    """Keep which topics a person wants by mail; safety of the account is never among the choices."""
    chosen = set(wanted)
    for topic in CHOICES.get(actor.kind, CHOICES[None]):
        choose(session, actor.user_id, topic, topic in chosen)


def choose(session: Session, user_id: int, topic: Topic, wanted: bool) -> None:
    """Turn mails about one topic on or off."""
    if topic in ALWAYS_ON:
        raise DomainError(_("Mails about the safety of your account cannot be turned off."))
    row = session.scalar(select(Preference).where(Preference.user_id == user_id, Preference.kind == topic))
    if row is None:
        session.add(Preference(user_id=user_id, kind=topic, is_on=wanted))
        session.flush()  # a second choice in the same transaction must see it
    else:
        row.is_on = wanted


def pass_on(session: Session, actor: Actor, notice_id: int) -> None:
    """A curator or mentor told the person by telephone."""
    notice = session.scalar(
        select(Notice).where(Notice.id == notice_id, Notice.channel == Channel.PAGE, Notice.kind.in_(PASSED_ON_KINDS))
    )
    if notice is None:
        raise NotFound
    if notice.sent_at is None:
        notice.sent_at = now()
        audit(session, actor, "notice.passed_on", f"notice:{notice.id}", kind=notice.kind)


def forget_old(session: Session) -> None:
    """Drop notices after a year, and link tokens that were never sent after three days."""
    session.execute(delete(Notice).where(Notice.created_at < now() - KEPT))
    waiting = select(Notice).where(Notice.sent_at.is_(None), Notice.created_at < now() - SECRET_LIFE)
    for notice in session.scalars(waiting):
        if SECRET in notice.context or notice.address:
            _forget_secrets(notice)
