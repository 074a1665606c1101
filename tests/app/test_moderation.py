"""Reports: who may make them, what a decision does, and the second look by somebody else."""

from __future__ import annotations

from datetime import timedelta
from itertools import product as pairs

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, Forbidden, NotFound, TooMany
from marketplace.kernel.states import IllegalMove, advance
from marketplace.kernel.uow import transaction
from marketplace.leads.services import answer_lead
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.models import Report
from marketplace.moderation.rules import REPORT_MOVES, REPORTS_A_DAY, ReportReason, ReportState, ReportTarget
from marketplace.moderation.services import appeal, decide_appeal, decide_report, make_report
from marketplace.notifications.models import Notice
from marketplace.rfqs.models import Message, Rfq
from marketplace.rfqs.rules import RfqState
from marketplace.sellers.models import Seller
from tests.support.factories import a_draft, a_listed_product
from tests.support.flows import an_inquiry, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app")


def a_report(person: Person, target: ReportTarget, name: str | int, **more: str) -> Report:
    draft = ReportDraft(target, str(name), ReportReason.FALSE_CLAIM, more.get("text", "This is not organic."))
    with transaction() as session:
        return make_report(session, person.actor, draft)


def decide(person: Person, report: Report, is_upheld: bool, note: str = "We looked at it.") -> Report:
    with transaction() as session:
        version = session.scalars(select(Report.version).where(Report.id == report.id)).one()
        return decide_report(session, person.actor, report.key, is_upheld=is_upheld, note=note, version=version)


def ask_again(person: Person, report: Report) -> Report:
    with transaction() as session:
        version = session.scalars(select(Report.version).where(Report.id == report.id)).one()
        return appeal(session, person.actor, report.key, "Please look at the certificate.", version)


def decide_again(person: Person, report: Report, is_reversed: bool) -> Report:
    with transaction() as session:
        version = session.scalars(select(Report.version).where(Report.id == report.id)).one()
        return decide_appeal(
            session, person.actor, report.key, is_reversed=is_reversed, note="Looked again.", version=version
        )


def state_of(session: Session, product: Product) -> str:
    session.expire_all()
    return session.scalars(select(Product.state).where(Product.id == product.id)).one()


@pytest.mark.parametrize(("here", "there"), list(pairs(ReportState, ReportState)))
def test_only_listed_moves_are_possible(here: ReportState, there: ReportState) -> None:
    if there in REPORT_MOVES[here]:
        assert advance(here, there, REPORT_MOVES) is there
    else:
        with pytest.raises(IllegalMove):
            advance(here, there, REPORT_MOVES)


def test_a_buyer_reports_a_listing_and_it_is_hidden(session: Session, people: Cast, client: FlaskClient) -> None:
    buyer, seller, curator = people.buyer(), people.seller(), people.curator()
    product = a_listed_product(seller)
    page = f"/reports/new?target=product&id={product.slug}"
    sent = buyer.post(
        "/reports/new",
        {"target": "product", "name": product.slug, "reason": "false_claim", "text": "No certificate exists."},
        page=page,
    )
    assert sent.status_code == 303
    report = session.scalars(select(Report)).one()
    assert sent.headers["Location"] == f"/reports/{report.key}"
    assert seller.client.get(f"/reports/{report.key}").status_code == 404  # nothing is decided yet
    decide(curator, report, is_upheld=True, note="The number belongs to another company.")
    assert state_of(session, product) == "hidden"
    theirs = seller.client.get(f"/reports/{report.key}").get_data(as_text=True)
    assert "The number belongs to another company." in theirs
    assert "No certificate exists." not in theirs
    assert buyer.actor.name not in theirs
    assert "No certificate exists." in buyer.client.get(f"/reports/{report.key}").get_data(as_text=True)
    kinds = set(session.scalars(select(Notice.kind)).all())
    assert {"queue_report", "report_decided", "report_about_you"} <= kinds
    assert {"report.made", "report.upheld", "listing.hidden"} <= set(session.scalars(select(AuditEntry.action)).all())


