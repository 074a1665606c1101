"""indexes that new requests need not write

Revision: 7d1c5be0a942
After: f4a61b7c02d8
"""

import sqlalchemy as sa
from alembic import op

revision = '7d1c5be0a942'
down_revision = 'f4a61b7c02d8'
branch_labels = None
depends_on = None

# an optional column is looked for by what it names; rows in which it names nothing are left out
PARTIAL = (
    ('ix_rfq_chapter_id', 'rfq', ['chapter_id'], 'chapter_id'),
    ('ix_rfq_fair_id', 'rfq', ['fair_id'], 'fair_id'),
    ('ix_rfq_line_offer_id', 'rfq_line', ['offer_id'], 'offer_id'),
    ('ix_task_lease', 'task', ['state', 'lease_until'], 'lease_until'),
)


def upgrade() -> None:
    for name, table, columns, optional in PARTIAL:
        names = sa.text(f'{optional} IS NOT NULL')
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, sqlite_where=names, postgresql_where=names)
    op.drop_index('ix_rfq_recipient_rfq_id', table_name='rfq_recipient')  # uq_rfq_recipient_rfq_id_seller_id begins alike


def downgrade() -> None:
    op.create_index('ix_rfq_recipient_rfq_id', 'rfq_recipient', ['rfq_id'])
    for name, table, columns, _optional in PARTIAL:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
