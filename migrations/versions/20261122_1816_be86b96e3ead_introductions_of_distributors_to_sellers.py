"""introductions of distributors to sellers

Revision: be86b96e3ead
After: 9d506d2e6f3f
"""

import sqlalchemy as sa
from alembic import op

from marketplace.kernel.database import Exact, Moment

revision = "be86b96e3ead"
down_revision = "9d506d2e6f3f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "introduction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chapter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pair", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("seller_answer", sa.String(length=20), nullable=False),
        sa.Column("distributor_answer", sa.String(length=20), nullable=False),
        sa.Column("score", Exact(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["distributor_application.id"], name=op.f("fk_introduction_application_id")
        ),
        sa.ForeignKeyConstraint(["chapter_id"], ["chapter.id"], name=op.f("fk_introduction_chapter_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_introduction_organisation_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_introduction_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"], name=op.f("fk_introduction_proposed_by_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_introduction_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
        sa.UniqueConstraint("pair", name=op.f("uq_introduction_pair")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_introduction_chapter_id"), ["chapter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_introduction_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_introduction_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_introduction_seller_id"), ["seller_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_introduction_seller_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_product_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_chapter_id"))

    op.drop_table("introduction")
