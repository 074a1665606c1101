"""What people keep: searches that tell them of new matches, and lists of products."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.kernel.database import Key, Model, Text20, Text40, Text200, Text500, reference


class SavedSearch(Model):
    """A search as its address states it, whose new matches its person is told about.

    ``conditions`` is the search taken apart for matching (see `percolation`), ``made_with`` the reading it was made by.
    """

    __tablename__ = "saved_search"
    id: Mapped[Key]
    user_id: Mapped[int] = reference("user_account.id", cascade=True)
    name: Mapped[Text200]
    address: Mapped[str] = mapped_column(String(2000))  # the query string of the list page, without page and view
    locale: Mapped[Text20]  # in which its words and numbers were typed
    conditions: Mapped[dict[str, Any]]
    made_with: Mapped[Text40] = mapped_column(index=True)
    frequency: Mapped[Text20]
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    next_mail_at: Mapped[datetime | None]  # none: as soon as there is something
    last_match_at: Mapped[datetime | None]
    match_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class SavedSearchTerm(Model):
    """A term without which a document cannot match a search; a changed document is shown only to those it names."""

    __tablename__ = "saved_search_term"
    term: Mapped[str] = mapped_column(String(120), primary_key=True)
    saved_search_id: Mapped[int] = mapped_column(
        ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SavedSearchMatch(Model):
    """A product that a search has met: told once, or ``is_new`` false for what was there before it was saved."""

    __tablename__ = "saved_search_match"
    __table_args__ = (
        UniqueConstraint("saved_search_id", "product_id"),
        Index("ix_saved_search_match_waiting", "told_at", "saved_search_id"),
    )
    id: Mapped[Key]
    saved_search_id: Mapped[int] = reference("saved_search.id", cascade=True, index=False)
    product_id: Mapped[int] = reference("product.id", cascade=True)
    is_new: Mapped[bool] = mapped_column(default=True)
    found_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class ChangedProduct(Model):
    """A product that changed since saved searches last looked at it; ``version`` grows with every further change."""

    __tablename__ = "changed_product"
    product_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(default=1)
    marked_at: Mapped[datetime] = mapped_column(index=True)


class ProductSnapshot(Model):
    """A product's search document as saved searches last saw it: what matched then is not new today."""

    __tablename__ = "product_snapshot"
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    day: Mapped[date]


class Shortlist(Model):
    """A person's list of products; while ``shared_at`` is set, whoever has its link may read it."""

    __tablename__ = "shortlist"
    id: Mapped[Key]
    user_id: Mapped[int] = reference("user_account.id", cascade=True)
    name: Mapped[Text200]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]
    share_number: Mapped[int] = mapped_column(default=0)  # part of the link: the next sharing has another
    shows_notes: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    items: Mapped[list[ShortlistItem]] = relationship(
        back_populates="shortlist",
        lazy="raise",
        order_by="ShortlistItem.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    __mapper_args__ = {"version_id_col": version}


class ShortlistItem(Model):
    """A product on a list, with what its person noted."""

    __tablename__ = "shortlist_item"
    __table_args__ = (UniqueConstraint("shortlist_id", "product_id"),)
    id: Mapped[Key]
    shortlist_id: Mapped[int] = reference("shortlist.id", cascade=True, index=False)
    product_id: Mapped[int] = reference("product.id", cascade=True)
    note: Mapped[Text500] = mapped_column(default="")
    added_at: Mapped[datetime]
    shortlist: Mapped[Shortlist] = relationship(back_populates="items", lazy="raise")
