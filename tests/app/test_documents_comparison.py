"""The comparison of quotes as a PDF: wide, in the reader's language, the same bytes each time, for its buyer alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from marketplace.documents import drawing, views
from marketplace.documents.comparing import SIDE_BY_SIDE, comparison_sheet, moment_of
from marketplace.documents.drawing import DrawingFailed
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import now
from marketplace.kernel.uow import transaction
from marketplace.quotes.asked import asked_comparison
from marketplace.quotes.comparison import as_table
from marketplace.rfqs.models import Rfq
from tests.support.flows import a_request
from tests.support.people import Cast, Person
from tests.support.quoting import a_sent_quote

pytestmark = pytest.mark.usefixtures("app", "moment")
reads_back = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler reads the text back")


def text_of(data: bytes, folder: Path) -> str:
    """The words of a PDF."""
    file = folder / "quotes.pdf"
    file.write_bytes(data)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True).stdout.decode()


def an_asking(people: Cast, sellers: int) -> tuple[Person, str, list[Person]]:
    buyer, asked = people.buyer(), [people.seller() for _ in range(sellers)]
    rfq = a_request(buyer, asked)
    with transaction() as session:
        session.get_one(Rfq, rfq.id).quote_cap = 12
    for place, seller in enumerate(asked):
        a_sent_quote(seller, rfq, price=f"6.{place}0", currency="EUR" if place == 1 else "USD")
    return buyer, f"/requests/{rfq.key}/quotes.pdf", asked


@reads_back
def test_it_is_wide_whole_and_the_same_each_time(people: Cast, tmp_path: Path) -> None:
    buyer, path, sellers = an_asking(people, 2)
    assert path in buyer.client.get(path.removesuffix(".pdf")).text
    first, again = buyer.client.get(path), buyer.client.get(path)
    assert first.mimetype == "application/pdf"
    assert first.get_data() == again.get_data()
    words = text_of(first.get_data(), tmp_path)
    for seller in sellers:
        assert seller.actor.organisation_name in words
    assert "European Central Bank" in words, "the rate and its day are printed"
    assert "Assumptions" in words
    size = subprocess.run(["pdfinfo", str(tmp_path / "quotes.pdf")], capture_output=True, check=True).stdout.decode()
    assert "841.89 x 595.276" in size, "A4 on its long side"


@reads_back
def test_it_follows_the_reader_s_footing_and_language(people: Cast, tmp_path: Path) -> None:
    buyer, path, _sellers = an_asking(people, 2)
    plain = text_of(buyer.client.get(path).get_data(), tmp_path)
    other = text_of(buyer.client.get(f"{path}?currency=EUR&incoterm=CIF&freight=0.10").get_data(), tmp_path)
    assert "CIF" in other
    assert "0.10" in other, "an own estimate is printed as one"
    assert other != plain
    german = text_of(buyer.client.get(f"/de{path}").get_data(), tmp_path)
    assert "Europäischen Zentralbank" in german


def test_strangers_and_requests_without_quotes_have_none(people: Cast) -> None:
    buyer, path, sellers = an_asking(people, 1)
    assert people.buyer().client.get(path).status_code == 404
    assert sellers[0].client.get(path).status_code in {403, 404}
    bare = a_request(buyer, [people.seller()])
    assert buyer.client.get(f"/requests/{bare.key}/quotes.pdf").status_code == 404


def test_more_quotes_than_a_page_is_wide_go_on_below(people: Cast, session: Session) -> None:
    buyer, path, sellers = an_asking(people, SIDE_BY_SIDE + 1)
    with speaking("en"):
        key = path.split("/")[2]
        rfq, quoted, found = asked_comparison(session, buyer.actor, key, {}, locale="en")
        text, _print = comparison_sheet(rfq, found, moment_of(rfq, quoted), "en", "UTC")
    sheet = json.loads(text)
    assert [len(part["columns"]) for part in sheet["tables"]] == [SIDE_BY_SIDE, 1]
    assert sorted(column["title"] for part in sheet["tables"] for column in part["columns"]) == sorted(
        seller.actor.organisation_name for seller in sellers
    )
    assert len(sheet["tables"][1]["rows"]) == len(as_table(found)) - 1 - len(found.footnotes)


def test_a_drawing_that_fails_says_so(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    buyer, path, _sellers = an_asking(people, 1)

    def fails(*_all: object) -> bytes:
        raise DrawingFailed("CalledProcessError")

    with monkeypatch.context() as patched:
        patched.setattr(views, "drawn_apart", fails)
        assert buyer.client.get(path).status_code == 409
    with pytest.raises(DrawingFailed):
        drawing.drawn_apart("no sheet", "", now(), "comparison")
