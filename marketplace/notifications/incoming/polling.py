"""The Maildir that the mail server delivers into: each mail is taken in once, and moved only after that."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from marketplace.kernel.clock import now
from marketplace.kernel.jobs import job
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.notifications.incoming.addresses import forget_over
from marketplace.notifications.incoming.letters import LARGEST
from marketplace.notifications.incoming.receiving import Outcome, receive

log = logging.getLogger(__name__)
BATCH = 200
GIVEN_UP = timedelta(days=3)


@job("notifications.read_mail", every=timedelta(minutes=1))
def read_mail() -> None:
    """Take in what lies in the Maildir, if there is one."""
    url = settings().mail.inbox_url
    if url:
        poll(folder_of(url))


@job("notifications.tidy_addresses", every=timedelta(hours=6))
def tidy_addresses() -> None:
    """Forget reply addresses that ran out, and which mails were read half a year ago."""
    from sqlalchemy import delete

    from marketplace.notifications.models import ReceivedMail

    with transaction() as session:
        forget_over(session)
        session.execute(delete(ReceivedMail).where(ReceivedMail.received_at < now() - timedelta(days=180)))


def folder_of(url: str) -> Path:
    """The folder behind ``maildir:///FOLDER``."""
    return Path(unquote(urlsplit(url).path))


def poll(folder: Path) -> dict[Outcome, int]:
    """Take in the mails under ``new``; gives how many came to which end.

    A mail moves to ``cur`` after its transaction: if this process dies between, the mail is read once more and found to
    be read already. One that fails stays where it is for the next run and keeps no other waiting.
    """
    counts: dict[Outcome, int] = {}
    failure: Exception | None = None
    for path in _waiting(folder / "new"):
        try:
            with open(path, "rb") as file:
                raw = file.read(LARGEST + 1)
        except FileNotFoundError:
            continue  # another worker was quicker
        try:
            outcome = receive(raw)
        except Exception as fault:
            log.exception("mail.failed")
            failure = fault
            if _age(path) < GIVEN_UP:
                continue
            _move(path, folder, "F")  # flagged, for somebody to look at
            continue
        counts[outcome] = counts.get(outcome, 0) + 1
        _move(path, folder, "S")
    if failure is not None:
        raise failure
    return counts


def _waiting(folder: Path) -> Iterator[Path]:
    """Plain files in the order in which they came."""
    if not folder.is_dir():
        return
    names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    for name in names[:BATCH]:
        path = folder / name
        try:
            is_file = stat.S_ISREG(path.lstat().st_mode)
        except FileNotFoundError:
            continue
        if is_file:
            yield path


def backlog(folder: Path) -> tuple[int, timedelta]:
    """How many mails wait under ``new``, at most a batch of them, and how long the oldest has waited."""
    ages = [_age(path) for path in _waiting(folder / "new")]
    return len(ages), max(ages, default=timedelta(0))


def _age(path: Path) -> timedelta:
    from datetime import UTC, datetime

    try:
        return now() - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return timedelta(0)


def _move(path: Path, folder: Path, flag: str) -> None:
    target = folder / "cur" / f"{path.name.partition(':')[0]}:2,{flag}"
    target.parent.mkdir(exist_ok=True)
    try:
        os.replace(path, target)
    except FileNotFoundError:
        log.info("mail.moved_already")
