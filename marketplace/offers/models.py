"""Offers of a lot: so much of a product, in a window of time, for everybody or for named buyers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.catalogue.rules.trade import Rung
from marketplace.kernel.database import Key, Model, Text20, Text80, Text200, reference
from marketplace.offers.rules import OfferFacts, OfferKind, OfferState, Visibility, state_at


class SpotOffer(Model):
    """One offer. ``taken`` counts what agreements took of ``quantity``; no more than that can ever be taken."""

    __tablename__ = "spot_offer"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("taken >= 0 AND taken <= quantity", name="taken_within"),
        CheckConstraint("closes_at > opens_at", name="window_in_order"),
        Index("ix_spot_offer_product_window", "product_id", "visibility", "closes_at"),
        Index("ix_spot_offer_turns", "is_end_noted", "opens_at"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    product_id: Mapped[int] = reference("product.id", index=False)
    seller_id: Mapped[int] = reference("seller.id")
    kind: Mapped[Text20] = mapped_column(default=OfferKind.SPOT)
    visibility: Mapped[Text20] = mapped_column(default=Visibility.PUBLIC)
    quantity: Mapped[Decimal]
    unit: Mapped[Text20]
    taken: Mapped[Decimal] = mapped_column(default=Decimal(0))
    is_firm: Mapped[bool] = mapped_column(default=True)  # the price holds to the end of the window
    lot: Mapped[Text80] = mapped_column(default="")  # what the seller calls it: a harvest, a lot number
    ship_month: Mapped[date | None]  # its first day
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    note: Mapped[Text200] = mapped_column(default="")
    created_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    is_open_noted: Mapped[bool] = mapped_column(default=False)
    is_end_noted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    product: Mapped[Product] = relationship(lazy="raise")
    prices: Mapped[list[OfferPrice]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OfferPrice.position"
    )
    buyers: Mapped[list[OfferBuyer]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OfferBuyer.id"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def left(self) -> Decimal:
        """What is not taken, in the offer's unit."""
        return self.quantity - self.taken

    @property
    def facts(self) -> OfferFacts:
        """What its state follows from."""
        return OfferFacts(self.opens_at, self.closes_at, self.withdrawn_at is not None)

    def state(self, moment: datetime) -> OfferState:
        """How it stands at a moment."""
        return state_at(moment, self.facts)

    @property
    def ready_in(self) -> date:
        """The first day of the month in which its goods count in the calendar."""
        return self.ship_month or self.closes_at.date().replace(day=1)


class OfferPrice(Model):
    """What one unit costs at a term and its place, from a quantity on, as in a product's ladder."""

    __tablename__ = "spot_offer_price"
    __table_args__ = (
        UniqueConstraint("offer_id", "incoterm", "place", "currency", "min_quantity", name="uq_spot_offer_price_rung"),
        CheckConstraint("unit_price > 0", name="price_positive"),
        CheckConstraint("min_quantity > 0", name="quantity_positive"),
    )
    id: Mapped[Key]
    offer_id: Mapped[int] = reference("spot_offer.id", cascade=True, index=False)
    position: Mapped[int]
    incoterm: Mapped[str] = mapped_column(String(3))
    place: Mapped[Text80]
    unit: Mapped[Text20]
    currency: Mapped[str] = mapped_column(String(3))
    min_quantity: Mapped[Decimal]
    unit_price: Mapped[Decimal]

    @property
    def rung(self) -> Rung:
        """The same as a rung of a ladder."""
        return Rung(self.incoterm, self.place, self.unit, self.currency, self.min_quantity, self.unit_price)


class OfferBuyer(Model):
    """A buying company that a private offer names."""

    __tablename__ = "spot_offer_buyer"
    __table_args__ = (UniqueConstraint("offer_id", "organisation_id"),)
    id: Mapped[Key]
    offer_id: Mapped[int] = reference("spot_offer.id", cascade=True, index=False)
    organisation_id: Mapped[int] = reference("organisation.id")
