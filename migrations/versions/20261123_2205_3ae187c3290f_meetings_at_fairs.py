"""meetings at fairs

Revision: 3ae187c3290f
After: 5f3c9e71ab42
"""

import sqlalchemy as sa
from alembic import op
from marketplace.kernel.database import Moment

revision = '3ae187c3290f'
down_revision = '5f3c9e71ab42'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('meeting_plan',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fair_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('time_zone', sa.String(length=40), nullable=False),
    sa.Column('most_a_session', sa.Integer(), nullable=False),
    sa.Column('most_buyer', sa.Integer(), nullable=False),
    sa.Column('most_distributor', sa.Integer(), nullable=False),
    sa.Column('most_seller', sa.Integer(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('most_a_session >= 1 AND most_buyer >= 1 AND most_distributor >= 1 AND most_seller >= 1', name=op.f('ck_meeting_plan_caps_positive')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_meeting_plan_created_by_id')),
    sa.ForeignKeyConstraint(['fair_id'], ['fair.id'], name=op.f('fk_meeting_plan_fair_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_plan')),
    sa.UniqueConstraint('fair_id', name=op.f('uq_meeting_plan_fair_id')),
    sqlite_autoincrement=True
    )
    op.create_table('meeting_guest',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('person', sa.String(length=80), nullable=False),
    sa.Column('about', sa.String(length=500), nullable=False),
    sa.Column('commodities', sa.JSON(), nullable=False),
    sa.Column('joined_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('joined_at', Moment(), nullable=False),
    sa.Column('left_at', Moment(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['joined_by_id'], ['user_account.id'], name=op.f('fk_meeting_guest_joined_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_meeting_guest_organisation_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['meeting_plan.id'], name=op.f('fk_meeting_guest_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_guest')),
    sa.UniqueConstraint('plan_id', 'organisation_id', name=op.f('uq_meeting_guest_plan_id_organisation_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('meeting_guest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_guest_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('meeting_session',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('starts_at', Moment(), nullable=False),
    sa.Column('ends_at', Moment(), nullable=False),
    sa.Column('slot_minutes', sa.Integer(), nullable=False),
    sa.Column('tables', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_meeting_session_moments_in_order')),
    sa.CheckConstraint('slot_minutes IN (15, 20, 30)', name=op.f('ck_meeting_session_slot_length')),
    sa.CheckConstraint('tables >= 1 AND tables <= 200', name=op.f('ck_meeting_session_tables_within')),
    sa.ForeignKeyConstraint(['plan_id'], ['meeting_plan.id'], name=op.f('fk_meeting_session_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_session')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('meeting_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_session_plan_id'), ['plan_id'], unique=False)

    op.create_table('meeting',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asker_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('answer', sa.String(length=500), nullable=False),
    sa.Column('session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('table_number', sa.Integer(), nullable=True),
    sa.Column('missing', sa.String(length=20), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('outcome_note', sa.String(length=500), nullable=False),
    sa.Column('rfq_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('noted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asked_at', Moment(), nullable=False),
    sa.Column('reminded_at', Moment(), nullable=False),
    sa.Column('is_outcome_asked', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state IN ('accepted', 'held', 'no_show')) = (table_number IS NOT NULL)", name=op.f('ck_meeting_seated_with_place')),
    sa.CheckConstraint('(session_id IS NULL) = (slot IS NULL) AND (slot IS NULL) = (table_number IS NULL)', name=op.f('ck_meeting_whole_place')),
    sa.CheckConstraint('asker_id <> asked_id', name=op.f('ck_meeting_two_sides')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user_account.id'], name=op.f('fk_meeting_answered_by_id')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user_account.id'], name=op.f('fk_meeting_asked_by_id')),
    sa.ForeignKeyConstraint(['asked_id'], ['meeting_guest.id'], name=op.f('fk_meeting_asked_id')),
    sa.ForeignKeyConstraint(['asker_id'], ['meeting_guest.id'], name=op.f('fk_meeting_asker_id')),
    sa.ForeignKeyConstraint(['noted_by_id'], ['user_account.id'], name=op.f('fk_meeting_noted_by_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['meeting_plan.id'], name=op.f('fk_meeting_plan_id')),
    sa.ForeignKeyConstraint(['rfq_id'], ['rfq.id'], name=op.f('fk_meeting_rfq_id')),
    sa.ForeignKeyConstraint(['session_id'], ['meeting_session.id'], name=op.f('fk_meeting_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('key', name=op.f('uq_meeting_key')),
    sa.UniqueConstraint('session_id', 'slot', 'table_number', name=op.f('uq_meeting_session_id_slot_table_number')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_asked_id'), ['asked_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_rfq_id'), ['rfq_id'], unique=False)
        batch_op.create_index('ix_meeting_turns', ['state', 'reminded_at'], unique=False)

    op.create_table('meeting_seat',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('guest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['meeting_guest.id'], name=op.f('fk_meeting_seat_guest_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_seat_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['meeting_session.id'], name=op.f('fk_meeting_seat_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_seat')),
    sa.UniqueConstraint('session_id', 'slot', 'guest_id', name=op.f('uq_meeting_seat_session_id_slot_guest_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('meeting_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_seat_guest_id'), ['guest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_seat_meeting_id'), ['meeting_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('meeting_seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_seat_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_seat_guest_id'))

    op.drop_table('meeting_seat')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index('ix_meeting_turns')
        batch_op.drop_index(batch_op.f('ix_meeting_rfq_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_plan_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_asker_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_asked_id'))

    op.drop_table('meeting')
    with op.batch_alter_table('meeting_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_session_plan_id'))

    op.drop_table('meeting_session')
    with op.batch_alter_table('meeting_guest', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_guest_organisation_id'))

    op.drop_table('meeting_guest')
    op.drop_table('meeting_plan')
