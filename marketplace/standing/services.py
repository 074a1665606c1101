"""A seller's standing: counted anew every day, told when it changes, eased by a mentor for a time."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.queries import member_ids
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.text import cleaned
from marketplace.sellers.models import Seller, SellerStanding
from marketplace.sellers.policies import may_ease
from marketplace.sellers.rules import (
    LONGEST_EASING,
    Standing,
    is_easier,
    standing_in_force,
    standing_of,
)
from marketplace.standing.queries import Counts, counts_by_seller

REASON_LENGTH = 500


def in_force(row: SellerStanding | None) -> Standing:
    """The standing that holds today; good where nothing was counted."""
    if row is None:
        return Standing.GOOD
    return standing_in_force(Standing(row.level), row.eased_to, row.eased_until, today())


def measure_standings(session: Session) -> int:
    """Count every seller's standing from the facts and tell seller and mentor where it changed; gives how many did."""
    counts = counts_by_seller(session)
    sellers = session.scalars(select(Seller)).all()
    rows = {one.seller_id: one for one in session.scalars(select(SellerStanding).with_for_update())}
    changed = 0
    for seller in sellers:
        row, found = rows.get(seller.id), counts.get(seller.id, {})
        if row is None:
            if not found:
                continue
            row = SellerStanding(
                seller_id=seller.id, level=Standing.GOOD, told=Standing.GOOD, figures={}, measured_at=now()
            )
            session.add(row)
        _keep(row, found)
        changed += _tell(session, seller, row)
    return changed


def _keep(row: SellerStanding, counts: Counts) -> None:
    figures = {measure.value: [counted.cases, counted.bad] for measure, counted in counts.items()}
    if row.figures != figures:  # a row that says the same stays as it is, so that no form becomes stale by it
        row.figures, row.measured_at = figures, now()
    level = standing_of(counts)
    if row.level != level:
        row.level = level


def _tell(session: Session, seller: Seller, row: SellerStanding, actor: Actor | None = None) -> bool:
    """Tell the seller's people and their mentor that another standing holds; whether there was something to tell.

    ``actor`` is who brought it about, if anybody did: a mentor needs no mail about what they have just done.
    """
    level = in_force(row)
    if level == row.told:
        return False
    row.told = level
    about = f"standing:{seller.id}:{level}:{now().isoformat()}"
    people = tuple(member_ids(session, seller.organisation_id))
    record(session, NoticeWanted("standing_changed", about, people, {"standing": level.value}, "/selling/standing"))
    if seller.mentor_id is not None and (actor is None or actor.user_id != seller.mentor_id):
        session.refresh(seller, ["organisation"])
        context = {"standing": level.value, "seller": seller.organisation.name}
        page = f"/console/sellers/{seller.slug}/standing"
        record(session, NoticeWanted("standing_of_charge", about, (seller.mentor_id,), context, page))
    return True


def ease_standing(
    session: Session, actor: Actor, seller_id: int, level: Standing, until: date, reason: str, version: int
) -> SellerStanding:
    """Let a better standing than the counted one hold until a day, with a reason the seller reads. Audited.

    `DomainError` for a standing that is no better, a day out of reach, or no reason; `Conflict` when it was counted
    anew since the form was shown.
    """
    row = _to_ease(session, actor, seller_id, version)
    if not is_easier(level, Standing(row.level)):
        raise DomainError(_("Choose a better standing than the one that was counted. A mentor only eases."))
    if not today() < until <= today() + LONGEST_EASING:
        raise DomainError(_("Choose a day from tomorrow on, within half a year."))
    if not reason.strip():
        raise DomainError(_("Write the reason. The seller reads it."))
    row.eased_to, row.eased_until, row.eased_reason = level, until, cleaned(reason, REASON_LENGTH)
    row.eased_by_id, row.eased_at = actor.user_id, now()
    audit(
        session, actor, "standing.eased", f"seller:{seller_id}",
        counted=row.level, holds=level.value, until=until.isoformat(),
    )  # fmt: skip
    _tell(session, row.seller, row, actor)
    return row


def end_easing(session: Session, actor: Actor, seller_id: int, version: int) -> SellerStanding:
    """Let the counted standing hold again. Audited; `Conflict` where nothing is eased."""
    row = _to_ease(session, actor, seller_id, version)
    if not row.eased_to:
        raise Conflict(_("Nothing is eased for this seller."))
    row.eased_to, row.eased_until, row.eased_reason, row.eased_by_id, row.eased_at = "", None, "", None, None
    audit(session, actor, "standing.easing_ended", f"seller:{seller_id}", counted=row.level)
    _tell(session, row.seller, row, actor)
    return row


def _to_ease(session: Session, actor: Actor, seller_id: int, version: int) -> SellerStanding:
    row = session.scalar(
        select(SellerStanding)
        .where(SellerStanding.seller_id == seller_id)
        .options(joinedload(SellerStanding.seller))
        .with_for_update(of=SellerStanding)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    require(may_ease(actor, row.seller))
    if row.version != version:
        raise Conflict(_("The standing has changed meanwhile. Reload the page to see how it stands."))
    return row
