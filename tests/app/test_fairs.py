"""Fairs: recorded and changed by who looks after them; their code travels with requests; what comes of it is counted."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.fairs.models import Fair
from marketplace.fairs.personal_data import erase, export
from marketplace.fairs.queries import public_fair
from marketplace.fairs.rules import CODE_LENGTH, CODE_LETTERS, code_in
from marketplace.fairs.services import FairDraft, change_fair, record_fair, withdraw_fair
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.uow import transaction
from marketplace.rfqs.drafts import InquiryDraft
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.services import send_inquiry
from tests.app.test_matchmaking import sugar, text_of
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry_form
from tests.support.guests import GUEST, ask, confirmed, link_for
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
SHEET = {
    "name": "Contoh Food Fair", "city": "Cologne", "country": "DE", "first_day": "2026-12-05", "last_day": "2026-12-09",
    "commodities": ["coconut-sugar", "nutmeg"], "note": "Hall 4, stand C 12",
}  # fmt: skip
DRAFT = FairDraft("Contoh Food Fair", "Cologne", "DE", date(2026, 12, 5), date(2026, 12, 9), ("coconut-sugar",))
HOSTILE = (
    "'; DROP TABLE fair; --", "<script>alert(1)</script>", "\u202e\ud7ff", "A" * 5000, "../../etc/shadow",
    "%s%n{{7*7}}", "ＡＢＣ２３４", "=HYPERLINK(1)", "http://[", "ABC23", "ABC2345",
)  # fmt: skip


def a_fair(person: Person, **more: Any) -> Fair:
    """A fair that this person recorded."""
    values = {name: more.get(name, getattr(DRAFT, name)) for name in FairDraft.__dataclass_fields__}
    with transaction() as session:
        return record_fair(session, person.actor, FairDraft(**values), code=more.get("code", ""))


def fairs(session: Session) -> list[Fair]:
    session.rollback()
    return list(session.scalars(select(Fair).order_by(Fair.id).execution_options(populate_existing=True)))


def the_request(session: Session) -> Rfq:
    session.rollback()
    return session.scalars(select(Rfq).execution_options(populate_existing=True)).one()


def an_end(fair: Fair, person: Person) -> None:
    """Its code counts no more, though requests came from it."""
    with transaction() as session:
        session.get_one(Fair, fair.id).withdrawn_at = datetime.fromisoformat("2026-11-22T00:00:00+00:00")


@pytest.mark.parametrize(
    "typed", ["k3m9xq", " K3M-9XQ ", "K3M 9XQ", "https://souq.example/de/fairs/K3M9XQ?page=2", "K3M9XQ/"]
)
def test_a_code_is_read_as_people_give_it(typed: str) -> None:
    assert code_in(typed) == "K3M9XQ"


@pytest.mark.parametrize("typed", [*HOSTILE, "", None, 7])
def test_what_is_no_code_is_none(typed: object) -> None:
    assert code_in(typed) == ""


def test_the_whole_way_of_a_fair(people: Cast, session: Session) -> None:
    partner = people.partner()
    assert "No fairs yet" in text_of(partner.client, "/partner/fairs")
    answer = partner.post("/partner/fairs/new", SHEET, page="/partner/fairs/new")
    (fair,) = fairs(session)
    assert (answer.status_code, answer.location) == (303, f"/partner/fairs/{fair.id}")
    assert (fair.chapter_id, fair.name, fair.commodities) == (partner.chapter_id, SHEET["name"], SHEET["commodities"])
    assert len(fair.code) == CODE_LENGTH
    assert set(fair.code) <= set(CODE_LETTERS)
    page = text_of(partner.client, f"/partner/fairs/{fair.id}")
    for part in (fair.code, f"/fairs/{fair.code}", "Hall 4, stand C 12", "Nothing to count yet"):
        assert part in page
    assert fair.code in text_of(partner.client, "/partner/fairs")
    poster = text_of(partner.client, f"/partner/fairs/{fair.id}/poster")
    assert fair.code in poster
    assert "Hall 4" not in poster, "the note is the owner's own"
    picture = partner.client.get(f"/fairs/{fair.code}/code.svg")
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    edit = f"/partner/fairs/{fair.id}/edit"
    changed = {**SHEET, "city": "Düsseldorf", "version": str(fair.version)}
    assert partner.post(edit, changed, page=edit).status_code == 303
    (now,) = fairs(session)
    assert (now.city, now.code) == ("Düsseldorf", fair.code)
    stale = partner.post(edit, {**changed, "city": "Essen"}, page=edit)
    assert stale.status_code == 409
    assert "Essen" in stale.get_data(as_text=True), "what was typed stays"
    assert [one.city for one in fairs(session)] == ["Düsseldorf"]
    steps = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("fair.%")).order_by(AuditEntry.id))
    assert list(steps) == ["fair.recorded", "fair.changed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "\u200b"}, {"city": ""}, {"country": "XX"}, {"first_day": "tomorrow"}, {"last_day": ""},
        {"last_day": "2026-12-04"}, {"last_day": "2027-12-04"}, {"commodities": []}, {"commodities": ["moon-dust"]},
        {"note": "x" * 501}, {"name": "x" * 201},
    ],
)  # fmt: skip
def test_a_wrong_sheet_is_refused_and_keeps_what_was_typed(
    people: Cast, session: Session, wrong: dict[str, Any]
) -> None:
    partner = people.partner()
    answer = partner.post("/partner/fairs/new", {**SHEET, "note": "Stand C 12", **wrong}, page="/partner/fairs/new")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True) or "has-error" in answer.get_data(as_text=True)
    assert fairs(session) == []


def test_two_clicks_record_one_fair(people: Cast, session: Session) -> None:
    partner = people.partner()
    data = {**guards(partner.client, "/partner/fairs/new"), **SHEET}
    first, again = (partner.client.post("/partner/fairs/new", data=data) for _click in range(2))
    assert (first.status_code, again.status_code, first.location) == (303, 303, again.location)
    assert len(fairs(session)) == 1


def test_other_chapters_know_nothing_of_a_fair(people: Cast, session: Session) -> None:
    owner, other = people.partner(), people.partner()
    fair = a_fair(owner)
    missing = other.client.get("/partner/fairs/999999").get_data(as_text=True)
    for page in ("", "/edit", "/poster"):
        answer = other.client.get(f"/partner/fairs/{fair.id}{page}")
        assert answer.status_code == 404
    assert other.client.get(f"/partner/fairs/{fair.id}").get_data(as_text=True).count(fair.code) == missing.count(
        fair.code
    )
    assert fair.code not in text_of(other.client, "/partner/fairs")
    sheet = {**SHEET, "name": "Taken over", "version": str(fair.version)}
    for verb in ("edit", "withdraw"):
        assert other.post(f"/partner/fairs/{fair.id}/{verb}", sheet).status_code == 404
    assert [(one.name, one.withdrawn_at) for one in fairs(session)] == [(DRAFT.name, None)]
    for stranger in (people.buyer(), people.seller()):
        for page in (f"/partner/fairs/{fair.id}", f"/console/fairs/{fair.id}", "/partner/fairs", "/console/fairs"):
            assert stranger.client.get(page).status_code in {403, 404}
        with pytest.raises(NotFound), transaction() as inside:
            record_fair(inside, stranger.actor, DRAFT)
    assert owner.client.get(f"/console/fairs/{fair.id}").status_code == 404
    assert len(fairs(session)) == 1


def test_staff_record_the_programmes_fairs_and_look_after_all(people: Cast, session: Session) -> None:
    curator, owner = people.curator(), people.partner()
    theirs = a_fair(owner)
    answer = curator.post("/console/fairs/new", SHEET, page="/console/fairs/new")
    own = fairs(session)[-1]
    assert (answer.location, own.chapter_id) == (f"/console/fairs/{own.id}", None)
    shown = text_of(curator.client, "/console/fairs")
    assert theirs.code in shown
    assert own.code in shown
    assert own.code not in text_of(owner.client, "/partner/fairs")
    assert owner.client.get(f"/partner/fairs/{own.id}").status_code == 404
    page = f"/console/fairs/{theirs.id}"
    assert curator.post(f"{page}/withdraw", {"version": str(theirs.version)}, page=page).location == "/console/fairs"
    assert [one.id for one in fairs(session)] == [own.id]


def test_a_fair_is_deleted_until_a_request_came_from_it(people: Cast, session: Session) -> None:
    partner, buyer = people.partner(), people.buyer()
    product = a_listed_product(people.seller())
    unused, used = a_fair(partner), a_fair(partner)
    with transaction() as inside:
        send_inquiry(inside, buyer.actor, product.id, InquiryDraft("What is your price?", "en", fair=used.code))
    for fair in (unused, used):
        page = f"/partner/fairs/{fair.id}"
        assert partner.post(f"{page}/withdraw", {"version": "99"}, page=page).status_code == 409
        assert partner.post(f"{page}/withdraw", {"version": str(fair.version)}, page=page).status_code == 303
    (left,) = fairs(session)
    assert (left.id, left.withdrawn_at is not None) == (used.id, True)
    assert the_request(session).fair_id == used.id
    shown = text_of(partner.client, f"/partner/fairs/{used.id}")
    assert "was withdrawn on" in shown
    assert "1 request came from this fair." in shown
    assert partner.client.get(f"/partner/fairs/{used.id}/poster").status_code == 409
    for version in (left.version, 1):
        with pytest.raises(Conflict), transaction() as inside:
            change_fair(inside, partner.actor, used.id, version, DRAFT)
        with pytest.raises(Conflict), transaction() as inside:
            withdraw_fair(inside, partner.actor, used.id, version)


def test_a_code_that_is_taken_gives_way_to_another(people: Cast) -> None:
    first, second = a_fair(people.partner(), code="K3M9XQ"), a_fair(people.partner(), code="K3M9XQ")
    assert (first.code, len(second.code)) == ("K3M9XQ", CODE_LENGTH)
    assert second.code != first.code


def test_who_scans_sees_the_fairs_goods_without_a_session(client: FlaskClient, people: Cast) -> None:
    seller = people.seller()
    sugar(seller)
    a_listed_product(seller, "batik-fabric", title="Not shown there")
    fair = a_fair(people.partner())
    answer = client.get(f"/fairs/{fair.code.lower()}")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "csrf_token" not in html
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert f"?fair={fair.code}" in html
    assert "Not shown there" not in html
    assert f"/requests/new?fair={fair.code}" in html
    product = re.search(r'href="(/products/[^"?]+)\?fair=', html)
    assert product
    goods = client.get(f"{product[1]}?fair={fair.code}")
    assert (goods.status_code, "Set-Cookie" in goods.headers) == (200, False)
    asking = client.get(f"{product[1]}/inquiry", headers={"Referer": f"http://localhost{product[1]}?fair={fair.code}"})
    shown = asking.get_data(as_text=True)
    assert f'value="{fair.code}"' in shown
    assert "You met us at Contoh Food Fair, Cologne." in shown
    for referrer in (
        f"http://elsewhere.example{product[1]}?fair={fair.code}",
        "http://[",
        "nonsense",
        f"http://localhost/?fair={'x&' * 90}",
    ):
        again = client.get(f"{product[1]}/inquiry", headers={"Referer": referrer})
        assert (again.status_code, fair.code in again.get_data(as_text=True)) == (200, False)


@pytest.mark.parametrize(
    "address", ["/fairs/NNNNNN", "/fairs/NNNNNN/code.svg", "/fairs/%00", "/fairs/%F0%9F%92%A5", "/de/fairs/x"]
)
def test_an_unknown_code_says_so(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


def test_an_inquiry_remembers_the_fair(people: Cast, session: Session) -> None:
    buyer, fair = people.buyer(), a_fair(people.partner())
    product = a_listed_product(people.seller())
    page = f"/products/{product.slug}/inquiry?fair={fair.code}"
    data = {**an_inquiry_form("What is your best offer?"), "fair": f" {fair.code.lower()} "}
    answer = buyer.post(page, data, page=page)
    assert answer.status_code == 303
    assert the_request(session).fair_id == fair.id
    shown = text_of(buyer.client, answer.location)
    assert "goes on without it" not in shown
    assert "Contoh Food Fair" in shown, "the buyer sees what their request counts for"


@pytest.mark.parametrize("typed", [*HOSTILE, "NNNNNN"])
def test_a_code_that_counts_for_nothing_holds_nothing_back(people: Cast, session: Session, typed: str) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    page = f"/products/{product.slug}/inquiry"
    assert buyer.client.get(page, query_string={"fair": typed}).status_code == 200
    answer = buyer.post(page, {**an_inquiry_form("What is your best offer?"), "fair": typed}, page=page)
    assert answer.status_code == 303
    assert the_request(session).fair_id is None
    assert "Your request goes on without it." in text_of(buyer.client, answer.location)


def test_withdrawn_and_long_ended_fairs_count_no_more(people: Cast, session: Session, moment: datetime) -> None:
    partner, buyer = people.partner(), people.buyer()
    product = a_listed_product(people.seller())
    withdrawn = a_fair(partner)
    ended = a_fair(partner, first_day=date(2025, 11, 20), last_day=date(2025, 11, 21))
    last = a_fair(partner, first_day=date(2025, 11, 20), last_day=date(2025, 11, 22))
    an_end(withdrawn, partner)
    for fair, counts in ((withdrawn, False), (ended, False), (last, True)):
        with transaction() as inside:
            rfq = send_inquiry(inside, buyer.actor, product.id, InquiryDraft("What is it?", "en", fair=fair.code))
            assert rfq.fair_id == (fair.id if counts else None)
            assert (public_fair(inside, fair.code) is not None) is counts
        assert partner.client.get(f"/fairs/{fair.code}").status_code == (200 if counts else 404)
    with frozen(moment + timedelta(days=1)):
        assert public_fair(session, last.code) is None
    page = f"/products/{product.slug}/inquiry?fair={withdrawn.code}"
    assert "Your request goes on without it." in text_of(buyer.client, page)


def test_a_wrong_form_keeps_the_code(people: Cast) -> None:
    buyer, fair = people.buyer(), a_fair(people.partner())
    product = a_listed_product(people.seller())
    page = f"/products/{product.slug}/inquiry"
    answer = buyer.post(page, {**an_inquiry_form(""), "fair": fair.code}, page=page)
    assert answer.status_code == 422
    assert f'value="{fair.code}"' in answer.get_data(as_text=True)


def test_a_guests_inquiry_carries_the_fair(client: FlaskClient, people: Cast, session: Session) -> None:
    fair, product = a_fair(people.partner()), a_listed_product(people.seller())
    answer = ask(client, product.slug, fair=fair.code)
    assert (answer.status_code, answer.location) == (303, "/guest-requests/sent")
    assert confirmed(client, link_for()).status_code == 303
    assert the_request(session).fair_id == fair.id


def test_a_guest_hears_that_a_code_is_unknown(client: FlaskClient, people: Cast, session: Session) -> None:
    product = a_listed_product(people.seller())
    ask(client, product.slug, fair="NNNNNN")
    assert "Your request goes on without it." in text_of(client, "/guest-requests/sent")
    confirmed(client, link_for())
    assert the_request(session).fair_id is None


def test_a_visitor_who_signs_in_finds_the_code_again(client: FlaskClient, people: Cast) -> None:
    fair, product = a_fair(people.partner()), a_listed_product(people.seller())
    page = f"/products/{product.slug}/inquiry"
    data = {**guards(client, page), **an_inquiry_form("What is your best offer?"), "fair": fair.code, "way": "account"}
    assert client.post(page, data=data).status_code == 303
    assert f'value="{fair.code}"' in text_of(client, page)


def test_a_request_in_own_words_remembers_the_fair(client: FlaskClient, people: Cast, session: Session) -> None:
    sugar(people.seller())
    buyer, fair = people.buyer(), a_fair(people.partner())
    page = f"/requests/new?fair={fair.code}"
    assert "You met us at Contoh Food Fair, Cologne." in text_of(client, page)
    words = {"text": "2 t coconut sugar to Hamburg", "fair": fair.code}
    assert buyer.post("/requests/new", words, page=page).status_code == 303
    assert the_request(session).fair_id == fair.id
    other = buyer.post("/requests/new", {"text": "1 t coconut sugar", "fair": "x" * 300}, page=page)
    assert other.status_code == 303
    assert "Your request goes on without it." in text_of(buyer.client, other.location)


def test_a_guests_words_carry_the_fair(client: FlaskClient, people: Cast, session: Session) -> None:

    sugar(people.seller())
    fair = a_fair(people.partner())
    data = {**guards(client, "/requests/new"), "text": "2 t coconut sugar to Hamburg", "fair": fair.code}
    assert client.post("/requests/new", data=data).status_code == 303
    preview = "/requests/preview"
    assert client.post(preview, data={**guards(client, preview), **GUEST}).status_code == 303
    assert confirmed(client, link_for()).status_code == 303
    assert the_request(session).fair_id == fair.id


def test_a_fair_leads_to_its_sellers(people: Cast) -> None:
    sugar(people.seller())
    partner = people.partner()
    fair = a_fair(partner)
    page = partner.client.get(f"/partner/fairs/{fair.id}").get_data(as_text=True)
    link = re.search(r'href="(/partner/fair\?[^"]+)"', page)
    assert link
    address = link[1].replace("&amp;", "&")
    assert address == "/partner/fair?goods=coconut-sugar&countries=DE&opens=2026-12-05"
    ranked = partner.client.get(address)
    assert ranked.status_code == 200
    assert "Coconut sugar" in ranked.get_data(as_text=True)


def test_a_persons_data_are_given_out_and_erased(people: Cast, session: Session) -> None:
    partner = people.partner()
    fair = a_fair(partner, note="Ask for Mrs Contoh")
    with transaction() as inside:
        assert [one["note"] for one in export(inside, partner.user_id)["fairs"]] == ["Ask for Mrs Contoh"]
        erase(inside, partner.user_id)
    (left,) = fairs(session)
    assert (left.code, left.note, left.created_by_id) == (fair.code, "", None)


def test_the_service_judges_what_no_form_lets_through(people: Cast, session: Session) -> None:
    partner = people.partner()
    for wrong in ({"country": "ZZ"}, {"commodities": ()}, {"name": " "}, {"last_day": date(2026, 12, 4)}):
        with pytest.raises(DomainError):
            a_fair(partner, **wrong)
    assert fairs(session) == []
