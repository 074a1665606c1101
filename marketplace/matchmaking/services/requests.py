"""A request in the buyer's own words: read, kept as a draft, corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.kernel.policy import Actor
from marketplace.matchmaking.corrections import Corrections
from marketplace.matchmaking.reading import draft_of, read
from marketplace.matchmaking.rules import LONGEST_TEXT
from marketplace.matchmaking.services.suggesting import suggest
from marketplace.rfqs.drafts import LineDraft, RequestDraft, TermsDraft
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.services import draft_request, update_draft
from matching.profile import RequestProfile

# Fields that change together when a chip is clicked.
_OF_LINE: tuple[tuple[str, ...], ...] = (
    ("commodity", "description"), ("quantity", "unit"), ("target_price", "currency", "price_unit"),
)  # fmt: skip
_OF_TERMS: tuple[tuple[str, ...], ...] = (
    ("destination",), ("incoterm", "place"), ("needed_by",), ("sample_is_wanted",),
)  # fmt: skip


def read_request(text: str, locale: str) -> RequestProfile:
    """What a text asks for, with the words each condition came from."""
    return read(text[:LONGEST_TEXT], locale, today())


def start_request(session: Session, actor: Actor, text: str, locale: str, *, fair: str = "") -> Rfq:
    """Keep a text as the company's draft with what was read from it, and look for suppliers. ``fair`` is the code of
    the fair it came from."""
    profile = read_request(text, locale)
    rfq = draft_request(session, actor, text, locale, _possible(draft_of(profile, locale)), fair=fair)
    suggest(session, rfq)
    return rfq


def revise_request(
    session: Session,
    actor: Actor,
    rfq: Rfq,
    version: int,
    *,
    text: str,
    line: LineDraft,
    terms: TermsDraft,
    more: Sequence[LineDraft] = (),
    dropped: Sequence[str] = (),
    turned: Sequence[str] = (),
    changed: Mapping[str, str] = MappingProxyType({}),
) -> Rfq:
    """Put a draft right and look for suppliers again. Changed words are read anew; otherwise the form's fields hold,
    and so does every click: what was taken away stays away, what was made a must, a wish or unwanted stays so, and
    other values stay. `Conflict` if the draft was sent or changed meanwhile."""
    locale = str((rfq.reading or {}).get("locale") or rfq.language)
    if text.strip() != rfq.text.strip():
        told = draft_of(read(rfq.text, locale, rfq.created_at.date()), locale).lines
        fields = _with_the_unread(_possible(draft_of(read_request(text, locale), locale)), _typed(more, told), terms)
    else:
        before = Corrections.kept_in(rfq.reading)
        after = before.with_more(dropped, turned, changed)
        reading = {**after.as_json(), "locale": locale}
        fields = RequestDraft(lines=(line, *more), terms=terms, reading=reading)
        if after != before:
            day = rfq.created_at.date()
            was, reads_now = (
                _possible(draft_of(read(rfq.text, locale, day, each), locale, each)) for each in (before, after)
            )
            fields = _carried(fields, was, reads_now)
    revised = update_draft(session, actor, rfq.key, fields, version, text=text)
    suggest(session, revised)
    return revised


def _carried(fields: RequestDraft, before: RequestDraft, after: RequestDraft) -> RequestDraft:
    """The form's fields, with those that clicks changed as the words read now; what was typed elsewhere stays."""
    terms = fields.terms
    if len(before.lines) == len(after.lines):
        pairs = zip(fields.lines, before.lines, after.lines, strict=False)
        lines = [_line_carried(*each) for each in pairs]
        lines += fields.lines[len(lines) :]
    else:  # a click took the goods of a line away, and the line with it
        lines = [*after.lines, *fields.lines[len(before.lines) :]]
    for names in _OF_TERMS:
        if any(getattr(before.terms, name) != getattr(after.terms, name) for name in names):
            terms = replace(terms, **{name: getattr(after.terms, name) for name in names})
    gone = set(before.terms.certificates) - set(after.terms.certificates)
    come = [each for each in after.terms.certificates if each not in before.terms.certificates]
    kept = [each for each in terms.certificates if each not in gone]
    terms = replace(terms, certificates=tuple(dict.fromkeys([*kept, *come])))
    return RequestDraft(fields.subject, tuple(lines), terms, fields.reading)


def _line_carried(line: LineDraft, old: LineDraft, new: LineDraft) -> LineDraft:
    for names in _OF_LINE:
        if any(getattr(old, name) != getattr(new, name) for name in names):
            line = replace(line, **{name: getattr(new, name) for name in names})
    return line


def _typed(more: Sequence[LineDraft], told: Sequence[LineDraft]) -> list[LineDraft]:
    """Further lines that were typed, not read from the words before."""
    read_before = {each.commodity or each.description for each in told}
    return [each for each in more if (each.commodity or each.description) not in read_before]


def _with_the_unread(fields: RequestDraft, more: Sequence[LineDraft], typed: TermsDraft) -> RequestDraft:
    """A new reading with what no reading tells: further lines, packing, papers, the window's begin and the closing."""
    first, last = typed.needed_from, fields.terms.needed_by
    terms = replace(
        fields.terms,
        needed_from=first if first is None or last is None or first <= last else None,
        packaging=typed.packaging,
        papers=typed.papers,
        closes_on=typed.closes_on,
        quote_cap=typed.quote_cap,
    )
    return replace(fields, lines=(*fields.lines, *more), terms=terms)


def _possible(fields: RequestDraft) -> RequestDraft:
    """A reading less what a request cannot hold: a day that has passed."""
    day = fields.terms.needed_by
    return fields if day is None or day >= today() else replace(fields, terms=replace(fields.terms, needed_by=None))
