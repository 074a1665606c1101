"""Reads for notices: who is to be told, what somebody was told, what they want to hear by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.kernel.prepared import Prepared, Raw
from marketplace.notifications.models import Notice, Preference
from marketplace.notifications.policies import readable_by
from marketplace.notifications.rules import PASSED_ON, TOPIC_OF, Channel, Kind, Topic

PASSED_ON_KINDS = tuple(kind for kind, topic in TOPIC_OF.items() if topic in PASSED_ON)
_CHOICES = Prepared(select(Preference.kind, Preference.is_on).where(Preference.user_id == bindparam("user_id")))
_AT_ONCE = 8  # people looked up by one statement; nearly everything is told to fewer
_PLACES = tuple(f"user_{place}" for place in range(_AT_ONCE))
_REACHABLE = Prepared(
    select(User.id, User.email, User.email_verified_at, User.locale)
    .where(User.id.in_([bindparam(name) for name in _PLACES]), User.erased_at.is_(None), User.suspended_at.is_(None))
    .order_by(User.id)
)
HOUSE_COLUMNS = (User.id, User.email, User.email_verified_at, User.locale, Preference.is_on)
_HOUSE = Prepared(
    select(*HOUSE_COLUMNS)
    .join(Membership, Membership.user_id == User.id)
    .outerjoin(Preference, (Preference.user_id == User.id) & (Preference.kind == bindparam("topic")))
    .where(
        Membership.organisation_id == bindparam("organisation_id"),
        User.erased_at.is_(None),
        User.suspended_at.is_(None),
    )
    .order_by(User.id)
)
_TOPICS = frozenset(Topic)


def curators(session: Session) -> tuple[int, ...]:
    """Everybody on the desk of the programme: curators and operators."""
    query = (
        select(Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Organisation.kind == OrganisationKind.PROGRAMME,
            Membership.role.in_([Role.CURATOR, Role.OPERATOR]),
        )
        .order_by(Membership.id)
    )
    return tuple(session.scalars(query))


class Reachable(NamedTuple):
    """What notices need to know of somebody; ``choice`` is what they chose for the topic, if it was asked."""

    id: int
    email: str | None
    email_verified_at: datetime | None
    locale: str
    choice: bool | None = None
    is_asked: bool = False  # whether ``choice`` was read


def reachable(session: Session, user_ids: Iterable[int]) -> list[Reachable]:
    """Those of ``user_ids`` who still have a working account, by key."""
    wanted = sorted(set(user_ids))
    found: list[Reachable] = []
    for first in range(0, len(wanted), _AT_ONCE):
        asked = zip_longest(_PLACES, wanted[first : first + _AT_ONCE])  # an empty place is nobody
        found += [Reachable(*row) for row in _REACHABLE.rows(session, **dict(asked))]
    return found


def house_of(session: Session, organisation_id: int, topic: Topic) -> list[Reachable]:
    """The people who act for an organisation and have a working account, by key, with what they chose for a topic."""
    rows = _HOUSE.rows(session, organisation_id=organisation_id, topic=topic.value)
    return [colleague(row) for row in rows]


def colleague(row: Raw) -> Reachable:
    """One of a house, from a row of `HOUSE_COLUMNS`."""
    key, email, since, locale, choice = row
    return Reachable(key, email, since, locale, choice, True)


def choices(session: Session, user_id: int) -> dict[Topic, bool]:
    """The topics about which a person made a choice."""
    rows = _CHOICES.rows(session, user_id=user_id)
    return {Topic(kind): is_on for kind, is_on in rows if kind in _TOPICS}


def notices_of(session: Session, actor: Actor, number: int, *, only_unread: bool = False) -> Page[Notice]:
    """A person's notices, newest first."""
    query = select(Notice).where(readable_by(actor)).order_by(Notice.created_at.desc(), Notice.id.desc())
    if only_unread:
        query = query.where(Notice.read_at.is_(None))
    return page_of(session, query, number)


def count_of_kind(session: Session, user_id: int, kind: Kind) -> int:
    """How many notices of one kind a person ever had: numbers those that have no key of their own."""
    query = select(func.count()).select_from(Notice).where(Notice.user_id == user_id, Notice.kind == kind)
    return session.scalar(query) or 0


def unread_count(session: Session, actor: Actor) -> int:
    """How many notices a person has not read."""
    query = select(func.count()).select_from(Notice).where(readable_by(actor), Notice.read_at.is_(None))
    return session.scalar(query) or 0


def to_pass_on(session: Session, number: int) -> Page[tuple[Notice, User, str]]:
    """Unread notices of people whom no mail reaches, with their organisation's name, oldest first."""
    query = (
        select(Notice, User, Organisation.name)
        .join(User, User.id == Notice.user_id)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Notice.channel == Channel.PAGE,
            Notice.kind.in_(PASSED_ON_KINDS),
            Notice.read_at.is_(None),
            Notice.sent_at.is_(None),
            User.email.is_(None),
            User.phone.is_not(None),
            User.erased_at.is_(None),
            Organisation.kind == OrganisationKind.SELLER,
        )
        .order_by(Notice.created_at, Notice.id)
    )
    return page_of(session, query, number)
