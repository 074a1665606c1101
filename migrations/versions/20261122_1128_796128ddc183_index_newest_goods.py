"""index newest goods by commodity and category

Revision: 796128ddc183
After: 3c1f5d20b7ae
"""

from alembic import op

revision = "796128ddc183"
down_revision = "3c1f5d20b7ae"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index("ix_product_category_state_listed_at", ["category", "state", "listed_at"], unique=False)
        batch_op.create_index("ix_product_commodity_state_listed_at", ["commodity", "state", "listed_at"], unique=False)
        batch_op.drop_index(batch_op.f("ix_product_category_state"))
        batch_op.drop_index(batch_op.f("ix_product_commodity"))


def downgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_commodity"), ["commodity"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_category_state"), ["category", "state"], unique=False)
        batch_op.drop_index("ix_product_commodity_state_listed_at")
        batch_op.drop_index("ix_product_category_state_listed_at")
