"""The one door by which mails leave: SMTP, or files in a folder.

A mail keeps its key for ever. In a folder a second delivery overwrites the first; by SMTP it
has the same Message-ID, so that mailboxes show it once.
"""

from __future__ import annotations

import os
import re
import secrets
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TIMEOUT = 30
_KEY = re.compile(r"[A-Za-z0-9-]{8,80}")


class MailRefused(Exception):
    """This mail can never be delivered: its address is no address."""


@dataclass(frozen=True)
class Mail:
    """One mail, text and HTML saying the same; ``key`` makes a repeated delivery the same mail."""

    key: str
    to: str
    subject: str
    text: str
    html: str
    at: datetime
    locale_tag: str = "en"
    unsubscribe: str = ""
    reply_to: str = ""


class Mailer(Protocol):
    """Delivers mails; raises OSError or SMTPException where it cannot, and may be asked again."""

    def send(self, mail: Mail) -> None: ...


def as_message(mail: Mail, sender: str) -> EmailMessage:
    """The mail in the form that travels. Raises `MailRefused` for an unusable address."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(name, addr_spec=address)
        message["To"] = Address(addr_spec=mail.to)
    except (ValueError, IndexError) as fault:
        raise MailRefused(type(fault).__name__) from None
    message["Subject"] = " ".join(mail.subject.split())[:200]
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.key}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = Address(name, addr_spec=mail.reply_to)
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.locale_tag
    return message


class FolderMailer:
    """Mails as .eml files: for the sample marketplace and for trying things out."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def path(self, key: str) -> Path:
        """Where the mail of this key lies."""
        if not _KEY.fullmatch(key):
            raise ValueError("not a mail key")
        return self.folder / f"{key}.eml"

    def send(self, mail: Mail) -> None:
        path = self.path(mail.key)
        data = as_message(mail, self.sender).as_bytes()
        self.folder.mkdir(parents=True, exist_ok=True)
        waiting = path.with_name(f".{mail.key}.{secrets.token_hex(4)}")
        try:
            with open(waiting, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(waiting, path)
        except OSError:
            waiting.unlink(missing_ok=True)  # on a full disk even a half would take room from others
            raise

    def forget(self, key: str) -> None:
        """Remove a mail, if it is there."""
        self.path(key).unlink(missing_ok=True)


class SmtpMailer:
    """A mail server: smtps:// speaks TLS from the start, smtp:// by STARTTLS, which only loopback may lack."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self.is_tls = parts.scheme == "smtps"
        self.host = parts.hostname or "localhost"
        self.port = parts.port or (465 if self.is_tls else 587)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.sender = sender

    def send(self, mail: Mail) -> None:
        message = as_message(mail, self.sender)
        with self._connected() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.is_tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif self.host not in LOOPBACK:
                raise smtplib.SMTPNotSupportedError("the mail server offers no TLS")
        except BaseException:
            server.close()
            raise
        return server


def open_mailer(url: str, sender: str) -> Mailer:
    """The mailer behind a ``file://``, ``smtp://`` or ``smtps://`` address."""
    if url.startswith("file://"):
        return FolderMailer(Path(unquote(urlsplit(url).path)), sender)
    return SmtpMailer(url, sender)
