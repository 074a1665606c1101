"""Mails that answer a notice: the address that came with it, and what was written from them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.kernel.uow import transaction
from marketplace.notifications.incoming.addresses import reply_address
from marketplace.rfqs.models import Message, Rfq
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person

BASE = "reply@in.souq.example"


def a_talk(people: Cast, *, is_answered: bool = True) -> tuple[Person, Person, Rfq]:
    """A buyer and a seller with an inquiry, answered unless told otherwise."""
    buyer, seller = people.buyer(name="Klara Beispiel"), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller, title="Argopuro Lot 7"))
    if is_answered:
        an_answer(seller, rfq)
    return buyer, seller, rfq


def address_of(rfq: Rfq, seller: Person, person: Person) -> str:
    """The address to which this person answers by mail."""
    recipient = recipient_of(rfq, seller)
    with transaction() as session:
        return reply_address(session, recipient.id, person.user_id, BASE, "k" * 40)


def email_of(person: Person) -> str:
    """Where this person's mails come from."""
    with transaction() as session:
        return session.get_one(User, person.user_id).email or ""


def letter(sender: str, to: str, text: str = "Yes, we take it.", name: str = "one", more: str = "") -> bytes:
    """A plain mail as it comes over the wire."""
    return (
        f"From: {sender}\nTo: {to}\nSubject: Re\nMessage-ID: <{name}@mail.example>\n{more}"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    ).encode()


def texts(session: Session) -> list[tuple[str, str]]:
    """Side and text of every message there is, oldest first."""
    return [tuple(row) for row in session.execute(select(Message.side, Message.text).order_by(Message.id))]
