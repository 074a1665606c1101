"""Answers by mail: written once by the right person into the right conversation, and nothing for anybody else."""

from __future__ import annotations

import base64
import dataclasses
import io
import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.settings import Settings, SettingsError
from marketplace.accounts.models import Membership, User
from marketplace.cli import mail as mail_commands
from marketplace.kernel import jobs
from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction
from marketplace.notifications.incoming import receiving
from marketplace.notifications.incoming.addresses import LIFE, reply_address, revoke, row_of, token_in
from marketplace.notifications.incoming.letters import LARGEST
from marketplace.notifications.incoming.polling import poll, tidy_addresses
from marketplace.notifications.incoming.receiving import Outcome, receive
from marketplace.notifications.models import Notice, ReceivedMail, ReplyAddress
from marketplace.notifications.rules import Kind
from marketplace.rfqs.models import Attachment, Message, Rfq
from marketplace.rfqs.rules import CloseReason, RecipientState, Side
from marketplace.rfqs.services import close_request, write_to_seller
from tests.support.application import home_settings
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("moment")
BASE = "reply@in.souq.example"
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _mail_comes_in(app: Flask) -> Iterator[None]:
    """The setting of an installation that reads mails."""
    before: Settings = app.extensions["souq_settings"]
    mail = dataclasses.replace(before.mail, reply_address=BASE)
    app.extensions["souq_settings"] = dataclasses.replace(before, mail=mail)
    yield
    app.extensions["souq_settings"] = before


def a_talk(people: Cast, *, is_answered: bool = True) -> tuple[Person, Person, Rfq]:
    buyer, seller = people.buyer(name="Klara Beispiel"), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller, title="Argopuro Lot 7"))
    if is_answered:
        an_answer(seller, rfq)
    return buyer, seller, rfq


def address_of(rfq: Rfq, seller: Person, person: Person) -> str:
    recipient = recipient_of(rfq, seller)
    with transaction() as session:
        return reply_address(session, recipient.id, person.user_id, BASE, "k" * 40)


def email_of(person: Person) -> str:
    with transaction() as session:
        return session.get_one(User, person.user_id).email or ""


def letter(sender: str, to: str, text: str = "Yes, we take it.", name: str = "one", more: str = "") -> bytes:
    return (
        f"From: {sender}\nTo: {to}\nSubject: Re\nMessage-ID: <{name}@mail.example>\n{more}"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    ).encode()


def texts(session: Session) -> list[tuple[str, str]]:
    return [tuple(row) for row in session.execute(select(Message.side, Message.text).order_by(Message.id))]


def kinds(session: Session, person: Person) -> list[str]:
    query = select(Notice.kind).where(Notice.user_id == person.user_id).order_by(Notice.id)
    return [kind for kind in session.scalars(query) if kind.startswith("mail_")]


def sent_mails(app: Flask, to: str) -> list[object]:
    jobs.run_due()
    folder = Path(app.extensions["souq_settings"].mail.url.removeprefix("file://"))
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]
    return [one for one in found if one["To"] == to]


def test_a_buyer_answers_the_mail_that_came(app: Flask, people: Cast, session: Session) -> None:
    """The whole way: the notice's mail carries words and address, the answer to it stands in the conversation."""
    buyer, seller, rfq = a_talk(people)
    mails = [one for one in sent_mails(app, email_of(buyer)) if one["Reply-To"]]
    assert len(mails) == 1
    text = mails[0].get_body(("plain",)).get_content()
    assert "We can offer this lot." in text
    assert "##- Write your answer above this line -##" in text
    assert "We can offer this lot." in mails[0].get_body(("html",)).get_content()
    to = re.search(r"<([^>]+)>", str(mails[0]["Reply-To"])).group(1)  # type: ignore[union-attr]  # the line above found it
    assert to.startswith("reply+")
    assert len(to.partition("@")[0]) <= 64
    assert to == to.lower()
    quoted = "\n".join(f"> {line}" for line in text.splitlines())
    answer = f"We take all of it.\n\nOn Sun, 22 Nov 2026 at 12:00 Pesantren Souq <{to}> wrote:\n{quoted}"
    assert receive(letter(email_of(buyer), str(mails[0]["Reply-To"]), answer)) is Outcome.TAKEN
    assert texts(session)[-1] == (Side.BUYER, "We take all of it.")
    assert "We take all of it." in seller.client.get(f"/leads/{recipient_of(rfq, seller).key}").get_data(as_text=True)