def test_two_clicks_and_a_second_report_make_one(session: Session, people: Cast) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    hidden = {"target": "product", "name": product.slug, "reason": "spam", "text": "Twice."}
    from tests.support.people import guards

    hidden |= guards(buyer.client, f"/reports/new?target=product&id={product.slug}")
    assert [buyer.client.post("/reports/new", data=hidden).status_code for _ in range(2)] == [303, 303]
    a_report(buyer, ReportTarget.PRODUCT, product.slug)
    assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_what_one_cannot_see_or_owns_cannot_be_reported(session: Session, people: Cast) -> None:
    buyer, seller, other = people.buyer(), people.seller(), people.seller()
    product, draft = a_listed_product(seller), a_draft(seller)
    rfq = an_inquiry(buyer, product)
    lead = recipient_of(rfq, seller)
    with transaction() as inside:
        message = answer_lead(inside, seller.actor, lead.key, "We can offer.", language="en")
    refused = [
        (buyer, ReportTarget.PRODUCT, draft.slug),
        (seller, ReportTarget.PRODUCT, product.slug),
        (buyer, ReportTarget.PRODUCT, "nothing"),
        (other, ReportTarget.MESSAGE, message.id),
        (seller, ReportTarget.MESSAGE, message.id),
        (buyer, ReportTarget.MESSAGE, "1e3"),
        (other, ReportTarget.RFQ, lead.key),
        (buyer, ReportTarget.RFQ, lead.key),
        (seller, ReportTarget.RFQ, rfq.key),
    ]
    for person, target, name in refused:
        with pytest.raises(NotFound):
            a_report(person, target, name)
        assert person.client.get(f"/reports/new?target={target}&id={name}").status_code == 404
    assert session.scalar(select(func.count()).select_from(Report)) == 0
    assert buyer.client.get("/reports/new?target=user&id=1").status_code == 404


def test_a_message_is_hidden_and_shown_again(session: Session, people: Cast) -> None:
    buyer, seller, first, second = people.buyer(), people.seller(), people.curator(), people.curator()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    with transaction() as inside:
        message = answer_lead(inside, seller.actor, recipient_of(rfq, seller).key, "Rude words.", language="en")
    report = a_report(buyer, ReportTarget.MESSAGE, message.id)
    decide(first, report, is_upheld=True)
    session.expire_all()
    assert session.get_one(Message, message.id).is_hidden
    ask_again(seller, report)
    with pytest.raises(Forbidden):
        decide_again(first, report, is_reversed=True)
    decide_again(second, report, is_reversed=True)
    session.expire_all()
    assert not session.get_one(Message, message.id).is_hidden


def test_a_request_is_closed_and_opened_again(session: Session, people: Cast) -> None:
    buyer, seller, first, second = people.buyer(), people.seller(), people.curator(), people.curator()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    report = a_report(seller, ReportTarget.RFQ, recipient_of(rfq, seller).key)
    decide(first, report, is_upheld=True)
    session.expire_all()
    assert session.get_one(Rfq, rfq.id).state == RfqState.REJECTED_SPAM
    ask_again(buyer, report)
    decide_again(second, report, is_reversed=True)
    session.expire_all()
    assert session.get_one(Rfq, rfq.id).state == RfqState.OPEN


def test_a_seller_is_paused_and_comes_back(session: Session, people: Cast) -> None:
    buyer, seller, first, second = people.buyer(), people.seller(), people.curator(), people.curator()
    slug = session.scalars(select(Seller.slug).where(Seller.id == seller.seller_id)).one()
    report = a_report(buyer, ReportTarget.SELLER, slug)
    decide(first, report, is_upheld=True)
    assert session.scalars(select(Seller.curation).where(Seller.id == seller.seller_id)).one() == "paused"
    ask_again(seller, report)
    decide_again(second, report, is_reversed=True)
    assert session.scalars(select(Seller.curation).where(Seller.id == seller.seller_id)).one() == "approved"


def test_a_dismissed_report_can_be_turned_round_by_the_reporters_appeal(session: Session, people: Cast) -> None:
    buyer, seller, first, second = people.buyer(), people.seller(), people.curator(), people.curator()
    product = a_listed_product(seller)
    report = a_report(buyer, ReportTarget.PRODUCT, product.slug)
    decide(first, report, is_upheld=False)
    with pytest.raises(Forbidden):
        ask_again(seller, report)  # the decision was in the seller's favour
    ask_again(buyer, report)
    decide_again(second, report, is_reversed=True)
    assert state_of(session, product) == "hidden"


def test_a_thing_stays_hidden_while_another_report_stands(session: Session, people: Cast) -> None:
    one, two, seller = people.buyer(), people.buyer(), people.seller()
    first, second = people.curator(), people.curator()
    product = a_listed_product(seller)
    reports = [a_report(person, ReportTarget.PRODUCT, product.slug) for person in (one, two)]
    for report in reports:
        decide(first, report, is_upheld=True)
    for report, expected in zip(reports, ("hidden", "listed"), strict=True):
        ask_again(seller, report)
        decide_again(second, report, is_reversed=True)
        assert state_of(session, product) == expected


