"""A form that carries papers is sent in parts, one without them in one piece: both count once and to the same limits."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.rfqs.models import Rfq
from marketplace.rfqs.services import limiting
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry_form
from tests.support.people import Cast, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
PLAIN, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


def body(content_type: str, form: dict[str, str]) -> dict[str, Any]:
    """What a browser sends: in parts with the empty field of the papers, too."""
    return {**form, "files": (io.BytesIO(b""), "")} if content_type == PARTS else dict(form)


@pytest.mark.parametrize(("first", "second"), [(PARTS, PARTS), (PLAIN, PARTS), (PARTS, PLAIN), (PLAIN, PLAIN)])
def test_the_same_showing_of_a_form_acts_once(people: Cast, session: Session, first: str, second: str) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    form = {**guards(buyer.client, path), **an_inquiry_form("Is the lot free?")}
    answers = [
        buyer.client.post(path, data=body(content_type, form), content_type=content_type)
        for content_type in (first, second)
    ]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert session.scalar(select(func.count(Rfq.id))) == 1


@pytest.mark.parametrize("content_type", [PLAIN, PARTS])
def test_the_limit_of_a_day_counts_both(
    people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch, content_type: str
) -> None:
    monkeypatch.setattr(limiting, "REQUESTS_A_DAY", 2)
    buyer, product = people.buyer(), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    found = []
    for each in (PLAIN, PARTS, content_type):
        form = {**guards(buyer.client, path), **an_inquiry_form("Is the lot free?")}
        found.append(buyer.client.post(path, data=body(each, form), content_type=each))
    assert [one.status_code for one in found] == [303, 303, 429]
    assert found[2].headers["Retry-After"]
    assert "Is the lot free?" in found[2].get_data(as_text=True), "what was typed stays"
    assert session.scalar(select(func.count(Rfq.id))) == 2
