"""Two chapters grant the same goods in the same country at once: nobody has alone what another has, too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.kernel.errors import Conflict
from marketplace.kernel.uow import transaction
from marketplace.partners.models import Territory
from marketplace.partners.services import grant_territory
from tests.app.test_introductions import a_distributor
from tests.app.test_partnerships import a_chapter
from tests.support.people import Cast, Person
from tests.support.racing import ROUNDS, all_at_once

pytestmark = pytest.mark.usefixtures("app", "moment")
GRANTS = 6


def test_nobody_has_alone_what_another_has_too(app: Flask, people: Cast, session: Session) -> None:
    chapters = [a_chapter(people, "DE"), a_chapter(people, "DE")]
    keys = [a_distributor(chapters[place % 2], people.buyer()) for place in range(GRANTS)]
    until = today() + timedelta(days=30)

    def pressed(partner: Person, key: int, day: date | None) -> bool:
        with app.app_context():
            try:
                with transaction() as inside:
                    grant_territory(inside, partner.actor, key, "DE", "coconut-sugar", day)
            except Conflict:
                return False
        return True

    for _round in range(ROUNDS):
        presses = [
            lambda place=place, key=key: pressed(chapters[place % 2], key, until if place < 2 else None)
            for place, key in enumerate(keys)
        ]
        # one of them clicks twice, the second time with a day
        presses.append(lambda: pressed(chapters[1], keys[-1], until))
        assert any(all_at_once(presses))
        session.rollback()
        rows = session.scalars(select(Territory)).all()
        assert rows
        assert len(rows) == 1 or all(one.exclusive_until is None for one in rows)
        with transaction() as inside:
            inside.execute(delete(Territory))
