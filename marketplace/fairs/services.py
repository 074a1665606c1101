"""Writes on fairs: recorded, changed, withdrawn."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.catalogue.registry.loading import load_registry
from marketplace.fairs.models import Fair
from marketplace.fairs.queries import fair_for
from marketplace.fairs.rules import CODE_LENGTH, CODE_LETTERS, LONGEST_FAIR, MOST_COMMODITIES
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.inserting import hold, write
from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, require
from marketplace.kernel.text import cleaned
from marketplace.partners.queries import chapter_of


@dataclass(frozen=True)
class FairDraft:
    """What a person says of a fair; ``country`` is an ISO code, ``commodities`` are keys of the registry."""

    name: str
    city: str
    country: str
    first_day: date
    last_day: date
    commodities: tuple[str, ...]
    note: str = ""


def record_fair(session: Session, actor: Actor, draft: FairDraft, *, code: str = "") -> Fair:
    """A new fair of the actor's chapter, or of the programme for its staff. `DomainError` names what is wrong."""
    require(ALLOWED if actor.is_partner or actor.is_staff else HIDDEN)
    fair = Fair(
        chapter_id=chapter_of(session, actor).id if actor.is_partner else None,
        created_by_id=actor.user_id,
        created_at=now(),
        version=1,
    )
    _apply(fair, draft)
    fair.code = code or _new_code()
    while not write(session, fair, unless_taken=("code",)):
        fair.code = _new_code()
    hold(session, fair)
    audit(session, actor, "fair.recorded", f"fair:{fair.id}")
    return fair


def change_fair(session: Session, actor: Actor, key: int, version: int, draft: FairDraft) -> Fair:
    """Say something else of a fair; its code stays. `Conflict` if it was changed or withdrawn meanwhile."""
    fair = _to_change(session, actor, key, version)
    _apply(fair, draft)
    audit(session, actor, "fair.changed", f"fair:{fair.id}")
    return fair


def withdraw_fair(session: Session, actor: Actor, key: int, version: int) -> bool:
    """End a fair's code; gives whether the fair is gone altogether, since no request had come from it."""
    fair = _to_change(session, actor, key, version)
    audit(session, actor, "fair.withdrawn", f"fair:{fair.id}")
    try:
        with session.begin_nested():  # the database knows whether a request refers to it
            session.delete(fair)
    except IntegrityError:
        fair = fair_for(session, actor, key, is_locked=True)
        fair.withdrawn_at = now()
        return False
    return True


def _to_change(session: Session, actor: Actor, key: int, version: int) -> Fair:
    fair = fair_for(session, actor, key, is_locked=True)
    if fair.withdrawn_at is not None:
        raise Conflict(_("This fair is withdrawn already."))
    if fair.version != version:
        raise Conflict(_("Somebody changed this fair meanwhile. Look at it again."))
    return fair


def _apply(fair: Fair, draft: FairDraft) -> None:
    name, city = cleaned(draft.name, 200), cleaned(draft.city, 80)
    known = load_registry().commodities
    commodities = [key for key in dict.fromkeys(draft.commodities) if key in known]
    if not name or not city:
        raise DomainError(_("Write the fair's name and its city."))
    if draft.country not in COUNTRIES:
        raise DomainError(_("Choose the country from the list."))
    if draft.last_day < draft.first_day:
        raise DomainError(_("The last day comes before the first. Choose a later one."))
    if draft.last_day - draft.first_day > LONGEST_FAIR:
        raise DomainError(_("A fair lasts at most %(days)s days. Look at the dates again.", days=LONGEST_FAIR.days))
    if not commodities:
        raise DomainError(_("Choose at least one commodity."))
    if len(commodities) > MOST_COMMODITIES:
        raise DomainError(_("Choose at most %(count)s commodities.", count=MOST_COMMODITIES))
    fair.name, fair.city, fair.country = name, city, draft.country
    fair.first_day, fair.last_day = draft.first_day, draft.last_day
    fair.commodities, fair.note = commodities, cleaned(draft.note, 500)


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _number in range(CODE_LENGTH))