def test_a_seller_answers_a_new_lead_and_is_committed(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people, is_answered=False)
    mail = next(one for one in sent_mails(app, email_of(seller)) if one["Reply-To"])
    text = mail.get_body(("plain",)).get_content()
    assert "What is your best offer for this lot?" in text
    assert buyer.actor.organisation_name not in mail.as_string()  # unknown until the seller answers
    assert "Klara" not in mail.as_string()
    assert receive(letter(email_of(seller), str(mail["Reply-To"]), "Kami sanggup.")) is Outcome.TAKEN
    assert recipient_of(rfq, seller).state == RecipientState.WILL_QUOTE
    assert texts(session) == [(Side.SELLER, "Kami sanggup.")]


def test_without_the_setting_mails_invite_no_answers(app: Flask, people: Cast) -> None:
    now = app.extensions["souq_settings"]
    app.extensions["souq_settings"] = dataclasses.replace(now, mail=dataclasses.replace(now.mail, reply_address=""))
    buyer, _seller, _rfq = a_talk(people)
    mails = sent_mails(app, email_of(buyer))
    assert mails
    for mail in mails:
        assert mail["Reply-To"] is None
        assert "##-" not in mail.as_string()
        assert "We can offer" not in mail.as_string()
    assert receive(letter(email_of(buyer), f"reply+{'a' * 25}@in.souq.example")) is Outcome.REFUSED


