"""People of the sellers who are asked in the bench: imported goods belong to sellers of whom nobody signs in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, User
from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.kernel.policy import Role
from marketplace.sellers.models import Seller


def give_members(session: Session, slugs: Sequence[str]) -> None:
    """One person with a proven mailbox for each house behind ``slugs`` that has nobody, so that an inquiry is told."""
    own = select(Seller.organisation_id).join(Product, Product.seller_id == Seller.id).where(Product.slug.in_(slugs))
    has_nobody = ~exists().where(Membership.organisation_id == Seller.organisation_id)
    moment = now()
    for organisation_id in session.scalars(own.where(has_nobody).distinct()).all():
        person = User(
            name="Bench", email=f"bench{organisation_id}@example.org", email_verified_at=moment, locale="id",
            created_at=moment,
        )  # fmt: skip
        session.add(person)
        session.flush()  # the membership needs the key
        session.add(Membership(user_id=person.id, organisation_id=organisation_id, role=Role.OWNER, created_at=moment))
