"""Pages of who looks after a fair: its meetings, sessions and tables; `meetings.views.desk` has them at the desk."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.fairs.models import Fair
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, Forbidden, NotFound
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.meetings import queries, services, wording
from marketplace.meetings.forms import PlanForm, SessionForm
from marketplace.meetings.models import MeetingPlan, MeetingSession
from marketplace.meetings.rules import MeetingState, tables_for
from marketplace.meetings.showing import WallClock
from marketplace.meetings.views.own import said

bp = Blueprint("meeting_plans", __name__, url_prefix="/partner")
_MOST_EXPECTED = 100_000


@bp.get("/fairs/<int:fair>/meetings")
def plan(fair: int) -> ResponseReturnValue:
    """A fair's meetings: terms, sessions with tables, participants, what is asked and set."""
    row, kept = queries.plan_kept(db.session(), current_actor(), fair)
    return _plan_page(row, kept, PlanForm.of(row, kept, current_locale()), 200)


@bp.post("/fairs/<int:fair>/meetings/terms")
def save_terms(fair: int) -> ResponseReturnValue:
    """Open meetings, or change their terms."""
    actor = current_actor()
    row, kept = queries.plan_kept(db.session(), actor, fair)
    form = PlanForm.of(row, kept, current_locale())
    if not form.validate_on_submit():
        return _plan_page(row, kept, form, 422)
    try:
        with action(url_for(".plan", fair=fair)) as act:
            services.save_plan(act.session, actor, fair, seen_version(), form.draft())
    except DomainError as fault:
        _refused(fault, form)
        return _plan_page(*queries.plan_kept(db.session(), actor, fair), form, fault.status)
    flash(_("The meetings of this fair are saved."), "success")
    return act.redirect()


@bp.route("/fairs/<int:fair>/meetings/sessions/new", methods=["GET", "POST"])
def new_session(fair: int) -> ResponseReturnValue:
    """Add a session; the tables are proposed from the meetings that are expected."""
    return _session(fair, None)


@bp.route("/fairs/<int:fair>/meetings/sessions/<int:key>", methods=["GET", "POST"])
def edit_session(fair: int, key: int) -> ResponseReturnValue:
    """Say something else of a session."""
    return _session(fair, key)


@bp.post("/fairs/<int:fair>/meetings/sessions/<int:key>/remove")
def remove_session(fair: int, key: int) -> ResponseReturnValue:
    """Take a session away."""
    with action(url_for(".plan", fair=fair)) as act:
        services.remove_session(act.session, current_actor(), fair, key, seen_version())
    flash(_("The session is removed."), "success")
    return act.redirect()


@bp.get("/fairs/<int:fair>/meetings/<key>")
def meeting(fair: int, key: str) -> ResponseReturnValue:
    """One meeting: give it a place, cancel it, note whether it was held."""
    return _meeting_page(fair, key)


def _meeting_page(fair: int, key: str, problem: str = "") -> str:
    session = db.session()
    row, at, kept = queries.meeting_kept(session, current_actor(), fair, key)
    is_begun = row.slot is not None and row.slot[0] <= now()
    is_open = row.meeting.state in {MeetingState.REQUESTED, MeetingState.ACCEPTED} and not is_begun
    return render_template(
        "meetings/kept.html",
        row=row,
        fair=at,
        slots=queries.free_slots(session, row, kept) if is_open else [],
        clock=WallClock(kept.time_zone),
        is_open=is_open,
        is_begun=is_begun,
        wording=wording,
        problem=problem,
        typed=request.form.get("reason", "")[:1000] if problem else "",
    )


def _step(fair: int, key: str, step: Callable[[Session], object], said: str) -> ResponseReturnValue:
    """Do one step of a meeting; a refusal stands on its page as it is now."""
    try:
        with action(url_for(".plan", fair=fair)) as act:
            step(act.session)
    except DomainError as fault:
        if isinstance(fault, NotFound | Forbidden):
            raise
        return _meeting_page(fair, key, str(fault.sentence)), fault.status
    flash(said, "success")
    return act.redirect()


