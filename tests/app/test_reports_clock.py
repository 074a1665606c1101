"""Reports: what proves them, by when they are answered, and which stand first on the desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.closures.workdays import answer_by, holidays, is_workday
from marketplace.kernel.clock import frozen
from marketplace.kernel.errors import DomainError
from marketplace.kernel.personal_data import erase_all, export_all
from marketplace.kernel.uow import transaction
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.models import Report, ReportEvidence
from marketplace.moderation.rules import MOST_EVIDENCE, ReportReason, ReportTarget
from marketplace.moderation.services import make_report
from tests.app.test_moderation import a_report, ask_again, decide
from tests.support.factories import a_listed_product
from tests.support.people import Cast, guards
from tests.support.pictures import a_png

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("told", "by"),
    [
        ("2026-11-23 03:00", "2026-11-25 17:00"),  # Monday: until Wednesday ends in Jakarta
        ("2026-11-23 18:00", "2026-11-26 17:00"),  # there it is Tuesday already
        ("2026-11-26 03:00", "2026-11-30 17:00"),  # Thursday: over the week-end
        ("2026-11-28 03:00", "2026-12-01 17:00"),  # Saturday
        ("2027-03-08 03:00", "2027-03-17 17:00"),  # the week of Eid, 9 to 15 March, does not count
    ],
)
def test_two_working_days_after_the_day_of_the_report(told: str, by: str) -> None:
    moment = datetime.fromisoformat(told).replace(tzinfo=UTC)
    assert f"{answer_by(moment, 2):%Y-%m-%d %H:%M}" == by


def test_the_table_tells_the_week_of_eid() -> None:
    assert not is_workday(date(2027, 3, 15))
    assert not is_workday(date(2027, 3, 9))
    assert is_workday(date(2027, 3, 8))
    assert len(holidays()) % 7 == 0


def test_evidence_by_the_form_is_read_by_its_writer_and_the_desk_alone(people: Cast, session: Session) -> None:
    buyer, seller, curator = people.buyer(), people.seller(), people.curator()
    product = a_listed_product(seller)
    page = f"/reports/new?target=product&id={product.slug}"
    fields = {
        **guards(buyer.client, page), "target": "product", "name": product.slug, "reason": "counterfeit",
        "text": "The certificate is another company's.", "evidence": "No. 4711 of 2 March\n\nhttps://example.com/list",
        "files": (a_png(64, 64), "certificate.png"),
    }  # fmt: skip
    sent = buyer.client.post("/reports/new", data=fields, content_type="multipart/form-data")
    assert sent.status_code == 303
    report = session.scalars(select(Report)).one()
    rows = session.scalars(select(ReportEvidence).order_by(ReportEvidence.position)).all()
    assert [one.text for one in rows] == ["No. 4711 of 2 March", "https://example.com/list", ""]
    for person, path in ((buyer, f"/reports/{report.key}"), (curator, f"/console/reports/{report.key}")):
        shown = person.client.get(path).text
        assert "No. 4711 of 2 March" in shown
        assert f"/files/{rows[2].file_id}" in shown
        assert "Answer by" in shown
        assert person.client.get(f"/files/{rows[2].file_id}").status_code == 200
    decide(curator, report, is_upheld=True)
    theirs = seller.client.get(f"/reports/{report.key}").text
    assert "4711" not in theirs
    assert seller.client.get(f"/files/{rows[2].file_id}").status_code == 404


def test_too_much_evidence_is_refused_in_words(people: Cast, session: Session) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    lines = tuple(f"piece {number}" for number in range(MOST_EVIDENCE + 1))
    with pytest.raises(DomainError), transaction() as inside:
        draft = ReportDraft(ReportTarget.PRODUCT, product.slug, ReportReason.SPAM, "Look.", lines)
        make_report(inside, buyer.actor, draft)
    assert session.scalars(select(Report)).all() == []


def test_what_is_overdue_stands_first_and_says_so(people: Cast, session: Session) -> None:
    buyer, seller, first, second = people.buyer(), people.seller(), people.curator(), people.curator()
    start = datetime(2026, 11, 23, 3, tzinfo=UTC)  # a Monday
    keys = []
    for hours in (0, 24):
        with frozen(start + timedelta(hours=hours)):
            keys.append(a_report(buyer, ReportTarget.PRODUCT, a_listed_product(seller).slug))
    with frozen(start):
        decide(first, keys[0], is_upheld=False)
    with frozen(start + timedelta(days=3)):
        ask_again(buyer, keys[0])  # its clock begins anew: later than the second one's
        page = second.client.get("/en/console/reports").text
        assert page.index(keys[1].key) < page.index(keys[0].key)
        assert "Overdue" not in page
        assert "26 Nov 2026, 16:59 UTC" in page  # never the midnight that begins the day after
    with frozen(start + timedelta(days=4)):
        assert second.client.get("/en/console/reports").text.count("Overdue") == 1
        assert "Overdue" in buyer.client.get(f"/en/reports/{keys[1].key}").text
    session.rollback()
    assert session.scalars(select(Report.due_at).where(Report.id == keys[0].id)).one() > start + timedelta(days=4)


def test_evidence_is_handed_out_and_erased_with_its_writer(people: Cast, session: Session) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    with transaction() as inside:
        draft = ReportDraft(ReportTarget.PRODUCT, product.slug, ReportReason.SPAM, "Look.", ("A marked piece.",))
        make_report(inside, buyer.actor, draft)
    with transaction() as inside:
        assert export_all(inside, buyer.user_id)["moderation"]["reports"][0]["evidence"] == ["A marked piece."]
        erase_all(inside, buyer.user_id)
    assert session.scalars(select(ReportEvidence)).all() == []
