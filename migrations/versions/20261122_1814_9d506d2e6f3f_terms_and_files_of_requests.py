"""terms and files of requests

Revision: 9d506d2e6f3f
After: 159933350494
"""

import sqlalchemy as sa
from alembic import op

revision = "9d506d2e6f3f"
down_revision = "159933350494"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rfq_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_rfq_file_file_id")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_file_rfq_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_file")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("rfq_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rfq_file_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rfq_file_rfq_id"), ["rfq_id"], unique=False)

    with op.batch_alter_table("rfq", schema=None) as batch_op:
        batch_op.add_column(sa.Column("needed_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("packaging", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("papers", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("rfq", schema=None) as batch_op:
        batch_op.drop_column("papers")
        batch_op.drop_column("packaging")
        batch_op.drop_column("needed_from")

    with op.batch_alter_table("rfq_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rfq_file_rfq_id"))
        batch_op.drop_index(batch_op.f("ix_rfq_file_file_id"))

    op.drop_table("rfq_file")
