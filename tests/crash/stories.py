"""Ways through the site in small steps, each of which may be cut off and done again: guest, mail, pool, sample, card.

That in which Stripe is called stands in `calls`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from marketplace.kernel.clock import now, today
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outbox import Task
from marketplace.kernel.uow import transaction
from marketplace.notifications.incoming.addresses import reply_address
from marketplace.notifications.incoming.polling import poll
from marketplace.notifications.incoming.receiving import receive
from marketplace.orders.rules.scoring import CUPPING
from marketplace.payments.doors import use_gateway
from marketplace.payments.gateway import SignedEvent
from marketplace.payments.services import keep_event
from marketplace.payments.stripe_gateway import StripeGateway
from marketplace.quotes.services import PoolDraft, save_quote, start_pool
from tests.crash.fuse import Fuse
from tests.crash.site import SECRET, rows
from tests.support.accounts import CONSENTS
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, an_inquiry_form, recipient_of
from tests.support.payments import ACCOUNT, a_payment
from tests.support.people import Cast, guards
from tests.support.quoting import a_quote_draft
from tests.support.stripe_double import SECRET_KEY, WEBHOOK_SECRET

REPLIES = "reply@in.souq.example"
GUEST_MAIL = "gast@beispiel.example"
GUEST_WORDS = "Wir suchen 2 t dieser Partie."
MAIL_WORDS = "We take all of it, please send the contract."
GOODS = "coffee-arabica-green"
POINTS = dict.fromkeys(CUPPING, "8.50")


@dataclass
class World:
    """The site's home, the application on it, and the fuse; ``at`` is the touch at which the present step dies."""

    app: Flask
    home: Path
    notebook: Path  # what browsers remember: lies outside the home and outlives the process
    fuse: Fuse
    at: int = 0
    known: dict[str, str] = field(default_factory=dict)
    outside: ExitStack = field(default_factory=ExitStack)  # servers of others, which outlive every kill

    def act(self, step: Callable[[], object]) -> None:
        """Do what may be cut off."""
        with self.fuse.burning(self.at):
            step()

    def send(self, name: str, client: FlaskClient, page: str, action: str, /, **data: str) -> str:
        """Send a form as a browser does, with the same guards and cookie when it is sent again; gives where it leads."""
        kept = json.loads(self.notebook.read_text()) if self.notebook.exists() else {}
        if name not in kept:
            typed, cookie = {**guards(client, page), **data}, client.get_cookie("souq")
            kept[name] = {"typed": typed, "cookie": cookie.value if cookie is not None else ""}
            self.notebook.write_text(json.dumps(kept))
        client.set_cookie("souq", kept[name]["cookie"])
        with self.fuse.burning(self.at):
            answer = client.post(action, data=kept[name]["typed"])
        assert answer.status_code == 303, f"{action}: {answer.status_code}"
        return answer.location

    def count(self, query: str) -> int:
        return int(rows(self.home, query)[0][0] or 0)


@dataclass(frozen=True)
class Story:
    """Steps in their order, each safe to do again, and what must be there at the end, once each."""

    name: str
    prepare: Callable[[World, Cast], None]
    steps: tuple[tuple[str, Callable[[World], None]], ...]
    ends: dict[str, int]  # counting queries and what they give


def worker(world: World) -> None:
    """What the worker does: everything that is due, but for suggestions, which are learned apart from these stories."""
    with transaction() as session:
        session.execute(delete(Task).where(Task.job.like("matchmaking.%")))
    world.act(run_due)


# --- a request without an account: form, mailed link, confirmation ---


def _guest_before(world: World, people: Cast) -> None:
    world.known["slug"] = a_listed_product(people.seller()).slug
    people.curator()
    _STAGE[world.home] = {"guest": world.app.test_client()}


def _guest_asks(world: World) -> None:
    page = f"/products/{world.known['slug']}/inquiry"
    typed = {**an_inquiry_form(GUEST_WORDS), "way": "guest", "name": "Gast Beispiel", "email": GUEST_MAIL}
    typed |= {"company": "", "country": "AT", "trade": "roaster", **CONSENTS}
    assert world.send("ask", _STAGE[world.home]["guest"], page, page, **typed) == "/guest-requests/sent"


