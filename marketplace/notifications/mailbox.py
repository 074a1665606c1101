"""The folder of mails, read: for the sample marketplace, where every mail stays on the machine."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

from markupsafe import Markup, escape

SHOWN = 60
_HEADERS = BytesHeaderParser()
_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class ReadMail:
    """A mail as it is shown; ``text`` is HTML with its links made live, everything else escaped."""

    key: str
    to: str
    subject: str
    at: datetime
    text: Markup


def read_mails(folder: Path, to: str = "") -> list[ReadMail]:
    """The newest mails of a folder, at most 60, only those to ``to`` where that is given.

    Reading a whole mail is costly: those to others are told apart by the line of their address alone.
    """
    if not folder.is_dir():
        return []
    paths = sorted((path for path in folder.glob("*.eml") if not path.name.startswith(".")), reverse=True)
    wanted = to.strip().lower()
    found = (mail for path in paths if (mail := _read(path, wanted)) is not None)
    return list(islice(found, SHOWN))


def _read(path: Path, wanted: str) -> ReadMail | None:
    """The mail in this file; None where it was just removed, or goes to somebody else."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    if wanted and wanted not in str(_HEADERS.parsebytes(raw)["To"] or "").lower():
        return None
    message = email.message_from_bytes(raw, EmailMessage, policy=email.policy.default)
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    return ReadMail(
        key=path.stem,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or "").strip(),
        at=parsedate_to_datetime(str(message["Date"])),
        text=with_links(str(text).strip()),
    )


def with_links(text: str) -> Markup:
    """``text`` escaped, its addresses as links, line ends kept."""
    parts: list[Markup] = []
    end = 0
    for match in _LINK.finditer(text):
        parts.append(escape(text[end : match.start()]))
        address = escape(match.group())
        parts.append(Markup('<a href="{0}">{0}</a>').format(address))
        end = match.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)
