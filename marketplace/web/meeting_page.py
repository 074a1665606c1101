"""Meetings of a participant at one fair: what is set and asked, whom the matcher proposes, and all others."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.http import current_actor
from marketplace.matchmaking import introduction_wording
from marketplace.matchmaking.services.meeting import Proposal, worth_meeting
from marketplace.meetings import queries, wording
from marketplace.meetings.guarded import guards_for, words_of
from marketplace.meetings.models import MeetingGuest
from marketplace.meetings.rules import GuestKind, MeetingState
from marketplace.meetings.services.booking import cap_of
from marketplace.meetings.showing import WallClock
from marketplace.rfqs.queries.contacts import Guard

bp = Blueprint("meeting_page", __name__)
_LIVE = frozenset({MeetingState.REQUESTED, MeetingState.ACCEPTED})


@bp.get("/meetings/fairs/<int:key>")
def fair(key: int) -> ResponseReturnValue:
    """One's own meetings at a fair; who does not take part yet is led to the form."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    row, plan = queries.plan_at(session, key)
    guest = queries.own_guest(session, actor, plan.id)
    if guest is None or guest.left_at is not None:
        return redirect(url_for("meetings.join", fair=key), 303)
    others = queries.counterparts(session, guest)
    meetings = queries.meetings_of(session, guest.id)
    busy = {one.other(guest.id).id: one.meeting for one in reversed(meetings) if one.meeting.state in _LIVE}
    by_id = {one.id: one for one in others}
    is_ahead = row.last_day >= today()
    guards = guards_for(session, guest, others)
    free = [one for one in others if one.id not in busy]
    proposals = worth_meeting(session, guest, free) if is_ahead else []
    return render_template(
        "meetings/fair.html",
        fair=row,
        plan=plan,
        guest=guest,
        cap=cap_of(plan, guest),
        sessions=queries.sessions_of(session, plan.id),
        meetings=meetings,
        said=words_of(session, meetings, guest.id),
        proposed=[
            _shown(by_id[one.guest_id], locale, guards[one.guest_id], one) for one in proposals if one.guest_id in by_id
        ],
        others=[{**_shown(one, locale, guards[one.id]), "meeting": busy.get(one.id)} for one in others],
        is_ahead=is_ahead,
        clock=WallClock(plan.time_zone),
        wording=wording,
    )


def _shown(guest: MeetingGuest, locale: str, guard: Guard, proposal: Proposal | None = None) -> dict[str, Any]:
    """A participant as ready strings."""
    known = load_registry()
    reasons = proposal.reasons if proposal is not None else {}
    strengths, misses = introduction_wording.strengths, introduction_wording.near_misses
    if guest.kind != GuestKind.SELLER:  # then a seller reads it
        strengths, misses = introduction_wording.strengths_for_seller, introduction_wording.near_misses_for_seller
    return {
        "id": guest.id,
        "name": guest.organisation.name,
        "country": guest.organisation.country,
        "kind": str(wording.KINDS[guest.kind]),
        "about": guard(guest.about),
        "goods": [known.commodity(one).name(locale) for one in guest.commodities if one in known.commodities],
        "for": strengths(reasons.get("for", ()), locale),
        "against": misses(reasons.get("against", ()), locale),
    }
