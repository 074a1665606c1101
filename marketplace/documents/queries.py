"""What papers are about, and papers themselves, always through the owner check of their trade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.documents.models import Paper
from marketplace.documents.rules import OF_DEAL, OF_QUOTE, OF_SAMPLE, PaperKind
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.policy import Actor
from marketplace.orders.models import Sample
from marketplace.orders.policies import accompanies, own_samples, readable_deals
from marketplace.orders.rules import SampleState
from marketplace.quotes.models import Deal, Quote, QuoteVersion
from marketplace.quotes.policies import rivals_of_coordinated
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.policies import talked_in_by
from marketplace.rfqs.rules import Side
from marketplace.sellers.models import Seller

DRAWN_WITHIN = timedelta(hours=1)  # papers asked for before their tasks had names


@dataclass(frozen=True)
class Subject:
    """One thing that papers are made of; exactly one of the three is set."""

    version: QuoteVersion | None = None
    deal: Deal | None = None
    sample: Sample | None = None

    @property
    def kinds(self) -> tuple[PaperKind, ...]:
        """The papers that can be made of it."""
        return OF_QUOTE if self.version is not None else OF_DEAL if self.deal is not None else OF_SAMPLE

    def keys(self) -> dict[str, int | None]:
        """The columns of `Paper` that name it."""
        return {
            "version_id": self.version.id if self.version is not None else None,
            "deal_id": self.deal.id if self.deal is not None else None,
            "sample_id": self.sample.id if self.sample is not None else None,
        }


def quote_subject(session: Session, actor: Actor, recipient_key: str, number: int) -> Subject:
    """A sent version of a quote in one's own conversation, or of one's charge; `NotFound` otherwise."""
    found = session.scalar(
        select(QuoteVersion)
        .join(QuoteVersion.quote)
        .join(Recipient, Recipient.id == Quote.recipient_id)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Seller, Seller.id == Quote.seller_id)
        .where(
            Recipient.key == recipient_key,
            QuoteVersion.number == number,
            QuoteVersion.author_side == Side.SELLER,  # a counter-offer is no quotation, its prices are the buyer's
            talked_in_by(actor) | (accompanies(actor) & ~rivals_of_coordinated(actor)),
        )
        .options(selectinload(QuoteVersion.lines), joinedload(QuoteVersion.quote))
    )
    if found is None:
        raise NotFound
    return Subject(version=found)


def deal_subject(session: Session, actor: Actor, key: str) -> Subject:
    """An agreement one may read."""
    found = session.scalar(
        select(Deal)
        .join(Rfq, Rfq.id == Deal.rfq_id)
        .join(Seller, Seller.id == Deal.seller_id)
        .where(Deal.key == key, readable_deals(actor))
        .options(selectinload(Deal.lines))
    )
    if found is None:
        raise NotFound
    return Subject(deal=found)


def sample_subject(session: Session, actor: Actor, key: str) -> Subject:
    """A sample of one's own company, once it was approved; helpers do not read where it goes."""
    found = session.scalar(
        select(Sample)
        .join(Sample.rfq)
        .join(Sample.seller)
        .where(
            Sample.key == key,
            own_samples(actor),  # the address stands on it, which is for the two sides alone
            Sample.decided_at.is_not(None),
            Sample.state.not_in([SampleState.DECLINED, SampleState.CANCELLED]),
        )
    )
    if found is None:
        raise NotFound
    return Subject(sample=found)


def papers_of(session: Session, subject: Subject) -> Sequence[Paper]:
    """The papers that were made of it, newest first; whoever calls has checked the reader."""
    return session.scalars(
        select(Paper)
        .where(*(getattr(Paper, name) == key for name, key in subject.keys().items() if key is not None))
        .options(joinedload(Paper.file))
        .order_by(Paper.id.desc())
        .limit(50)
    ).all()


def task_key(paper_id: int) -> str:
    """The name of the task that draws a paper."""
    return f"paper:{paper_id}"


def failed(session: Session, papers: Iterable[Paper]) -> set[int]:
    """Keys of those papers whose drawing failed, or that nobody draws."""
    undrawn = {task_key(paper.id): paper for paper in papers if paper.file_id is None}
    if not undrawn:
        return set()
    rows = session.execute(select(Task.dedupe_key, Task.state, Task.error).where(Task.dedupe_key.in_(undrawn)))
    tasks = {name: (state, error) for name, state, error in rows}
    late = now() - DRAWN_WITHIN
    return {
        paper.id
        for name, paper in undrawn.items()
        if (
            tasks[name][0] in {TaskState.DEAD, TaskState.DONE} or tasks[name][1] is not None
            if name in tasks
            else paper.asked_at < late
        )
    }


def paper_of(session: Session, actor: Actor, key: str) -> Paper:
    """A paper of a trade one may read; `NotFound` for anybody else's."""
    paper = session.scalar(select(Paper).where(Paper.key == key).options(joinedload(Paper.file)))
    if paper is None:
        raise NotFound
    if paper.deal_id is not None:
        deal_subject(session, actor, session.get_one(Deal, paper.deal_id).key)
    elif paper.sample_id is not None:
        row = session.get_one(Sample, paper.sample_id)
        readable = select(Sample.id).join(Sample.rfq).join(Sample.seller)
        if session.scalar(readable.where(Sample.id == row.id, own_samples(actor))) is None:
            raise NotFound
    else:
        version = session.get_one(QuoteVersion, paper.version_id, options=[joinedload(QuoteVersion.quote)])
        recipient = session.get_one(Recipient, version.quote.recipient_id)
        quote_subject(session, actor, recipient.key, version.number or 0)
    return paper


def page_of_paper(session: Session, paper: Paper) -> str:
    """The local path of the list a paper stands in."""
    if paper.deal_id is not None:
        return f"/deals/{session.get_one(Deal, paper.deal_id).key}/papers"
    if paper.sample_id is not None:
        return f"/samples/{session.get_one(Sample, paper.sample_id).key}/papers"
    version = session.get_one(QuoteVersion, paper.version_id, options=[joinedload(QuoteVersion.quote)])
    return f"/quotations/{session.get_one(Recipient, version.quote.recipient_id).key}/{version.number}/papers"
