"""A payment's row lock, and before it the lock of what is paid for: every action locks in this one order."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.errors import NotFound
from marketplace.payments.models import Payment

Holder = Callable[[Session, str], object]
_HOLDERS: dict[str, Holder] = {}


def held_first(*kinds: str) -> Callable[[Holder], Holder]:
    """Make a function the holder of what payments of these kinds are about: it locks the row with the key it is given.

    A deal's own steps lock the deal and then its payments. A bank's word that came to the payment first, and to the
    deal afterwards, would wait for the one while the other waits for it.
    """

    def subscribe(holder: Holder) -> Holder:
        for kind in kinds:
            _HOLDERS[kind] = holder
        return holder

    return subscribe


def locked(session: Session, payment_id: int) -> Payment:
    """The payment with its row lock; `NotFound`."""
    about = session.scalar(select(Payment.about).where(Payment.id == payment_id))
    if about is None:
        raise NotFound
    kind, _colon, key = about.partition(":")
    if kind in _HOLDERS:
        _HOLDERS[kind](session, key)
    return session.scalars(
        select(Payment).where(Payment.id == payment_id).with_for_update().execution_options(populate_existing=True)
    ).one()
