"""reviews of buyers, evidence of reports, frozen contact details, and chapters' word on leads

Revision: 5f3c9e71ab42
After: 6f73734300cf
"""

import sqlalchemy as sa
from alembic import op
from marketplace.kernel.database import Moment

revision = '5f3c9e71ab42'
down_revision = '6f73734300cf'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contact_freeze',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('about', sa.String(length=80), nullable=False),
    sa.Column('since', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_contact_freeze_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_freeze')),
    sa.UniqueConstraint('about', name=op.f('uq_contact_freeze_about')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('contact_freeze', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_freeze_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('report_evidence',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('report_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_report_evidence_file_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_evidence_report_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_evidence')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('report_evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_evidence_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_evidence_report_id'), ['report_id'], unique=False)

    op.create_table('review',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('about', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('seller_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('buyer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=20000), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.Column('decided_at', Moment(), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answer', sa.String(length=20000), nullable=False),
    sa.Column('answer_language', sa.String(length=20), nullable=False),
    sa.Column('answered_at', Moment(), nullable=True),
    sa.Column('answered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_answer_hidden', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('rating >= 1 AND rating <= 5', name=op.f('ck_review_rating_in_range')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user_account.id'], name=op.f('fk_review_answered_by_id')),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_review_author_id')),
    sa.ForeignKeyConstraint(['buyer_id'], ['organisation.id'], name=op.f('fk_review_buyer_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_review_decided_by_id')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_review_product_id')),
    sa.ForeignKeyConstraint(['seller_id'], ['seller.id'], name=op.f('fk_review_seller_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('about', 'subject', name=op.f('uq_review_about_subject')),
    sa.UniqueConstraint('key', name=op.f('uq_review_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_buyer_id'), ['buyer_id'], unique=False)
        batch_op.create_index('ix_review_product_state', ['product_id', 'state'], unique=False)
        batch_op.create_index('ix_review_seller_state', ['seller_id', 'target', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_state'), ['state'], unique=False)

    op.create_table('lead_follow_up',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rfq_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chapter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contacted_on', sa.Date(), nullable=True),
    sa.Column('result', sa.String(length=20), nullable=False),
    sa.Column('sold_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('stated_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('stated_at', Moment(), nullable=False),
    sa.Column('closed_at', Moment(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['chapter_id'], ['chapter.id'], name=op.f('fk_lead_follow_up_chapter_id')),
    sa.ForeignKeyConstraint(['rfq_id'], ['rfq.id'], name=op.f('fk_lead_follow_up_rfq_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['stated_by_id'], ['user_account.id'], name=op.f('fk_lead_follow_up_stated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_follow_up')),
    sa.UniqueConstraint('rfq_id', name=op.f('uq_lead_follow_up_rfq_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('lead_follow_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_follow_up_chapter_id'), ['chapter_id'], unique=False)

    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('due_at', Moment(), nullable=True))
        batch_op.create_index(batch_op.f('ix_report_due_at'), ['due_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_due_at'))
        batch_op.drop_column('due_at')

    with op.batch_alter_table('lead_follow_up', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_follow_up_chapter_id'))

    op.drop_table('lead_follow_up')
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_state'))
        batch_op.drop_index('ix_review_seller_state')
        batch_op.drop_index('ix_review_product_state')
        batch_op.drop_index(batch_op.f('ix_review_buyer_id'))

    op.drop_table('review')
    with op.batch_alter_table('report_evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_evidence_report_id'))
        batch_op.drop_index(batch_op.f('ix_report_evidence_file_id'))

    op.drop_table('report_evidence')
    with op.batch_alter_table('contact_freeze', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_freeze_organisation_id'))

    op.drop_table('contact_freeze')
