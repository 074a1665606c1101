"""offers of a lot, costs of goods, and closed days of sellers

Revision: 876291200671
After: c4a7e19b5d32
"""

import sqlalchemy as sa
from alembic import op
from marketplace.kernel.database import Exact, Moment

revision = '876291200671'
down_revision = 'c4a7e19b5d32'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('seller_closure',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('seller_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('closed_from', sa.Date(), nullable=False),
    sa.Column('closed_to', sa.Date(), nullable=False),
    sa.Column('starts_at', Moment(), nullable=False),
    sa.Column('ends_at', Moment(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('is_begun_noted', sa.Boolean(), nullable=False),
    sa.Column('is_over_noted', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('closed_to >= closed_from', name=op.f('ck_seller_closure_days_in_order')),
    sa.CheckConstraint('ends_at >= starts_at', name=op.f('ck_seller_closure_moments_in_order')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_seller_closure_created_by_id')),
    sa.ForeignKeyConstraint(['seller_id'], ['seller.id'], name=op.f('fk_seller_closure_seller_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seller_closure')),
    sa.UniqueConstraint('key', name=op.f('uq_seller_closure_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('seller_closure', schema=None) as batch_op:
        batch_op.create_index('ix_seller_closure_seller_ends', ['seller_id', 'ends_at'], unique=False)
        batch_op.create_index('ix_seller_closure_turns', ['is_over_noted', 'starts_at'], unique=False)

    op.create_table('product_cost',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('farm_gate', Exact(), nullable=False),
    sa.Column('export', Exact(), nullable=False),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('farm_gate >= 0 AND export >= 0', name=op.f('ck_product_cost_not_negative')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_product_cost_product_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_cost')),
    sa.UniqueConstraint('product_id', name=op.f('uq_product_cost_product_id')),
    sqlite_autoincrement=True
    )
    op.create_table('spot_offer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seller_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('visibility', sa.String(length=20), nullable=False),
    sa.Column('quantity', Exact(), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('taken', Exact(), nullable=False),
    sa.Column('is_firm', sa.Boolean(), nullable=False),
    sa.Column('lot', sa.String(length=80), nullable=False),
    sa.Column('ship_month', sa.Date(), nullable=True),
    sa.Column('opens_at', Moment(), nullable=False),
    sa.Column('closes_at', Moment(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.Column('withdrawn_at', Moment(), nullable=True),
    sa.Column('is_open_noted', sa.Boolean(), nullable=False),
    sa.Column('is_end_noted', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_spot_offer_window_in_order')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_spot_offer_quantity_positive')),
    sa.CheckConstraint('taken >= 0 AND taken <= quantity', name=op.f('ck_spot_offer_taken_within')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_spot_offer_created_by_id')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_spot_offer_product_id')),
    sa.ForeignKeyConstraint(['seller_id'], ['seller.id'], name=op.f('fk_spot_offer_seller_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_offer')),
    sa.UniqueConstraint('key', name=op.f('uq_spot_offer_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('spot_offer', schema=None) as batch_op:
        batch_op.create_index('ix_spot_offer_product_window', ['product_id', 'visibility', 'closes_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_spot_offer_seller_id'), ['seller_id'], unique=False)
        batch_op.create_index('ix_spot_offer_turns', ['is_end_noted', 'opens_at'], unique=False)

    op.create_table('spot_offer_buyer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['offer_id'], ['spot_offer.id'], name=op.f('fk_spot_offer_buyer_offer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_spot_offer_buyer_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_offer_buyer')),
    sa.UniqueConstraint('offer_id', 'organisation_id', name=op.f('uq_spot_offer_buyer_offer_id_organisation_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('spot_offer_buyer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spot_offer_buyer_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('spot_offer_price',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('incoterm', sa.String(length=3), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('min_quantity', Exact(), nullable=False),
    sa.Column('unit_price', Exact(), nullable=False),
    sa.CheckConstraint('min_quantity > 0', name=op.f('ck_spot_offer_price_quantity_positive')),
    sa.CheckConstraint('unit_price > 0', name=op.f('ck_spot_offer_price_price_positive')),
    sa.ForeignKeyConstraint(['offer_id'], ['spot_offer.id'], name=op.f('fk_spot_offer_price_offer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_offer_price')),
    sa.UniqueConstraint('offer_id', 'incoterm', 'place', 'currency', 'min_quantity', name='uq_spot_offer_price_rung'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('rfq_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('offer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_rfq_line_offer_id'), ['offer_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_rfq_line_offer_id'), 'spot_offer', ['offer_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('rfq_line', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_rfq_line_offer_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_rfq_line_offer_id'))
        batch_op.drop_column('offer_id')

    op.drop_table('spot_offer_price')
    with op.batch_alter_table('spot_offer_buyer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_spot_offer_buyer_organisation_id'))

    op.drop_table('spot_offer_buyer')
    with op.batch_alter_table('spot_offer', schema=None) as batch_op:
        batch_op.drop_index('ix_spot_offer_turns')
        batch_op.drop_index(batch_op.f('ix_spot_offer_seller_id'))
        batch_op.drop_index('ix_spot_offer_product_window')

    op.drop_table('spot_offer')
    op.drop_table('product_cost')
    with op.batch_alter_table('seller_closure', schema=None) as batch_op:
        batch_op.drop_index('ix_seller_closure_turns')
        batch_op.drop_index('ix_seller_closure_seller_ends')

    op.drop_table('seller_closure')
