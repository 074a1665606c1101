"""Meetings of the sample marketplace: two are set, one is declined, one waits."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.cli.sample.meetings import CHAPTER, FAIR, MeetingMaker
from marketplace.cli.sample.people import SampleBuyer, SampleChapter, SampleSeller
from marketplace.kernel.uow import transaction
from marketplace.meetings.models import Meeting
from marketplace.meetings.rules import MeetingState
from marketplace.sellers.rules import CurationState
from tests.app.test_fairs import a_fair
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_each_state_is_there(people: Cast, session: Session) -> None:
    partner = people.partner()
    a_fair(partner, code=FAIR, first_day=date(2027, 1, 2), last_day=date(2027, 1, 6))
    sellers = [people.seller(curation=CurationState.APPLIED), *(people.seller() for _number in range(4))]
    buyers = [people.buyer() for _number in range(3)]
    MeetingMaker(transaction).meetings(
        [SampleChapter(partner.chapter_id or 0, partner.organisation_id, partner.user_id, CHAPTER)],
        [SampleSeller(1, one.seller_id or 0, 0, one.organisation_id, one.user_id, "") for one in sellers],
        [SampleBuyer(one.organisation_id, one.user_id, "DE", "Hamburg", "de", "roaster") for one in buyers],
    )
    session.rollback()
    states = Counter(session.scalars(select(Meeting.state)))
    assert states == {MeetingState.ACCEPTED: 2, MeetingState.DECLINED: 1, MeetingState.REQUESTED: 1}
