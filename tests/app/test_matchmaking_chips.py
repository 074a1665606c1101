"""Chips put right by a click: a must, a wish or unwanted, another value, taken away; kept, and heeded in ranking."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketplace.matchmaking.corrections import Corrections
from marketplace.matchmaking.models import Suggestion
from marketplace.matchmaking.reading import profile_of
from marketplace.rfqs.models import Rfq
from tests.app.test_matchmaking import drafted, text_of, the_rfq
from tests.support.factories import a_certificate, a_listed_product
from tests.support.people import Cast, Person

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


def click(buyer: Person, session: Session, key: str, words: str, fields: dict[str, str], **clicks: str) -> Rfq:
    """One click on the page of a draft, with the form's fields as they stand."""
    path = f"/requests/{key}/match"
    data = {
        "text": words, "unit": "kg", "currency": "USD", "price_unit": "kg",
        "version": str(the_rfq(session, key).version), **fields, **clicks,
    }  # fmt: skip
    answer = buyer.post(path, data, page=path)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return the_rfq_with_lines(session, key)


def test_an_attribute_can_be_unwanted_and_given_another_value(people: Cast, session: Session) -> None:
    words = "300 kg roasted coffee, dark roast, to Singapore"
    dark = a_listed_product(people.seller(), "coffee-roasted", specs={"roast_level": "dark"}).id
    light = a_listed_product(people.seller(), "coffee-roasted", specs={"roast_level": "light"}).id
    buyer = people.buyer()
    key = drafted(buyer, words)
    fields = {"commodity": "coffee-roasted", "quantity": "300", "destination": "SG"}

    def first(rfq: Rfq) -> int:
        query = select(Suggestion.product_id).where(Suggestion.rfq_id == rfq.id, Suggestion.position == 0)
        return session.scalars(query).one()

    assert first(the_rfq_with_lines(session, key)) == dark
    name = "attribute:required:roast-dark"
    html = text_of(buyer.client, f"/requests/{key}/match")
    assert f'name="change" value="{name}"' in html
    assert '<option value="roast-light">' in html
    rfq = click(buyer, session, key, words, fields, change=name, **{f"value:{name}": "roast-light"})
    assert set(profile_of(rfq).attributes) == {"roasted", "roast-light"}
    assert first(rfq) == light
    rfq = click(buyer, session, key, words, fields, turn="roast-light=excluded")
    read = profile_of(rfq)
    assert (read.attributes, read.excluded_attributes) == (("roasted",), ("roast-light",))
    assert first(rfq) == dark
    assert 'value="roast-light=required"' in text_of(buyer.client, f"/requests/{key}/match")
    rfq = click(buyer, session, key, words, fields, drop="attribute:excluded:roast-light")
    assert profile_of(rfq).excluded_attributes == ()


def test_a_certificate_becomes_a_wish_and_a_must_again(people: Cast, session: Session) -> None:
    words = "300 kg coconut sugar with halal certificate, to Singapore"
    bare = a_listed_product(people.seller(), "coconut-sugar").id
    holder = people.seller()
    held = a_listed_product(holder, "coconut-sugar", certificates=[a_certificate(holder, "halal-bpjph")]).id
    buyer = people.buyer()
    key = drafted(buyer, words)
    before = the_rfq_with_lines(session, key)
    assert before.certificates == ["halal-bpjph"]
    fields = {"commodity": "coconut-sugar", "quantity": "300", "destination": "SG"}
    rfq = click(buyer, session, key, words, fields | {"certificates": "halal-bpjph"}, turn="halal=preferred")
    read = profile_of(rfq)
    assert (rfq.certificates, read.certificates, read.preferred_certificates) == ([], (), ("halal",))
    rows = {row.product_id: row for row in session.scalars(select(Suggestion).where(Suggestion.rfq_id == rfq.id))}
    assert rows[bare].fits
    assert rows[held].fits
    assert rows[held].score > rows[bare].score, "a wish that is met counts"
    rfq = click(buyer, session, key, words, fields, turn="halal=required")
    assert (rfq.certificates, profile_of(rfq).preferred_certificates) == (["halal-bpjph"], ())
    rows = {row.product_id: row for row in session.scalars(select(Suggestion).where(Suggestion.rfq_id == rfq.id))}
    assert not rows[bare].fits


def test_what_was_typed_elsewhere_stays_when_a_chip_is_clicked(people: Cast, session: Session) -> None:
    words = "300 kg coconut sugar with halal certificate, to Singapore"
    buyer = people.buyer()
    key = drafted(buyer, words)
    fields = {
        "commodity": "coconut-sugar", "quantity": "450", "destination": "MY", "certificates": "organic-eu",
    }  # fmt: skip
    rfq = click(buyer, session, key, words, fields, drop="certificate:required:halal")
    assert (rfq.destination, rfq.certificates, rfq.lines[0].quantity) == ("MY", ["organic-eu"], 450)
    read = profile_of(rfq)
    assert (read.quantity, read.destinations, read.certificates) == (450.0, ("MY",), (("organic-eu",),))