@bp.post("/fairs/<int:fair>/meetings/<key>/schedule")
def schedule(fair: int, key: str) -> ResponseReturnValue:
    """Give a meeting a slot."""
    actor, version, typed = current_actor(), seen_version(), request.form.get("slot", "")

    def step(session: Session) -> None:
        services.schedule(session, actor, fair, key, version, typed)

    return _step(fair, key, step, _("The meeting is set, and both sides are told."))


@bp.post("/fairs/<int:fair>/meetings/<key>/cancel")
def cancel(fair: int, key: str) -> ResponseReturnValue:
    """Cancel a meeting."""
    actor, version, typed = current_actor(), seen_version(), request.form.get("reason", "")

    def step(session: Session) -> None:
        services.cancel_kept(session, actor, fair, key, version, typed)

    return _step(fair, key, step, _("The meeting is cancelled, and both sides are told."))


@bp.post("/fairs/<int:fair>/meetings/<key>/came")
def came(fair: int, key: str) -> ResponseReturnValue:
    """Note whether both came."""
    actor, version, typed = current_actor(), seen_version(), said()

    def step(session: Session) -> None:
        services.note_kept(session, actor, fair, key, version, typed)

    return _step(fair, key, step, _("Thank you, that is noted."))


def _session(fair: int, key: int | None) -> ResponseReturnValue:
    session, actor, locale = db.session(), current_actor(), current_locale()
    row, kept = queries.plan_kept(session, actor, fair)
    if kept is None:
        raise NotFound
    one = next((each for each in queries.sessions_of(session, kept.id) if each.id == key), None)
    if key is not None and one is None:
        raise NotFound
    least, most = tables_for(_expected(), _number("slots"))
    form = SessionForm.of(row, kept, one, locale, most)
    if not form.validate_on_submit():
        return _session_page(row, kept, one, form, (least, most), 422 if request.method == "POST" else 200)
    try:
        with action(url_for(".plan", fair=fair)) as act:
            if key is None:
                services.add_session(act.session, actor, fair, form.draft(row))
            else:
                services.change_session(act.session, actor, fair, key, seen_version(), form.draft(row))
    except DomainError as fault:
        _refused(fault, form)
        return _session_page(row, kept, one, form, (0, 0), fault.status)
    flash(_("The session is saved."), "success")
    return act.redirect()


def _expected() -> int:
    return min(_number("expected"), _MOST_EXPECTED)


def _number(name: str) -> int:
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


def _refused(fault: DomainError, form: PlanForm | SessionForm) -> None:
    if isinstance(fault, NotFound):
        raise fault
    form.form_errors.append(str(fault.sentence))


def _session_page(
    fair: Fair, plan: MeetingPlan, one: MeetingSession | None, form: SessionForm, tables: tuple[int, int], status: int
) -> ResponseReturnValue:
    body = render_template(
        "meetings/session.html", fair=fair, plan=plan, one=one, form=form, tables=tables, expected=_expected(),
        slots=_number("slots"),
    )  # fmt: skip
    return body, status


def _plan_page(fair: Fair, kept: MeetingPlan | None, form: PlanForm, status: int) -> ResponseReturnValue:
    session = db.session()
    sessions = queries.sessions_of(session, kept.id) if kept is not None else ()
    meetings = queries.meetings_at(session, kept.id) if kept is not None else []
    zone = kept.time_zone if kept is not None else "UTC"
    body = render_template(
        "meetings/plan.html",
        fair=fair,
        plan=kept,
        form=form,
        sessions=sessions,
        taken={one.id: sum(row.meeting.session_id == one.id for row in meetings) for one in sessions},
        days=queries.session_days(sessions, zone),
        guests=queries.guests_of(session, kept.id) if kept is not None else (),
        meetings=meetings,
        is_ahead=fair.withdrawn_at is None and fair.last_day >= today(),
        clock=WallClock(zone),
        wording=wording,
    )
    return body, status
