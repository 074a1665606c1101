"""The catalogue of a fair: its goods by chosen sellers, with codes that lead to them and remember the fair."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from marketplace.documents.catalogue import Entry, catalogue_sheet
from marketplace.kernel.clock import frozen, now
from tests.app.test_fairs import a_fair
from tests.support.factories import a_draft, a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def words_of(data: bytes, folder: Path) -> str:
    """The words of a PDF."""
    file = folder / "catalogue.pdf"
    file.write_bytes(data)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True).stdout.decode()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler reads the text back")
def test_the_goods_of_chosen_sellers_are_printed_in_the_visitors_language(people: Cast, tmp_path: Path) -> None:
    partner, one, other = people.partner(), people.seller(), people.seller()
    fair = a_fair(partner)
    a_listed_product(one, "coconut-sugar", title="Sugar of Blitar #1 [x] $y$")
    a_listed_product(other, "coconut-sugar", title="Sugar of Jember")
    a_listed_product(one, "nutmeg", title="Nutmeg that is not shown")
    a_draft(one, "coconut-sugar")
    page = partner.client.get(f"/partner/fairs/{fair.id}/catalogue").text
    assert page.count('name="seller"') == 2
    assert f"/partner/fairs/{fair.id}/catalogue" in partner.client.get(f"/partner/fairs/{fair.id}").text
    answer = partner.client.get(f"/de/partner/fairs/{fair.id}/catalogue.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    words = words_of(answer.get_data(), tmp_path)
    for text in ("Contoh Food Fair", "Sugar of Blitar #1 [x] $y$", "Sugar of Jember", "Mindest"):
        assert text in words, text
    assert "Nutmeg" not in words
    slug = page.split('name="seller" value="')[1].split('"')[0]
    words = words_of(partner.client.get(f"/partner/fairs/{fair.id}/catalogue.pdf?seller={slug}").get_data(), tmp_path)
    assert ("Sugar of Blitar" in words) is not ("Sugar of Jember" in words)


def test_a_code_leads_to_its_product_and_remembers_the_fair(people: Cast) -> None:
    seller, partner = people.seller(), people.partner()
    fair, product = a_fair(partner), a_listed_product(seller, "coconut-sugar")
    address = f"http://localhost/products/{product.slug}?fair={fair.code}"
    text, first = catalogue_sheet({"title": "T"}, "en", [Entry("Sugar\u202e", "Maker", [("A", "B")], address)])
    (entry,) = json.loads(text)["products"]
    assert entry["title"] == "Sugar"
    assert entry["address"] == address
    assert entry["code"].startswith("<svg")
    assert catalogue_sheet({"title": "T"}, "en", [Entry("Sugar\u202e", "Maker", [("A", "B")], address)])[1] == first
    shown = people.buyer().client.get(f"/en/products/{product.slug}?fair={fair.code}")
    assert f"fair={fair.code}" in shown.text, "the way to ask carries the code on"


def test_who_does_not_look_after_the_fair_gets_none(people: Cast) -> None:
    partner, rival = people.partner(), people.partner()
    fair = a_fair(partner)
    for path in (f"/partner/fairs/{fair.id}/catalogue", f"/partner/fairs/{fair.id}/catalogue.pdf"):
        assert rival.client.get(path).status_code == 404
    assert partner.client.get(f"/partner/fairs/{fair.id}/catalogue.pdf").status_code == 404, "no goods, no paper"
    assert "Nobody offers" in partner.client.get(f"/partner/fairs/{fair.id}/catalogue").text
    assert people.curator().client.get(f"/console/fairs/{fair.id}/catalogue").status_code == 200
    with frozen(now() + timedelta(days=800)):
        assert people.curator().client.get(f"/console/fairs/{fair.id}/catalogue").status_code == 409
