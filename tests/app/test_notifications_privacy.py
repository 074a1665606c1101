"""What notices and reports keep about a person is handed out and goes with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Purpose
from marketplace.accounts.services.links import send_link
from marketplace.kernel.events import record
from marketplace.kernel.jobs import run_due
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.outbox import Task
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.moderation import personal_data as of_moderation
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportReason, ReportTarget
from marketplace.moderation.services import make_report
from marketplace.notifications import personal_data as of_notices
from marketplace.notifications.models import Notice, Preference
from marketplace.notifications.rules import Kind, Topic
from marketplace.notifications.services import choose
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app")
MARKER = "zq7marker"


def mail_folder() -> Path:
    return Path(settings().mail.url.removeprefix("file://"))


def test_notices_are_handed_out_without_links(people: Cast) -> None:
    buyer = people.buyer()
    with transaction() as session:
        record(session, NoticeWanted(Kind.REPORT_DECIDED, "x:1", (buyer.user_id,), {"product": "Kopi"}, "/reports/a"))
        send_link(session, Purpose.RESET_PASSWORD, buyer.user_id)
        choose(session, buyer.user_id, Topic.MESSAGES, False)
    with transaction() as session:
        token = session.scalars(select(Notice).where(Notice.kind == Kind.RESET_PASSWORD)).one().context["token"]
        found = of_notices.export(session, buyer.user_id)
    assert {one["kind"] for one in found["notices"]} == {Kind.REPORT_DECIDED, Kind.RESET_PASSWORD}
    assert found["mail_choices"] == {"messages": False}
    assert token not in str(found)


def test_erasing_takes_notices_waiting_mails_and_files_but_nobody_elses(session: Session, people: Cast) -> None:
    gone, stays = people.buyer(email=f"{MARKER}@example.test"), people.buyer()
    for about in ("x:1", "x:2"):
        with transaction() as inside:
            record(inside, NoticeWanted(Kind.REPORT_DECIDED, about, (gone.user_id, stays.user_id), {}, "/reports/a"))
        if about == "x:1":
            run_due()
    assert any(MARKER in path.read_text() for path in mail_folder().glob("*.eml"))
    with transaction() as inside:
        choose(inside, gone.user_id, Topic.MESSAGES, False)
    for _ in range(2):  # safe to run twice
        with transaction() as inside:
            of_notices.erase(inside, gone.user_id)
    assert not any(MARKER in path.read_text() for path in mail_folder().glob("*.eml"))
    assert len(list(mail_folder().glob("*.eml"))) == 1
    session.expire_all()
    assert set(session.scalars(select(Notice.user_id)).all()) == {stays.user_id}
    assert session.scalar(select(func.count()).select_from(Preference)) == 0
    waiting = session.scalars(select(Task.arguments).where(Task.job == "notifications.deliver", Task.state == "ready"))
    kept = set(session.scalars(select(Notice.id)).all())
    assert {task["notice_id"] for task in waiting} <= kept


def test_a_reporters_words_go_and_the_decision_stays(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    with transaction() as inside:
        draft = ReportDraft(ReportTarget.PRODUCT, product.slug, ReportReason.FALSE_CLAIM, f"I am {MARKER}.")
        make_report(inside, buyer.actor, draft)
        assert MARKER in str(of_moderation.export(inside, buyer.user_id))
    with transaction() as inside:
        of_moderation.erase(inside, buyer.user_id)
    session.expire_all()
    report = session.scalars(select(Report)).one()
    assert (report.reporter_id, MARKER in report.text, report.target_id) == (None, False, product.id)
