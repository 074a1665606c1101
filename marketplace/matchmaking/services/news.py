"""News of open requests: a supplier found later is told to the buyer, a request that fits to the seller; once each."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.models import User
from marketplace.accounts.queries import member_ids
from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n.formats import format_country, format_list
from marketplace.i18n.locales import known
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.events import record
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.policy import Actor
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.models import PostedRequest, RequestAlert, RequestNews
from marketplace.matchmaking.queries.exposure import full_sellers
from marketplace.matchmaking.queries.news import (
    Waiting,
    as_told,
    can_be_told,
    countries_of,
    people_of_request,
    told_lately,
    waiting_rows,
    who_waits,
)
from marketplace.matchmaking.queries.room import rooms_for
from marketplace.matchmaking.rules import (
    MOST_NOTICES_A_WEEK,
    NAMED_IN_A_NOTICE,
    AlertFrequency,
    SideOfMatch,
    next_alert,
)
from marketplace.rfqs.models import Rfq

FOUND = "request_supplier"  # values of `notifications.rules.Kind`
FOR_YOU = "requests_for_you"


def note_news(session: Session, rfq_id: int) -> None:
    """Note what is new for either side of an open request after its sellers were looked at. What was there at the
    first look is no news to the buyer, who saw it before sending."""
    posted = session.get(PostedRequest, rfq_id)
    if posted is None:
        return
    session.flush()  # the fits that were just kept are read
    rfq = session.get_one(Rfq, rfq_id)
    known = session.scalars(select(RequestNews).where(RequestNews.rfq_id == rfq_id)).all()
    _note_for_buyer(session, rfq, [each for each in known if each.side == SideOfMatch.BUYER], posted)
    told = {each.seller_id for each in known if each.side == SideOfMatch.SELLER}
    for fit, product, organisation in can_be_told(session, rfq_id, SideOfMatch.SELLER):
        if fit.seller_id not in told:
            for user_id in member_ids(session, organisation):
                session.add(_news(user_id, rfq_id, product.id, fit.seller_id, SideOfMatch.SELLER, is_new=True))
    posted.looked_at = posted.looked_at or now()


def _note_for_buyer(session: Session, rfq: Rfq, known: list[RequestNews], posted: PostedRequest) -> None:
    sellers, products = {each.seller_id for each in known}, {each.product_id for each in known}
    began = rfq.opened_at or posted.posted_at
    people = people_of_request(session, rfq)
    for fit, product, _organisation in can_be_told(session, rfq.id, SideOfMatch.BUYER):
        is_later = product.listed_at is not None and product.listed_at > began
        if fit.seller_id in sellers and (product.id in products or not is_later):
            continue
        for user_id in people:
            row = _news(user_id, rfq.id, product.id, fit.seller_id, SideOfMatch.BUYER, is_new=bool(posted.looked_at))
            session.add(row)


def _news(
    user_id: int, rfq_id: int, product_id: int, seller_id: int, side: SideOfMatch, *, is_new: bool
) -> RequestNews:
    moment = now()
    return RequestNews(
        user_id=user_id,
        rfq_id=rfq_id,
        product_id=product_id,
        seller_id=seller_id,
        side=side,
        is_new=is_new,
        found_at=moment,
        told_at=None if is_new else moment,
    )


def tell_due() -> int:
    """Tell everybody whose time has come; gives how many people were told."""
    keys = who_waits(db.session())
    db.session.rollback()
    told = 0
    for user_id in keys:
        with transaction() as session:
            told += _tell(session, user_id)
    return told


def frequency_of(session: Session, user_id: int) -> AlertFrequency:
    """How often a person wants to hear of requests."""
    alert = session.get(RequestAlert, user_id)
    return AlertFrequency(alert.frequency) if alert else AlertFrequency.INSTANT


def choose_frequency(session: Session, actor: Actor, frequency: AlertFrequency) -> None:
    """Remember how often a person wants to hear of requests."""
    alert = session.get(RequestAlert, actor.user_id) or RequestAlert(user_id=actor.user_id)
    alert.frequency, alert.changed_at = frequency, now()
    session.add(alert)


def _tell(session: Session, user_id: int) -> bool:
    user = session.get(User, user_id, with_for_update=True)  # two workers tell once
    rows = waiting_rows(session, user_id)
    if user is None or not rows:
        return False
    moment, frequency, past = now(), frequency_of(session, user_id), told_lately(session, user_id)
    if frequency == AlertFrequency.NEVER:
        for row in rows:
            row.told_at, row.is_new = moment, False
        return False
    due = next_alert(frequency, past[0] if past else None)
    if len(past) >= MOST_NOTICES_A_WEEK or (due is not None and due > moment):
        return False
    side = SideOfMatch(rows[0].side)
    rows = [row for row in rows if row.side == side]
    if side == SideOfMatch.SELLER:
        full = full_sellers(session, {row.seller_id: row.product_id for row in rows})
        rows = [row for row in rows if row.seller_id not in full]  # asked enough this week; the rest waits
        rows = _with_room(session, rows)
    found = as_told(session, rows, side)
    for row in rows:
        row.told_at = moment
    if not found:
        for row in rows:
            row.is_new = False  # what does not hold any more was no news
        return False
    locale = known(user.locale)
    path, context = _words_for_seller(session, found, locale) if side == SideOfMatch.SELLER else _words(found, locale)
    kind = FOR_YOU if side == SideOfMatch.SELLER else FOUND
    record(session, NoticeWanted(kind, f"news:{rows[0].id}", (user_id,), context, path))
    return True


def _with_room(session: Session, rows: list[RequestNews]) -> list[RequestNews]:
    """News of requests for which the seller's calendar has room, or nearly; the rest waits until it has."""
    if not rows:
        return []
    requests = select(Rfq).where(Rfq.id.in_({row.rfq_id for row in rows})).options(selectinload(Rfq.lines))
    found = {rfq.id: rfq for rfq in session.scalars(requests)}
    rooms = rooms_for(session, [(found[row.rfq_id], row.product_id) for row in rows])
    return [row for row in rows if row.rfq_id not in rooms or not rooms[row.rfq_id].is_beyond]


def _words(found: list[Waiting], locale: str) -> tuple[str, dict[str, str]]:
    keys = list(dict.fromkeys(each.rfq_key for each in found))
    sellers = list(dict.fromkeys(each.seller for each in found))[:NAMED_IN_A_NOTICE]
    path = f"/requests/{keys[0]}/sellers" if len(keys) == 1 else "/requests"
    return path, {"goods": _goods(found, locale), "sellers": format_list(sellers, locale)}


def _words_for_seller(session: Session, found: list[Waiting], locale: str) -> tuple[str, dict[str, str]]:
    countries = countries_of(session, [each.buyer_id for each in found])[:NAMED_IN_A_NOTICE]
    names = format_list([format_country(each, locale) for each in countries], locale)
    return "/selling/requests", {"goods": _goods(found, locale), "countries": names}


def _goods(found: list[Waiting], locale: str) -> str:
    known_goods = load_registry().commodities
    names = [known_goods[each.commodity].name(locale) for each in found if each.commodity in known_goods]
    return format_list(list(dict.fromkeys(names))[:NAMED_IN_A_NOTICE], locale)