def test_goods_can_be_unwanted(people: Cast, session: Session) -> None:
    words = "300 kg coconut sugar or palm sugar to Singapore"
    buyer = people.buyer()
    key = drafted(buyer, words)
    read = profile_of(the_rfq_with_lines(session, key))
    goods = read.goods[0]
    rfq = click(buyer, session, key, words, {"commodity": goods, "quantity": "300"}, turn=f"{goods}=excluded")
    after = profile_of(rfq)
    assert goods not in after.goods
    assert goods in after.excluded_goods
    assert rfq.lines[0].commodity != goods


def test_a_figure_is_typed_anew(people: Cast, session: Session) -> None:
    words = "2 t cinnamon sticks, moisture max 14%, to Hamburg"
    buyer = people.buyer()
    key = drafted(buyer, words)
    [limit] = profile_of(the_rfq_with_lines(session, key)).limits
    name = f"limit:required:{limit.figure} most 14"
    assert f'name="value:{name}" value="14"' in text_of(buyer.client, f"/requests/{key}/match")
    for typed, value in (("12,5", 12.5), ("-3", 12.5), ("nonsense", 12.5), ("1e99", 12.5), ("", 12.5)):
        [limit] = profile_of(the_rfq_with_lines(session, key)).limits
        now_named = f"limit:required:{limit.figure} most {limit.value:g}"
        rfq = click(buyer, session, key, words, {}, change=now_named, **{f"value:{now_named}": typed})
        assert [each.value for each in profile_of(rfq).limits] == [value]


def test_corrections_are_forgotten_with_the_words(people: Cast, session: Session) -> None:
    words = "300 kg coconut sugar with halal certificate, to Singapore"
    buyer = people.buyer()
    key = drafted(buyer, words)
    click(buyer, session, key, words, {"commodity": "coconut-sugar"}, drop="certificate:required:halal")
    rfq = click(buyer, session, key, words + " please", {"commodity": "coconut-sugar"})
    assert rfq.certificates == ["halal-bpjph"]


def test_hostile_clicks_change_nothing(people: Cast, session: Session) -> None:
    words = "300 kg roasted coffee, dark roast, to Singapore"
    buyer, stranger = people.buyer(), people.buyer()
    key = drafted(buyer, words)
    before = profile_of(the_rfq_with_lines(session, key))
    fields = {"commodity": "coffee-roasted", "quantity": "300", "destination": "SG"}
    name = "attribute:required:roast-dark"
    for clicks in (
        {"turn": "roast-dark=mandatory"}, {"turn": "=required"}, {"turn": "x" * 5000}, {"drop": "<script>"},
        {"change": name, f"value:{name}": "organic-eu"}, {"change": name, f"value:{name}": "<b>"},
        {"change": "nothing", "value:nothing": "roast-light"}, {"turn": "SG=excluded"},
    ):  # fmt: skip
        rfq = click(buyer, session, key, words, fields, **clicks)
        after = profile_of(rfq)
        assert (after.attributes, after.goods, after.destinations) == (
            before.attributes, before.goods, before.destinations,
        )  # fmt: skip
    path = f"/requests/{key}/match"
    assert stranger.post(path, {"text": words, "turn": "roast-dark=preferred"}).status_code == 404
    for spoiled in ([], {"values": {"a": None}, "stances": {"b": 3}, "dropped": [1]}, {"values": None}):
        assert Corrections.kept_in(spoiled or None).as_json().keys() == {"dropped", "stances", "values"}


def test_the_link_to_a_field_opens_it(people: Cast) -> None:
    buyer = people.buyer()
    path = f"/requests/{drafted(buyer, '300 kg coconut sugar to Singapore')}/match"
    html = text_of(buyer.client, path)
    assert 'href="?fix=quantity#quantity"' in html
    assert '<details class="panel" open>' not in html
    assert '<details class="panel" open>' in text_of(buyer.client, f"{path}?fix=quantity")
    assert '<details class="panel" open>' not in text_of(buyer.client, f"{path}?fix=nonsense")


def the_rfq_with_lines(session: Session, key: str) -> Rfq:
    session.rollback()
    query = select(Rfq).where(Rfq.key == key).options(selectinload(Rfq.lines))
    return session.scalars(query.execution_options(populate_existing=True)).one()


@pytest.mark.parametrize(
    ("words", "chip", "reason"),
    [
        ("9 t coconut sugar a year, to Singapore", "9,000 kg a year", "12,000 kg a year"),
        ("coconut sugar, 200 kg a week, to Singapore", "200 kg a week", "231 kg a week"),
    ],
)
def test_an_amount_is_shown_with_its_rhythm(people: Cast, session: Session, words: str, chip: str, reason: str) -> None:
    a_listed_product(people.seller(), "coconut-sugar", capacity_per_month=Decimal(1000))
    buyer = people.buyer()
    page = text_of(buyer.client, f"/requests/{drafted(buyer, words)}/match").replace("\N{NO-BREAK SPACE}", " ")
    assert chip in page
    assert f"Can make up to {reason}" in page
    assert "in the time there is" not in page
