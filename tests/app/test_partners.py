"""A chapter takes on a distributor; nobody else sees or decides."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen, now
from marketplace.kernel.uow import transaction
from marketplace.partners import services
from marketplace.partners.models import Application, ApplicationNote, Attribution
from marketplace.partners.queries import attributed_chapter
from marketplace.partners.rules import APPLICATION_MOVES, ApplicationState
from marketplace.rfqs.drafts import InquiryDraft
from marketplace.rfqs.services import send_inquiry
from tests.support.factories import a_listed_product
from tests.support.people import Cast, Person, guards

ABOUT = "We supply shops and kitchens in our region with goods that have a story."
FORM = {
    "about": ABOUT,
    "channels": ["wholesale", "retail"],
    "territories": ["US"],
    "interests": ["coconut-sugar"],
    "yearly_volume": "2 containers",
}


def invited(partner: Person) -> str:
    """The path of a fresh invitation, as the page shows it."""
    answer = partner.post(
        "/partner/distributors/invite", {"company_name": "Example Foods"}, page="/partner/distributors/invite"
    )
    assert answer.status_code == 200
    found = re.search(r"(/distributors/apply/[\w-]+)", answer.get_data(as_text=True))
    assert found
    return found.group(1)


def applied(partner: Person, buyer: Person, session: Session) -> Application:
    path = invited(partner)
    assert buyer.post(path, FORM, page=path).status_code == 303
    return session.scalars(select(Application).order_by(Application.id.desc())).first()  # type: ignore[return-value]


def version(session: Session, key: int) -> int:
    return session.scalar(select(Application.version).where(Application.id == key)) or 0


def test_the_whole_way(people: Cast, session: Session) -> None:
    partner, buyer = people.partner(), people.buyer(country="US")
    application = applied(partner, buyer, session)
    page = f"/partner/distributors/{application.id}"
    assert ABOUT in partner.client.get(page).get_data(as_text=True)
    partner.post(f"{page}/ask", {"text": "Which shops?", "version": application.version}, page=page)
    own = buyer.client.get("/distributor/application").get_data(as_text=True)
    assert "Which shops?" in own
    answer = {**FORM, "text": "Forty corner shops.", "version": version(session, application.id)}
    assert buyer.post("/distributor/application", answer, page="/distributor/application").status_code == 303
    done = partner.post(f"{page}/approve", {"text": "", "version": version(session, application.id)}, page=page)
    assert done.status_code == 303
    assert attributed_chapter(session, buyer.organisation_id) == partner.chapter_id
    assert session.scalars(select(ApplicationNote.state).order_by(ApplicationNote.id)).all() == [
        "invited",
        "applied",
        "needs_info",
        "applied",
        "approved",
    ]


def test_documents_reach_the_reviewer_only(people: Cast, session: Session) -> None:
    partner, other, buyer = people.partner(), people.partner(country="IT"), people.buyer(country="US")
    path = invited(partner)
    upload = {**FORM, "documents": (io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"), "register.pdf")}
    sent = buyer.post(path, upload, page=path, content_type="multipart/form-data")
    assert sent.status_code == 303, sent.get_data(as_text=True)
    application = session.scalars(select(Application)).one()
    links = re.findall(r'href="(/files/\d+)"', partner.client.get(f"/partner/distributors/{application.id}").text)
    assert len(links) == 1
    assert partner.client.get(links[0]).status_code == 200
    assert other.client.get(links[0]).status_code == 404
    assert people.seller().client.get(links[0]).status_code == 404


@pytest.mark.parametrize("verb", ["approve", "refuse", "ask"])
def test_another_chapter_learns_and_changes_nothing(people: Cast, session: Session, verb: str) -> None:
    partner, other, buyer = people.partner(), people.partner(country="IT"), people.buyer(country="US")
    application = applied(partner, buyer, session)
    page = f"/partner/distributors/{application.id}"
    assert other.client.get(page).status_code == 404
    refused = other.post(f"{page}/{verb}", {"text": "x", "version": application.version})
    assert refused.status_code == 404
    assert "Example" not in other.client.get("/partner/distributors").get_data(as_text=True)
    assert session.scalar(select(Application.state)) == ApplicationState.APPLIED
    assert session.scalar(select(func.count()).select_from(Attribution)) == 0


def test_only_partners_reach_the_portal(people: Cast) -> None:
    for person in (people.buyer(), people.seller()):
        assert person.client.get("/partner/distributors").status_code == 403
        assert person.post("/partner/distributors/invite", {"company_name": "x"}).status_code == 403


def test_a_stale_decision_says_so(people: Cast, session: Session) -> None:
    partner, buyer = people.partner(), people.buyer(country="US")
    application = applied(partner, buyer, session)
    page = f"/partner/distributors/{application.id}"
    old = application.version
    partner.post(f"{page}/ask", {"text": "Which shops?", "version": old}, page=page)
    assert partner.post(f"{page}/approve", {"version": old}, page=page).status_code == 409
    assert session.scalar(select(func.count()).select_from(Attribution)) == 0


def test_a_refusal_needs_a_reason(people: Cast, session: Session) -> None:
    partner, buyer = people.partner(), people.buyer(country="US")
    application = applied(partner, buyer, session)
    page = f"/partner/distributors/{application.id}"
    assert partner.post(f"{page}/refuse", {"version": application.version}, page=page).status_code == 422
    assert session.scalar(select(Application.state)) == ApplicationState.APPLIED


def test_a_link_is_good_once_and_for_thirty_days(people: Cast, session: Session) -> None:
    partner, buyer, second = people.partner(), people.buyer(country="US"), people.buyer(country="US")
    path = invited(partner)
    late = invited(partner)
    assert buyer.post(path, FORM, page=path).status_code == 303
    assert second.client.get(path).status_code == 404
    with frozen(now() + services.onboarding.INVITE_LIFE):
        assert second.client.get(late).status_code == 404


def test_a_visitor_is_led_to_register_and_back(app: Flask, people: Cast) -> None:
    path = invited(people.partner())
    visitor = app.test_client()
    page = visitor.get(path).get_data(as_text=True)
    assert '"/register/buyer"' in page
    assert f"/sign-in?next={path}" in page
    way = visitor.get_cookie("way_back")
    assert way is not None
    assert way.decoded_value == path


def test_a_company_works_with_one_chapter(people: Cast, session: Session) -> None:
    first, second, buyer = people.partner(), people.partner(country="IT"), people.buyer(country="US")
    application = applied(first, buyer, session)
    path = invited(second)
    assert buyer.post(path, FORM, page=path).status_code == 409
    with transaction() as inside:
        services.approve(inside, first.actor, application.id, version(session, application.id), "")
    assert attributed_chapter(session, buyer.organisation_id) == first.chapter_id


def test_two_clicks_make_one_invitation(people: Cast, session: Session) -> None:
    partner = people.partner()
    hidden = guards(partner.client, "/partner/distributors/invite")
    for _ in range(2):
        partner.client.post("/partner/distributors/invite", data={**hidden, "company_name": "Example"})
    assert session.scalar(select(func.count()).select_from(Application)) == 1


def test_moves_not_listed_are_refused() -> None:
    assert set(APPLICATION_MOVES) == set(ApplicationState)
    assert APPLICATION_MOVES[ApplicationState.APPROVED] == frozenset()


def test_leads_of_approved_distributors_are_seen_by_their_chapter_alone(people: Cast, session: Session) -> None:
    partner, other, buyer = people.partner(), people.partner(country="IT"), people.buyer(country="US")
    application = applied(partner, buyer, session)
    with transaction() as inside:
        services.approve(inside, partner.actor, application.id, version(session, application.id), "")
    product = a_listed_product(people.seller(), title="Arabica of the chapter")
    with transaction() as inside:
        send_inquiry(inside, buyer.actor, product.id, InquiryDraft("We need two hundred kilograms.", "en"))
    mine = partner.client.get("/partner/leads").get_data(as_text=True)
    assert "Arabica of the chapter" in mine
    assert "two hundred kilograms" not in mine
    assert "Arabica of the chapter" not in other.client.get("/partner/leads").get_data(as_text=True)
