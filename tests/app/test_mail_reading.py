"""What people newly wrote in real forms of mails, and mails that nobody wrote: 42 files of mails beside this test."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from marketplace.notifications.incoming.letters import DEEPEST, MOST_PARTS, Unreadable, head_of, read_letter
from marketplace.notifications.incoming.newly import newly_written
from marketplace.notifications.incoming.page_text import page_text

MAILS = Path(__file__).parent / "mails"
NAMES = sorted(path.stem for path in MAILS.glob("*.eml"))
HEAD = b"From: Jan <jan@buyer.example>\nTo: reply+x@in.souq.example\nMessage-ID: <a@b.example>\n"


def test_there_are_mails_of_many_programs() -> None:
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_only_what_was_newly_written_is_read(name: str) -> None:
    letter = read_letter((MAILS / f"{name}.eml").read_bytes())
    expected = (MAILS / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")
    assert letter.text == expected
    assert not letter.is_automatic


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_of_the_wire_change_nothing(name: str) -> None:
    raw = (MAILS / f"{name}.eml").read_bytes()
    if b"base64" in raw or b"gb2312" in raw:
        return
    assert read_letter(raw.replace(b"\n", b"\r\n")).text == read_letter(raw).text


def test_papers_are_the_files_that_were_sent_along() -> None:
    letter = read_letter((MAILS / "with-papers.eml").read_bytes())
    assert [name for name, _data in letter.papers] == ["Zertifikat 2026.pdf", "setup.exe"]  # no logo, no signature
    assert [name for name, _data in read_letter((MAILS / "apple-photo.eml").read_bytes()).papers] == ["IMG_0001.png"]


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Auto-Submitted: auto-generated; owner=x",
        b"Precedence: bulk",
        b"Precedence: Auto_Reply",
        b"List-Id: <news.example>",
        b"List-Unsubscribe: <https://news.example>",
        b"Return-Path: <>",
        b"X-Autoreply: yes",
        b"X-Autorespond: hello",
        b"X-Loop: souq",
        b"Subject: Automatische Antwort: Anfrage",
        b"Subject: Out of Office: back on Monday",
        b"Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDov5nph4w=?=",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    ],
)
def test_what_a_machine_sent_is_no_answer(header: bytes) -> None:
    assert read_letter(HEAD + header + b"\n\nI am away.\n").is_automatic


@pytest.mark.parametrize("sender", [b"mailer-daemon@x.example", b"POSTMASTER@x.example", b"no-reply@x.example"])
def test_machines_are_known_by_their_names(sender: bytes) -> None:
    assert read_letter(b"From: " + sender + b"\n\nx\n").is_automatic


@pytest.mark.parametrize("header", [b"Auto-Submitted: no", b"Return-Path: <jan@buyer.example>", b"Precedence: normal"])
def test_what_a_person_sent_is_one(header: bytes) -> None:
    assert not read_letter(HEAD + header + b"\nSubject: Automatic scale, 2 t\n\nYes.\n").is_automatic


def test_own_mails_that_come_back_are_a_loop() -> None:
    raw = HEAD.replace(b"<a@b.example>", b"<20261122-key@souq.example>") + b"\nhello\n"
    assert read_letter(raw, own_domain="souq.example").is_automatic
    assert not read_letter(raw, own_domain="other.example").is_automatic


def test_addresses_are_read_as_addresses() -> None:
    raw = b'From: "jan@buyer.example" <Thief@Evil.example>\nTo: A <a@x.example>, b@x.example\nCc: c@x.example\n\nx\n'
    letter = read_letter(raw, to=("Envelope@X.example",))
    assert letter.sender == "thief@evil.example"
    assert letter.recipients == ("envelope@x.example", "a@x.example", "b@x.example", "c@x.example")
    assert read_letter(b"From: a@x.example, b@x.example\n\nx\n").sender == ""
    assert read_letter(b"From: a@x.example\nFrom: b@x.example\n\nx\n").sender == ""


def test_a_mail_has_one_key_however_it_came() -> None:
    raw = HEAD + b"\nYes.\n"
    assert read_letter(raw).key == read_letter(b"Received: by x\nDelivered-To: y@z.example\n" + raw).key
    assert read_letter(raw).key != read_letter(raw.replace(b"<a@b.example>", b"<c@b.example>")).key
    without = b"From: jan@buyer.example\n\nYes.\n"
    assert read_letter(without).key != read_letter(without + b"Yes.\n").key


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"no mail at all", b"\xff\xfe\x00" * 50])
def test_what_is_no_mail_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read_letter(raw)


def test_too_many_parts_and_too_deep_ones_do_no_harm() -> None:
    many = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (MOST_PARTS + 1) + b"--b--\n"
    with pytest.raises(Unreadable):
        read_letter(many)
    deep = HEAD
    for place in range(DEEPEST * 40):
        deep += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (place, place)
    with suppress(Unreadable):  # deeper than Python's own reader goes
        assert read_letter(deep + b"Content-Type: text/plain\n\nhidden\n").text == ""


def test_a_forwarded_mail_inside_is_not_read() -> None:
    raw = HEAD + (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n"
        b"From: x@y.example\n\nsecret\n--b--\n"
    )
    assert read_letter(raw).text == "See below."


def test_the_head_of_a_large_mail_is_enough_to_know_whose_it_is() -> None:
    letter = read_letter(head_of(HEAD + b"\n" + b"x" * 1000))
    assert (letter.sender, letter.text) == ("jan@buyer.example", "")


@pytest.mark.parametrize(
    "text",
    [
        "From 5 t on we give a discount.\nTo Hamburg it is USD 45.\nSubject to confirmation.",
        "> 80 points is what we need.\n>80 is fine, too.",
        "We wrote:\nnothing was sent",
        "-- \nonly a signature",
    ],
)
def test_words_that_only_look_like_quotes_are_not_lost_whole(text: str) -> None:
    assert newly_written(text) or text.startswith(">")


def test_no_text_takes_for_ever() -> None:
    """Patterns that run away would never come to an end here."""
    for text in ("On " * 20000, "> " * 20000, "##-" * 20000, "在" * 20000 + "写道", "Von: a\n" * 5000, "_" * 50000):
        newly_written(text)
    page_text("<div>" * 20000 + "x" + "<blockquote>" * 20000)
