"""offers that changed, for the matchers of all processes

Revision: 5d7c20e9b1aa
After: 0aecb0b6c155
"""

import sqlalchemy as sa
from alembic import op
from marketplace.kernel.database import Moment

revision = "5d7c20e9b1aa"
down_revision = "0aecb0b6c155"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changed_offer",
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_changed_offer")),
    )
    with op.batch_alter_table("changed_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_changed_offer_changed_at"), ["changed_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("changed_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_changed_offer_changed_at"))

    op.drop_table("changed_offer")
