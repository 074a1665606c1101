"""A paper is numbered and its content frozen in one transaction; its file is made afterwards, as often as it takes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.accounts.policies import PAPERS
from marketplace.documents.facts import TradeFacts
from marketplace.documents.gathering import Gathered, bank_facts, facts_of_deal, facts_of_sample, facts_of_version
from marketplace.documents.models import Paper
from marketplace.documents.papers.invoice import proforma_invoice, sample_invoice
from marketplace.documents.papers.packing_list import packing_list
from marketplace.documents.papers.quotation import quotation
from marketplace.documents.papers.sales_contract import sales_contract
from marketplace.documents.papers.specification_sheet import specification_sheet
from marketplace.documents.queries import Subject, failed, task_key
from marketplace.documents.rendering import compiled
from marketplace.documents.rules import WITH_BANK, PaperKind, languages_of, paper_number
from marketplace.documents.sheet import Sheet
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.outbox import Task, TaskState, enqueue, enqueue_at_once
from marketplace.kernel.outside import storage
from marketplace.kernel.policy import Actor
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.storage import new_key
from marketplace.orders.models import Order
from marketplace.orders.rules import OrderState
from marketplace.quotes.rules import QuoteState
from marketplace.quotes.services import is_standing
from marketplace.sellers.models import Seller

_MAKERS: Mapping[PaperKind, Callable[[TradeFacts, tuple[str, ...]], Sheet]] = MappingProxyType(
    {
        PaperKind.QUOTATION: quotation,
        PaperKind.PROFORMA_INVOICE: proforma_invoice,
        PaperKind.PACKING_LIST: packing_list,
        PaperKind.SALES_CONTRACT: sales_contract,
        PaperKind.SPECIFICATION_SHEET: specification_sheet,
        PaperKind.SAMPLE_INVOICE: sample_invoice,
    }
)


def ask_paper(session: Session, actor: Actor, subject: Subject, kind: PaperKind, second_language: str) -> Paper:
    """The paper of ``subject``: the newest one if it would say the same, otherwise a new one with the next number.

    Whoever calls has checked that the actor may read the subject. Its file is made by a job.
    """
    languages = languages_of(second_language)
    if languages is None or kind not in subject.kinds:
        raise DomainError(_("Choose a paper and its languages from the list."))
    if not holds(session, subject):
        raise Conflict(_("What this paper would say does not hold any more, so no new one is made."))
    gathered = _gathered(session, subject)
    facts = gathered.facts
    if kind in WITH_BANK:
        facts = replace(facts, bank=bank_facts(session, gathered.seller_organisation_id, facts.currency))
    # one after the other for each seller, so that numbers have no gaps
    session.execute(select(Seller.id).where(Seller.id == gathered.seller_id).with_for_update())
    spoken = ",".join(languages)
    about = [getattr(Paper, name) == key for name, key in subject.keys().items() if key is not None]
    last = session.scalar(
        select(Paper).where(Paper.kind == kind, Paper.languages == spoken, *about).order_by(Paper.id.desc()).limit(1)
    )
    if last is not None:
        # papers that were made with the request's number in small letters say the same
        spelt = (facts.reference, facts.reference.lower())
        again = (_MAKERS[kind](replace(facts, number=last.number, reference=one), languages) for one in spelt)
        if any(one.fingerprint() == last.content_sha256 for one in again):
            return last
    year = now().year
    before = session.scalar(
        select(func.max(Paper.sequence)).where(Paper.seller_id == gathered.seller_id, Paper.year == year)
    )
    sequence = (before or 0) + 1
    number = paper_number(gathered.seller_id, year, sequence)
    sheet = _MAKERS[kind](replace(facts, number=number), languages)
    paper = Paper(
        key=new_public_key(),
        kind=kind,
        languages=spoken,
        seller_id=gathered.seller_id,
        year=year,
        sequence=sequence,
        number=number,
        content=sheet.data(),
        content_sha256=sheet.fingerprint(),
        made_at=sheet.made_at,
        asked_at=now(),
        asked_by_id=actor.user_id,
        **subject.keys(),
    )
    session.add(paper)
    session.flush()
    enqueue(session, "documents.make_paper", dedupe_key=task_key(paper.id), paper_id=paper.id)
    return paper


def holds(session: Session, subject: Subject) -> bool:
    """Whether papers may still be made: of a version that stands or was accepted, of a deal that was not cancelled."""
    if subject.version is not None:
        return subject.version.state == QuoteState.ACCEPTED or is_standing(subject.version)
    if subject.deal is not None:
        state = session.scalar(select(Order.state).where(Order.deal_id == subject.deal.id))
        return state != OrderState.CANCELLED
    return True


def try_again(session: Session, paper: Paper) -> None:
    """Have a paper drawn whose drawing failed; whoever calls has checked the reader. Nothing where it is drawn."""
    if paper.file_id is not None or paper.id not in failed(session, [paper]):
        return
    if not enqueue_at_once(session, "documents.make_paper", dedupe_key=task_key(paper.id), paper_id=paper.id):
        again = {"state": TaskState.READY, "attempts": 0, "due_at": now(), "finished_at": None, "error": None}
        query = update(Task).where(Task.dedupe_key == task_key(paper.id), Task.state != TaskState.RUNNING)
        session.execute(query.values(**again))


def bytes_of(paper: Paper) -> bytes:
    """The PDF, the same bytes each time."""
    return compiled(paper.content, paper.content_sha256, paper.made_at)


def make_file(session: Session, paper_id: int, data: bytes) -> None:
    """Keep the PDF, once."""
    paper = session.scalars(select(Paper).where(Paper.id == paper_id).with_for_update(of=Paper)).one()
    if paper.file_id is not None:
        return
    key = new_key(PAPERS, "pdf")
    storage().put(key, data)
    row = StoredFile(
        organisation_id=session.get_one(Seller, paper.seller_id).organisation_id,
        uploaded_by_id=None,
        key=key,
        name=f"{paper.kind}-{paper.number}.pdf",
        media_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=now(),
    )
    session.add(row)
    session.flush()
    paper.file_id = row.id


def _gathered(session: Session, subject: Subject) -> Gathered:
    if subject.version is not None:
        return facts_of_version(session, subject.version, subject.version.quote.seller_id)
    if subject.deal is not None:
        return facts_of_deal(session, subject.deal)
    assert subject.sample is not None
    return facts_of_sample(session, subject.sample)
