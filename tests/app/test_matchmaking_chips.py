"""Chips put right by a click: an attribute becomes a wish, or a must again."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketplace.matchmaking.models import Suggestion
from marketplace.matchmaking.reading import profile_of
from marketplace.rfqs.models import Rfq
from tests.app.test_matchmaking import drafted, text_of, the_rfq
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_one_click_makes_an_attribute_a_wish_and_back(people: Cast, session: Session) -> None:
    words = "300 kg roasted coffee, dark roast, to Singapore"
    light = a_listed_product(
        people.seller(), "coffee-roasted", title="Roasted coffee", specs={"roast_level": "light"}
    ).id
    buyer = people.buyer()
    key = drafted(buyer, words)
    path = f"/requests/{key}/match"

    def turn(value: str) -> Rfq:
        data = {
            "text": words, "commodity": "coffee-roasted", "quantity": "300", "unit": "kg", "destination": "SG",
            "currency": "USD", "price_unit": "kg", "version": str(the_rfq(session, key).version), "turn": value,
        }  # fmt: skip
        assert buyer.post(path, data, page=path).status_code == 303
        return the_rfq(session, key)

    read = profile_of(the_rfq_with_lines(session, key))
    chip = next(each for each in read.understood if each.value == "roast-dark")
    assert (chip.stance, chip.value in read.attributes) == ("required", True)
    assert f'name="turn" value="{chip.value}=preferred"' in text_of(buyer.client, path)
    turn(f"{chip.value}=preferred")
    softened = profile_of(the_rfq_with_lines(session, key))
    assert chip.value not in softened.attributes
    assert chip.value in softened.preferred_attributes
    assert f'name="turn" value="{chip.value}=required"' in text_of(buyer.client, path)
    assert light in set(session.scalars(select(Suggestion.product_id)))
    turn(f"{chip.value}=required")
    assert set(profile_of(the_rfq_with_lines(session, key)).attributes) == set(read.attributes)
    turn("nonsense=preferred")
    turn("")
    assert set(profile_of(the_rfq_with_lines(session, key)).attributes) == set(read.attributes)


def the_rfq_with_lines(session: Session, key: str) -> Rfq:
    session.rollback()
    query = select(Rfq).where(Rfq.key == key).options(selectinload(Rfq.lines))
    return session.scalars(query.execution_options(populate_existing=True)).one()
