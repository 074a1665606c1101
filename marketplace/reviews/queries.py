"""Reads of reviews: the public ones, one's own, what may be reviewed, and the desk's queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, null, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.listed import listed_product
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import On, Prepared
from marketplace.orders.models import Order, Sample
from marketplace.orders.rules import OrderState
from marketplace.quotes.models import Deal, DealLine
from marketplace.reviews.models import Review
from marketplace.reviews.policies import is_public, may_decide_reviews, received_by, written_by
from marketplace.reviews.rules import SHOWN_BESIDE, Figures, Occasion, ReviewState, ReviewTarget, figures_of
from marketplace.sellers.models import Seller
from marketplace.sellers.queries import public_seller

MOST_GOODS = 20  # of one deal that can be reviewed


@dataclass(frozen=True, slots=True)
class Shown:
    """A review as everybody reads it: of the buyer only the country, of the occasion only what it was."""

    key: str
    rating: int
    text: str
    language: str
    occasion: str
    country: str
    at: datetime
    answer: str
    answer_language: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reviews:
    """The newest reviews of one thing, and the figures of all where there are enough."""

    shown: tuple[Shown, ...] = ()
    count: int = 0
    figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A review with what lists name: the goods in all languages there are, and both companies."""

    review: Review
    product: Product | None
    seller: str
    seller_slug: str
    buyer: str
    buyer_country: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that an occasion lets a buyer review."""

    target: ReviewTarget
    id: int
    product: Product | None
    seller: str

    @property
    def name(self) -> str:
        """Its name in rows and forms."""
        return f"{self.target}:{self.id}"


@dataclass(frozen=True, slots=True)
class Occasioned:
    """A sample that arrived or a deal that is settled, with what can be reviewed after it."""

    about: str
    kind: Occasion
    key: str
    buyer_id: int
    seller_id: int
    subjects: tuple[Subject, ...]


_COLUMNS = (
    Review.key, Review.rating, Review.text, Review.language, Review.about, Organisation.country, Review.created_at,
    Review.answer, Review.answer_language, Review.answered_at, Review.is_answer_hidden,
)  # fmt: skip


def _public(where: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(*_COLUMNS, func.count().over(), func.sum(Review.rating).over())
        .join(Organisation, Organisation.id == Review.buyer_id)
        .where(where, Review.state == ReviewState.PUBLISHED.value)
        .order_by(Review.created_at.desc(), Review.id.desc())
        .limit(SHOWN_BESIDE)
    )


_OF_PRODUCT = _public(Review.product_id == bindparam("key"))
_OF_SELLER = _public((Review.seller_id == bindparam("key")) & (Review.target == ReviewTarget.SELLER.value))


def reviews_of_product(on: On, product_id: int) -> Reviews:
    """What everybody may read of goods."""
    return _summed(_OF_PRODUCT.rows(on, key=product_id))


def reviews_of_seller(on: On, seller_id: int) -> Reviews:
    """What everybody may read of a seller."""
    return _summed(_OF_SELLER.rows(on, key=seller_id))


def public_page(session: Session, target: ReviewTarget, key: int, number: int) -> Page[Shown]:
    """All public reviews of one thing, newest first."""
    of = Review.product_id == key if target is ReviewTarget.PRODUCT else _of_seller(key)
    query = select(*_COLUMNS).join(Organisation, Organisation.id == Review.buyer_id).where(of, is_public())
    page = page_of(session, query.order_by(Review.created_at.desc(), Review.id.desc()), number)
    return Page([_shown(row) for row in page.items], page.number, page.size, page.has_next)


def _of_seller(key: int) -> ColumnElement[bool]:
    return (Review.seller_id == key) & (Review.target == ReviewTarget.SELLER)


def _summed(rows: Iterable[Sequence[Any]]) -> Reviews:
    found = list(rows)
    if not found:
        return Reviews()
    count, points = int(found[0][-2]), int(found[0][-1])
    return Reviews(tuple(_shown(row[:-2]) for row in found), count, figures_of(count, points))


def _shown(row: Sequence[Any]) -> Shown:
    key, rating, text, written_in, about, country, created_at, answer, language, at, is_hidden = row
    said = ("", "", None) if is_hidden else (answer, language, at)
    return Shown(key, rating, text, written_in, about.partition(":")[0], country, created_at, *said)


def occasion(session: Session, actor: Actor, kind: Occasion, key: str) -> Occasioned:
    """What the actor's company can review after this sample or deal; `NotFound` while it is not over or not theirs."""
    if not actor.is_buyer or actor.organisation_id is None:
        raise NotFound
    if kind is Occasion.SAMPLE:
        found: Any = session.execute(
            select(Sample.id, Sample.buyer_id, Sample.seller_id, Sample.product_id).where(
                Sample.key == key, Sample.buyer_id == actor.organisation_id, Sample.delivered_at.is_not(None)
            )
        ).first()
    else:
        found = session.execute(
            select(Deal.id, Deal.buyer_id, Deal.seller_id, null())
            .join(Order, Order.deal_id == Deal.id)
            .where(Deal.key == key, Deal.buyer_id == actor.organisation_id, Order.state == OrderState.SETTLED)
        ).first()
    if found is None:
        raise NotFound
    row_id, buyer_id, seller_id, product_id = found
    goods = [product_id] if kind is Occasion.SAMPLE else _goods_of_deal(session, row_id)
    name = session.scalars(select(Organisation.name).join(Seller).where(Seller.id == seller_id)).one()
    products = session.scalars(select(Product).where(Product.id.in_([one for one in goods if one]))).all()
    by_key = {one.id: one for one in products}
    subjects = [Subject(ReviewTarget.PRODUCT, one, by_key[one], name) for one in goods if one in by_key]
    subjects.append(Subject(ReviewTarget.SELLER, seller_id, None, name))
    return Occasioned(f"{kind}:{row_id}", kind, key, buyer_id, seller_id, tuple(subjects))


