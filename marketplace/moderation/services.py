"""Reports: made, decided, appealed, decided again by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation, StoredFile
from marketplace.accounts.queries import member_ids
from marketplace.closures.workdays import answer_by
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, TooMany
from marketplace.kernel.events import record
from marketplace.kernel.limits import count_try, tries_left_at
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.policy import Actor, OrganisationKind, Role, require
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.effects import give_back, take_away
from marketplace.moderation.events import AppealDecided, AppealMade, ReportDecided, ReportMade
from marketplace.moderation.models import Report, ReportEvidence
from marketplace.moderation.policies import may_appeal, may_decide, may_decide_appeal
from marketplace.moderation.queries import any_report, other_upheld, own_report, reportable
from marketplace.moderation.rules import (
    EVIDENCE_LENGTH,
    MOST_EVIDENCE,
    REPORT_MOVES,
    REPORTS_A_DAY,
    SERIOUS,
    TEXT_LENGTH,
    WAITING,
    WORKDAYS_TO_ANSWER,
    ReportState,
    stands_after,
)
from marketplace.rfqs.services.freezing import freeze_contacts, have_talked, release_contacts

DAY = timedelta(days=1)


def make_report(session: Session, actor: Actor, draft: ReportDraft, files: Sequence[StoredFile] = ()) -> Report:
    """Put a report with its evidence before the curators; gives the person's open report about the same thing if there
    is one. A serious one freezes contact details of the reported side's conversations until it is decided.
    """
    thing = reportable(session, actor, draft.target, cleaned(draft.name, 120))
    earlier = session.scalar(
        select(Report).where(
            Report.target == thing.target,
            Report.target_id == thing.id,
            Report.reporter_id == actor.user_id,
            Report.state.in_(WAITING),
        )
    )
    if earlier is not None:
        return earlier
    text = cleaned(draft.text, TEXT_LENGTH)
    if not text:
        raise DomainError(_("Say in a sentence or two what is wrong."))
    _spend(session, actor)
    report = Report(
        key=new_public_key(),
        target=thing.target,
        target_id=thing.id,
        owner_id=thing.owner_id,
        reporter_id=actor.user_id,
        reason=draft.reason,
        text=text,
        state=ReportState.OPEN,
        created_at=now(),
        due_at=answer_by(now(), WORKDAYS_TO_ANSWER),
        evidence=_evidence(draft, files),
    )
    session.add(report)
    session.flush()  # the event needs the key
    if draft.reason in SERIOUS:
        _freeze(session, actor, report)
    record(session, ReportMade(report.id))
    _tell(session, "queue_report", f"report:{report.id}", _desk(session), f"/console/reports/{report.key}")
    audit(session, actor, "report.made", f"report:{report.id}", target=report.target, target_id=report.target_id)
    return report


def decide_report(session: Session, actor: Actor, key: str, *, is_upheld: bool, note: str, version: int) -> Report:
    """Uphold a report, with its effect on the thing, or dismiss it; the note is for both sides."""
    report = any_report(session, actor, key, is_locked=True)
    require(may_decide(actor, report))
    words = _note(report, note, version)
    target = ReportState.UPHELD if is_upheld else ReportState.DISMISSED
    report.state = advance(ReportState(report.state), target, REPORT_MOVES)
    report.is_upheld = is_upheld
    report.decided_at, report.decided_by_id, report.decision_note = now(), actor.user_id, words
    release_contacts(session, f"report:{report.id}")
    if is_upheld:
        take_away(session, actor, report)
    record(session, ReportDecided(report.id))
    _tell_sides(session, report, "decision", "report_decided", "report_about_you")
    audit(session, actor, f"report.{target}", f"report:{report.id}", target=report.target, target_id=report.target_id)
    return report


def appeal(session: Session, actor: Actor, key: str, text: str, version: int) -> Report:
    """Ask for a second look by somebody else than the first curator."""
    report = own_report(session, actor, key, is_locked=True)
    require(may_appeal(actor, report))
    report.appeal_text = _note(report, text, version)
    report.state = advance(ReportState(report.state), ReportState.APPEALED, REPORT_MOVES)
    report.appealed_at, report.appeal_by_id = now(), actor.user_id
    report.due_at = answer_by(now(), WORKDAYS_TO_ANSWER)
    record(session, AppealMade(report.id))
    others = tuple(person for person in _desk(session) if person != report.decided_by_id)
    _tell(session, "queue_appeal", f"report:{report.id}", others, f"/console/reports/{report.key}")
    audit(session, actor, "report.appealed", f"report:{report.id}")
    return report


def decide_appeal(session: Session, actor: Actor, key: str, *, is_reversed: bool, note: str, version: int) -> Report:
    """Turn the first decision round, with all its effects, or make it final."""
    report = any_report(session, actor, key, is_locked=True)
    require(may_decide_appeal(actor, report))
    words = _note(report, note, version)
    target = ReportState.REVERSED if is_reversed else ReportState.FINAL
    was_upheld = bool(report.is_upheld)
    report.state = advance(ReportState(report.state), target, REPORT_MOVES)
    report.is_upheld = stands_after(was_upheld, target)
    report.appeal_decided_at, report.appeal_decided_by_id, report.appeal_note = now(), actor.user_id, words
    if report.is_upheld and not was_upheld:
        take_away(session, actor, report)
    elif was_upheld and not report.is_upheld and not other_upheld(session, report):
        give_back(session, actor, report)
    record(session, AppealDecided(report.id))
    _tell_sides(session, report, "appeal", "appeal_decided", "appeal_decided")
    audit(session, actor, f"report.{target}", f"report:{report.id}", target=report.target, target_id=report.target_id)
    return report


def _evidence(draft: ReportDraft, files: Sequence[StoredFile]) -> list[ReportEvidence]:
    lines = [words for words in (cleaned(one, EVIDENCE_LENGTH) for one in draft.evidence) if words]
    if len(lines) > MOST_EVIDENCE or len(files) > MOST_EVIDENCE:
        raise DomainError(_("Name at most %(count)s pieces of evidence and as many documents.", count=MOST_EVIDENCE))
    rows = [ReportEvidence(text=one) for one in lines] + [ReportEvidence(text="", file_id=one.id) for one in files]
    for place, row in enumerate(rows):
        row.position = place
    return rows


def _freeze(session: Session, actor: Actor, report: Report) -> None:
    """Only somebody who deals with the reported side freezes anything: a rival's word alone does not."""
    if report.owner_id is None:
        return
    reporter = actor.organisation_id
    if actor.is_staff or (reporter is not None and have_talked(session, reporter, report.owner_id)):
        freeze_contacts(session, report.owner_id, f"report:{report.id}")
        audit(session, actor, "contacts.frozen", f"report:{report.id}")


