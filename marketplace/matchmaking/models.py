"""Suggestions made to buyers, open requests shown to sellers, what was shown where, and which model made it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, Model, Text20, Text40, Text80, Text200, reference


class MatchModel(Model):
    """One fitted model: its folder, figures and whether it serves."""

    __tablename__ = "match_model"
    id: Mapped[Key]
    name: Mapped[Text80]
    fitted_at: Mapped[datetime]
    offers: Mapped[int]
    figures: Mapped[dict[str, Any]]
    is_serving: Mapped[bool] = mapped_column(default=False)


class MatchWeights(Model):
    """What the features of a match are worth: tried beside the serving weights first, then let serve or dropped."""

    __tablename__ = "match_weights"
    id: Mapped[Key]
    weights: Mapped[dict[str, Any]]
    note: Mapped[Text200] = mapped_column(default="")
    made_at: Mapped[datetime]
    compared_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]]  # of the last comparison: what they and the serving ones came to
    promoted_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class Suggestion(Model):
    """One supplier suggested for one request, with the reasons and both sides' verdicts."""

    __tablename__ = "suggestion"
    __table_args__ = (UniqueConstraint("rfq_id", "product_id"),)
    id: Mapped[Key]
    rfq_id: Mapped[int] = reference("rfq.id", cascade=True)
    product_id: Mapped[int] = reference("product.id", cascade=True)
    seller_id: Mapped[int] = reference("seller.id")
    position: Mapped[int]
    fits: Mapped[bool]
    score: Mapped[Decimal]
    reasons: Mapped[dict[str, Any]]  # codes and values, rendered in the reader's language
    model: Mapped[Text80]
    buyer_verdict: Mapped[Text20] = mapped_column(default="")
    seller_verdict: Mapped[Text20] = mapped_column(default="")
    created_at: Mapped[datetime]


class MatchOutcome(Model):
    """How confident the model was that anyone can serve a request at all."""

    __tablename__ = "match_outcome"
    rfq_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    confidence: Mapped[Decimal]
    band: Mapped[Text40]
    unknown_words: Mapped[list[str]]
    model: Mapped[Text200]
    made_at: Mapped[datetime]


class PostedRequest(Model):
    """A request that its buyer posted for every seller who can serve it, instead of choosing whom to ask."""

    __tablename__ = "posted_request"
    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    posted_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]  # when all sellers were first held against it: who comes later is news


class RequestFit(Model):
    """How one seller stands to one request that was sent: their best goods for it, or the one thing that is wanting."""

    __tablename__ = "request_fit"
    __table_args__ = (
        UniqueConstraint("rfq_id", "seller_id"),
        Index("ix_request_fit_seller", "seller_id", "is_fitting"),
    )
    id: Mapped[Key]
    rfq_id: Mapped[int] = reference("rfq.id", cascade=True, index=False)
    seller_id: Mapped[int] = reference("seller.id", index=False)
    product_id: Mapped[int] = reference("product.id", cascade=True)
    is_fitting: Mapped[bool]
    wanting: Mapped[Text80] = mapped_column(default="")  # "certificate:organic-eu"; empty where more than one thing is
    score: Mapped[Decimal]
    reasons: Mapped[dict[str, Any]]
    model: Mapped[Text80]
    made_at: Mapped[datetime]


class Impression(Model):
    """One product shown for one request on one side, with where it stood and how likely that place was."""

    __tablename__ = "match_impression"
    __table_args__ = (
        UniqueConstraint("rfq_id", "product_id", "side"),
        Index("ix_match_impression_seller", "seller_id", "shown_at"),
    )
    id: Mapped[Key]
    rfq_id: Mapped[int] = reference("rfq.id", cascade=True, index=False)
    product_id: Mapped[int] = reference("product.id", cascade=True)
    seller_id: Mapped[int] = reference("seller.id", index=False)
    side: Mapped[Text20]  # who saw it: buyer or seller
    position: Mapped[int]  # from 0, as last shown
    propensity: Mapped[Decimal]  # how likely it was to stand there; 1 where nothing was left to chance
    is_fitting: Mapped[bool]
    model: Mapped[Text80]
    times: Mapped[int] = mapped_column(default=1)
    shown_at: Mapped[datetime]


class ChangedOffer(Model):
    """When an offer came, changed or went, whatever the reason; ``version`` grows with every further change. A process
    reads those that changed since it last looked. The row outlives its product, so that who knew it can forget it."""

    __tablename__ = "changed_offer"
    product_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(index=True)


class RequestNews(Model):
    """A supplier whom a buyer's open request found, or a request that a seller's goods answer, for one person: told
    once, or ``is_new`` false for what was there when the request went out."""

    __tablename__ = "request_news"
    __table_args__ = (
        UniqueConstraint("user_id", "rfq_id", "product_id"),
        Index("ix_request_news_waiting", "told_at", "user_id"),
        Index("ix_request_news_request", "rfq_id", "side"),
    )
    id: Mapped[Key]
    user_id: Mapped[int] = reference("user_account.id", cascade=True, index=False)
    rfq_id: Mapped[int] = reference("rfq.id", cascade=True, index=False)
    product_id: Mapped[int] = reference("product.id", cascade=True)
    seller_id: Mapped[int] = reference("seller.id", index=False)
    side: Mapped[Text20]  # who is told: buyer or seller
    is_new: Mapped[bool]
    found_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class RequestAlert(Model):
    """How often a person wants to hear of such news; without a row as soon as there is some."""

    __tablename__ = "request_alert"
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    frequency: Mapped[Text20]
    changed_at: Mapped[datetime]
