"""The Maildir and the command that read answers by mail: each mail once, whatever dies in between."""

from __future__ import annotations

import io
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.settings import SettingsError
from marketplace.cli import mail as mail_commands
from marketplace.kernel.clock import frozen
from marketplace.notifications.incoming import receiving
from marketplace.notifications.incoming.polling import poll, tidy_addresses
from marketplace.notifications.incoming.receiving import Outcome, receive
from marketplace.notifications.models import ReceivedMail, ReplyAddress
from marketplace.rfqs.models import Message
from marketplace.rfqs.rules import Side
from tests.support.application import home_settings
from tests.support.letters import a_talk, address_of, email_of, letter, texts
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("moment", "mail_comes_in")


def a_maildir(folder: Path, **mails: bytes) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, raw in mails.items():
        (folder / "new" / name).write_bytes(raw)
    return folder


def test_the_maildir_is_emptied_once(people: Cast, session: Session, tmp_path: Path) -> None:
    buyer, seller, rfq = a_talk(people)
    to = address_of(rfq, seller, buyer)
    folder = a_maildir(
        tmp_path / "in",
        m1=letter(email_of(buyer), to, "First.", "1"),
        m2=letter(email_of(buyer), to, "Second.", "2"),
        m3=b"no mail",
        m4=letter("x@y.example", "reply+nobody@in.souq.example"),
    )
    assert poll(folder) == {Outcome.TAKEN: 2, Outcome.UNREADABLE: 1, Outcome.REFUSED: 1}
    assert [text for _side, text in texts(session)[1:]] == ["First.", "Second."]
    assert os.listdir(folder / "new") == []
    assert sorted(os.listdir(folder / "cur")) == ["m1:2,S", "m2:2,S", "m3:2,S", "m4:2,S"]
    assert poll(folder) == {}


def test_a_death_between_commit_and_move_writes_nothing_twice(
    people: Cast, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer, seller, rfq = a_talk(people)
    folder = a_maildir(tmp_path / "in", m1=letter(email_of(buyer), address_of(rfq, seller, buyer)))
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(SystemExit()))
        with pytest.raises(SystemExit):
            poll(folder)
    assert os.listdir(folder / "new") == ["m1"]
    assert poll(folder) == {Outcome.REPEATED: 1}
    assert len(texts(session)) == 2
    assert os.listdir(folder / "new") == []


def test_a_failing_mail_stays_and_keeps_no_other_waiting(
    people: Cast, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer, seller, rfq = a_talk(people)
    to = address_of(rfq, seller, buyer)
    folder = a_maildir(
        tmp_path / "in", a=letter(email_of(buyer), to, "Breaks", "1"), b=letter(email_of(buyer), to, "Goes", "2")
    )
    real = receiving.write_to_seller

    def breaks(inside: Session, actor: object, key: str, recipient: str, text: str, **more: object) -> Message:
        if text == "Breaks":
            raise OSError("the storage is away")
        return real(inside, actor, key, recipient, text, **more)  # type: ignore[arg-type]  # the real one, given on as it came

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "write_to_seller", breaks)
        with pytest.raises(OSError, match="storage"):
            poll(folder)
    assert os.listdir(folder / "new") == ["a"]
    assert poll(folder) == {Outcome.TAKEN: 1}
    assert [text for _side, text in texts(session)[1:]] == ["Goes", "Breaks"]


def test_links_and_hidden_files_are_not_read(tmp_path: Path, app: Flask) -> None:
    folder = a_maildir(tmp_path / "in")
    (folder / "new" / ".hidden").write_bytes(b"x")
    (folder / "new" / "link").symlink_to("/etc/passwd")
    assert poll(folder) == {}
    assert poll(tmp_path / "missing") == {}
    assert (folder / "new" / "link").is_symlink()


def test_the_command_reads_one_mail_and_answers_nobody(
    app: Flask, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its exit code is 0 for good and forged mails alike, so that no mail server sends anything back."""
    buyer, seller, rfq = a_talk(people)
    run = mail_commands.receive.callback.__wrapped__  # type: ignore[union-attr]  # a command always has its function

    def piped(raw: bytes, *to: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        run(tuple(to))

    piped(letter(email_of(buyer), "reply+forged@in.souq.example"))
    assert len(texts(session)) == 1
    piped(letter(email_of(buyer), "undisclosed-recipients:;"), address_of(rfq, seller, buyer))
    assert texts(session)[-1] == (Side.BUYER, "Yes, we take it.")
    monkeypatch.setattr(receiving, "receive", lambda *_: 1 / 0)
    with pytest.raises(SystemExit) as stopped:
        piped(b"From: a@x.example\n\nx\n")
    assert stopped.value.code == 75
    assert CliRunner().invoke(mail_commands.command, ["--help"]).exit_code == 0


def test_one_makes_ones_addresses_worthless(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    mine, theirs = address_of(rfq, seller, buyer), address_of(rfq, seller, seller)
    page = "/notices/preferences"
    assert "Make new reply addresses" in buyer.client.get(page).get_data(as_text=True)
    assert buyer.post("/notices/reply-addresses", page=page).status_code == 303
    assert receive(letter(email_of(buyer), mine)) is Outcome.REFUSED
    assert receive(letter(email_of(seller), theirs, "Ya.")) is Outcome.TAKEN


def test_what_is_over_is_forgotten(people: Cast, session: Session, moment: datetime) -> None:
    buyer, seller, rfq = a_talk(people)
    receive(letter(email_of(buyer), address_of(rfq, seller, buyer)))
    with frozen(moment + timedelta(days=59)):
        tidy_addresses()
        assert session.scalar(select(func.count(ReplyAddress.id))) == 1
    with frozen(moment + timedelta(days=181)):
        tidy_addresses()
    assert session.scalar(select(func.count(ReplyAddress.id))) == 0
    assert session.scalar(select(func.count(ReceivedMail.id))) == 0


@pytest.mark.parametrize("value", ["reply@in.souq.example", "@in.souq.example"])
def test_the_setting_takes_both_manners(tmp_path: Path, value: str) -> None:
    assert home_settings(tmp_path, MAIL_IN_ADDRESS=value).mail.reply_address == value


@pytest.mark.parametrize(
    "value", ["reply", "reply@", "re ply@x.example", "a" * 30 + "@x.example", "x@y@z", "a+b@x.example"]
)
def test_a_wrong_setting_is_named(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        home_settings(tmp_path, MAIL_IN_ADDRESS=value)
    assert "MAIL_IN_ADDRESS" in str(refused.value)
