"""What buyers say of goods and sellers they have dealt with, and what sellers answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, Text80, reference
from marketplace.reviews.rules import ReviewState


class Review(Model):
    """One buyer's word on one product or seller after one sample or deal. Points are 1 to 5."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("rating >= 1 AND rating <= 5", name="rating_in_range"),
        UniqueConstraint("about", "subject"),
        Index("ix_review_product_state", "product_id", "state"),
        Index("ix_review_seller_state", "seller_id", "target", "state"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    about: Mapped[Text80]  # "sample:3", "deal:9": what gave the right to it
    subject: Mapped[Text40]  # "product:12", "seller:4": one review of each
    target: Mapped[Text20]
    product_id: Mapped[int | None] = reference("product.id", nullable=True, index=False)
    seller_id: Mapped[int] = reference("seller.id", index=False)
    buyer_id: Mapped[int] = reference("organisation.id")
    author_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    state: Mapped[Text20] = mapped_column(default=ReviewState.PENDING, index=True)
    rating: Mapped[int]
    text: Mapped[LongText] = mapped_column(default="")
    language: Mapped[Text20]  # the author's; the words stay as they were written
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    answer: Mapped[LongText] = mapped_column(default="")
    answer_language: Mapped[Text20] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    is_answer_hidden: Mapped[bool] = mapped_column(default=False)  # by moderation
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
