"""Reads of what people keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.models import Block, Membership, Organisation, User
from marketplace.catalogue.models import Product
from marketplace.catalogue.policies import is_public
from marketplace.catalogue.queries.cards import CardRow, cards
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.saved.models import SavedSearch, SavedSearchMatch, Shortlist, ShortlistItem
from marketplace.saved.policies import owns_list, owns_search
from marketplace.sellers.models import Seller

SHOWN_MATCHES = 48


@dataclass(frozen=True)
class Match:
    """A product that a saved search found after it was saved."""

    card: CardRow
    found_at: datetime


@dataclass(frozen=True)
class Kept:
    """A product on a list: its card, or None where it has left the market."""

    product_id: int
    note: str
    card: CardRow | None


def searches_of(session: Session, actor: Actor) -> list[SavedSearch]:
    """A person's searches, the newest first."""
    return list(session.scalars(select(SavedSearch).where(owns_search(actor)).order_by(SavedSearch.id.desc())))


def own_search(session: Session, actor: Actor, search_id: int) -> SavedSearch:
    """One's own search; `NotFound` for anyone else's."""
    found = session.scalar(select(SavedSearch).where(SavedSearch.id == search_id, owns_search(actor)))
    if found is None:
        raise NotFound
    return found


def search_count(session: Session, actor: Actor) -> int:
    """How many searches a person has."""
    return session.scalar(select(func.count()).select_from(SavedSearch).where(owns_search(actor))) or 0


def matches_of(session: Session, search: SavedSearch, locale: str) -> list[Match]:
    """The newest finds of a search that are still on the market."""
    rows = session.execute(
        select(SavedSearchMatch.product_id, SavedSearchMatch.found_at)
        .where(SavedSearchMatch.saved_search_id == search.id, SavedSearchMatch.is_new)
        .order_by(SavedSearchMatch.id.desc())
        .limit(SHOWN_MATCHES)
    ).all()
    shown = {card.id: card for card in cards(session, [row.product_id for row in rows], locale)}
    return [Match(shown[row.product_id], row.found_at) for row in rows if row.product_id in shown]


def due_searches(session: Session, limit: int) -> list[int]:
    """Searches with something to tell whose time has come; the longest waiting first."""
    query = (
        select(SavedSearch.id)
        .join(SavedSearchMatch, SavedSearchMatch.saved_search_id == SavedSearch.id)
        .where(
            SavedSearchMatch.told_at.is_(None),
            SavedSearch.paused_at.is_(None),
            or_(SavedSearch.next_mail_at.is_(None), SavedSearch.next_mail_at <= now()),
        )
        .group_by(SavedSearch.id)
        .order_by(func.min(SavedSearchMatch.id))
        .limit(limit)
    )
    return list(session.scalars(query))


def titles_on_the_market(session: Session, product_ids: Sequence[int], locale: str) -> list[tuple[int, str]]:
    """Keys and titles of those that are open to everyone now, in the given order."""
    return [(card.id, card.title) for card in cards(session, product_ids, locale)]


def hidden_sellers(session: Session, user_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """For each person the organisations whose goods never alert them: their own, and those either side has blocked."""
    wanted = set(user_ids)
    own: dict[int, set[int]] = defaultdict(set)
    for user_id, organisation_id in session.execute(
        select(Membership.user_id, Membership.organisation_id).where(Membership.user_id.in_(wanted))
    ):
        own[user_id].add(organisation_id)
    everyone = {each for organisations in own.values() for each in organisations}
    blocked: dict[int, set[int]] = defaultdict(set)
    for one, other in session.execute(
        select(Block.organisation_id, Block.blocked_id).where(
            or_(Block.organisation_id.in_(everyone), Block.blocked_id.in_(everyone))
        )
    ):
        blocked[one].add(other)
        blocked[other].add(one)
    return {
        user_id: frozenset(organisations.union(*(blocked[each] for each in organisations)))
        for user_id, organisations in own.items()
    }


def owners_of(session: Session, product_ids: Iterable[int]) -> dict[int, tuple[int, datetime | None]]:
    """For each product the organisation that sells it and when it was first listed."""
    rows = session.execute(
        select(Product.id, Seller.organisation_id, Product.listed_at)
        .join(Seller, Product.seller_id == Seller.id)
        .where(Product.id.in_(list(product_ids)))
    )
    return {row.id: (row.organisation_id, row.listed_at) for row in rows}


def is_on_the_market(session: Session, product_id: int) -> bool:
    """Whether a product is open to everyone."""
    query = (
        select(Product.id)
        .join(Seller, Product.seller_id == Seller.id)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(Product.id == product_id, is_public())
    )
    return session.scalar(query) is not None


def lists_of(session: Session, actor: Actor) -> list[tuple[Shortlist, int]]:
    """A person's lists with how many products each has, the last changed first."""
    count = select(func.count()).where(ShortlistItem.shortlist_id == Shortlist.id).scalar_subquery()
    query = select(Shortlist, count).where(owns_list(actor)).order_by(Shortlist.changed_at.desc(), Shortlist.id.desc())
    return [(row[0], row[1]) for row in session.execute(query)]


def own_list(session: Session, actor: Actor, shortlist_id: int) -> Shortlist:
    """One's own list with its items; `NotFound` for anyone else's."""
    return _list(session, select(Shortlist).where(Shortlist.id == shortlist_id, owns_list(actor)))


def shared_list(session: Session, shortlist_id: int, share_number: int) -> Shortlist:
    """A list that is shared now under this number by somebody in good standing; `NotFound` otherwise."""
    query = select(Shortlist).where(
        Shortlist.id == shortlist_id,
        Shortlist.share_number == share_number,
        Shortlist.shared_at.is_not(None),
        _is_in_good_standing(),
    )
    return _list(session, query)


def _is_in_good_standing() -> ColumnElement[bool]:
    """Lists of people who are not suspended, neither themselves nor with every organisation of theirs."""
    works = exists().where(User.id == Shortlist.user_id, User.suspended_at.is_(None), User.erased_at.is_(None))
    place = (Membership.user_id == Shortlist.user_id) & (Organisation.id == Membership.organisation_id)
    return works & (
        exists().where(place, Organisation.suspended_at.is_(None))
        | ~exists().where(Membership.user_id == Shortlist.user_id)
    )


def _list(session: Session, query: Select[Shortlist]) -> Shortlist:
    found: Shortlist | None = session.scalar(query.options(selectinload(Shortlist.items)))
    if found is None:
        raise NotFound
    return found


def kept_in(session: Session, shortlist: Shortlist, locale: str) -> list[Kept]:
    """The products of a list in the order in which they were added."""
    shown = {card.id: card for card in cards(session, [each.product_id for each in shortlist.items], locale)}
    return [Kept(each.product_id, each.note, shown.get(each.product_id)) for each in shortlist.items]
