"""Asking for the password, or a code, once more before what cannot be taken back."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Field

from marketplace.accounts.models import User
from marketplace.accounts.passwords import matches
from marketplace.accounts.services import throttle
from marketplace.accounts.services.second_factor import accept_second_factor
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


def code_again(field: Field) -> bool:
    """Whether ``field`` holds a good code of the acting person, which is used up; a wrong one is counted."""
    user_id = current_actor().user_id
    with transaction() as session:
        throttle.spend(session, throttle.CODE_ACCOUNT, str(user_id))
    with transaction() as session:
        is_good = accept_second_factor(session, session.get_one(User, user_id), field.data or "")
        if is_good:
            throttle.give_back(session, throttle.CODE_ACCOUNT, str(user_id))
    if not is_good:
        field.errors = [
            *field.errors,
            _("This code is not right or was used already. Wait for the next one and try again."),
        ]
    return is_good
