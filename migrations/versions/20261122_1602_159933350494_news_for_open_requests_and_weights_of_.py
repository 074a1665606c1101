"""news for open requests and weights of matches

Revision: 159933350494
After: f10faeb28f66
"""

import sqlalchemy as sa
from alembic import op

from marketplace.kernel.database import Moment

revision = "159933350494"
down_revision = "f10faeb28f66"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_weights",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("compared_at", Moment(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("promoted_at", Moment(), nullable=True),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_weights")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "request_alert",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("frequency", sa.String(length=20), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_request_alert_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_request_alert")),
    )
    op.create_table(
        "request_news",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_request_news_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_request_news_rfq_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_request_news_seller_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_request_news_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_news")),
        sa.UniqueConstraint("user_id", "rfq_id", "product_id", name=op.f("uq_request_news_user_id_rfq_id_product_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("request_news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_news_product_id"), ["product_id"], unique=False)
        batch_op.create_index("ix_request_news_request", ["rfq_id", "side"], unique=False)
        batch_op.create_index("ix_request_news_waiting", ["told_at", "user_id"], unique=False)

    with op.batch_alter_table("posted_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looked_at", Moment(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table("posted_request", schema=None) as batch_op:
        batch_op.drop_column("looked_at")

    with op.batch_alter_table("request_news", schema=None) as batch_op:
        batch_op.drop_index("ix_request_news_waiting")
        batch_op.drop_index("ix_request_news_request")
        batch_op.drop_index(batch_op.f("ix_request_news_product_id"))

    op.drop_table("request_news")
    op.drop_table("request_alert")
    op.drop_table("match_weights")
