"""A mail as it came in: whose it is, whether a machine wrote it, its newly written words, its papers."""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses

from marketplace.kernel.text import cleaned, normal_email
from marketplace.notifications.incoming.bodies import written_in

LARGEST = 30 * 1024 * 1024
LONGEST_READ = 100_000
MOST_PARTS = 100
DEEPEST = 12
_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_MACHINES = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+=@-]|$)", re.IGNORECASE)
_AUTO_SUBJECT = re.compile(
    r"\s*(?:auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|automatische antwort|abwesenheit(?:snotiz)?|"
    r"balasan otomatis|jawaban otomatis|di luar kantor|自动回复|自動回覆|自動回復|undeliver(?:able|ed)|"
    r"delivery (?:status notification|failure)|mail delivery failed|unzustellbar)\b",
    re.IGNORECASE,
)
# what travels along and is no paper: signatures, visiting cards, calendars
_NO_PAPERS = re.compile(
    r"(?:application/(?:pgp-signature|pkcs7-signature|x-pkcs7-signature|ms-tnef)|text/(?:x-)?v?card|text/calendar)",
    re.I,
)


class Unreadable(Exception):
    """This is no mail that can be read."""


@dataclass(frozen=True)
class Letter:
    """What matters of a mail. Addresses are lower case; ``sender`` is empty where there is not exactly one."""

    key: str
    sender: str
    recipients: tuple[str, ...]
    is_automatic: bool
    text: str
    papers: tuple[tuple[str, bytes], ...]


def read_letter(raw: bytes, to: tuple[str, ...] = (), *, own_domain: str = "") -> Letter:
    """The mail in ``raw``; ``to`` are addresses of the envelope. Raises `Unreadable`.

    ``own_domain`` is that of our own mails: one of them that comes back is a loop.
    """
    try:
        message = email.message_from_bytes(raw)
        parts = list(_leaves(message))
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, IndexError, KeyError) as fault:
        raise Unreadable(type(fault).__name__) from None
    if not message.keys():
        raise Unreadable("no headers")
    senders = _addresses(message, ("From",))
    return Letter(
        key=_key(message, raw),
        sender=senders[0] if len(senders) == 1 else "",
        recipients=tuple(dict.fromkeys([*map(normal_email, to), *_addresses(message, _RECIPIENTS)])),
        is_automatic=_is_automatic(message, senders, own_domain),
        text=cleaned(written_in([part for part, _is_of_page in parts]), LONGEST_READ),
        papers=tuple(_papers(parts)),
    )


def head_of(raw: bytes) -> bytes:
    """The headers alone, of a mail that is too large to be read."""
    return re.split(rb"\r?\n\r?\n", raw[:65536], maxsplit=1)[0] + b"\n\n"


def _leaves(message: Message) -> Iterator[tuple[Message, bool]]:
    """The parts that hold something, and whether they belong to a page (pictures in its text)."""
    count = 0
    waiting: list[tuple[Message, int, bool]] = [(message, 0, False)]
    while waiting:
        part, depth, is_of_page = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            if depth < DEEPEST:
                is_of_page = part.get_content_subtype() == "related"
                inner = [one for one in part.get_payload() if isinstance(one, Message)]
                waiting[:0] = [(one, depth + 1, is_of_page) for one in inner]
            continue
        count += 1
        if count > MOST_PARTS:
            raise Unreadable("too many parts")
        if part.get_content_maintype() != "message":  # a forwarded mail is nobody's answer
            yield part, is_of_page


def _addresses(message: Message, names: tuple[str, ...]) -> list[str]:
    headers = [str(value) for name in names for value in message.get_all(name, [])]
    return [normal_email(address) for _name, address in getaddresses(headers) if "@" in address]


def _header(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip()


def _key(message: Message, raw: bytes) -> str:
    name = "".join(_header(message, "Message-ID").split())
    return hashlib.sha256(name.encode(errors="replace") if name else raw).hexdigest()


def _is_automatic(message: Message, senders: list[str], own_domain: str) -> bool:
    """Whether nobody wrote this: RFC 3834, bounces, lists, out-of-office notes, and our own mails come back."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return_path = message.get("Return-Path")
    own = _header(message, "Message-ID").rstrip(">").lower().endswith(f"@{own_domain}") if own_domain else False
    return (
        submitted not in ("", "no")
        or (return_path is not None and str(return_path).strip() in ("", "<>"))
        or _header(message, "Precedence").lower() in _BULK
        or any(message.get(name) is not None for name in ("List-Id", "List-Unsubscribe", "X-Loop", "Feedback-ID"))
        or _header(message, "X-Autoreply").lower() in ("yes", "true")
        or message.get("X-Autorespond") is not None
        or message.get_content_type() == "multipart/report"
        or any(_MACHINES.match(sender) for sender in senders)
        or own
        or _AUTO_SUBJECT.match(_subject(message)) is not None
    )


def _subject(message: Message) -> str:
    from email.header import decode_header, make_header

    text = _header(message, "Subject")
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError):
        return text


def _papers(parts: list[tuple[Message, bool]]) -> Iterator[tuple[str, bytes]]:
    """Files that were sent along; pictures that stand inside the words (logos) are none."""
    for part, is_of_page in parts:
        name = part.get_filename() or ""
        is_inside = is_of_page and part.get("Content-ID") is not None
        is_attached = part.get_content_disposition() == "attachment" or (name and part.get_content_maintype() != "text")
        if not is_attached or is_inside or _NO_PAPERS.fullmatch(part.get_content_type()):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            yield _decoded_name(name), data


def _decoded_name(name: str) -> str:
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(name)))
    except (ValueError, LookupError):
        return name
