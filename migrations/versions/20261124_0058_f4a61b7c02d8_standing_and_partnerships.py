"""standing of sellers, partnerships, territories and opportunities

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
    op.create_table(
        "partnership",
        sa.Column("id", ID, nullable=False),
        sa.Column("application_id", ID, nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("stated_by_id", ID, nullable=True),
        sa.Column("stated_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["distributor_application.id"],
            name=op.f("fk_partnership_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["stated_by_id"], ["user_account.id"], name=op.f("fk_partnership_stated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
        sa.UniqueConstraint("application_id", name=op.f("uq_partnership_application_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_partnership_next_review_on"), "partnership", ["next_review_on"])
    op.create_table(
        "partner_territory",
        sa.Column("id", ID, nullable=False),
        sa.Column("application_id", ID, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("commodity", sa.String(length=80), nullable=False),
        sa.Column("exclusive_until", sa.Date(), nullable=True),
        sa.Column("claim", sa.String(length=90), nullable=True),
        sa.Column("granted_by_id", ID, nullable=True),
        sa.Column("granted_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["distributor_application.id"],
            name=op.f("fk_partner_territory_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["user_account.id"], name=op.f("fk_partner_territory_granted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_territory")),
        sa.UniqueConstraint(
            "application_id",
            "country",
            "commodity",
            name=op.f("uq_partner_territory_application_id_country_commodity"),
        ),
        sa.UniqueConstraint("claim", name=op.f("uq_partner_territory_claim")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "opportunity",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("application_id", ID, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("customer", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("commodity", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.String(length=80), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("registered_by_id", ID, nullable=True),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["distributor_application.id"],
            name=op.f("fk_opportunity_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["user_account.id"], name=op.f("fk_opportunity_registered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity")),
        sa.UniqueConstraint("key", name=op.f("uq_opportunity_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_opportunity_application_id"), "opportunity", ["application_id"])
    # rows of the release before know nothing of a refusal's reason
    op.add_column("introduction", sa.Column("distributor_contacted", sa.Boolean(), nullable=True))
    op.add_column("introduction", sa.Column("refusal_reason", sa.String(length=20), server_default="", nullable=False))
    op.add_column("introduction", sa.Column("refusal_note", sa.String(length=500), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.drop_column("refusal_note")
        batch_op.drop_column("refusal_reason")
        batch_op.drop_column("distributor_contacted")
    op.drop_table("opportunity")
    op.drop_table("partner_territory")
    op.drop_table("partnership")
    op.drop_table("seller_standing")
