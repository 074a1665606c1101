"""Buying companies: what they trade and what they look for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.kernel.database import Key, Model, Text20, Text40, Text500, reference


class Buyer(Model):
    """The buyer's side of an organisation."""

    __tablename__ = "buyer"
    __table_args__ = (UniqueConstraint("organisation_id"),)
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id", index=False)
    trade: Mapped[Text40]  # a code of buyers.rules.Trade
    about: Mapped[Text500] = mapped_column(default="")
    import_history: Mapped[Text500] = mapped_column(default="")  # as claimed
    interests: Mapped[list[str]]  # commodity keys
    language: Mapped[Text20] = mapped_column(default="en")
    created_at: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship(lazy="raise")