def _plain(path: Path) -> str:
    body = message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _guest_confirms(world: World) -> None:
    found = {
        match.group(1)
        for path in sorted((world.home / "mail").glob("*.eml"))
        for match in re.finditer(r"/en(/guest-requests/[\w.-]+)", _plain(path))
    }
    assert len(found) == 1, found
    link = found.pop()
    assert world.send("confirm", _STAGE[world.home]["guest"], link, link).startswith("/requests/")


GUEST = Story(
    "guest",
    _guest_before,
    (("asks", _guest_asks), ("is mailed", worker), ("confirms", _guest_confirms), ("is told of", worker)),
    {
        "SELECT COUNT(*) FROM rfq": 1,
        "SELECT COUNT(*) FROM rfq_line": 1,
        "SELECT COUNT(*) FROM rfq_recipient": 1,
        f"SELECT COUNT(*) FROM user_account WHERE email = '{GUEST_MAIL}'": 1,
        "SELECT COUNT(*) FROM organisation WHERE name = 'Gast Beispiel'": 1,
        "SELECT COUNT(*) FROM notice WHERE kind = 'guest_request'": 1,
        "SELECT COUNT(*) FROM notice WHERE kind = 'guest_sent'": 1,
    },
)


# --- an answer by mail: piped in, or found in the Maildir ---


