"""Saving searches, and what their people do with them afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from flask_babel import lazy_gettext as _
from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.policy import Actor
from marketplace.kernel.text import cleaned
from marketplace.saved.drafts import SearchDraft
from marketplace.saved.models import SavedSearch, SavedSearchMatch, SavedSearchTerm
from marketplace.saved.percolation import conditions_of, terms_to_watch
from marketplace.saved.queries import own_search, search_count
from marketplace.saved.rules import MOST_SEARCHES, NAME_LENGTH, Frequency, next_mail
from marketplace.saved.wishes import search_of
from search.analysis import lexicon
from search.errors import QueryRefused
from search.schema import SCHEMA_VERSION

_BATCH = 500


def reading() -> str:
    """Names how texts are read now; searches taken apart under another reading are taken apart again."""
    return f"{SCHEMA_VERSION}:{lexicon().version}"


def save_search(session: Session, actor: Actor, draft: SearchDraft) -> SavedSearch:
    """Keep a search and watch for new matches from now on."""
    if search_count(session, actor) >= MOST_SEARCHES:
        raise Conflict(
            _("You have %(count)s saved searches, as many as fit. Delete one you no longer need.", count=MOST_SEARCHES)
        )
    conditions = _watched(draft.address, draft.locale)
    moment = now()
    search = SavedSearch(
        user_id=actor.user_id,
        name=cleaned(draft.name, NAME_LENGTH),
        address=draft.address,
        locale=draft.locale,
        conditions=conditions,
        made_with=reading(),
        frequency=draft.frequency,
        created_at=moment,
        next_mail_at=next_mail(draft.frequency, moment),
    )
    session.add(search)
    session.flush()  # its terms need the key
    _watch(session, [(search.id, conditions)])
    return search


def change_search(session: Session, actor: Actor, search_id: int, draft: SearchDraft, version: int) -> SavedSearch:
    """Another name, rhythm, words or filters; a rhythm counts from now, and what was found already stays noted."""
    search = own_search(session, actor, search_id)
    if search.version != version:
        raise Conflict(_("This has changed meanwhile. Reload the page and enter your changes again."))
    search.name = cleaned(draft.name, NAME_LENGTH)
    if search.frequency != draft.frequency:
        search.frequency = draft.frequency
        search.next_mail_at = next_mail(draft.frequency, now())
    if (search.address, search.locale) != (draft.address, draft.locale):
        search.conditions = _watched(draft.address, draft.locale)
        search.address, search.locale, search.made_with = draft.address, draft.locale, reading()
        session.execute(delete(SavedSearchTerm).where(SavedSearchTerm.saved_search_id == search.id))
        _watch(session, [(search.id, search.conditions)])
    return search


def pause_search(session: Session, search_id: int) -> None:
    """Write no more; matches are still noted. For its person, and for the link in its mails."""
    search = session.get_one(SavedSearch, search_id)
    search.paused_at = search.paused_at or now()


def resume_search(session: Session, search_id: int) -> None:
    """Write again, about what comes from now on; what came during the rest stands on the search's page."""
    search = session.get_one(SavedSearch, search_id)
    if search.paused_at is None:
        return
    search.paused_at = None
    moment = now()
    session.execute(
        update(SavedSearchMatch)
        .where(SavedSearchMatch.saved_search_id == search_id, SavedSearchMatch.told_at.is_(None))
        .values(told_at=moment)
    )
    search.next_mail_at = next_mail(Frequency(search.frequency), moment)


def delete_search(session: Session, actor: Actor, search_id: int) -> None:
    """Forget a search and everything it found."""
    search = own_search(session, actor, search_id)
    session.delete(search)


def read_anew(session: Session) -> int:
    """Take apart again what was taken apart under another reading of words; how many, at most one batch."""
    current = reading()
    rows = session.execute(
        select(SavedSearch.id, SavedSearch.address, SavedSearch.locale)
        .where(SavedSearch.made_with != current)
        .order_by(SavedSearch.id)
        .limit(_BATCH)
    ).all()
    made = [(row.id, conditions_of(search_of(row.address, row.locale))) for row in rows]
    keys = [key for key, _conditions in made]
    session.execute(delete(SavedSearchTerm).where(SavedSearchTerm.saved_search_id.in_(keys)))
    _watch(session, made)
    if made:
        # the table itself: a person's open form is not out of date because words are read anew
        table = cast(Table, SavedSearch.__table__)
        session.execute(
            update(table).where(table.c.id == bindparam("_id")).values(conditions=bindparam("_conditions")),
            [{"_id": key, "_conditions": each} for key, each in made],
        )
        session.execute(update(table).where(table.c.id.in_(keys)).values(made_with=current))
    return len(made)


def _watched(address: str, locale: str) -> dict[str, Any]:
    """What a search asks for, taken apart. Raises DomainError where that is nothing, or more than one search takes."""
    nothing = DomainError(_("There is nothing to watch for yet. Search for something or choose a filter first."))
    if not address:
        raise nothing
    try:
        conditions = conditions_of(search_of(address, locale))
    except QueryRefused:
        raise DomainError(
            _("That is more than one search can take in. Leave out some filters and try again.")
        ) from None
    if not conditions["groups"] and not conditions["filters"]:
        raise nothing
    return conditions


def _watch(session: Session, made: Sequence[tuple[int, dict[str, Any]]]) -> None:
    rows = [{"term": term, "saved_search_id": key} for key, each in made for term in terms_to_watch(each)]
    if rows:
        session.execute(insert(SavedSearchTerm), rows)
