"""Checks of what the site needs, each named; used by /readyz and `souq doctor`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from sqlalchemy import func, inspect, select, text

from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.outside import settings, storage
from marketplace.kernel.places import migrations_folder
from marketplace.kernel.scanning import is_scanner_set, version

LATE = timedelta(minutes=10)
_SEARCH_SETTINGS = {  # what to look at, by the code of the error
    "engine_certificate": "; see SEARCH_CA_FILE",
    "engine_key": "; see SEARCH_API_KEY",
    "engine_rights": "; see docs/how-to-operate.md",
}
_REVISION = re.compile(r"^(revision|down_revision)\b[^=\n]*=(.*)$", re.MULTILINE)
_NAME = re.compile(r"['\"](\w+)['\"]")


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_fine: bool
    detail: str
    is_vital: bool = True  # False: the site goes on without it, so no load balancer need turn away


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Exception as failure:
        db.session.rollback()
        said = str(getattr(failure, "orig", None) or failure).strip().partition("\n")[0]  # of a statement, what it met
        return Check(name, False, f"{type(failure).__name__}: {said[:120]}")


def database() -> Check:
    """The database answers, and its schema is the newest."""

    def look() -> str:
        if not inspect(db.session.connection()).has_table("alembic_version"):
            raise RuntimeError("there is no schema; run souq db upgrade")
        current = set(db.session.scalars(text("SELECT version_num FROM alembic_version")))
        if current != newest_revisions():
            raise RuntimeError("the schema is not up to date; run souq db upgrade")
        return f"{db.engine.dialect.name}, schema {', '.join(sorted(current))}"

    return _checked("database", look)


@cache
def newest_revisions() -> frozenset[str]:
    """The heads of the migrations, read from their files: Alembic itself would cost a web worker 11 MB."""
    own: set[str] = set()
    earlier: set[str] = set()
    for path in (migrations_folder() / "versions").glob("*.py"):
        for name, value in _REVISION.findall(path.read_text(encoding="utf-8")):
            (own if name == "revision" else earlier).update(_NAME.findall(value))
    return frozenset(own - earlier)


def queue() -> Check:
    """No task waits for longer than ten minutes."""

    def look() -> str:
        late = db.session.scalar(select(func.count()).where(Task.state == TaskState.READY, Task.due_at < now() - LATE))
        dead = db.session.scalar(select(func.count()).where(Task.state == TaskState.DEAD))
        if late:
            raise RuntimeError(f"{late} tasks wait for more than ten minutes; is the worker running")
        return f"{dead} dead" if dead else "in time"

    return _checked("queue", look)


def search(*, is_thorough: bool = False) -> Check:
    """The search engine answers, and has something to find where anything is public; by a count if thorough."""

    def look() -> str:
        from marketplace.discovery.checking import is_anything_public, lacks_most
        from marketplace.discovery.engine import engine

        health = engine().health()
        if not health.is_ready:
            raise RuntimeError(f"{health.detail}{_SEARCH_SETTINGS.get(health.code, '')}")
        if (not health.documents and is_anything_public()) or (is_thorough and lacks_most(health.documents)):
            raise RuntimeError(f"{health.documents} documents, far fewer than are public; run souq search rebuild")
        return f"{health.documents} documents" if health.is_current else "needs souq search rebuild"

    return _checked("search", look)


def files() -> Check:
    """The storage takes and gives a file."""

    def look() -> str:
        storage().put("check/doctor.txt", b"ok")
        if storage().get("check/doctor.txt") != b"ok":
            raise RuntimeError("the storage gave back something else")
        storage().delete("check/doctor.txt")
        return settings().stores.storage_url.partition("://")[0]

    return _checked("storage", look)


def redis() -> Check:
    """Redis answers, where one is set; without it limits and cache live in the process and the database."""

    def look() -> str:
        url = settings().stores.redis_url
        if not url:
            return "not used"
        from redis import Redis

        Redis.from_url(url, socket_timeout=1).ping()
        return "answers"

    return _checked("redis", look)


def incoming_mail() -> Check:
    """The Maildir of MAIL_IN_URL, where one is set: mails can be taken out of it, and none has waited for long."""

    def look() -> str:
        from marketplace.notifications.incoming.polling import backlog, folder_of

        url = settings().mail.inbox_url
        if not url:
            return "not used"
        folder = folder_of(url)
        if not (folder / "new").is_dir():
            raise RuntimeError("there is no Maildir at MAIL_IN_URL, or its folder new is missing")
        # a mail is read in new and moved to cur, which is made where it is missing
        places = [folder / "new", folder / "cur" if (folder / "cur").is_dir() else folder]
        if not all(os.access(place, os.R_OK | os.W_OK | os.X_OK) for place in places):
            raise RuntimeError("the Maildir at MAIL_IN_URL cannot be read and written")
        waiting, oldest = backlog(folder)
        if oldest > LATE:
            minutes = oldest // timedelta(minutes=1)
            raise RuntimeError(f"waiting: {waiting}, the oldest for {minutes} minutes; is the worker running")
        return f"waiting: {waiting}" if waiting else "empty"

    return _checked("mail in", look)


def scanner() -> Check:
    """The virus scanner answers, where one is set."""

    def look() -> str:
        return version()[:60] if is_scanner_set() else "not used"

    return replace(_checked("scanner", look), is_vital=False)


def ready_checks() -> list[Check]:
    """What a load balancer should know: database, search, queue; the virus scanner by name, where one is set."""
    return [database(), search(), queue(), *([scanner()] if is_scanner_set() else [])]


def all_checks() -> list[Check]:
    """Everything, for an operator."""
    return [database(), search(is_thorough=True), queue(), files(), redis(), incoming_mail(), scanner()]
