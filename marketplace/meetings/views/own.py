"""Pages of those who take part: fairs with meetings, one meeting with its steps, calendar files."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.queries import products_of_seller
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, Forbidden, NotFound
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.meetings import queries, services, wording
from marketplace.meetings.calendars import calendar_of
from marketplace.meetings.drafts import FollowUp
from marketplace.meetings.forms import JoinForm
from marketplace.meetings.guarded import guards_for, words_of
from marketplace.meetings.showing import WallClock
from marketplace.sellers.queries import seller_ids_of

bp = Blueprint("meetings", __name__)
_GOODS = 60  # of a seller, to choose from
LONGEST_TEXT = 5000


@bp.get("/meetings")
def fairs() -> ResponseReturnValue:
    """Fairs at which meetings are arranged."""
    rows = queries.fairs_with_meetings(db.session(), current_actor())
    return render_template("meetings/fairs.html", rows=rows, day=today())


@bp.route("/meetings/fairs/<int:fair>/join", methods=["GET", "POST"])
def join(fair: int) -> ResponseReturnValue:
    """Take part, or say something else of oneself."""
    session, actor = db.session(), current_actor()
    row, plan = queries.plan_at(session, fair)
    guest = queries.own_guest(session, actor, plan.id)
    form = JoinForm.of(row, guest, actor.name, current_locale())
    status = 200
    if form.validate_on_submit():
        try:
            with action(url_for("meeting_page.fair", key=fair)) as act:
                services.take_part(act.session, actor, fair, form.draft())
        except DomainError as fault:
            if isinstance(fault, NotFound):
                raise
            form.form_errors.append(str(fault.sentence))
            status = fault.status
        else:
            flash(_("You take part. Ask for meetings now, and answer those who ask you."), "success")
            return act.redirect()
    elif request.method == "POST":
        status = 422
    return render_template("meetings/join.html", form=form, fair=row, guest=guest), status


@bp.post("/meetings/fairs/<int:fair>/leave")
def leave(fair: int) -> ResponseReturnValue:
    """Take part no more."""
    with action(url_for(".fairs")) as act:
        services.leave(act.session, current_actor(), fair)
    flash(_("You take part no more. Whoever was to meet you has been told."), "success")
    return act.redirect()


@bp.post("/meetings/fairs/<int:fair>/ask/<int:guest>")
def ask(fair: int, guest: int) -> ResponseReturnValue:
    """Ask a participant for a meeting."""
    with action(url_for("meeting_page.fair", key=fair)) as act:
        services.ask(act.session, current_actor(), fair, guest, request.form.get("reason", ""))
    flash(_("Your request is sent. They choose a time or tell you why not."), "success")
    return act.redirect()


@bp.get("/meetings/fairs/<int:fair>/schedule.ics")
def schedule_file(fair: int) -> ResponseReturnValue:
    """All meetings of one's organisation at a fair for a calendar."""
    session, actor = db.session(), current_actor()
    row, plan = queries.plan_at(session, fair)
    guest = queries.own_guest(session, actor, plan.id)
    if guest is None:
        raise NotFound
    rows = queries.meetings_of(session, guest.id)
    return _file(calendar_of(rows, words_of(session, rows, guest.id), guest.id, row), f"meetings-{row.id}.ics")


@bp.get("/meetings/<key>")
def meeting(key: str) -> ResponseReturnValue:
    """One meeting: what was asked, when and where, and what can be done."""
    return _page(key)