def _note(report: Report, text: str, version: int) -> str:
    if report.version != version:
        raise Conflict(_("This report has changed meanwhile. Reload the page to see how it stands now."))
    words = cleaned(text, TEXT_LENGTH)
    if not words:
        raise DomainError(_("Write a sentence or two, so that the others understand."))
    return words


def _spend(session: Session, actor: Actor) -> None:
    until = tries_left_at(session, "moderation.report", str(actor.user_id), DAY, REPORTS_A_DAY)
    if until is not None:
        sentence = _("You have made %(count)s reports in a day. More can follow tomorrow.", count=REPORTS_A_DAY)
        raise TooMany(sentence, max(1, int((until - now()).total_seconds())))
    count_try(session, "moderation.report", str(actor.user_id), DAY)


def _desk(session: Session) -> tuple[int, ...]:
    query = (
        select(Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Organisation.kind == OrganisationKind.PROGRAMME, Membership.role.in_([Role.CURATOR, Role.OPERATOR]))
    )
    return tuple(session.scalars(query))


def _tell(session: Session, kind: str, about: str, people: tuple[int, ...], href: str) -> None:
    record(session, NoticeWanted(kind, about, people, href=href))


def _tell_sides(session: Session, report: Report, step: str, to_reporter: str, to_owner: str) -> None:
    href = f"/reports/{report.key}"
    about = f"report:{report.id}:{step}"
    if report.reporter_id is not None:
        _tell(session, to_reporter, about, (report.reporter_id,), href)
    if report.owner_id is not None:
        _tell(session, to_owner, about, tuple(member_ids(session, report.owner_id)), href)
