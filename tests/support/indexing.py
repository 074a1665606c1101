"""Changes of goods and what the index knows of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Product
from marketplace.discovery.engine import engine
from marketplace.discovery.models import StaleDocument
from marketplace.discovery.rules import PRODUCT
from marketplace.kernel.clock import today
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from search.parser import parse


def found(text: str = "", kind: str = PRODUCT) -> set[int]:
    """Keys that a search answers."""
    return set(engine().search(replace(parse(text, day=today()), kind=kind, size=100, repair=False)).keys)


def change(product: Product, **columns: Any) -> None:
    """Change columns of a product as a service does: with its event."""
    with transaction() as session:
        session.execute(update(Product).where(Product.id == product.id).values(**columns))
        record(session, ProductChanged(product.id))


def marks(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(StaleDocument)) or 0
