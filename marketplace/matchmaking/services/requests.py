"""A request in the buyer's own words: read, kept as a draft, corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.kernel.policy import Actor
from marketplace.matchmaking.reading import draft_of, read
from marketplace.matchmaking.rules import LONGEST_TEXT
from marketplace.matchmaking.services.suggesting import suggest
from marketplace.rfqs.drafts import LineDraft, RequestDraft, TermsDraft
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.services import draft_request, update_draft
from matching.profile import RequestProfile


def read_request(text: str, locale: str) -> RequestProfile:
    """What a text asks for, with the words each condition came from."""
    return read(text[:LONGEST_TEXT], locale, today())


def start_request(session: Session, actor: Actor, text: str, locale: str) -> Rfq:
    """Keep a text as the company's draft with what was read from it, and look for suppliers."""
    profile = read_request(text, locale)
    rfq = draft_request(session, actor, text, locale, _possible(draft_of(profile, locale)))
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
) -> Rfq:
    """Put a draft right and look for suppliers again. Changed words are read anew; otherwise the form's fields hold,
    what was taken away stays away, and attributes that were turned into a must or a wish stay so. `Conflict` if the
    draft was sent or changed meanwhile."""
    locale = str((rfq.reading or {}).get("locale") or rfq.language)
    if text.strip() != rfq.text.strip():
        fields = _with_the_unread(_possible(draft_of(read_request(text, locale), locale)), more, terms)
    else:
        gone = list(dict.fromkeys([*(rfq.reading or {}).get("dropped", ()), *dropped]))
        stances = dict((rfq.reading or {}).get("stances") or {})
        stances.update((value, stance) for value, _equals, stance in (each.partition("=") for each in turned))
        reading = {"dropped": gone, "locale": locale, "stances": stances}
        fields = RequestDraft(lines=(line, *more), terms=terms, reading=reading)
        if dropped:
            fields = _without(
                fields, draft_of(read(rfq.text, locale, rfq.created_at.date(), gone), locale, gone), dropped
            )
    revised = update_draft(session, actor, rfq.key, fields, version, text=text)
    suggest(session, revised)
    return revised


def _without(fields: RequestDraft, reread: RequestDraft, dropped: Sequence[str]) -> RequestDraft:
    """The form's fields, with those whose chip was taken away as the text reads without it."""
    kinds = {each.split(":", 1)[0] for each in dropped}
    line, new_line, terms, new_terms = fields.lines[0], reread.lines[0], fields.terms, reread.terms
    if "goods" in kinds:
        line = replace(line, commodity=new_line.commodity, description=new_line.description)
    if "quantity" in kinds:
        line = replace(line, quantity=new_line.quantity, unit=new_line.unit)
    if "price" in kinds:
        line = replace(line, target_price=None, currency="", price_unit="")
    if "destination" in kinds:
        terms = replace(terms, destination=new_terms.destination)
    if "incoterm" in kinds:
        terms = replace(terms, incoterm=new_terms.incoterm, place=new_terms.place)
    if "deadline" in kinds:
        terms = replace(terms, needed_by=new_terms.needed_by)
    if "certificate" in kinds:
        terms = replace(terms, certificates=new_terms.certificates)
    if "sample" in kinds:
        terms = replace(terms, sample_is_wanted=False)
    return RequestDraft(fields.subject, (line, *fields.lines[1:]), terms, fields.reading)


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
