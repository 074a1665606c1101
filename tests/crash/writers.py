"""Buyers and sellers who write over HTTP and do not give up: a form is sent again, with the same key, until it is
acknowledged."""

from __future__ import annotations

import http.client
import re
import threading
import time
import urllib.parse
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from config.settings import Settings
from marketplace.accounts.models import Membership, User
from marketplace.accounts.services.sessions import open_session
from marketplace.app import create_app
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import COMMITTED, UNANSWERED, RfqState
from marketplace.sellers.models import Seller
from tests.crash.site import Site

MESSAGES_EACH = 55  # an organisation may write sixty an hour


@dataclass
class Conversation:
    """One side of a conversation that may be written in."""

    cookie: str
    address: str
    page: str
    action: str
    left: int = MESSAGES_EACH


@dataclass
class Writer:
    """Writes messages into its conversations in turn."""

    number: int
    port: int
    wanted: int
    talks: list[Conversation]
    acknowledged: list[str] = field(default_factory=list)
    unacknowledged: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def run(self, stop: threading.Event, killer: threading.Thread) -> None:
        """Write until enough is acknowledged and the killer is done, or nothing is left to write in."""
        count = 0
        while not stop.is_set() and (len(self.acknowledged) < self.wanted or killer.is_alive()):
            open_talks = [talk for talk in self.talks if talk.left > 0]
            if not open_talks:
                return
            talk = open_talks[count % len(open_talks)]
            count += 1
            self._write(talk, f"crash {self.number}-{count}")

    def _write(self, talk: Conversation, text: str) -> None:
        hidden = self._form(talk)
        if hidden is None:
            talk.left = 0
            return
        talk.left -= 1
        body = urllib.parse.urlencode({**hidden, "text": text})
        for _ in range(100):
            status = self._ask("POST", talk, talk.action, body)
            if status and status[0] in {302, 303}:
                self.acknowledged.append(text)
                return
            if status and 400 <= status[0] < 500 and status[0] != 429:
                talk.left = 0
                self.refusals.append(f"{talk.action}: {status[0]}")
                return
            time.sleep(0.1)
        self.unacknowledged.append(text)

    def _form(self, talk: Conversation) -> dict[str, str] | None:
        for _ in range(200):
            answer = self._ask("GET", talk, talk.page)
            if answer and answer[0] == 200:
                fields = dict(re.findall(r'name="(csrf_token|_once)" value="([^"]+)"', answer[1]))
                return fields if "csrf_token" in fields else None
            if answer and answer[0] < 500 and answer[0] != 429:
                self.refusals.append(f"{talk.page}: {answer[0]}")
                return None
            time.sleep(0.1)
        return None

    def _ask(self, method: str, talk: Conversation, path: str, body: str = "") -> tuple[int, str] | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": talk.cookie, "Accept-Language": "en", "X-Forwarded-For": talk.address}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            got = answer.getheader("Set-Cookie", "")
            text = answer.read().decode("utf-8", "replace")
            if got and "souq=" in got:
                self._renew(talk.cookie, got)
            return answer.status, text
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def _renew(self, old: str, header: str) -> None:
        new = header.split(";")[0]
        for talk in self.talks:
            if talk.cookie == old:
                talk.cookie = new


def make_writers(site: Site, threads: int, writes: int) -> list[Writer]:
    """Writers over both sides of all open conversations of the sample marketplace, signed in by session rows."""
    app = create_app(Settings.from_env(Site.environment(site.home, site.port)))
    with app.app_context():
        live = (
            select(Rfq.key, Recipient.key, Rfq.buyer_id, Seller.organisation_id)
            .join(Recipient, Recipient.rfq_id == Rfq.id)
            .join(Seller, Seller.id == Recipient.seller_id)
            .where(Rfq.state == RfqState.OPEN, Recipient.state.in_([*UNANSWERED, *COMMITTED]))
            .order_by(Recipient.id)
        )
        sides: dict[int, list[tuple[str, str]]] = {}
        for rfq, recipient, buyer, seller in db.session.execute(live).all():
            talk = f"/requests/{rfq}/with/{recipient}"
            sides.setdefault(buyer, []).append((talk, f"{talk}/messages"))
            sides.setdefault(seller, []).append((f"/leads/{recipient}", f"/leads/{recipient}/answer"))
        groups: list[list[Conversation]] = [[] for _ in range(threads)]
        for number, (organisation, pages) in enumerate(sides.items()):
            cookie, address = _cookie(app, organisation), f"10.1.{number // 250}.{number % 250 + 1}"
            share = max(1, MESSAGES_EACH // len(pages))
            groups[number % threads] += [Conversation(cookie, address, page, act, share) for page, act in pages]
        db.session.remove()
        db.engine.dispose()
    return [Writer(number, site.port, writes // threads, group) for number, group in enumerate(groups)]


def _cookie(app: Flask, organisation_id: int) -> str:
    with transaction() as session:
        user = session.scalar(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.organisation_id == organisation_id)
            .order_by(User.id)
        )
        assert user is not None
        token = open_session(session, user, "crash test")
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return "souq=" + signer.dumps({"_user_id": token, "_fresh": True})
