"""numbers nobody has proven, sealed second factors

Revision: 3c1f5d20b7ae
After: 0a7a347b67ed
"""

import sqlalchemy as sa
from alembic import op
from flask import current_app
from marketplace.kernel.sealing import Unreadable, is_sealed, seal, unseal

revision = '3c1f5d20b7ae'
down_revision = '0a7a347b67ed'
branch_labels = None
depends_on = None

PURPOSE = "second factor"
account = sa.table(
    "user_account",
    sa.column("id", sa.BigInteger),
    sa.column("phone", sa.String),
    sa.column("stated_phone", sa.String),
    sa.column("email", sa.String),
    sa.column("totp_secret", sa.String),
)


def upgrade() -> None:
    op.add_column("user_account", sa.Column("stated_phone", sa.String(length=20), nullable=True))
    # who has an e-mail address may have typed any number; who has none came by a link that reached the number
    typed = sa.and_(account.c.phone.is_not(None), account.c.email.is_not(None))
    op.execute(sa.update(account).where(typed).values(stated_phone=account.c.phone, phone=None))
    _change_secrets(lambda secret, key: secret if is_sealed(secret) else seal(secret, key, PURPOSE))


def downgrade() -> None:
    _change_secrets(_opened)
    other = account.alias("other")
    taken = sa.select(other.c.phone).where(other.c.phone.is_not(None))
    free = sa.and_(account.c.phone.is_(None), account.c.stated_phone.is_not(None))
    # two people may have stated one number; the former schema gives it to the first
    first = sa.select(sa.func.min(other.c.id)).where(other.c.phone.is_(None)).group_by(other.c.stated_phone)
    op.execute(
        sa.update(account)
        .where(free, account.c.id.in_(first), account.c.stated_phone.not_in(taken))
        .values(phone=account.c.stated_phone)
    )
    op.drop_column("user_account", "stated_phone")


def _opened(secret: str, key: str) -> str | None:
    try:
        return unseal(secret, key, PURPOSE) if is_sealed(secret) else secret
    except Unreadable:
        return None


def _change_secrets(changed) -> None:
    connection, key = op.get_bind(), current_app.config["SECRET_KEY"]
    rows = connection.execute(sa.select(account.c.id, account.c.totp_secret).where(account.c.totp_secret.is_not(None)))
    for user_id, secret in rows.all():
        connection.execute(
            sa.update(account).where(account.c.id == user_id).values(totp_secret=changed(secret, key))
        )