def _mail_before(world: World, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    an_answer(seller, rfq)
    key = recipient_of(rfq, seller).id
    with transaction() as session:
        world.known["to"] = reply_address(session, key, buyer.user_id, REPLIES, SECRET)
    world.known["from"] = str(rows(world.home, f"SELECT email FROM user_account WHERE id = {buyer.user_id}")[0][0])
    for part in ("new", "cur", "tmp"):
        (world.home / "incoming" / part).mkdir(parents=True)


def _letter(world: World) -> bytes:
    border, paper = "grenze", "JVBERi0xLjQKMSAwIG9iaiA8PD4+IGVuZG9iagp0cmFpbGVyIDw8Pj4KJSVFT0YK"
    head = f"From: {world.known['from']}\nTo: {world.known['to']}\nSubject: Re\nMessage-ID: <one@mail.example>\n"
    text = f"--{border}\nContent-Type: text/plain; charset=utf-8\n\n{MAIL_WORDS}\n"
    file = (
        f"--{border}\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        f'Content-Disposition: attachment; filename="order.pdf"\n\n{paper}\n--{border}--\n'
    )
    return f'{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{border}"\n\n{text}{file}'.encode()


def _mail_is_piped(world: World) -> None:
    raw = _letter(world)
    world.act(lambda: receive(raw))


def _mail_is_delivered(world: World) -> None:
    """The mail server's own part, which is not ours to kill."""
    if not any((world.home / "incoming").rglob("mail-1*")):
        (world.home / "incoming" / "new" / "mail-1").write_bytes(_letter(world))


def _mail_is_polled(world: World) -> None:
    world.act(lambda: poll(world.home / "incoming"))


_MAIL_ENDS = {
    f"SELECT COUNT(*) FROM message WHERE text = '{MAIL_WORDS}'": 1,
    "SELECT COUNT(*) FROM message_attachment": 1,
    "SELECT COUNT(*) FROM received_mail": 1,
    "SELECT COUNT(*) FROM stored_file WHERE name = 'order.pdf'": 1,
}
PIPED = Story("mail received", _mail_before, (("is piped", _mail_is_piped), ("is told of", worker)), _MAIL_ENDS)
POLLED = Story(
    "mail polled",
    _mail_before,
    (("is delivered", _mail_is_delivered), ("is polled", _mail_is_polled), ("is told of", worker)),
    _MAIL_ENDS,
)


# --- a pool: share asked, agreed, quoted, accepted, its part of the deposit owed ---


def _pool_before(world: World, people: Cast) -> None:
    buyer, lead, member = people.buyer(), people.seller(), people.seller()
    own, other = (a_listed_product(one, GOODS, capacity_per_month=None) for one in (lead, member))
    rfq = an_inquiry(buyer, own)
    an_answer(lead, rfq)
    key = recipient_of(rfq, lead).key
    line = rows(world.home, "SELECT id FROM rfq_line")[0][0]
    with transaction() as session:
        start_pool(session, lead.actor, key, PoolDraft(line, "Grade 1.", "USD", Decimal("0.5")))
    draft = a_quote_draft(rfq, own.id)
    with transaction() as session:
        save_quote(session, lead.actor, key, draft, 0)
    world.known |= {"lead": key, "request": rfq.key, "product": str(other.id), "day": today().isoformat()}
    _STAGE[world.home] = {"buyer": buyer.client, "lead": lead.client, "member": member.client}


def _share_is_asked(world: World) -> None:
    page = f"/leads/{world.known['lead']}/pool"
    version = str(rows(world.home, "SELECT version FROM quote_pool")[0][0])
    wish = {"product": world.known["product"], "quantity": "1", "unit_price": "5000", "version": version}
    world.send("share", _STAGE[world.home]["lead"], page, f"{page}/shares", **wish)


def _share_is_agreed(world: World) -> None:
    page = f"/pools/{rows(world.home, 'SELECT key FROM quote_share')[0][0]}"
    version = str(rows(world.home, "SELECT version FROM quote_share")[0][0])
    world.send(
        "agree", _STAGE[world.home]["member"], page, f"{page}/answer", answer="yes", is_named="y", version=version
    )


def _quote_is_sent(world: World) -> None:
    page = f"/leads/{world.known['lead']}/quote"
    version = str(rows(world.home, "SELECT version FROM quote_version")[0][0])
    world.send("quote", _STAGE[world.home]["lead"], f"{page}/preview", f"{page}/preview", version=version)


def _quote_is_accepted(world: World) -> None:
    page = f"/requests/{world.known['request']}/with/{world.known['lead']}/quote"
    world.send("accept", _STAGE[world.home]["buyer"], page, f"{page}/accept", number="1")


def _deposit_arrives(world: World) -> None:
    page = f"/payments/{rows(world.home, 'SELECT key FROM payment')[0][0]}"
    world.send("deposit", _STAGE[world.home]["lead"], page, f"{page}/received")


POOL = Story(
    "pool",
    _pool_before,
    (
        ("is asked", _share_is_asked),
        ("agrees", _share_is_agreed),
        ("is quoted", _quote_is_sent),
        ("is accepted", _quote_is_accepted),
        ("is owed", _deposit_arrives),
        ("is told of", worker),
    ),
    {
        "SELECT COUNT(*) FROM quote_share WHERE state = 'agreed'": 1,
        "SELECT COUNT(*) FROM quote_share": 1,
        "SELECT COUNT(*) FROM quote_version WHERE state = 'accepted' AND shares IS NOT NULL": 1,
        "SELECT COUNT(*) FROM quote_version": 1,
        "SELECT COUNT(*) FROM deal": 1,
        "SELECT COUNT(*) FROM trade_order": 1,
        "SELECT COUNT(*) FROM payment WHERE state = 'paid'": 1,
        "SELECT COUNT(*) FROM payment_share": 1,
        "SELECT COUNT(*) FROM ledger_entry": 1,
        "SELECT COALESCE(SUM(minor), 0) FROM ledger_posting": 0,
        "SELECT -SUM(minor) FROM ledger_posting WHERE account = 'owed' AND organisation_id IN"
        " (SELECT organisation_id FROM payment_share)": 150_000,
    },
)


# --- a sample: asked, approved, paid, sent, in hand, judged ---


def _sample_before(world: World, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller, GOODS))
    an_answer(seller, rfq)
    world.known |= {"lead": recipient_of(rfq, seller).key}
    _STAGE[world.home] = {"buyer": buyer.client, "seller": seller.client}


def _sample_is_asked(world: World) -> None:
    page = f"/samples/new/{world.known['lead']}"
    line = str(rows(world.home, "SELECT id FROM rfq_line")[0][0])
    wish = {"line": line, "kind": "offer", "address": "Musterstraße 1, Hamburg", "quantity": "250", "unit": "g"}
    world.send("ask", _STAGE[world.home]["buyer"], page, page, **wish)


