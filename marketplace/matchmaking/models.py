"""Suggestions made to buyers, and which model made them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
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
