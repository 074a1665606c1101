"""Operators at work in the console: people, organisations, chapters, commodities, the index's and the queue's work."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation
from marketplace.catalogue.models import CommoditySetting
from marketplace.kernel.clock import now
from marketplace.kernel.jobs import registered_jobs
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.policy import OrganisationKind
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.partners.models import Chapter
from tests.support.console import actions, text_of
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app")


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
