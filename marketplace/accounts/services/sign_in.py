"""Signing in: tries are counted first, unknown accounts cost as much as known ones."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from marketplace.accounts.contact import identifier
from marketplace.accounts.models import User
from marketplace.accounts.passwords import hash_password, matches, needs_rehash
from marketplace.accounts.queries import user_of_identifier
from marketplace.accounts.services import throttle

log = logging.getLogger(__name__)


def count_sign_in(session: Session, typed: str, address: str | None) -> None:
    """Count a try for the account that was typed, known or not, and for the network address."""
    throttle.spend(session, throttle.SIGN_IN_ACCOUNT, identifier(typed))
    throttle.spend(session, throttle.SIGN_IN_ADDRESS, throttle.network_of(address))


def person_of(session: Session, typed: str, password: str) -> User | None:
    """The person whose password this is, or None; takes the same time for an account that does not exist."""
    user = user_of_identifier(session, identifier(typed))
    is_right = matches(user.password_hash if user else None, password)
    if user is None or not is_right or user.suspended_at is not None:
        log.warning("accounts.sign_in_refused", extra={"user_id": user.id if user else None})
        return None
    return user


def note_success(session: Session, user: User, typed: str, password: str, address: str | None) -> None:
    """A right password: its try does not count, and an old hash is renewed."""
    throttle.give_back(session, throttle.SIGN_IN_ACCOUNT, identifier(typed))
    throttle.give_back(session, throttle.SIGN_IN_ADDRESS, throttle.network_of(address))
    if user.password_hash and needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
