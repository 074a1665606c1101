"""Meetings at fairs by hand of their pages: the organiser opens them, two people meet, paper and calendar say when."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen
from marketplace.matchmaking.services.meeting import worth_meeting
from marketplace.meetings.models import Meeting, MeetingPlan, MeetingSession
from marketplace.meetings.queries import counterparts, own_guest
from marketplace.meetings.rules import MeetingState
from marketplace.rfqs.models import Rfq
from tests.app.test_fairs import a_fair
from tests.app.test_fairs_catalogue import words_of
from tests.app.test_matchmaking import text_of
from tests.app.test_quotes_races import browser
from tests.support.factories import a_listed_product
from tests.support.meetings import REASON, a_hall, as_it_is
from tests.support.people import Cast, guards
from tests.support.racing import all_at_once, statuses

pytestmark = pytest.mark.usefixtures("app", "moment")
SHEET = {"person": "Anna Muster", "about": "We bake with it.", "commodities": ["coconut-sugar"]}


def test_the_whole_way_of_a_meeting(people: Cast, session: Session) -> None:
    owner, buyer, seller = people.partner(), people.buyer(), people.seller()
    goods = a_listed_product(seller, "coconut-sugar")
    fair = a_fair(owner, first_day=date(2026, 11, 23))  # sign-ins last that long
    root = f"/partner/fairs/{fair.id}/meetings"
    assert "No meetings are arranged" in text_of(buyer.client, "/meetings")
    assert buyer.client.get(f"/meetings/fairs/{fair.id}").status_code == 404
    terms = {
        "time_zone": "Europe/Berlin", "most_a_session": "8", "most_buyer": "12", "most_distributor": "16",
        "most_seller": "16", "version": "0",
    }  # fmt: skip
    for wrong in ({"time_zone": "Mars/Base"}, {"most_buyer": "0"}, {"most_seller": "x"}, {"most_a_session": "101"}):
        assert owner.post(f"{root}/terms", {**terms, **wrong}, page=root).status_code == 422, wrong
    assert session.scalar(select(func.count(MeetingPlan.id))) == 0
    assert owner.post(f"{root}/terms", terms, page=root).status_code == 303
    assert owner.post(f"{root}/terms", terms, page=root).status_code == 409, "an older form"
    new = f"{root}/sessions/new"
    assert "11 to 12 tables" in text_of(owner.client, f"{new}?expected=100&slots=10")
    sheet = {
        "day": "2026-11-23", "opens": "10:00", "closes": "11:00", "minutes": "20", "tables": "2", "place": "Hall 4",
        "version": "0",
    }  # fmt: skip
    for wrong in ({"day": "2026-12-30"}, {"opens": "25:00"}, {"minutes": "7"}, {"tables": "-1"}, {"closes": "09:00"}):
        assert owner.post(new, {**sheet, **wrong}, page=new).status_code == 422, wrong
    assert owner.post(new, sheet, page=new).status_code == 303
    assert session.scalar(select(func.count(MeetingSession.id))) == 1

    own = f"/meetings/fairs/{fair.id}"
    for person in (buyer, seller):
        assert fair.name in text_of(person.client, "/meetings")
        assert person.client.get(own).location == f"{own}/join"
        assert person.post(f"{own}/join", {**SHEET, "person": ""}, page=f"{own}/join").status_code == 422
        assert person.post(f"{own}/join", SHEET, page=f"{own}/join").location == own
    page = buyer.client.get(own).text
    assert seller.actor.organisation_name in page
    assert "Anna Muster" not in page, "who comes is read by those who meet"
    (address,) = set(re.findall(rf'action="({own}/ask/\d+)"', page))
    answer = buyer.post(address, {"reason": REASON}, page=own)
    assert answer.location == own
    key = session.scalars(select(Meeting.key)).one()
    path = f"/meetings/{key}"
    page = seller.client.get(path).text
    slot = re.findall(r'<option value="(\d+-\d+)">([^<]+)', page)
    assert [text for _code, text in slot] == ["10:00 · Hall 4", "10:20 · Hall 4", "10:40 · Hall 4"]
    assert REASON in page
    assert seller.post(f"{path}/accept", {"slot": slot[1][0], "version": "1"}, page=path).location == path
    page = buyer.client.get(path).text
    for part in ("10:20–10:40", "Hall 4", "Anna Muster", "Times of Berlin"):
        assert part in page, part
    for stranger in (people.buyer(), people.seller()):
        for at in (path, f"{path}/meeting.ics"):
            assert stranger.client.get(at).status_code == 404
        assert stranger.post(f"{path}/cancel", {"version": "2"}).status_code == 404
    assert people.partner().client.get(f"{root}/{key}").status_code == 404
    assert "10:20" in owner.client.get(root).text
    assert REASON in owner.client.get(f"{root}/{key}").text
    desk = f"/console/fairs/{fair.id}/meetings"
    staff = people.curator().client
    assert "10:20" in staff.get(desk).text
    assert REASON in staff.get(f"{desk}/{key}").text
    assert 'name="opens"' in staff.get(f"{desk}/sessions/new").text
    (session_page,) = set(re.findall(rf'href="({desk}/sessions/\d+)"', staff.get(desk).text))
    assert "Hall 4" in staff.get(session_page).text

    with frozen(datetime(2026, 11, 23, 11, tzinfo=UTC)):
        page = buyer.client.get(path).text
        assert goods.slug in page
        assert goods.slug not in seller.client.get(path).text
        version = str(as_it_is(session, key).version)
        data = {"product": goods.slug, "text": "500 kg, please.", "version": version}
        led = buyer.post(f"{path}/inquiry", data, page=path)
        rfq = session.scalars(select(Rfq)).one()
        assert led.location == f"/requests/{rfq.key}"
        assert rfq.fair_id == fair.id
        assert f"/requests/{rfq.key}" in buyer.client.get(path).text
        assert "The buyer wants a quote" in text_of(owner.client, f"{root}/{key}")
        assert "1 request came from this fair." in text_of(owner.client, f"/partner/fairs/{fair.id}")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler reads the text back")
def test_the_schedule_is_printed_in_the_readers_language(people: Cast, tmp_path: Path) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    hall.is_set(buyer, seller, 1)
    own = f"/meetings/fairs/{hall.fair_id}"
    answer = buyer.client.get(f"{own}/schedule.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    words = words_of(answer.get_data(), tmp_path)
    for part in (
        "10:20–10:40",
        "Hall 4",
        "Siti",
        seller.actor.organisation_name,
        "Contoh Food Fair",
        "Times of Berlin",
    ):
        assert part in words, part
    words = words_of(seller.client.get(f"/zh-hans{own}/schedule.pdf").get_data(), tmp_path)
    assert "2026年12月5日" in words.replace(" ", "")
    assert buyer.actor.organisation_name in words
    tables = f"/partner/fairs/{hall.fair_id}/meetings/tables.pdf"
    words = words_of(hall.owner.client.get(f"{tables}?day=2026-12-05").get_data(), tmp_path)
    assert words.count("\f") == 2, "a sheet for each of two tables"
    assert words.index("10:20–10:40") < words.index("Table 2")
    for address in (tables, f"{tables}?day=2026-12-06", f"{tables}?day=%27--"):
        assert hall.owner.client.get(address).status_code == 404
    assert people.partner().client.get(f"{tables}?day=2026-12-05").status_code == 404
    assert people.buyer().client.get(f"{own}/schedule.pdf").status_code == 404, "who takes no part has no schedule"


def test_the_calendar_file_tells_the_moment(people: Cast) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    key = hall.is_set(buyer, seller, 1)
    for person, address in (
        (buyer, f"/meetings/{key}/meeting.ics"),
        (seller, f"/meetings/fairs/{hall.fair_id}/schedule.ics"),
    ):
        answer = person.client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
        text = answer.text.replace("\r\n ", "")
        assert "DTSTART:20261205T092000Z\r\nDTEND:20261205T094000Z" in text
        assert "Hall 4\\, Table 1\\, Contoh Food Fair" in text
    open_one = hall.asked(people.buyer(), seller)
    assert seller.client.get(f"/meetings/{open_one}/meeting.ics").status_code == 404, "it has no time yet"


def test_the_matcher_proposes_whom_to_meet_and_says_why(people: Cast, session: Session) -> None:
    hall, buyer = a_hall(people), people.buyer()
    fitting, other, absent = people.seller(), people.seller(), people.seller()
    a_listed_product(fitting, "coconut-sugar")
    a_listed_product(absent, "coconut-sugar")
    a_listed_product(other, "nutmeg")
    for person in (buyer, fitting, other):
        hall.joined(person)
    session.rollback()
    for reader, expected in ((buyer, fitting), (fitting, buyer)):
        guest = own_guest(session, reader.actor, hall.plan_id)
        assert guest is not None
        (found,) = worth_meeting(session, guest, counterparts(session, guest))
        assert found.guest_id == hall.guests[expected.user_id]
        assert found.reasons["for"]
        assert 'class="reason-met"' in reader.client.get(f"/meetings/fairs/{hall.fair_id}").text


def test_a_slot_that_is_gone_is_said_on_the_form_and_nothing_changes(people: Cast, session: Session) -> None:
    hall, seller = a_hall(people), people.seller()
    first, second = people.buyer(), people.buyer()
    key = hall.asked(first, seller)
    hall.is_set(second, seller)
    page = f"/meetings/{key}"
    refused = seller.post(f"{page}/accept", {"version": "1", "slot": hall.slot()}, page=page)
    assert refused.status_code == 409
    text = refused.get_data(as_text=True)
    assert "This time was taken a moment ago. Choose another one." in text
    assert 'role="alert"' in text
    assert hall.slot(1) in text, "the times that are left can be chosen at once"
    assert hall.slot() not in text
    assert as_it_is(session, key).state == MeetingState.REQUESTED
    empty = seller.post(f"{page}/decline", {"version": "1", "reason": " "}, page=page)
    assert empty.status_code == 422
    assert "Write why, so that they know." in empty.get_data(as_text=True)
    kept = f"/partner/fairs/{hall.fair_id}/meetings/{key}"
    late = hall.owner.post(f"{kept}/schedule", {"version": "1", "slot": hall.slot()}, page=kept)
    assert late.status_code == 409
    assert "This time was taken a moment ago. Choose another one." in late.get_data(as_text=True)
    old = seller.post(f"{page}/decline", {"version": "7", "reason": "zq full up"}, page=page)
    assert old.status_code == 409
    assert "zq full up" in old.get_data(as_text=True), "what was typed stays"


def test_the_page_of_a_stand_leads_to_the_meetings(people: Cast, session: Session) -> None:
    hall = a_hall(people)
    reader = people.buyer()
    assert f"/meetings/fairs/{hall.fair_id}" in reader.client.get(f"/fairs/{hall.code}").text
    bare = a_fair(people.partner())
    assert "/meetings/fairs/" not in reader.client.get(f"/fairs/{bare.code}").text


def test_one_slot_that_many_want_goes_to_one(app: Flask, people: Cast, session: Session) -> None:
    """Everybody whom the seller asked takes the same slot at the same moment; then many sellers want two tables."""
    hall, seller = a_hall(people), people.seller()
    with_seller = [people.buyer() for _hand in range(3)]
    pairs = [(one, hall.asked(one, seller)) for one in with_seller]
    others = [people.seller() for _hand in range(7)]
    pairs_of_others = [(one, hall.asked(people.buyer(), one)) for one in others]
    presses = []
    for asked, key in [(seller, key) for _buyer, key in pairs] + pairs_of_others:
        hand = browser(app, asked)
        data = {**guards(hand, f"/meetings/{key}"), "version": "1", "slot": hall.slot()}
        presses.append(lambda hand=hand, key=key, data=data: hand.post(f"/meetings/{key}/accept", data=data))
    session.rollback()
    found = statuses(all_at_once(presses))
    assert set(found) == {303, 409}, found
    assert found[303] == 2, "as many as there are tables"
    session.rollback()
    taken = session.execute(select(Meeting.table_number, Meeting.asked_id).where(Meeting.slot == 0)).all()
    assert sorted(table for table, _guest in taken) == [1, 2]
    assert len({guest for _table, guest in taken}) == 2, "the seller sits at one of them at most"
