"""standing of sellers

Revision: f4a61b7c02d8
After: 3ae187c3290f
"""

import sqlalchemy as sa
from alembic import op
from marketplace.kernel.database import Moment

revision = "f4a61b7c02d8"
down_revision = "3ae187c3290f"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "seller_standing",
        sa.Column("seller_id", ID, autoincrement=False, nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("told", sa.String(length=20), nullable=False),
        sa.Column("measured_at", Moment(), nullable=False),
        sa.Column("eased_to", sa.String(length=20), nullable=False),
        sa.Column("eased_until", sa.Date(), nullable=True),
        sa.Column("eased_reason", sa.String(length=500), nullable=False),
        sa.Column("eased_by_id", ID, nullable=True),
        sa.Column("eased_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["eased_by_id"], ["user_account.id"], name=op.f("fk_seller_standing_eased_by_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_seller_standing_seller_id")),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("pk_seller_standing")),
    )
    op.create_index(op.f("ix_seller_standing_level"), "seller_standing", ["level"])


def downgrade() -> None:
    op.drop_table("seller_standing")
