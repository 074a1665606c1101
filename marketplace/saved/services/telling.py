"""Telling people what their saved searches found: one notice a search, marked as told in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import ngettext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.i18n.formats import format_list, format_number
from marketplace.i18n.locales import known
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.events import record
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.saved.batches import in_batches
from marketplace.saved.links import stamp, stop_path
from marketplace.saved.models import SavedSearch, SavedSearchMatch
from marketplace.saved.queries import due_searches, hidden_sellers, owners_of, titles_on_the_market
from marketplace.saved.rules import NAMED_IN_A_MAIL, Frequency, next_mail

KIND = "saved_search_found"  # a value of `notifications.rules.Kind`
_LOOKED_UP = 2_000
_AT_ONCE = 50


def tell_due(limit: int = 100_000) -> int:
    """Tell of everything that waits and whose time has come; for how many searches."""
    done = 0
    while done < limit:
        keys = due_searches(db.session(), min(_LOOKED_UP, limit - done))
        if not keys:
            break
        for some in in_batches(keys, _AT_ONCE):
            with transaction() as session:
                for key in some:
                    _tell(session, key)
        done += len(keys)
    return done


def _tell(session: Session, search_id: int) -> None:
    moment = now()
    search = session.get(SavedSearch, search_id, with_for_update=True)
    if search is None or search.paused_at is not None or (search.next_mail_at or moment) > moment:
        return  # deleted, laid to rest or told since it was looked up
    waiting = select(SavedSearchMatch).where(
        SavedSearchMatch.saved_search_id == search_id, SavedSearchMatch.told_at.is_(None)
    )
    keys = [match.product_id for match in session.scalars(waiting.order_by(SavedSearchMatch.id))]
    if not keys:
        return
    user = session.get_one(User, search.user_id)
    locale = known(user.locale)
    titles = [title for _key, title in titles_on_the_market(session, _shown(session, search.user_id, keys), locale)]
    if titles:
        context = {
            "search": search.name,
            "products": _named(titles, locale),
            "stop": stop_path(settings().web.secret_key, search.id, search.user_id, search.created_at),
        }
        # a product is told once for a search, so this names the notice; a next search may get the key of this one
        about = f"saved:{search.id}.{stamp(search.created_at)}:{keys[0]}"
        record(session, NoticeWanted(KIND, about, (search.user_id,), context, f"/saved-searches/{search.id}"))
    session.execute(
        update(SavedSearchMatch)
        .where(SavedSearchMatch.saved_search_id == search_id, SavedSearchMatch.product_id.in_(keys))
        .where(SavedSearchMatch.told_at.is_(None))
        .values(told_at=moment)
    )
    search.next_mail_at = next_mail(Frequency(search.frequency), moment)


def _shown(session: Session, user_id: int, keys: Sequence[int]) -> list[int]:
    """Without sellers that were blocked since the match was noted."""
    hidden = hidden_sellers(session, [user_id]).get(user_id, frozenset())
    owners = owners_of(session, keys)
    return [key for key in keys if key in owners and owners[key][0] not in hidden]


def _named(titles: Sequence[str], locale: str) -> str:
    """The first titles, and how many more there are."""
    shown = list(titles[:NAMED_IN_A_MAIL])
    more = len(titles) - len(shown)
    if more:
        with speaking(locale):
            shown.append(ngettext("%(count)s more", "%(count)s more", more, count=format_number(more, locale)))
    return format_list(shown, locale)
