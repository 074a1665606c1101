"""Where writers write: both sides of open conversations, goods to ask about, drafts that take photos."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from config.settings import Settings
from marketplace.accounts.models import Membership, User
from marketplace.accounts.services.sessions import open_session
from marketplace.app import create_app
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import COMMITTED, UNANSWERED, RfqState
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState
from tests.crash.site import Site
from tests.crash.writers import Door
from tests.support.flows import an_inquiry_form

PHOTOS_EACH = 4


def open_doors(site: Site, photos: int = 24) -> list[Door]:
    """Doors of every kind for everybody in the site's database who can use them, signed in by session rows."""
    app = create_app(Settings.from_env(Site.environment(site.home, site.port)))
    with app.app_context():
        doors = _Opener(app).all(photos)
        db.session.remove()
        db.engine.dispose()
    return doors


class _Opener:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self.cookies: dict[int, tuple[str, str]] = {}

    def all(self, photos: int) -> list[Door]:
        doors: list[Door] = []
        for rfq, recipient, buyer, seller in db.session.execute(_talks()).all():
            talk = f"/requests/{rfq}/with/{recipient}"
            doors.append(self._door("message", buyer, talk, f"{talk}/messages"))
            doors.append(self._door("answer", seller, f"/leads/{recipient}", f"/leads/{recipient}/answer"))
        goods = list(db.session.scalars(_goods(ListingState.LISTED)))
        for number, buyer in enumerate(
            sorted({key for _rfq, _recipient, key, _seller in db.session.execute(_talks())})
        ):
            slug = goods[number % len(goods)].slug
            page = f"/products/{slug}/inquiry"
            doors.append(self._door("inquiry", buyer, page, page, **an_inquiry_form("")))
        for product in list(db.session.scalars(_goods(ListingState.DRAFT)))[: photos // PHOTOS_EACH]:
            page = f"/selling/products/{product.slug}/photos"
            owner = db.session.scalars(select(Seller.organisation_id).where(Seller.id == product.seller_id)).one()
            door = self._door("photo", owner, page, page)
            door.left = PHOTOS_EACH
            doors.append(door)
        return doors

    def _door(self, kind: str, organisation_id: int, page: str, action: str, **more: str) -> Door:
        if organisation_id not in self.cookies:
            number = len(self.cookies)
            self.cookies[organisation_id] = (self._cookie(organisation_id), f"10.1.{number // 250}.{number % 250 + 1}")
        cookie, address = self.cookies[organisation_id]
        return Door(kind, cookie, address, page, action, more)

    def _cookie(self, organisation_id: int) -> str:
        with transaction() as session:
            user = session.scalar(
                select(User)
                .join(Membership, Membership.user_id == User.id)
                .where(Membership.organisation_id == organisation_id)
                .order_by(User.id)
            )
            assert user is not None
            token = open_session(session, user, "crash test")
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # our sessions have it
        return "souq=" + signer.dumps({"_user_id": token, "_fresh": True})


def _talks():  # type: ignore[no-untyped-def]  # a Select whose type grows
    return (
        select(Rfq.key, Recipient.key, Rfq.buyer_id, Seller.organisation_id)
        .join(Recipient, Recipient.rfq_id == Rfq.id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(Rfq.state == RfqState.OPEN, Recipient.state.in_([*UNANSWERED, *COMMITTED]))
        .order_by(Recipient.id)
    )


def _goods(state: ListingState):  # type: ignore[no-untyped-def]  # a Select whose type grows
    return (
        select(Product)
        .join(Seller, Seller.id == Product.seller_id)
        .where(Product.state == state, Seller.curation == CurationState.APPROVED)
        .order_by(Product.id)
    )
