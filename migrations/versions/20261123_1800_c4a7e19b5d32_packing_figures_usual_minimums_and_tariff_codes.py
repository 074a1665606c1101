"""packing as figures, who said the smallest order, national customs codes

Revision: c4a7e19b5d32
After: 5d7c20e9b1aa
"""

import sqlalchemy as sa
from alembic import op
from marketplace.kernel.database import Exact

revision = "c4a7e19b5d32"
down_revision = "5d7c20e9b1aa"
branch_labels = None
depends_on = None

_ADDED = ("moq_basis", "pack_unit", "pack_net_kg", "packs_per_carton", "cartons_per_fcl20", "cartons_per_fcl40")


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moq_basis", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("pack_unit", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("pack_net_kg", Exact(), nullable=True))
        for name in _ADDED[3:]:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
    # until now only sellers themselves stated a smallest order
    op.execute("UPDATE product SET moq_basis = 'own' WHERE moq IS NOT NULL")
    op.create_table(
        "product_tariff_code",
        sa.Column("id", key, nullable=False),
        sa.Column("product_id", key, nullable=False),
        sa.Column("market", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("is_by_staff", sa.Boolean(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_tariff_code_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_tariff_code")),
        sa.UniqueConstraint("product_id", "market", name=op.f("uq_product_tariff_code_product_id_market")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("product_tariff_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_tariff_code_product_id"), ["product_id"], unique=False)


def downgrade() -> None:
    op.drop_table("product_tariff_code")
    with op.batch_alter_table("product", schema=None) as batch_op:
        for name in reversed(_ADDED):
            batch_op.drop_column(name)