def _on_sample(side: str, step: str, page: str = "", **data: str) -> Callable[[World], None]:
    def done(world: World) -> None:
        here = f"/samples/{rows(world.home, 'SELECT key FROM sample')[0][0]}"
        world.send(step, _STAGE[world.home][side], f"{here}{page}", f"{here}/{step}", **data)

    return done


def _sample_is_paid(world: World) -> None:
    page = f"/payments/{rows(world.home, 'SELECT key FROM payment')[0][0]}"
    world.send("paid", _STAGE[world.home]["seller"], page, f"{page}/received")


SAMPLE = Story(
    "sample",
    _sample_before,
    (
        ("is asked", _sample_is_asked),
        ("is approved", _on_sample("seller", "approve", price="15", freight="40", currency="USD")),
        ("is paid", _sample_is_paid),
        ("is sent", _on_sample("seller", "ship", carrier="DHL", tracking="EXAMPLE-1")),
        ("is in hand", _on_sample("buyer", "arrived")),
        ("is judged", _on_sample("buyer", "feedback", "/feedback", verdict="suits", words="Bright.", **POINTS)),
        ("is told of", worker),
    ),
    {
        "SELECT COUNT(*) FROM sample": 1,
        "SELECT COUNT(*) FROM sample WHERE state = 'feedback' AND feedback = 'Bright.'": 1,
        "SELECT COUNT(*) FROM rfq_moment WHERE code LIKE 'sample_%'": 5,
        "SELECT COUNT(*) FROM payment WHERE state = 'paid' AND minor = 5500": 1,
        "SELECT COUNT(*) FROM ledger_entry": 1,
        "SELECT COALESCE(SUM(minor), 0) FROM ledger_posting": 0,
        "SELECT COUNT(*) FROM notice WHERE kind LIKE 'sample_%'": 6,
        "SELECT COUNT(*) FROM outcome WHERE kind = 'sample'": 1,
    },
)


# --- a payment by card: told of by signed events, each kept, then applied; a part of it goes back ---


def _card_before(world: World, people: Cast) -> None:
    use_gateway(StripeGateway(SECRET_KEY, WEBHOOK_SECRET))
    scene = a_payment(people)
    world.known |= {"payment": scene.key}


def _card_event(name: str, kind: str, **content: object) -> Callable[[World], None]:
    def told(world: World) -> None:
        key = world.known["payment"]
        ours = {"payment_intent": f"pi_of_{key}", "currency": "usd", "metadata": {"payment": key}}
        event = SignedEvent(f"evt_{name}", kind, ACCOUNT, now(), is_live=False, content={**ours, **content})

        def keep() -> None:
            with transaction() as session:
                keep_event(session, event)

        world.act(keep)

    return told


CARD = Story(
    "card",
    _card_before,
    (
        ("is paid", _card_event("paid", "checkout.session.completed", id="cs_1", object="checkout.session",
                                amount_total=10_000, payment_status="paid", status="complete")),
        ("is booked", worker),
        ("goes back", _card_event("back", "refund.updated", id="re_1", object="refund", amount=4_000,
                                  status="succeeded")),
        ("is told of", worker),
    ),
    {
        "SELECT COUNT(*) FROM webhook_event": 2,
        "SELECT COUNT(*) FROM webhook_event WHERE outcome = 'applied'": 2,
        "SELECT COUNT(*) FROM payment WHERE state = 'partly_refunded'": 1,
        "SELECT COUNT(*) FROM refund WHERE state = 'succeeded' AND minor = 4000": 1,
        "SELECT COUNT(*) FROM ledger_entry": 2,
        "SELECT COALESCE(SUM(minor), 0) FROM ledger_posting": 0,
        "SELECT SUM(minor) FROM ledger_posting WHERE account = 'held'": 6_000,
        "SELECT -SUM(minor) FROM ledger_posting WHERE account = 'commission'": 450,
        "SELECT COUNT(*) FROM notice WHERE kind IN ('card_paid', 'card_receipt')": 2,
        "SELECT COUNT(*) FROM notice WHERE kind = 'payment_refunded'": 1,
    },
)  # fmt: skip

STORIES: tuple[Story, ...] = (GUEST, PIPED, POLLED, POOL, SAMPLE, CARD)
_STAGE: dict[Path, dict[str, FlaskClient]] = {}