def test_an_appeal_happens_once_and_by_the_losing_side(session: Session, people: Cast) -> None:
    buyer, seller, other = people.buyer(), people.seller(), people.buyer()
    first, second = people.curator(), people.curator()
    product = a_listed_product(seller)
    report = a_report(buyer, ReportTarget.PRODUCT, product.slug)
    with pytest.raises(Forbidden):
        ask_again(buyer, report)  # nothing is decided
    decide(first, report, is_upheld=True)
    with pytest.raises(Forbidden):
        ask_again(buyer, report)
    with pytest.raises(NotFound):
        ask_again(other, report)
    ask_again(seller, report)
    with pytest.raises(Forbidden):
        ask_again(seller, report)
    decide_again(second, report, is_reversed=False)
    with pytest.raises(Forbidden):
        ask_again(seller, report)
    assert state_of(session, product) == "hidden"


def test_curators_do_not_decide_their_own_reports(people: Cast) -> None:
    curator = people.curator()
    report = a_report(curator, ReportTarget.PRODUCT, a_listed_product(people.seller()).slug)
    with pytest.raises(Forbidden):
        decide(curator, report, is_upheld=True)


def test_a_thing_is_named_by_number_or_by_address(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    slug = session.scalars(select(Seller.slug).where(Seller.id == seller.seller_id)).one()
    for target, names in (
        (ReportTarget.PRODUCT, (product.slug, product.id)),
        (ReportTarget.SELLER, (slug, seller.seller_id)),
    ):
        keys = {a_report(buyer, target, name).key for name in names if name is not None}
        assert len(keys) == 1
    assert buyer.client.get(f"/reports/new?target=product&id={10**30}").status_code == 404


def test_only_staff_decide(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    report = a_report(buyer, ReportTarget.PRODUCT, product.slug)
    for person in (buyer, seller, people.partner()):
        with pytest.raises(NotFound):
            decide(person, report, is_upheld=True)
    assert state_of(session, product) == "listed"


def test_a_stale_decision_says_so(people: Cast) -> None:
    curator = people.curator()
    report = a_report(people.buyer(), ReportTarget.PRODUCT, a_listed_product(people.seller()).slug)
    decide(curator, report, is_upheld=False)
    with pytest.raises(Conflict), transaction() as inside:
        decide_report(inside, curator.actor, report.key, is_upheld=True, note="Late.", version=1)


def test_reports_are_limited_a_day(people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    products = [a_listed_product(seller) for _ in range(REPORTS_A_DAY + 1)]
    for product in products[:-1]:
        a_report(buyer, ReportTarget.PRODUCT, product.slug)
    with pytest.raises(TooMany):
        a_report(buyer, ReportTarget.PRODUCT, products[-1].slug)
    with frozen(now() + timedelta(days=1, minutes=1)):
        a_report(buyer, ReportTarget.PRODUCT, products[-1].slug)


def test_visitors_are_told_how_and_change_nothing(session: Session, people: Cast, client: FlaskClient) -> None:
    product = a_listed_product(people.seller())
    page = client.get(f"/reports/new?target=product&id={product.slug}")
    assert page.status_code == 200
    assert "/legal-notice" in page.get_data(as_text=True)
    assert client.get("/reports").status_code == 302
    assert session.scalar(select(func.count()).select_from(Report)) == 0


def test_an_incomplete_report_keeps_what_was_typed(session: Session, people: Cast) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    page = f"/reports/new?target=product&id={product.slug}"
    answer = buyer.post(
        "/reports/new", {"target": "product", "name": product.slug, "text": "My long story."}, page=page
    )
    assert answer.status_code == 422
    assert "My long story." in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Report)) == 0


def test_an_appeal_by_its_form(session: Session, people: Cast) -> None:
    buyer, seller, curator = people.buyer(), people.seller(), people.curator()
    report = a_report(buyer, ReportTarget.PRODUCT, a_listed_product(seller).slug)
    decide(curator, report, is_upheld=True)
    page = f"/reports/{report.key}"
    version = session.scalars(select(Report.version).where(Report.id == report.id)).one()
    assert seller.post(f"{page}/appeal", {"version": version, "text": ""}, page=page).status_code == 422
    assert seller.post(f"{page}/appeal", {"version": version - 1, "text": "Look."}, page=page).status_code == 409
    assert seller.post(f"{page}/appeal", {"version": version, "text": "Look."}, page=page).status_code == 303
    other = people.buyer()
    assert other.post(f"{page}/appeal", {"version": version, "text": "Look."}).status_code == 404