def _page(key: str, problem: str = "") -> str:
    """The page; ``problem`` is why what was pressed could not be done, and what was typed stays."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    row, fair, plan = queries.meeting_for(session, actor, key)
    own = row.own(actor)
    assert own is not None  # it would not have been found
    other = row.other(own.id)
    is_begun = row.slot is not None and row.slot[0] <= now()
    is_free_to_move = row.meeting.state in {"requested", "accepted"} and not is_begun
    goods = []
    if is_begun and own.id == row.buyer().id and row.meeting.rfq_id is None:
        for seller_id in seller_ids_of(session, row.seller().organisation_id):
            goods += [(one.slug, one.title) for one in products_of_seller(session, seller_id, locale, 1, _GOODS).items]
    return render_template(
        "meetings/meeting.html",
        row=row,
        said=words_of(session, [row], own.id)[row.meeting.id],
        about=guards_for(session, own, [other])[other.id](other.about),
        own=own,
        other=other,
        fair=fair,
        slots=queries.free_slots(session, row, plan) if is_free_to_move else [],
        clock=WallClock(plan.time_zone),
        is_begun=is_begun,
        goods=goods,
        rfq_key=queries.request_key(session, row.meeting, actor),
        wording=wording,
        problem=problem,
        typed=request.form.get("reason", "")[:1000] if problem else "",
    )


def _step(key: str, step: Callable[[Session], object], said: str) -> ResponseReturnValue:
    """Do one step of a meeting. A refusal stands on its page as it is now, with the slots that are left."""
    try:
        with action(url_for(".meeting", key=key)) as act:
            step(act.session)
    except DomainError as fault:
        if isinstance(fault, NotFound | Forbidden):
            raise
        return _page(key, str(fault.sentence)), fault.status
    flash(said, "success")
    return act.redirect()


@bp.get("/meetings/<key>/meeting.ics")
def meeting_file(key: str) -> ResponseReturnValue:
    """One meeting for a calendar."""
    session, actor = db.session(), current_actor()
    row, fair, _plan = queries.meeting_for(session, actor, key)
    own = row.own(actor)
    if own is None or row.slot is None:
        raise NotFound
    return _file(calendar_of([row], words_of(session, [row], own.id), own.id, fair), f"meeting-{key}.ics")


@bp.post("/meetings/<key>/accept")
def accept(key: str) -> ResponseReturnValue:
    """Choose a slot."""
    actor, version, typed = current_actor(), seen_version(), request.form.get("slot", "")

    def step(session: Session) -> None:
        services.accept(session, actor, key, version, typed)

    return _step(key, step, _("The meeting is set."))


@bp.post("/meetings/<key>/move")
def move(key: str) -> ResponseReturnValue:
    """Choose another slot."""
    actor, version, typed = current_actor(), seen_version(), request.form.get("slot", "")

    def step(session: Session) -> None:
        services.move(session, actor, key, version, typed)

    return _step(key, step, _("The meeting has another time. The other side is told."))


@bp.post("/meetings/<key>/decline")
def decline(key: str) -> ResponseReturnValue:
    """Say no, with a reason."""
    actor, version, typed = current_actor(), seen_version(), request.form.get("reason", "")

    def step(session: Session) -> None:
        services.decline(session, actor, key, version, typed)

    return _step(key, step, _("The request is declined."))


@bp.post("/meetings/<key>/cancel")
def cancel(key: str) -> ResponseReturnValue:
    """Do without it."""
    actor, version, typed = current_actor(), seen_version(), request.form.get("reason", "")

    def step(session: Session) -> None:
        services.cancel(session, actor, key, version, typed)

    return _step(key, step, _("The meeting is cancelled. The other side is told."))


@bp.post("/meetings/<key>/outcome")
def outcome(key: str) -> ResponseReturnValue:
    """Say whether one met, and what came of it."""
    actor, version, typed = current_actor(), seen_version(), said()

    def step(session: Session) -> None:
        services.note_outcome(session, actor, key, version, typed)

    return _step(key, step, _("Thank you, that is noted."))


@bp.post("/meetings/<key>/inquiry")
def inquiry(key: str) -> ResponseReturnValue:
    """Ask the seller one met for a quote or a sample; the inquiry counts for the fair."""
    with action() as act:
        rfq = services.send_what_was_agreed(
            act.session,
            current_actor(),
            key,
            seen_version(),
            slug=request.form.get("product", "")[:100],
            text=request.form.get("text", "")[:LONGEST_TEXT],
            language=current_locale(),
            sample_is_wanted=request.form.get("sample") == "1",
        )
        act.leads_to(url_for("rfqs.rfq", key=rfq.key))
    flash(_("Your inquiry is on its way. It counts for the fair."), "success")
    return act.redirect()


def said() -> FollowUp:
    """What the posted form says of a meeting."""
    return FollowUp(*(request.form.get(name, "")[:1000] for name in ("missing", "outcome", "note")))


def _file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, mimetype="text/calendar", headers=headers)
