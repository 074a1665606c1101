"""open requests, fits and impressions

Revision: 6bbce5851af4
After: 3569afdbaadc
"""

import sqlalchemy as sa
from alembic import op
from marketplace.kernel.database import Exact, Moment

revision = '6bbce5851af4'
down_revision = '3569afdbaadc'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('match_impression',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rfq_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seller_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('side', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('propensity', Exact(), nullable=False),
    sa.Column('is_fitting', sa.Boolean(), nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('shown_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_match_impression_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['rfq_id'], ['rfq.id'], name=op.f('fk_match_impression_rfq_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['seller_id'], ['seller.id'], name=op.f('fk_match_impression_seller_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match_impression')),
    sa.UniqueConstraint('rfq_id', 'product_id', 'side', name=op.f('uq_match_impression_rfq_id_product_id_side'))
    )
    with op.batch_alter_table('match_impression', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_match_impression_product_id'), ['product_id'], unique=False)
        batch_op.create_index('ix_match_impression_seller', ['seller_id', 'shown_at'], unique=False)

    op.create_table('posted_request',
    sa.Column('rfq_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('posted_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['rfq_id'], ['rfq.id'], name=op.f('fk_posted_request_rfq_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('rfq_id', name=op.f('pk_posted_request'))
    )
    op.create_table('request_fit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rfq_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seller_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_fitting', sa.Boolean(), nullable=False),
    sa.Column('wanting', sa.String(length=80), nullable=False),
    sa.Column('score', Exact(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('made_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_request_fit_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['rfq_id'], ['rfq.id'], name=op.f('fk_request_fit_rfq_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['seller_id'], ['seller.id'], name=op.f('fk_request_fit_seller_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_fit')),
    sa.UniqueConstraint('rfq_id', 'seller_id', name=op.f('uq_request_fit_rfq_id_seller_id'))
    )
    with op.batch_alter_table('request_fit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_request_fit_product_id'), ['product_id'], unique=False)
        batch_op.create_index('ix_request_fit_seller', ['seller_id', 'is_fitting'], unique=False)

    # until now a request that was sent to nobody was one that its buyer posted openly
    op.execute(
        "INSERT INTO posted_request (rfq_id, posted_at) "
        "SELECT rfq.id, coalesce(rfq.submitted_at, rfq.created_at) FROM rfq "
        "WHERE rfq.source = 'request' AND rfq.state <> 'draft' "
        "AND NOT EXISTS (SELECT 1 FROM rfq_recipient WHERE rfq_recipient.rfq_id = rfq.id)"
    )


def downgrade() -> None:
    with op.batch_alter_table('request_fit', schema=None) as batch_op:
        batch_op.drop_index('ix_request_fit_seller')
        batch_op.drop_index(batch_op.f('ix_request_fit_product_id'))

    op.drop_table('request_fit')
    op.drop_table('posted_request')
    with op.batch_alter_table('match_impression', schema=None) as batch_op:
        batch_op.drop_index('ix_match_impression_seller')
        batch_op.drop_index(batch_op.f('ix_match_impression_product_id'))

    op.drop_table('match_impression')
