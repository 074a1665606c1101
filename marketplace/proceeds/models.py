"""What a seller's goods cost them: for their own eyes, nobody else reads it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, Model, Text20, reference


class ProductCost(Model):
    """Costs of one product in rupiah for one ``unit``."""

    __tablename__ = "product_cost"
    __table_args__ = (
        UniqueConstraint("product_id"),
        CheckConstraint("farm_gate >= 0 AND export >= 0", name="not_negative"),
    )
    id: Mapped[Key]
    product_id: Mapped[int] = reference("product.id", index=False, cascade=True)
    unit: Mapped[Text20]
    farm_gate: Mapped[Decimal]  # what the growers are paid
    export: Mapped[Decimal]  # processing, packing, papers and freight until the price's place
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
