"""A cast for tests: people of every kind, made on first use, each with a signed-in client."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.queries import actor_of_token
from marketplace.accounts.rules import VerificationLevel
from marketplace.accounts.services.sessions import open_session
from marketplace.buyers.models import Buyer
from marketplace.kernel.clock import now
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.kernel.uow import transaction
from marketplace.partners.models import Chapter
from marketplace.sellers.models import Producer, Seller, SellerProducer
from marketplace.sellers.rules import CurationState

_numbers = itertools.count(1)


@dataclass
class Person:
    """One person of the cast: keys, an actor for services, a client for pages."""

    user_id: int
    organisation_id: int
    actor: Actor
    token: str
    client: FlaskClient
    seller_id: int | None = None
    producer_id: int | None = None
    chapter_id: int | None = None

    def post(self, path: str, data: dict[str, Any] | None = None, *, page: str | None = None, **more: Any) -> Any:
        """Post a form as the page shows it: with the CSRF token and submit key of ``page`` (default: the account)."""
        hidden = guards(self.client, page or "/account/sessions")
        return self.client.post(path, data={**hidden, **(data or {})}, **more)


def guards(client: FlaskClient, page: str) -> dict[str, str]:
    """The hidden inputs of the first form that posts on ``page``."""
    html = client.get(page).get_data(as_text=True)
    found = dict(re.findall(r'name="(csrf_token|_once)" value="([^"]+)"', html))
    assert "csrf_token" in found, f"no guarded form on {page}"
    return found


class Cast:
    """People by kind; each call makes a new one with an organisation of their own."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def buyer(self, **more: Any) -> Person:
        """A buying company's owner; verified unless told otherwise."""
        more.setdefault("verification_level", VerificationLevel.VERIFIED)
        person, _ = self._member(OrganisationKind.BUYER, Role.OWNER, country=more.pop("country", "DE"), **more)
        with transaction() as session:
            session.add(
                Buyer(
                    organisation_id=person.organisation_id,
                    trade="roaster",
                    interests=[],
                    created_at=now(),
                    language="en",
                )
            )
        return person

    def seller(self, **more: Any) -> Person:
        """An approved seller of a pesantren of its own."""
        curation = more.pop("curation", CurationState.APPROVED)
        person, _ = self._member(
            OrganisationKind.SELLER, Role.OWNER, country="ID", locale=more.pop("locale", "id"), **more
        )
        with transaction() as session:
            number = next(_numbers)
            producer = Producer(
                slug=f"pesantren-{number}", name=f"PP Contoh {number}", regency="kab-malang", created_at=now()
            )
            seller = Seller(
                organisation_id=person.organisation_id,
                slug=f"seller-{number}",
                curation=curation,
                languages=["id", "en"],
                whatsapp=f"+62812000{number:05d}",
                created_at=now(),
            )
            session.add_all([producer, seller])
            session.flush()  # the link needs both keys
            session.add(SellerProducer(seller_id=seller.id, producer_id=producer.id))
            person.seller_id, person.producer_id = seller.id, producer.id
        return person

    def partner(self, **more: Any) -> Person:
        """A chapter's manager with a confirmed second factor."""
        country = more.pop("country", "US")
        person, _ = self._member(OrganisationKind.CHAPTER, Role.OWNER, country=country, second=True, **more)
        with transaction() as session:
            chapter = Chapter(
                organisation_id=person.organisation_id,
                slug=f"chapter-{person.organisation_id}",
                countries=[country],
                created_at=now(),
            )
            session.add(chapter)
            session.flush()  # its key goes into the cast
            person.chapter_id = chapter.id
        return person

    def curator(self, **more: Any) -> Person:
        """A curator with a confirmed second factor."""
        return self._member(OrganisationKind.PROGRAMME, Role.CURATOR, country="ID", second=True, **more)[0]

    def operator(self, **more: Any) -> Person:
        """An operator with a confirmed second factor."""
        return self._member(OrganisationKind.PROGRAMME, Role.OPERATOR, country="ID", second=True, **more)[0]

    def _member(
        self, kind: OrganisationKind, role: Role, country: str, locale: str = "en", second: bool = False, **more: Any
    ) -> tuple[Person, Session]:
        number = next(_numbers)
        with transaction() as session:
            user = User(
                name=more.pop("name", f"Person {number}"),
                email=more.pop("email", f"person{number}@example.test"),
                phone=more.pop("phone", None),
                locale=locale,
                created_at=now(),
                email_verified_at=now(),
                totp_secret="JBSWY3DPEHPK3PXP" if second else None,
                totp_enabled_at=now() if second else None,
                password_hash=more.pop("password_hash", None),
            )
            organisation = Organisation(
                kind=kind,
                slug=f"org-{number}",
                name=f"Organisation {number}",
                country=country,
                created_at=now(),
                **more,
            )
            session.add_all([user, organisation])
            session.flush()  # the membership needs both keys
            session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=role, created_at=now()))
            session.flush()  # the session row looks the membership up
            token = open_session(session, user, "test", with_second_factor=second)
        with transaction() as session:
            found = actor_of_token(session, token)
        assert found is not None
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return Person(user.id, organisation.id, found[0], token, client), session
