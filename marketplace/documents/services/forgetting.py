"""Addresses of people leave the invoices of samples: at once where nothing was paid, else after the law's ten years.

Invoices that money was paid on are accounting papers. Indonesia's law on company documents has sellers keep them for
ten years from the end of the year (UU 8/1997, article 11).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.documents.lettering import writable
from marketplace.documents.models import Paper
from marketplace.kernel.clock import now
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.personal_data import ERASED_NAME
from marketplace.orders.models import Sample
from marketplace.payments.models import Payment

KEPT_YEARS = 10
AT_ONCE = 100


def forget_addresses(session: Session, user_id: int) -> list[str]:
    """Take the addresses a person gave out of invoices nobody paid; gives the keys of files to delete."""
    samples = session.scalars(select(Sample).where(Sample.asked_by_id == user_id).order_by(Sample.id)).all()
    paid = set(
        session.scalars(
            select(Payment.about).where(Payment.about.in_([one.about for one in samples]), Payment.paid_at.is_not(None))
        )
    )
    return _blanked(session, [one for one in samples if one.about not in paid])


def forget_old(session: Session) -> list[str]:
    """Take addresses out of papers that no law keeps any more; gives the keys of files to delete."""
    limit = datetime(now().year - KEPT_YEARS, 1, 1, tzinfo=UTC)
    samples = session.scalars(
        select(Sample)
        .join(Paper, Paper.sample_id == Sample.id)
        .where(Paper.asked_at < limit, Sample.address != ERASED_NAME)
        .order_by(Sample.id)
        .limit(AT_ONCE)
    ).unique().all()  # fmt: skip
    keys = _blanked(session, samples)
    for one in samples:
        one.address = ERASED_NAME
    return keys


def _blanked(session: Session, samples: Iterable[Sample]) -> list[str]:
    keys: list[str] = []
    for sample in samples:
        words = {writable(line) for line in sample.address.splitlines()} - {ERASED_NAME}
        papers = session.scalars(select(Paper).where(Paper.sample_id == sample.id).with_for_update(of=Paper))
        for paper in papers if words else ():
            content = _without(paper.content, words)
            if content == paper.content:
                continue
            paper.content, paper.content_sha256 = content, hashlib.sha256(content.encode()).hexdigest()
            file = session.get(StoredFile, paper.file_id) if paper.file_id is not None else None
            paper.file_id = None
            session.flush()  # the file's row is not named any more
            if file is not None:
                keys.append(file.key)
                session.delete(file)
            enqueue(session, "documents.make_paper", paper_id=paper.id)
    return keys


def _without(content: str, words: set[str]) -> str:
    """The paper's text with one sign in place of these lines of its parties."""
    sheet: dict[str, Any] = json.loads(content)
    for party in sheet["parties"]:
        lines = [ERASED_NAME if line in words else line for line in party["lines"]]
        party["lines"] = [line for place, line in enumerate(lines) if line != ERASED_NAME or line not in lines[:place]]
    return json.dumps(sheet, ensure_ascii=False, sort_keys=True)
