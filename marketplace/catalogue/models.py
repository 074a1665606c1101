"""Products: three parties, texts per language, typed specifications, trade terms, certificates, photos."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import StoredFile
from marketplace.catalogue.rules import ListingState, ReviewState
from marketplace.catalogue.rules.packing import Packing
from marketplace.kernel.database import (
    Key,
    LongText,
    Model,
    Text20,
    Text40,
    Text80,
    Text200,
    Text500,
    reference,
)
from marketplace.sellers.models import Producer, Seller


class Product(Model):
    """One offer of one seller. The registry's commodity key decides which specifications it has."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("seller_id", "external_key"),
        Index("ix_product_state_listed_at", "state", "listed_at"),
        # similar goods: the newest listed ones of a commodity and of a category, read in the index's own order
        Index("ix_product_commodity_state_listed_at", "commodity", "state", "listed_at"),
        Index("ix_product_category_state_listed_at", "category", "state", "listed_at"),
        CheckConstraint("moq IS NULL OR moq > 0", name="moq_positive"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    seller_id: Mapped[int] = reference("seller.id")
    producer_id: Mapped[int | None] = reference("producer.id", nullable=True)
    market_partner_id: Mapped[int | None] = reference("organisation.id", nullable=True)
    external_key: Mapped[str | None] = mapped_column(String(120))
    commodity: Mapped[Text80]
    category: Mapped[Text80]
    hs_code: Mapped[str] = mapped_column(String(6), index=True)
    stage: Mapped[Text20]
    state: Mapped[Text20] = mapped_column(default=ListingState.DRAFT)
    original_language: Mapped[Text20]

    # trade terms; quantities are in `unit`
    unit: Mapped[Text20] = mapped_column(default="")
    moq: Mapped[Decimal | None]  # what holds; `moq_basis` says whether the seller stated it or keeps to what is usual
    moq_basis: Mapped[Text20] = mapped_column(default="", server_default="")
    capacity_per_month: Mapped[Decimal | None]
    lead_time_days: Mapped[int | None]
    packaging: Mapped[Text200] = mapped_column(default="")
    unit_weight_kg: Mapped[Decimal | None]  # net weight of one `unit` where that is not a weight itself
    units_per_fcl20: Mapped[Decimal | None]
    units_per_fcl40: Mapped[Decimal | None]
    # packing as figures, beside the free text; see `rules.packing`
    pack_unit: Mapped[Text20] = mapped_column(default="", server_default="")
    pack_net_kg: Mapped[Decimal | None]
    packs_per_carton: Mapped[int | None]
    cartons_per_fcl20: Mapped[int | None]
    cartons_per_fcl40: Mapped[int | None]
    ports: Mapped[list[str]]
    destinations: Mapped[list[str]]  # ISO countries; empty = everywhere
    has_private_label: Mapped[bool] = mapped_column(default=False)
    sample_is_offered: Mapped[bool] = mapped_column(default=False)
    sample_is_free: Mapped[bool] = mapped_column(default=False)
    sample_days: Mapped[int | None]
    sample_note: Mapped[Text200] = mapped_column(default="")
    origin_country: Mapped[str] = mapped_column(String(2), default="ID")
    origin_region: Mapped[Text80] = mapped_column(default="")
    crop_year: Mapped[Text20] = mapped_column(default="")

    # what a list shows, kept with the product so that a card needs one row
    card_price: Mapped[Decimal | None]  # lowest rung at MOQ, per `card_price_unit`
    card_price_currency: Mapped[str] = mapped_column(String(3), default="")
    card_price_unit: Mapped[Text20] = mapped_column(default="")
    card_price_term: Mapped[Text80] = mapped_column(default="")  # "FOB Tanjung Perak"
    price_per_kg_usd: Mapped[Decimal | None]  # for comparing only
    cover_photo: Mapped[Text200] = mapped_column(default="")  # stem of its files under /media
    card_titles: Mapped[dict[str, Any]] = mapped_column(default=dict)  # language -> title
    card_certificates: Mapped[list[Any]] = mapped_column(default=list)  # verified: [code, from, to], dates in ISO form

    import_digest: Mapped[Text80] = mapped_column(default="")  # of the row it was imported from
    filled_in: Mapped[list[str]] = mapped_column(default=list)  # values an import's mapping added, not the file
    is_sample: Mapped[bool] = mapped_column(default=False)
    listed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    seller: Mapped[Seller] = relationship(lazy="raise")
    producer: Mapped[Producer | None] = relationship(lazy="raise")
    texts: Mapped[list[ProductText]] = relationship(lazy="raise", cascade="all, delete-orphan")
    specs: Mapped[list[ProductSpec]] = relationship(lazy="raise", cascade="all, delete-orphan")
    prices: Mapped[list[PriceRung]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PriceRung.min_quantity"
    )
    certificates: Mapped[list[ProductCertificate]] = relationship(lazy="raise", cascade="all, delete-orphan")
    photos: Mapped[list[Photo]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="Photo.position")
    months: Mapped[list[MonthPlan]] = relationship(lazy="raise", cascade="all, delete-orphan")
    registrations: Mapped[list[MarketRegistration]] = relationship(lazy="raise", cascade="all, delete-orphan")
    tariff_codes: Mapped[list[ProductTariffCode]] = relationship(lazy="raise", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}

    @property
    def packing(self) -> Packing:
        """Packing as figures."""
        return Packing(
            self.pack_unit or "",
            self.pack_net_kg,
            self.packs_per_carton,
            self.cartons_per_fcl20,
            self.cartons_per_fcl40,
        )


class ProductText(Model):
    """Title and description in one language; ``source`` is original, human (translated by a person) or machine."""

    __tablename__ = "product_text"
    __table_args__ = (UniqueConstraint("product_id", "language"),)
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", cascade=True)
    language: Mapped[Text20]
    title: Mapped[Text200]
    description: Mapped[LongText] = mapped_column(default="")
    source: Mapped[Text20] = mapped_column(default="original")


class ProductSpec(Model):
    """One typed specification: a number (or range) in the field's unit, or one or more texts or codes."""

    __tablename__ = "product_spec"
    __table_args__ = (UniqueConstraint("product_id", "field"),)
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", cascade=True)
    field: Mapped[Text80]
    number: Mapped[Decimal | None]
    number_to: Mapped[Decimal | None]  # end of a range
    values: Mapped[list[str]]


class PriceRung(Model):
    """One rung of a ladder; the ladder's key is (Incoterm, place, unit, currency)."""

    __tablename__ = "price_rung"
    __table_args__ = (
        UniqueConstraint("product_id", "incoterm", "place", "unit", "currency", "min_quantity"),
        CheckConstraint("unit_price > 0", name="price_positive"),
        CheckConstraint("min_quantity > 0", name="quantity_positive"),
    )
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", cascade=True)
    incoterm: Mapped[str] = mapped_column(String(3))
    place: Mapped[Text80]
    unit: Mapped[Text20]
    currency: Mapped[str] = mapped_column(String(3))
    min_quantity: Mapped[Decimal]
    unit_price: Mapped[Decimal]


class Certificate(Model):
    """A certificate of a seller or producer: it leaves badges, facets and matching by itself when it ends."""

    __tablename__ = "certificate"
    id: Mapped[Key]
    seller_id: Mapped[int] = reference("seller.id")
    producer_id: Mapped[int | None] = reference("producer.id", nullable=True, index=False)
    code: Mapped[Text40]  # registry code: organic-eu, halal-bpjph …
    issuer: Mapped[Text200]
    number: Mapped[Text80]
    scope: Mapped[Text200] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    file_id: Mapped[int | None] = reference("stored_file.id", nullable=True, index=False)
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    verified_method: Mapped[Text20] = mapped_column(default="")
    reminded_days: Mapped[int | None]  # the last reminder sent, in days before the end
    ended_at: Mapped[datetime | None]  # when its end was announced
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class ProductCertificate(Model):
    """A certificate covers a product."""

    __tablename__ = "product_certificate"
    __table_args__ = (UniqueConstraint("product_id", "certificate_id"),)
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", cascade=True)
    certificate_id: Mapped[int] = reference("certificate.id")
    certificate: Mapped[Certificate] = relationship(lazy="raise")


class MarketRegistration(Model):
    """A registration a market asks for (FDA, GACC, EUDR readiness), with its validity."""

    __tablename__ = "market_registration"
    __table_args__ = (UniqueConstraint("product_id", "kind"),)
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", cascade=True)
    kind: Mapped[Text20]
    number: Mapped[Text80] = mapped_column(default="")
    valid_to: Mapped[date | None]


class ProductTariffCode(Model):
    """The national customs code of a market; it begins with the product's six digits and says where it was read."""

    __tablename__ = "product_tariff_code"
    __table_args__ = (UniqueConstraint("product_id", "market"),)
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", cascade=True)
    market: Mapped[Text20]
    code: Mapped[str] = mapped_column(String(10))
    source: Mapped[Text200]
    is_by_staff: Mapped[bool] = mapped_column(default=False)  # a curator entered or changed it last
    stated_on: Mapped[date]


class Photo(Model):
    """A picture; its files are `photo/<stem>-<width>.avif` and `.webp`, or `photo/<stem>.svg` for an illustration."""

    __tablename__ = "photo"
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", cascade=True)
    stem: Mapped[str] = mapped_column(String(200), index=True)  # products may share a drawing
    width: Mapped[int]
    height: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    alt: Mapped[dict[str, Any]]  # language -> text
    is_illustration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class MonthPlan(Model):
    """Harvest and free capacity of one month; ``month`` is its first day, or of year 1 for every year."""

    __tablename__ = "month_plan"
    __table_args__ = (UniqueConstraint("product_id", "month", "kind"),)
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", cascade=True)
    month: Mapped[date]
    kind: Mapped[Text20]
    quantity: Mapped[Decimal | None]


class ListingReview(Model):
    """One round of curation: submitted by the seller, decided by a curator against the checklist."""

    __tablename__ = "listing_review"
    __table_args__ = (Index("ix_listing_review_state_at", "state", "submitted_at"),)
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", cascade=True)
    state: Mapped[Text20] = mapped_column(default=ReviewState.WAITING)
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    changed_claims: Mapped[list[str]]  # which published claims changed, for a re-review
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    checklist: Mapped[dict[str, Any]]  # item code -> bool
    note: Mapped[LongText] = mapped_column(default="")  # the seller sees it
    field_notes: Mapped[dict[str, Any]]  # field -> note


class CommoditySetting(Model):
    """What operators set about a commodity of the registry: offered or paused, with a note to sellers."""

    __tablename__ = "commodity_setting"
    commodity: Mapped[str] = mapped_column(String(80), primary_key=True)
    is_offered: Mapped[bool] = mapped_column(default=True)
    note: Mapped[Text500] = mapped_column(default="")
    changed_at: Mapped[datetime]
