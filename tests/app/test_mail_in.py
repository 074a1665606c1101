"""Answers by mail: written once by the right person into the right conversation, and nothing for anybody else."""

from __future__ import annotations

import base64
import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, User
from marketplace.kernel import jobs
from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction
from marketplace.notifications.incoming.addresses import LIFE, revoke, row_of, token_in
from marketplace.notifications.incoming.letters import LARGEST
from marketplace.notifications.incoming.receiving import Outcome, receive
from marketplace.notifications.models import Notice, ReceivedMail
from marketplace.notifications.rules import Kind
from marketplace.rfqs.models import Attachment, Rfq
from marketplace.rfqs.rules import CloseReason, RecipientState, Side
from marketplace.rfqs.services import close_request, write_to_seller
from tests.support.flows import recipient_of
from tests.support.letters import BASE, a_talk, address_of, email_of, letter, texts
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("moment", "mail_comes_in")
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


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


def test_tokens_are_bound_to_the_secret(people: Cast, session: Session) -> None:
    buyer, seller, rfq = a_talk(people)
    token = token_in(address_of(rfq, seller, buyer), BASE)
    assert row_of(session, token, "k" * 40) is not None
    assert row_of(session, token, "j" * 40) is None


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
