"""Giving concepts of the lexicon further names: what it would do, doing it, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product, ProductText
from marketplace.catalogue.policies import is_public
from marketplace.discovery.demand import LOOKED_BACK
from marketplace.discovery.engine import engine
from marketplace.discovery.measuring import dollar_rates, price_units
from marketplace.discovery.models import LexiconChange, SearchLog
from marketplace.discovery.overlay import added_names, overlay_of
from marketplace.discovery.rules import PRODUCT
from marketplace.discovery.services import mark, touch_index
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.policy import HIDDEN, Actor, require
from marketplace.kernel.text import cleaned
from marketplace.sellers.models import Seller
from search.analysis import lexicon
from search.lexicon.lexicon import Lexicon
from search.lexicon.loader import LexiconFault
from search.lexicon.model import LANGUAGES
from search.parser import parse
from search.plan import says_something

NAME_LENGTH = 60
_SHOWN = 5
_SETTLE = timedelta(seconds=45)  # until then every process has seen the new name


@dataclass(frozen=True)
class SearchEffect:
    """A search that has the word: how often it was made, what it finds now, what it would find."""

    text: str
    count: int
    found_now: int
    found_then: int


@dataclass(frozen=True)
class Effect:
    """What a name would do: listings that speak of the concept by it, and searches that find more (or less)."""

    concept: str
    label: str
    kind: str
    language: str
    name: str
    listing_count: int
    listings: tuple[str, ...]
    search_count: int
    searches: tuple[SearchEffect, ...]


def effect_of(session: Session, concept: str, language: str, name: str) -> Effect:
    """What would change. `DomainError` for a name that cannot be; raises EngineUnavailable.

    What a search would find is asked with the concept's own name in the place of the new one.
    """
    text = checked(concept, language, name)
    known = lexicon().concepts[concept]
    label = known.label(language)
    rows = session.execute(_listings(text)).all()
    return Effect(
        concept=concept,
        label=label,
        kind=known.kind,
        language=language,
        name=text,
        listing_count=len(rows),
        listings=tuple(str(row.title) for row in rows[:_SHOWN]),
        search_count=_search_count(session, text),
        searches=tuple(_searches(session, text, language, label)),
    )


def checked(concept: str, language: str, name: str) -> str:
    """The name as it would be kept. `NotFound` for an unknown concept, `DomainError` for a name that cannot be."""
    known = lexicon()
    if concept not in known.concepts or language not in LANGUAGES:
        raise NotFound
    text = cleaned(name, NAME_LENGTH * 2)
    if not text or len(text) > NAME_LENGTH or "\n" in text or not any(each.isalpha() for each in text):
        raise DomainError(
            _("A name has letters, stands on one line and has at most %(count)s signs.", count=NAME_LENGTH)
        )
    if not says_something(text):  # a name of "the" or "not" would change what nearly every search means
        raise DomainError(_("The lexicon cannot take this name in."))
    whole = [hit.concept for hit in known.find(text, language) if hit.surface == text]
    if whole == [concept]:
        raise Conflict(_("The lexicon knows this name already."))
    if whole:
        other = known.concepts[whole[0]].label(language)
        raise DomainError(_("This name already means “%(other)s”. One name cannot mean two things.", other=other))
    return text


def add_name(session: Session, actor: Actor, concept: str, language: str, name: str) -> LexiconChange:
    """Give a concept a further name, from now on in search and matching, in all processes within half a minute."""
    _require_operator(actor)
    text = checked(concept, language, name)
    lexicon_with(session, concept, language, text)
    return _change(session, actor, concept, language, text, is_added=True)


def lexicon_with(session: Session, concept: str, language: str, name: str) -> Lexicon:
    """The lexicon as it would be with a further name, for reading beside the one in use, which stays. ``name`` is one
    that `checked` gave. `Conflict` where the name holds already, `DomainError` where it cannot be taken in."""
    added = added_names(session)
    if (concept, language, name) in added:
        raise Conflict(_("The lexicon knows this name already."))
    try:
        return Lexicon(overlay_of([*added, (concept, language, name)]))
    except LexiconFault:
        raise DomainError(_("The lexicon cannot take this name in.")) from None


def remove_name(session: Session, actor: Actor, concept: str, language: str, name: str) -> LexiconChange:
    """Take back a name that an operator gave; shipped names stay."""
    _require_operator(actor)
    if (concept, language, name) not in added_names(session):
        raise NotFound
    return _change(session, actor, concept, language, name, is_added=False)


def read_listings_anew(session: Session, name: str) -> int:
    """Mark the listings that speak of something by this name; how many."""
    count = mark(session, [(PRODUCT, row.id) for row in session.execute(_listings(name))])
    touch_index(session)
    return count


def _change(session: Session, actor: Actor, concept: str, language: str, name: str, *, is_added: bool) -> LexiconChange:
    row = LexiconChange(concept=concept, language=language, name=name, is_added=is_added, by_id=actor.user_id, at=now())
    session.add(row)
    session.flush()  # the job's name needs the key
    audit(session, actor, "lexicon.named" if is_added else "lexicon.unnamed", f"concept:{concept}", name=name)
    for delay in (timedelta(0), _SETTLE):
        key = f"lexicon:{row.id}:{int(delay.total_seconds())}"
        enqueue(session, "discovery.read_listings_anew", dedupe_key=key, delay=delay, name=name)
    return row


def _require_operator(actor: Actor) -> None:
    if not actor.is_operator:
        require(HIDDEN)


def _listings(name: str) -> Select[int, str]:
    """Products that the word stands in, whoever may see them."""
    has_name = or_(
        ProductText.title.icontains(name, autoescape=True), ProductText.description.icontains(name, autoescape=True)
    )
    return (
        select(Product.id.label("id"), func.min(ProductText.title).label("title"))
        .join(ProductText, ProductText.product_id == Product.id)
        .join(Seller, Product.seller_id == Seller.id)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(is_public(), has_name)
        .group_by(Product.id)
        .order_by(Product.id)
    )


def _search_count(session: Session, name: str) -> int:
    query = select(func.sum(SearchLog.count)).where(*_searched(name))
    return int(session.scalar(query) or 0)


def _searched(name: str) -> tuple[ColumnElement[bool], ...]:
    return (
        SearchLog.text.icontains(name, autoescape=True),
        SearchLog.day >= (today() - LOOKED_BACK).isoformat(),
    )


def _searches(session: Session, name: str, language: str, label: str) -> list[SearchEffect]:
    total = func.sum(SearchLog.count)
    rows = session.execute(
        select(SearchLog.text, total)
        .where(*_searched(name))
        .group_by(SearchLog.text)
        .order_by(total.desc(), SearchLog.text)
        .limit(_SHOWN)
    )
    return [
        SearchEffect(text, int(count), _found(text, language), _found(_replaced(text, name, label), language))
        for text, count in rows
    ]


def _replaced(text: str, name: str, label: str) -> str:
    at = text.lower().find(name.lower())
    return text if at < 0 else f"{text[:at]}{label}{text[at + len(name) :]}"


def _found(text: str, language: str) -> int:
    asked = parse(text, language, day=today(), rates=dollar_rates(), price_units=price_units())
    query = replace(asked, kind=PRODUCT, size=1, repair=False)
    found = engine().search(query)
    return 0 if found.is_relaxed else found.total