def _goods_of_deal(session: Session, deal_id: int) -> list[int]:
    query = select(DealLine.product_id).where(DealLine.deal_id == deal_id, DealLine.product_id.is_not(None))
    found = session.scalars(query.order_by(DealLine.position)).all()
    return [one for one in dict.fromkeys(found) if one is not None][:MOST_GOODS]


def written_about(session: Session, actor: Actor, about: str) -> dict[str, Review]:
    """The company's own reviews after one sample or deal, by subject."""
    rows = session.scalars(select(Review).where(Review.about == about, written_by(actor)))
    return {one.subject: one for one in rows}


def own_reviews(session: Session, actor: Actor, number: int) -> Page[Row]:
    """Reviews that the actor's company wrote, newest first."""
    return _page(session, _rows().where(written_by(actor)).order_by(Review.id.desc()), number)


def received_reviews(session: Session, actor: Actor, number: int) -> Page[Row]:
    """Published reviews of the actor's own goods and house, newest first."""
    return _page(session, _rows().where(received_by(actor)).order_by(Review.id.desc()), number)


def review_queue(session: Session, state: ReviewState, number: int) -> Page[Row]:
    """The desk's reviews in one state: those that wait with the oldest first, others with the newest."""
    order = Review.id if state is ReviewState.PENDING else Review.id.desc()
    return _page(session, _rows().where(Review.state == state).order_by(order), number)


def waiting_reviews(session: Session) -> int:
    """How many reviews wait for a curator."""
    query = select(func.count()).select_from(Review).where(Review.state == ReviewState.PENDING)
    return session.scalar(query) or 0


def any_review(session: Session, actor: Actor, key: str) -> Row:
    """A review as the desk sees it; `NotFound` for everybody else."""
    found = session.execute(_rows().where(Review.key == key)).first() if may_decide_reviews(actor) else None
    if found is None:
        raise NotFound
    return Row(*found)


def review_held(session: Session, where: ColumnElement[bool]) -> Review:
    """One review, locked, as it is now; `NotFound` where there is none. ``where`` holds the check of whose it is."""
    key = session.scalar(select(Review.id).join(Seller, Seller.id == Review.seller_id).where(where))
    if key is None:
        raise NotFound
    query = select(Review).where(Review.id == key).with_for_update(of=Review)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _page(session: Session, query: Select[*tuple[Any, ...]], number: int) -> Page[Row]:
    page = page_of(session, query, number)
    return Page([Row(*row) for row in page.items], page.number, page.size, page.has_next)


def _rows() -> Select[*tuple[Any, ...]]:
    selling, buying = aliased(Organisation), aliased(Organisation)
    return (
        select(Review, Product, selling.name, Seller.slug, buying.name, buying.country)
        .join(Seller, Seller.id == Review.seller_id)
        .join(selling, selling.id == Seller.organisation_id)
        .join(buying, buying.id == Review.buyer_id)
        .outerjoin(Product, Product.id == Review.product_id)
    )


def public_subject(session: Session, target: ReviewTarget, slug: str, locale: str) -> tuple[int, str]:
    """Number and name of the listed product or approved seller at this address; `NotFound` for others."""
    if target is ReviewTarget.PRODUCT:
        view = listed_product(session, slug)
        return view.id, view.text_in(locale).title
    row = public_seller(session, slug)
    return row.id, row.organisation.name
