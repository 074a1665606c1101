"""The inbox at a glance: the rows of one page read at once, and its list made once for what they say.

A seller looks into the inbox many times a day, and it may hold ten thousand leads. Pages of open leads are therefore
read along the index, tabs count no further than anybody reads, and what was rendered is known by its rows (ADR 14).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request
from markupsafe import Markup
from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import ProductText
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now
from marketplace.kernel.paging import Page
from marketplace.kernel.pieces import digest, pieces
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import Prepared, Raw
from marketplace.leads.pages import inbox_rows
from marketplace.leads.queries import (
    ANSWERED,
    OF_BUYER,
    OF_LEAD,
    OF_LINE,
    OF_REQUEST,
    STILL_OPEN,
    Shelf,
    lead_keys,
    leads_of,
)
from marketplace.rfqs.models import Message, Recipient, Rfq, RfqLine
from marketplace.rfqs.policies import is_opened
from marketplace.rfqs.rules import LIVE, Side
from marketplace.sellers.models import Seller

SIZE = 20
MOST = 99  # tabs count no further


def _one_of(column: Any, codes: Sequence[str] | frozenset[Any]) -> ColumnElement[bool]:
    made: ColumnElement[bool] = column.in_([literal(str(code)) for code in sorted(codes)])
    return made


_SELLER = select(Seller.id).where(Seller.organisation_id == bindparam("organisation_id")).scalar_subquery()
_OWN = (Recipient.seller_id == _SELLER) & is_opened()
_SHELVES: dict[Shelf, ColumnElement[bool]] = {
    Shelf.OPEN: _one_of(Recipient.state, STILL_OPEN) & _one_of(Rfq.state, LIVE),
    Shelf.ANSWERED: _one_of(Recipient.state, ANSWERED),
    Shelf.ALL: Recipient.id.is_not(None),
}


def _urgent() -> Select[int, datetime]:
    """Open leads that wait for the seller, by their deadlines: a few of each state, in the order of the index."""
    most = bindparam("most", type_=Integer)
    few = [
        select(Recipient.id, Recipient.deadline_at)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .where(_OWN, Recipient.state == literal(str(state)), _one_of(Rfq.state, LIVE))
        .where(Recipient.info_asked_at.is_(None))
        .order_by(Recipient.deadline_at, Recipient.id)
        .limit(most)
        .subquery()
        for state in sorted(STILL_OPEN)
    ]
    found = union_all(*[select(one.c.id, one.c.deadline_at) for one in few]).subquery()
    return (
        select(found.c.id, found.c.deadline_at)
        .order_by(found.c.deadline_at, found.c.id)
        .limit(bindparam("size", type_=Integer))
        .offset(bindparam("skipped", type_=Integer))
    )


def _counted() -> Select[*tuple[int, ...]]:
    """How many leads stand on each shelf, one more than `MOST` where there are more."""
    counts = []
    for shelf in Shelf:
        some = select(Recipient.id).join(Rfq, Rfq.id == Recipient.rfq_id).where(_OWN, _SHELVES[shelf]).limit(MOST + 1)
        counts.append(select(func.count()).select_from(some.subquery()).scalar_subquery())
    return select(*counts)


def _shown() -> Select[*tuple[Any, ...]]:
    """All that cards are made of."""
    other = aliased(RfqLine)
    line = select(other.id).where(other.rfq_id == Rfq.id).order_by(other.position, other.id).limit(1).correlate(Rfq)
    lines = select(func.count()).where(other.rfq_id == Rfq.id).correlate(Rfq).scalar_subquery()
    unread = select(func.count()).where(
        Message.recipient_id == Recipient.id,
        Message.side != str(Side.SELLER),
        Message.is_hidden.is_(False),
        Message.created_at > func.coalesce(Recipient.seller_read_at, Recipient.invited_at),
    )
    return (
        select(
            *OF_LEAD,
            *OF_REQUEST,
            *OF_LINE,
            *OF_BUYER,
            lines,
            unread.correlate(Recipient).scalar_subquery(),
        )
        .select_from(Recipient)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Organisation, Organisation.id == Rfq.buyer_id)
        .outerjoin(RfqLine, RfqLine.id == line.scalar_subquery())
        .where(Recipient.id.in_(_KEYS))
        .order_by(Recipient.id)
    )


_KEYS = [bindparam(f"key_{place}", type_=Integer) for place in range(SIZE)]
_URGENT, _COUNTED, _SHOWN = Prepared(_urgent()), Prepared(_counted()), Prepared(_shown())
_TITLES = Prepared(
    select(ProductText.product_id, ProductText.language, ProductText.title, ProductText.source)
    .join(RfqLine, RfqLine.product_id == ProductText.product_id)
    .join(Recipient, Recipient.rfq_id == RfqLine.rfq_id)
    .where(Recipient.id.in_(_KEYS))
    .distinct()
    .order_by(ProductText.product_id, ProductText.language)
)


@dataclass(frozen=True)
class _Found:
    """Keys of the leads of a page with their deadlines."""

    leads: Sequence[tuple[int, datetime]]
    has_next: bool


def shelf_counts(session: Session, actor: Actor) -> dict[Shelf, int]:
    """How many leads of the organisation stand on each shelf; beyond `MOST` only that there are more."""
    return dict(zip(Shelf, _COUNTED.raw(session, organisation_id=actor.organisation_id)[0], strict=True))


def inbox_list(session: Session, actor: Actor, shelf: Shelf, number: int) -> Markup:
    """Tabs, cards and pager of one page, for a seller; made anew only when something on it reads differently."""
    locale, root, zone = current_locale(), request.script_root, actor.time_zone
    found = _found(session, actor, shelf, number)
    counts = shelf_counts(session, actor)
    keys = [key for key, _deadline in found.leads]
    padded = {f"key_{place}": key for place, key in enumerate(keys + [0] * (SIZE - len(keys)))}
    rows: list[Raw] = []
    titles: list[Raw] = []
    if keys:
        rows, titles = _SHOWN.raw(session, **padded), _TITLES.raw(session, **padded)
    moment = now()
    hours = [_hours(deadline, moment) for _key, deadline in found.leads]
    name = (
        "inbox",
        digest((keys, hours, list(counts.values()), rows, titles)),
        found.has_next,
        shelf,
        number,
        locale,
        root,
        zone,
    )

    def made() -> tuple[Markup]:
        page = Page(leads_of(session, actor, keys), number, SIZE, found.has_next)
        text = render_template(
            "leads/inbox_list.html",
            page=page,
            rows=inbox_rows(session, page.items, root, locale, zone),
            shelf=shelf,
            counts={one: f"{MOST}+" if count > MOST else count for one, count in counts.items()},
            shelves=Shelf,
        )
        return (Markup(text),)  # noqa: S704 - our own template

    return pieces().get(name, made)[0]


def _hours(deadline: datetime, moment: datetime) -> tuple[bool, int]:
    """All that the clock of a card says about the present moment (see `rfqs.showing.clock_of`)."""
    seconds = (deadline - moment).total_seconds()
    return seconds < 0, int(abs(seconds) // 3600)


def _found(session: Session, actor: Actor, shelf: Shelf, number: int) -> _Found:
    if shelf is Shelf.OPEN and actor.organisation_id is not None:
        skipped = (number - 1) * SIZE
        wanted = {"most": skipped + SIZE + 1, "size": SIZE + 1, "skipped": skipped}
        rows = _URGENT.rows(session, organisation_id=actor.organisation_id, **wanted)
        if len(rows) > SIZE:  # else leads that wait for the buyer follow on the same page
            return _Found([(key, deadline) for key, deadline in rows[:SIZE]], True)
    page = lead_keys(session, actor, shelf, number, SIZE)
    return _Found([(key, deadline) for key, deadline in page.items], page.has_next)
