"""The staff pages: filled and empty, each with its work done, and closed to everyone else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, SessionRow, User, Verification
from marketplace.accounts.rules import VerificationLevel
from marketplace.kernel.audit import AuditEntry, audit
from marketplace.kernel.clock import today
from marketplace.kernel.events import record
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.uow import transaction
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportReason, ReportTarget
from marketplace.moderation.services import appeal, decide_report, make_report
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.rules import RfqState
from marketplace.sellers.models import Seller
from tests.support.console import actions, text_of
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry
from tests.support.people import Cast

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
