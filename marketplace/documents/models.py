"""Trade papers that were made: their number, and all that is printed on them, frozen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import StoredFile
from marketplace.kernel.database import Key, Model, Text20, Text40, reference


class Paper(Model):
    """One paper with a number of its seller's and year's sequence, which has no gaps.

    ``content`` is the sheet as JSON: the same bytes can be made from it at any time.
    """

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("seller_id", "year", "sequence"),
        CheckConstraint(
            "version_id IS NOT NULL OR deal_id IS NOT NULL OR sample_id IS NOT NULL", name="is_about_something"
        ),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[Text40]
    languages: Mapped[Text20]  # "en" or "en,de"
    seller_id: Mapped[int] = reference("seller.id", index=False)
    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    version_id: Mapped[int | None] = reference("quote_version.id", nullable=True)
    deal_id: Mapped[int | None] = reference("deal.id", nullable=True)
    sample_id: Mapped[int | None] = reference("sample.id", nullable=True)
    content: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]  # the data's own moment
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    file_id: Mapped[int | None] = reference("stored_file.id", nullable=True, index=False)
    file: Mapped[StoredFile | None] = relationship(lazy="raise")