def test_one_mail_counts_once(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    raw = letter(email_of(buyer), address_of(rfq, seller, buyer))
    assert [receive(raw), receive(raw), receive(b"Received: by x\n" + raw)] == [
        Outcome.TAKEN, Outcome.REPEATED, Outcome.REPEATED,
    ]  # fmt: skip
    assert len(texts(session)) == 2
    assert receive(letter(email_of(buyer), address_of(rfq, seller, buyer), name="two")) is Outcome.TAKEN


def test_racing_readers_take_a_mail_once(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    raw = letter(email_of(buyer), address_of(rfq, seller, buyer))

    def read(_number: int) -> Outcome:
        with app.app_context():
            try:
                return receive(raw)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(read, range(4)))
    assert sorted(outcomes) == [Outcome.REPEATED] * 3 + [Outcome.TAKEN]
    session.expire_all()
    assert len(texts(session)) == 2


@pytest.mark.parametrize("spoil", ["flip", "shorten", "other_row", "unknown", "upper_domain", "junk"])
def test_forged_addresses_are_refused_and_leave_nothing(people: Cast, session: Session, spoil: str) -> None:
    buyer, seller, rfq = a_talk(people)
    good = address_of(rfq, seller, buyer)
    other = address_of(rfq, seller, seller)
    token = token_in(good, BASE)
    bad = {
        "flip": ("b" if token[0] == "a" else "a") + token[1:],
        "shorten": token[:-1],
        "other_row": token[:24] + token_in(other, BASE)[24:],
        "unknown": token[:24] + "zz",
        "junk": "a" * 24 + "z" * 13,
    }
    to = (
        good.replace("in.souq.example", "evil.example")
        if spoil == "upper_domain"
        else f"reply+{bad[spoil]}@in.souq.example"
    )
    assert receive(letter(email_of(buyer), to)) is Outcome.REFUSED
    assert len(texts(session)) == 1
    assert session.scalar(select(func.count(ReceivedMail.id))) == 0
    assert kinds(session, buyer) == []


def test_letters_may_be_folded_on_the_way(people: Cast) -> None:
    buyer, seller, rfq = a_talk(people)
    to = address_of(rfq, seller, buyer).upper()
    assert receive(letter(email_of(buyer).upper(), to)) is Outcome.TAKEN
    assert token_in("TOKEN@in.example", "@in.example") == "token"
    assert token_in("a+b@in.example", "reply@in.example") == ""
    assert token_in("reply@in.example", "reply@in.example") == ""


def test_over_and_revoked_addresses_are_like_unknown_ones(people: Cast, session: Session, moment: datetime) -> None:
    buyer, seller, rfq = a_talk(people)
    to = address_of(rfq, seller, buyer)
    with frozen(moment + LIFE + timedelta(seconds=1)):
        assert receive(letter(email_of(buyer), to)) is Outcome.REFUSED
        fresh = address_of(rfq, seller, buyer)
        assert fresh != to
        assert receive(letter(email_of(buyer), to, name="late")) is Outcome.REFUSED
        assert receive(letter(email_of(buyer), fresh, name="fresh")) is Outcome.TAKEN
    with transaction() as inside:
        assert revoke(inside, buyer.user_id) == 1
    assert receive(letter(email_of(buyer), fresh, name="gone")) is Outcome.REFUSED
    assert address_of(rfq, seller, buyer) != fresh


def test_who_left_the_company_answers_nothing(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    to = address_of(rfq, seller, buyer)
    with transaction() as inside:
        inside.delete(inside.scalars(select(Membership).where(Membership.user_id == buyer.user_id)).one())
    assert receive(letter(email_of(buyer), to)) is Outcome.REFUSED
    assert len(texts(session)) == 1


def test_an_unconfirmed_or_suspended_person_answers_nothing(people: Cast, moment: datetime) -> None:
    buyer, seller, rfq = a_talk(people)
    to = address_of(rfq, seller, buyer)
    with transaction() as inside:
        inside.get_one(User, buyer.user_id).email_verified_at = None
    assert receive(letter(email_of(buyer), to)) is Outcome.REFUSED
    with transaction() as inside:
        person = inside.get_one(User, buyer.user_id)
        person.email_verified_at, person.suspended_at = moment, moment
    assert receive(letter(email_of(buyer), to)) is Outcome.REFUSED


@pytest.mark.parametrize(
    "sender",
    ["thief@evil.example", '"{own}" <thief@evil.example>', "{own}, thief@evil.example", "", "{own}.evil.example"],
)
def test_strangers_mails_are_kept_for_nobody(people: Cast, session: Session, sender: str) -> None:
    """Nothing is written, the stranger is told nothing, and the person learns of it once a day."""
    buyer, seller, rfq = a_talk(people)
    to = address_of(rfq, seller, buyer)
    own = email_of(buyer)
    for name in ("a", "b"):
        raw = letter(sender.format(own=own), to, "pay to my account", name)
        assert receive(raw) is Outcome.FOREIGN
    assert len(texts(session)) == 1
    assert kinds(session, buyer) == [Kind.MAIL_NOT_TAKEN]
    html = buyer.client.get("/notices").get_data(as_text=True)
    assert "not from the address of your account" in html
    assert "pay to my account" not in html
    assert "thief" not in html


def test_the_other_sides_address_is_not_ones_own(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    assert receive(letter(email_of(seller), address_of(rfq, seller, buyer))) is Outcome.FOREIGN
    assert len(texts(session)) == 1


def test_machines_are_not_answered(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    to = address_of(rfq, seller, buyer)
    assert receive(letter(email_of(buyer), to, more="Auto-Submitted: auto-replied\n")) is Outcome.AUTOMATIC
    own = sent_mails(app, email_of(buyer))[-1]
    raw = own.as_bytes().replace(b"To: ", b"Delivered-To: " + to.encode() + b"\nTo: ", 1)
    assert receive(raw) is Outcome.AUTOMATIC  # our own mail, sent on to our address
    assert len(texts(session)) == 1
    assert kinds(session, buyer) == []


def test_what_stands_against_it_is_told_to_the_person(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people, is_answered=False)
    to = address_of(rfq, seller, buyer)
    assert receive(letter(email_of(buyer), to, "> only a quote", "empty")) is Outcome.EMPTY
    assert receive(letter(email_of(buyer), to, "word " * 5000, "long")) is Outcome.TOO_LARGE
    with transaction() as inside:
        close_request(inside, buyer.actor, rfq.key, CloseReason.POSTPONED, session.get_one(Rfq, rfq.id).version)
    assert receive(letter(email_of(buyer), to, "Too late", "closed")) is Outcome.CLOSED
    assert receive(letter(email_of(buyer), to, "Too late", "closed")) is Outcome.REPEATED
    assert texts(session) == []
    assert kinds(session, buyer) == [Kind.MAIL_NOT_TAKEN] * 3
    html = buyer.client.get("/notices").get_data(as_text=True)
    for words in ("no words of your own", "It was too long", "The conversation is closed"):
        assert words in html


def test_a_mail_beyond_all_size_is_known_by_its_head(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    raw = letter(email_of(buyer), address_of(rfq, seller, buyer))
    assert receive(raw + b"x" * LARGEST) is Outcome.TOO_LARGE
    assert len(texts(session)) == 1


def test_papers_come_along_after_the_checks_of_uploads(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    paper = base64.b64encode(PDF).decode()
    raw = (
        f"From: {email_of(buyer)}\nTo: {address_of(rfq, seller, buyer)}\nMessage-ID: <p@x.example>\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nThe label is attached.\n'
        f'--b\nContent-Type: application/pdf; name="label.pdf"\nContent-Transfer-Encoding: base64\n\n{paper}\n'
        '--b\nContent-Type: application/pdf; name="run.exe"\nContent-Transfer-Encoding: base64\n\nTVqQAAM=\n--b--\n'
    ).encode()
    assert receive(raw) is Outcome.TAKEN
    attached = session.scalars(select(Attachment)).all()
    assert len(attached) == 1
    assert "label.pdf" in seller.client.get(f"/leads/{recipient_of(rfq, seller).key}").get_data(as_text=True)
    assert kinds(session, buyer) == [Kind.MAIL_PAPERS]
    assert "left out: 1" in buyer.client.get("/notices").get_data(as_text=True)


def test_hostile_words_stay_words(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    text = "<script>alert(1)</script> {{ 7*7 }} \u202eabc"
    assert receive(letter(email_of(buyer), address_of(rfq, seller, buyer), text)) is Outcome.TAKEN
    html = seller.client.get(f"/leads/{recipient_of(rfq, seller).key}").get_data(as_text=True)
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "\u202e" not in html


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


def test_tokens_are_bound_to_the_secret(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    token = token_in(address_of(rfq, seller, buyer), BASE)
    assert row_of(session, token, "k" * 40) is not None
    assert row_of(session, token, "j" * 40) is None


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


def test_several_unread_messages_stand_in_the_mail_and_hidden_ones_do_not(app: Flask, people: Cast) -> None:
    buyer, seller, rfq = a_talk(people)
    key = recipient_of(rfq, seller).key
    jobs.run_due()
    with transaction() as inside:
        write_to_seller(inside, buyer.actor, rfq.key, key, "First of two.", language="en")
        hidden = write_to_seller(inside, buyer.actor, rfq.key, key, "A rude one.", language="en")
        hidden.is_hidden = True
        write_to_seller(inside, buyer.actor, rfq.key, key, "Second of two.", language="en")
    mail = sent_mails(app, email_of(seller))[-1]
    text = mail.get_body(("plain",)).get_content()
    assert "First of two." in text
    assert "Second of two." in text
    assert "A rude one." not in text
