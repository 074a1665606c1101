"""Asking for the password once more before what cannot be taken back."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Field

from marketplace.accounts.models import User
from marketplace.accounts.passwords import matches
from marketplace.accounts.services import throttle
from marketplace.kernel.database import db
from marketplace.kernel.http import current_actor
from marketplace.kernel.uow import transaction


def password_again(field: Field) -> bool:
    """Whether ``field`` holds the acting person's password; a wrong one is counted and written beside the field."""
    user_id = current_actor().user_id
    with transaction() as session:
        throttle.spend(session, throttle.PASSWORD_AGAIN, str(user_id))
    user = db.session().get_one(User, user_id)
    if not matches(user.password_hash, field.data or ""):
        field.errors = [*field.errors, _("This is not your present password.")]
        return False
    with transaction() as session:
        throttle.give_back(session, throttle.PASSWORD_AGAIN, str(user_id))
    return True
