"""The door by which mails leave: a mail server, a folder, and what neither lets through."""

from __future__ import annotations

import email
import email.policy
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen, now
from marketplace.kernel.events import record
from marketplace.kernel.jobs import run_due
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.uow import transaction
from marketplace.notifications.mailer import FolderMailer, Mail, MailRefused, SmtpMailer, as_message, open_mailer
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app")


def tell(person: Person) -> None:
    with transaction() as session:
        record(session, NoticeWanted(Kind.REPORT_DECIDED, "thing:1", (person.user_id,), {}, "/reports/abc"))


def notices(session: Session, person: Person) -> list[Notice]:
    session.expire_all()
    return list(session.scalars(select(Notice).where(Notice.user_id == person.user_id).order_by(Notice.id)))


class _Receiver(socketserver.StreamRequestHandler):
    """Enough of SMTP to take a mail, or to refuse it while `refuses` is set."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        server: _Server = self.server  # type: ignore[assignment]
        while line := self.rfile.readline():
            verb = line.strip().upper()[:4]
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                data = b""
                while (piece := self.rfile.readline()) != b".\r\n":
                    data += piece
                server.taken.append(data)
                self.wfile.write(b"250 kept\r\n")
            elif verb == b"MAIL" and server.refuses:
                self.wfile.write(b"451 later\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    taken: list[bytes]
    refuses = False


@pytest.fixture
def smtp() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Receiver)
    server.taken = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_mail_server_gets_the_mail_once_and_a_failure_is_tried_again(
    app: Flask, session: Session, people: Cast, smtp: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = app.extensions["souq_settings"]
    url = f"smtp://127.0.0.1:{smtp.server_address[1]}"
    monkeypatch.setitem(app.extensions, "souq_settings", replace(held, mail=replace(held.mail, url=url)))
    buyer = people.buyer()
    smtp.refuses = True
    tell(buyer)
    run_due()
    assert smtp.taken == []
    task = session.scalars(select(Task).where(Task.job == "notifications.deliver")).one()
    assert task.state == TaskState.READY
    assert notices(session, buyer)[0].attempted_at is None
    smtp.refuses = False
    with frozen(now() + timedelta(hours=1)):
        run_due()
        run_due()
    assert len(smtp.taken) == 1
    message = email.message_from_bytes(smtp.taken[0], policy=email.policy.default)
    assert message["Message-ID"].endswith("@souq.example>")


def a_mail(**more: str) -> Mail:
    return Mail(
        **{"key": "k" * 20, "to": "a@example.test", "subject": "S", "text": "t", "html": "<p>t</p>", **more}, at=now()
    )  # type: ignore[arg-type]


def test_headers_cannot_be_injected() -> None:
    message = as_message(a_mail(subject="Hello\r\nBcc: x@example.test"), "Souq <no-reply@souq.example>")
    assert message["Bcc"] is None
    for address in ("a@example.test\r\nBcc: x@example.test", "a@example.test, b@example.test", "nobody"):
        with pytest.raises(MailRefused):
            as_message(a_mail(to=address), "Souq <no-reply@souq.example>")


def test_a_mail_key_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mail key"):
        FolderMailer(tmp_path, "Souq <s@souq.example>").send(a_mail(key="../../outside"))
    assert list(tmp_path.parent.glob("outside*")) == []


def test_a_mail_server_elsewhere_must_speak_tls(smtp: _Server, monkeypatch: pytest.MonkeyPatch) -> None:
    mailer = open_mailer(f"smtp://127.0.0.1:{smtp.server_address[1]}", "Souq <s@souq.example>")
    assert isinstance(mailer, SmtpMailer)
    monkeypatch.setattr("marketplace.notifications.mailer.LOOPBACK", frozenset())
    with pytest.raises(smtplib.SMTPNotSupportedError):
        mailer.send(a_mail())
    assert smtp.taken == []
