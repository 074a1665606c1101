"""The staff pages: filled and empty, each with its work done, and closed to everyone else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation, SessionRow, User, Verification
from marketplace.accounts.rules import VerificationLevel
from marketplace.catalogue.models import CommoditySetting
from marketplace.kernel.audit import AuditEntry, audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.events import record
from marketplace.kernel.jobs import registered_jobs
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.policy import OrganisationKind
from marketplace.kernel.uow import transaction
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportReason, ReportTarget
from marketplace.moderation.services import appeal, decide_report, make_report
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.partners.models import Chapter
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.rules import RfqState
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app")
CURATOR_PAGES = (
    "/console",
    "/console/curation",
    "/console/requests",
    "/console/verification",
    "/console/verification?show=due",
    "/console/verification?show=checked",
    "/console/sellers",
    "/console/sellers?state=approved",
    "/console/sellers/invite",
    "/console/reports",
    "/console/reports?state=upheld",
    "/console/messages",
)
OPERATOR_PAGES = (
    "/console/people",
    "/console/people?q=Person",
    "/console/organisations",
    "/console/organisations?kind=buyer&q=Org",
    "/console/chapters",
    "/console/commodities",
    "/console/commodities?show=paused",
    "/console/jobs",
    "/console/jobs?state=dead&job=notifications.deliver",
    "/console/index",
    "/console/audit",
    "/console/audit?action=listing&person=1",
)


def text_of(person: Person, path: str) -> str:
    answer = person.client.get(path)
    assert answer.status_code == 200, path
    return str(answer.get_data(as_text=True))


def actions(session: Session) -> set[str]:
    session.expire_all()
    return set(session.scalars(select(AuditEntry.action)).all())


@pytest.mark.parametrize("is_filled", [False, True])
def test_every_page_opens_for_staff_and_for_nobody_else(people: Cast, client: FlaskClient, is_filled: bool) -> None:
    operator, curator = people.operator(), people.curator()
    buyer, seller = people.buyer(verification_level=VerificationLevel.NONE), people.seller()
    if is_filled:
        an_inquiry(buyer, a_listed_product(seller))
        partner = people.partner()
        with transaction() as session:
            audit(session, operator.actor, "listing.published", "product:1", note=None, items=["a"])
            enqueue(session, "notifications.deliver", notice_id=0)
    else:
        partner = people.partner()
    for path in CURATOR_PAGES:
        text_of(curator, path)
        text_of(operator, path)
    for path in OPERATOR_PAGES:
        text_of(operator, path)
        assert curator.client.get(path).status_code == 404, path
    for path in CURATOR_PAGES + OPERATOR_PAGES:
        for person in (buyer, seller, partner):
            assert person.client.get(path).status_code == 404, path
        assert client.get(path).status_code == 404, path


def test_staff_without_a_second_factor_are_led_to_set_it_up(session: Session, people: Cast) -> None:
    curator = people.curator()
    with transaction() as inside:
        inside.scalars(select(SessionRow).where(SessionRow.user_id == curator.user_id)).one().second_factor_at = None
        user = inside.get_one(User, curator.user_id)
        user.totp_enabled_at, user.totp_secret = None, None
    answer = curator.client.get("/console")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/account/second-factor")


def test_a_request_is_let_through_refused_and_let_through_after_all(session: Session, people: Cast) -> None:
    curator, seller = people.curator(), people.seller()
    buyer = people.buyer(verification_level=VerificationLevel.NONE)
    first, second = (an_inquiry(buyer, a_listed_product(seller)) for _ in range(2))
    assert text_of(curator, "/console/requests").count("/console/requests/") >= 2
    path = f"/console/requests/{first.key}"
    with transaction() as inside:
        inside.get_one(User, curator.user_id).time_zone = "Asia/Jakarta"
    page = text_of(curator, path)
    assert "WIB" in page
    assert "UTC" not in page  # all times of a page in one zone
    assert curator.post(path, {"decision": "approve"}, page=path).status_code == 303
    assert session.scalars(select(Rfq.state).where(Rfq.id == first.id)).one() == RfqState.OPEN
    path = f"/console/requests/{second.key}"
    assert curator.post(path, {"decision": "reject", "note": " "}, page=path).status_code == 422
    assert curator.post(path, {"decision": "delete"}, page=path).status_code == 422
    assert curator.post(path, {"decision": "reject", "note": "A copy."}, page=path).status_code == 303
    assert session.scalars(select(Rfq.state).where(Rfq.id == second.id)).one() == RfqState.REJECTED_SPAM
    assert curator.post(path, {"decision": "reinstate"}, page=path).status_code == 303
    assert session.scalars(select(Rfq.state).where(Rfq.id == second.id)).one() == RfqState.OPEN
    assert {"request.seen", "request.approved", "request.rejected", "request.reinstated"} <= actions(session)
    assert buyer.post(path, {"decision": "reject", "note": "x"}).status_code == 404


def test_an_organisation_is_verified(session: Session, people: Cast) -> None:
    curator, buyer = people.curator(), people.buyer(verification_level=VerificationLevel.NONE)
    slug = session.scalars(select(Organisation.slug).where(Organisation.id == buyer.organisation_id)).one()
    path = f"/console/verification/{slug}"
    assert slug in text_of(curator, "/console/verification")
    data = {"level": "verified", "method": "video", "evidence": "Register extract, call with the owner."}
    past = data | {"next_check_on": str(today() - timedelta(days=1))}
    answer = curator.post(path, past, page=path)
    assert answer.status_code == 422
    assert "Register extract" in answer.get_data(as_text=True)
    assert curator.post(path, data | {"next_check_on": "soon"}, page=path).status_code == 422
    good = data | {"next_check_on": str(today() + timedelta(days=300))}
    assert curator.post(path, good, page=path).status_code == 303
    check = session.scalars(select(Verification)).one()
    assert (check.level, check.checked_by_id) == ("verified", curator.user_id)
    assert Kind.ORGANISATION_VERIFIED in session.scalars(select(Notice.kind)).all()
    assert "organisation.verified" in actions(session)
    assert curator.client.get("/console/verification/nobody").status_code == 404


def test_a_seller_is_curated_and_mentored(session: Session, people: Cast) -> None:
    curator, seller = people.curator(), people.seller()
    slug, version = session.execute(select(Seller.slug, Seller.version).where(Seller.id == seller.seller_id)).one()
    path = f"/console/sellers/{slug}"
    assert curator.post(path, {"state": "paused", "note": "", "version": version}, page=path).status_code == 422
    assert curator.post(path, {"state": "applied", "note": "x", "version": version}, page=path).status_code == 422
    assert (
        curator.post(path, {"state": "paused", "note": "Dry season.", "version": version}, page=path).status_code == 303
    )
    assert curator.post(path, {"state": "approved", "note": "", "version": version}, page=path).status_code == 409
    assert session.scalars(select(Seller.curation).where(Seller.id == seller.seller_id)).one() == "paused"
    assert "Dry season." in text_of(curator, path)
    assert curator.post(f"{path}/mentor", {"mentor": str(curator.user_id)}, page=path).status_code == 303
    assert session.scalars(select(Seller.mentor_id).where(Seller.id == seller.seller_id)).one() == curator.user_id
    assert curator.post(f"{path}/mentor", {"mentor": str(seller.user_id)}, page=path).status_code == 422
    assert {"seller.curated", "seller.mentor_assigned"} <= actions(session)


def test_a_pesantren_is_invited_by_telephone_number(session: Session, people: Cast, client: FlaskClient) -> None:
    curator = people.curator()
    path = "/console/sellers/invite"
    data = {"pesantren": "PP Contoh Ijen", "person": "Siti Contoh", "phone": "0812 3456 7890", "language": "id"}
    assert curator.post(path, data | {"phone": "12"}, page=path).status_code == 422
    answer = curator.post(path, data, page=path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "https://wa.me/6281234567890?text=" in page
    link = re.search(r"http://127\.0\.0\.1:8000(/id/invitations/seller/[\w-]+)<", page)
    assert link is not None
    assert client.get(link.group(1)).status_code == 200
    assert "seller.invited" in actions(session)


def test_a_report_is_decided_and_decided_again_by_its_forms(session: Session, people: Cast) -> None:
    buyer, seller, first, second = people.buyer(), people.seller(), people.curator(), people.curator()
    product = a_listed_product(seller)
    with transaction() as inside:
        draft = ReportDraft(ReportTarget.PRODUCT, product.slug, ReportReason.FALSE_CLAIM, "Not organic.")
        report = make_report(inside, buyer.actor, draft)
    path = f"/console/reports/{report.key}"
    assert report.key in text_of(first, "/console/reports")
    data = {"decision": "uphold", "note": "The number is wrong.", "version": 1}
    assert first.post(f"{path}/decision", data | {"note": ""}, page=path).status_code == 422
    assert first.post(f"{path}/decision", data | {"decision": "burn"}, page=path).status_code == 422
    assert seller.post(f"{path}/decision", data).status_code == 404
    assert first.post(f"{path}/decision", data, page=path).status_code == 303
    with transaction() as inside:
        version = inside.scalars(select(Report.version)).one()
        appeal(inside, seller.actor, report.key, "Here is the paper.", version)
    again = {"decision": "reverse", "note": "The paper is good.", "version": version + 1}
    assert "Somebody else takes the second look" in text_of(first, path)
    assert first.post(f"{path}/appeal", again, page="/console/sellers/invite").status_code == 403
    assert second.post(f"{path}/appeal", again, page=path).status_code == 303
    session.expire_all()
    assert session.scalars(select(Report.state)).one() == "reversed"


def test_a_message_is_passed_on_by_telephone(session: Session, people: Cast) -> None:
    curator = people.curator()
    seller = people.seller(email=None, phone="+6281234567890", locale="id")
    with transaction() as inside:
        record(inside, NoticeWanted(Kind.LEAD_NEW, "recipient:1", (seller.user_id,), {"product": "Kopi"}, "/leads/abc"))
    page = text_of(curator, "/console/messages")
    assert "https://wa.me/6281234567890?text=" in page
    assert "http://127.0.0.1:8000/id/leads/abc" in page
    key = session.scalars(select(Notice.id)).one()
    assert seller.post(f"/console/messages/{key}").status_code == 404
    assert curator.post(f"/console/messages/{key}", page="/console/messages").status_code == 303
    assert "Nothing to pass on" in text_of(curator, "/console/messages")
    assert "notice.passed_on" in actions(session)


def test_people_and_organisations_are_suspended_and_let_back(session: Session, people: Cast) -> None:
    operator, buyer = people.operator(), people.buyer()
    page = "/console/people"
    assert operator.post(f"/console/people/{buyer.user_id}/suspend", page=page).status_code == 303
    assert buyer.client.get("/account").status_code == 302  # signed out
    assert operator.post(f"/console/people/{buyer.user_id}/suspend", page=page).status_code == 409
    assert operator.post(f"/console/people/{buyer.user_id}/unsuspend", page=page).status_code == 303
    path = f"/console/organisations/{buyer.organisation_id}"
    page = "/console/organisations"
    assert operator.post(f"{path}/suspend", page=page).status_code == 303
    assert session.scalars(select(Organisation.suspended_at).where(Organisation.id == buyer.organisation_id)).one()
    assert operator.post(f"{path}/unsuspend", page=page).status_code == 303
    assert operator.post(f"/console/organisations/{operator.organisation_id}/suspend", page=page).status_code == 422
    assert {"account.suspended", "account.unsuspended", "organisation.suspended"} <= actions(session)
    told = session.scalars(select(Notice.kind).where(Notice.user_id == buyer.user_id).order_by(Notice.id)).all()
    assert told == [Kind.ORGANISATION_SUSPENDED, Kind.ORGANISATION_BACK]
    curator = people.curator()
    assert curator.post(f"{path}/suspend").status_code == 404


def test_a_chapter_begins_with_its_manager(session: Session, people: Cast) -> None:
    operator = people.operator()
    page = "/console/chapters"
    data = {"name": "Chapter Contoh Hamburg", "city": "Hamburg", "countries": ["DE", "AT"], "person": "Jana Muster",
            "email": "jana@muster.example"}  # fmt: skip
    assert operator.post(page, data | {"email": "nobody"}, page=page).status_code == 422
    assert session.scalar(select(func.count()).select_from(Chapter)) == 0
    assert operator.post(page, data, page=page).status_code == 303
    chapter = session.scalars(select(Chapter)).one()
    assert chapter.countries == ["AT", "DE"]
    invited = session.scalars(select(Notice).where(Notice.kind == Kind.MEMBER_INVITE)).one()
    assert invited.address == "jana@muster.example"
    assert invited.context["organisation"] == "Chapter Contoh Hamburg"
    more = {"person": "Kai Muster", "email": "kai@muster.example"}
    assert operator.post(f"{page}/{chapter.id}/managers", more, page=page).status_code == 303
    assert operator.post(f"{page}/{chapter.id + 1}/managers", more, page=page).status_code == 404
    assert {"chapter.created", "chapter.manager_invited"} <= actions(session)


def test_a_chapter_is_renamed_and_gets_other_countries_but_not_from_a_stale_page(
    session: Session, people: Cast
) -> None:
    operator = people.operator()
    data = {"name": "Chapter Contoh Hamburg", "city": "Hamburg", "countries": ["DE", "AT"], "person": "Jana Muster",
            "email": "jana@muster.example"}  # fmt: skip
    operator.post("/console/chapters", data, page="/console/chapters")
    chapter = session.scalars(select(Chapter)).one()
    page = f"/console/chapters/{chapter.id}"
    seen = re.findall(r'name="seen"[^>]*value="([0-9a-f]+)"', text_of(operator, page))[0]
    wished = {"seen": seen, "name": "Chapter Contoh Wien", "countries": ["AT", "CH"]}
    for person in (people.curator(), people.partner(), people.buyer()):
        assert person.post(page, wished, page="/account").status_code == 404
    assert operator.post(page, wished | {"countries": []}, page=page).status_code == 422
    assert operator.post(page, wished | {"countries": ["XX"]}, page=page).status_code == 422
    assert operator.post(f"{page}9", wished, page=page).status_code == 404
    session.expire_all()
    assert chapter.countries == ["AT", "DE"]
    assert operator.post(page, wished, page=page).status_code == 303
    session.expire_all()
    organisation = session.get_one(Organisation, chapter.organisation_id)
    assert (chapter.countries, organisation.name, organisation.country) == (["AT", "CH"], "Chapter Contoh Wien", "AT")
    assert operator.post(page, wished | {"name": "Too late"}, page=page).status_code == 409
    session.expire_all()
    assert session.get_one(Organisation, chapter.organisation_id).name == "Chapter Contoh Wien"
    assert "chapter.represents" in actions(session)


def test_a_commodity_is_paused_with_a_word_to_sellers(session: Session, people: Cast) -> None:
    operator = people.operator()
    page = "/console/commodities"
    path = f"{page}/coffee-arabica-green"
    assert operator.post(path, {"note": ""}, page=page).status_code == 422
    assert operator.post(path, {"note": "Harvest failed."}, page=page).status_code == 303
    row = session.scalars(select(CommoditySetting)).one()
    assert (row.commodity, row.is_offered) == ("coffee-arabica-green", False)
    assert "Harvest failed." in text_of(operator, f"{page}?show=paused")
    assert operator.post(path, {"is_offered": "y", "note": ""}, page=page).status_code == 303
    session.expire_all()
    assert session.scalars(select(CommoditySetting.is_offered)).one()
    assert operator.post(f"{page}/gold", {"is_offered": "y"}, page=page).status_code == 404
    assert {"commodity.paused", "commodity.offered"} <= actions(session)


def test_work_that_was_given_up_is_tried_again(session: Session, people: Cast) -> None:
    operator = people.operator()
    with transaction() as inside:
        dead = enqueue(inside, "notifications.tidy")
        alive = enqueue(inside, "notifications.tidy")
        assert dead is not None
        assert alive is not None
        inside.flush()
        dead.state, dead.error, dead.attempts, dead.finished_at = TaskState.DEAD, "OSError", 8, now()
        keys = dead.id, alive.id
    page = "/console/jobs?state=dead"
    assert "OSError" in text_of(operator, page)
    assert operator.post(f"/console/jobs/{keys[0]}", page=page).status_code == 303
    session.expire_all()
    task = session.get_one(Task, keys[0])
    assert (task.state, task.attempts) == (TaskState.READY, 0)
    assert operator.post(f"/console/jobs/{keys[1]}", page="/console/sellers/invite").status_code == 409
    assert "job.retried" in actions(session)


def test_index_work_is_queued(session: Session, people: Cast) -> None:
    operator = people.operator()
    for verb in ("check", "rebuild"):
        assert operator.post(f"/console/index/{verb}", page="/console/index").status_code == 303
    queued = set(session.scalars(select(Task.job).where(Task.job.startswith("console."))).all())
    assert queued == {"console.check_index", "console.rebuild_index"}
    assert queued <= set(registered_jobs())
    assert {"index.check", "index.rebuild"} <= actions(session)


def test_searches_of_staff_take_any_text(people: Cast) -> None:
    operator = people.operator()
    for text in ("%", "_", "\\", "' OR 1=1 --", "𝕳" * 300):
        for path in ("/console/people", "/console/organisations", "/console/commodities"):
            assert operator.client.get(path, query_string={"q": text}).status_code == 200
        for name in ("action", "subject", "person"):
            assert operator.client.get("/console/audit", query_string={name: text}).status_code == 200
    assert operator.client.get("/console/people", query_string={"q": "\x00"}).status_code == 400
    assert "Nobody found" in text_of(operator, "/console/people?q=%25")


def test_a_page_far_behind_the_last_is_empty(people: Cast) -> None:
    operator = people.operator()
    for path in ("/console/people", "/console/audit", "/console/jobs", "/console/sellers", "/console/curation"):
        assert operator.client.get(f"{path}?page=499").status_code == 200
        assert operator.client.get(f"{path}?page=-1").status_code == 200


def test_the_pages_speak_every_language(app: Flask, people: Cast) -> None:
    operator = people.operator()
    for prefix in ("/de", "/id", "/zh-hans", "/zh-hant"):
        for path in CURATOR_PAGES + OPERATOR_PAGES:
            assert operator.client.get(prefix + path).status_code == 200


def test_looking_is_written_down_once_a_page_and_not_for_a_head(session: Session, people: Cast) -> None:
    curator, buyer = people.curator(), people.buyer()
    slug = session.scalars(select(Organisation.slug).where(Organisation.id == buyer.organisation_id)).one()
    curator.client.head(f"/console/verification/{slug}")
    assert "organisation.seen" not in actions(session)
    text_of(curator, f"/console/verification/{slug}")
    seen = session.scalars(select(AuditEntry).where(AuditEntry.action == "organisation.seen")).one()
    assert (seen.user_id, seen.subject) == (curator.user_id, f"organisation:{buyer.organisation_id}")


def test_a_chapters_member_row_is_not_made_before_the_link_is_used(session: Session, people: Cast) -> None:
    operator = people.operator()
    data = {
        "name": "Chapter Contoh",
        "city": "Wien",
        "countries": ["AT"],
        "person": "Jana",
        "email": "j@muster.example",
    }
    operator.post("/console/chapters", data, page="/console/chapters")
    chapter = session.scalars(select(Organisation.id).where(Organisation.kind == OrganisationKind.CHAPTER)).one()
    assert session.scalar(select(func.count()).where(Membership.organisation_id == chapter)) == 0


def test_decide_report_needs_the_current_version(people: Cast) -> None:
    from marketplace.kernel.errors import Conflict

    curator, buyer = people.curator(), people.buyer()
    with transaction() as inside:
        draft = ReportDraft(
            ReportTarget.PRODUCT, a_listed_product(people.seller()).slug, ReportReason.SPAM, "Advertising."
        )
        report = make_report(inside, buyer.actor, draft)
    with pytest.raises(Conflict), transaction() as inside:
        decide_report(inside, curator.actor, report.key, is_upheld=True, note="x", version=7)


def test_who_signs_in_by_number_alone_gets_a_password_link_from_a_curator(
    session: Session, people: Cast, client: FlaskClient
) -> None:
    seller, other, curator = people.seller(), people.seller(), people.curator()
    with transaction() as inside:
        user = inside.get_one(User, seller.user_id)
        user.email, user.email_verified_at, user.phone = None, None, "+6281234567890"
    slug = session.scalars(select(Seller.slug).where(Seller.organisation_id == seller.actor.organisation_id)).one()
    page = f"/console/sellers/{slug}"
    assert "+62 812-3456-7890" in text_of(curator, page)
    path = f"{page}/people/{seller.user_id}/link"
    for person in (people.partner(), people.buyer(), other):
        assert person.post(path, {}, page="/account").status_code == 404
    assert curator.post(f"{page}/people/{other.user_id}/link", {}, page=page).status_code == 404  # not of this seller
    answer = curator.post(path, {}, page=page)
    assert answer.status_code == 200
    shown = answer.get_data(as_text=True)
    link = re.findall(r"http[^<\s]+(/reset-password/[\w-]+)", shown)[0]
    assert "https://wa.me/6281234567890" in shown
    assert "account.reset_link_made" in actions(session)
    assert client.get(link).status_code == 200
    with transaction() as inside:
        row = inside.get_one(User, seller.user_id)
        row.email, row.email_verified_at = "seller@muster.example", row.created_at
    assert curator.post(path, {}, page=page).status_code == 404  # can ask by mail now
