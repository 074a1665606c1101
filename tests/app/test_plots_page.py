"""The page on which a seller looks at a file of plots: findings by plot, a file to take along, nothing kept."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from tests.support.factories import a_listed_product
from tests.support.people import Cast, Person, guards
from tests.unit.marketaccess.test_plots import EAST, field_of, file_of, outline

pytestmark = pytest.mark.usefixtures("app", "moment")
PAGE = "/selling/plots"


def sent(person: Person, data: bytes, **more: str) -> tuple[int, str, str]:
    """Status, kind and text of the answer to a file."""
    form = {**guards(person.client, PAGE), **more, "file": (io.BytesIO(data), "plots.geojson")}
    answer = person.client.post(PAGE, data=form, content_type="multipart/form-data")
    return answer.status_code, answer.mimetype, answer.text


def test_a_file_is_looked_at_and_handed_back_for_the_importer(people: Cast, session: Session) -> None:
    seller = people.seller()
    good = file_of(outline(field_of(), ProducerName="<b>Contoh</b>", weight_kg=10))
    status, _kind, page = sent(seller, good)
    assert status == 200
    assert "Nothing is wrong that a machine can see. Plots: 1." in page
    status, kind, text = sent(seller, good, do="file", lot="10")
    assert (status, kind) == (200, "application/geo+json")
    assert json.loads(text)["features"][0]["properties"]["ProducerName"] == "<b>Contoh</b>"
    assert session.scalar(select(func.count(StoredFile.id))) == 0, "nothing of it is kept"


def test_findings_name_their_plot_and_keep_the_file_back(people: Cast) -> None:
    seller = people.seller()
    both = file_of(outline(field_of()), outline(field_of(EAST + 500)))
    status, kind, page = sent(seller, both, do="file")
    assert (status, kind) == (422, "text/html")
    assert "This plot overlaps plot 2." in page
    status, _kind, page = sent(seller, file_of(outline(field_of(), weight_kg=10)), lot="12")
    assert status == 422
    assert "The weights of the plots come to 10 kg" in page
    assert seller.post(PAGE, {}, page=PAGE).status_code == 422


def test_the_page_of_a_market_that_asks_for_plots_leads_there(people: Cast) -> None:
    seller = people.seller()
    coffee, sugar = a_listed_product(seller, "coffee-arabica-green"), a_listed_product(seller, "coconut-sugar")
    assert PAGE in seller.client.get(f"/selling/products/{coffee.slug}/markets/de").text
    assert PAGE not in seller.client.get(f"/selling/products/{sugar.slug}/markets/de").text
    assert people.buyer().client.get(PAGE).status_code in {403, 404}
