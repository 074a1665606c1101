"""Pages of saved searches and shortlists, by hand of their people and of others."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.discovery.services import mark, refresh_marked
from marketplace.kernel import personal_data
from marketplace.kernel.uow import transaction
from marketplace.saved.jobs import alert
from marketplace.saved.models import SavedSearch, Shortlist, ShortlistItem
from marketplace.saved.rules import MOST_ITEMS, MOST_LISTS
from tests.support.factories import a_draft, a_listed_product
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app")


def text_of(person: Person | FlaskClient, path: str, status: int = 200) -> str:
    client = person.client if isinstance(person, Person) else person
    answer = client.get(path)
    assert answer.status_code == status, path
    return str(answer.get_data(as_text=True))


def count(session: Session, kind: Any) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(kind)) or 0


def a_list(person: Person, name: str = "For the spring") -> int:
    answer = person.post("/shortlists", {"name": name}, page="/shortlists")
    assert answer.status_code == 303
    return int(answer.location.rsplit("/", 1)[1])


def keep(person: Person, product: Product, shortlist: int, **more: str) -> Any:
    page = f"/shortlists/add?product={product.id}"
    return person.post("/shortlists/add", {"product": product.id, "shortlist": shortlist, **more}, page=page)


def a_search(person: Person, address: str = "q=coffee") -> int:
    page = f"/saved-searches/new?{address}"
    html = text_of(person, page)
    kept = re.search(r'name="address"[^>]*value="([^"]*)"', html)
    assert kept is not None
    data = {"address": kept[1].replace("&amp;", "&"), "name": "Coffee for us", "frequency": "instant"}
    answer = person.post("/saved-searches/new", data, page=page)
    assert answer.status_code == 303
    return int(answer.location.rsplit("/", 1)[1])


def test_a_visitor_finds_the_way_from_the_list_through_the_sign_in(client: FlaskClient, people: Cast) -> None:
    a_listed_product(people.seller(), title="Arabica Gayo")
    html = text_of(client, "/products?q=coffee&incoterm=FOB")
    (href,) = re.findall(r'href="(/saved-searches/new\?[^"]*)"', html)
    answer = client.get(href.replace("&amp;", "&"))
    assert answer.status_code == 302
    assert "sign-in" in answer.location
    assert "saved-searches" in answer.location
    assert "/saved-searches/new" not in text_of(client, "/products")


def test_saving_looking_after_and_deleting_a_search(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    key = a_search(buyer, "q=coffee+under+7+USD%2Fkg&incoterm=FOB&page=3&view=table")
    kept = session.get_one(SavedSearch, key)
    assert kept.address == "q=coffee+under+7+USD%2Fkg&incoterm=FOB"
    a_listed_product(seller, title="Arabica <b>Gayo</b>")
    alert()
    html = text_of(buyer, f"/saved-searches/{key}")
    assert "Arabica &lt;b&gt;Gayo" in html
    assert "at most 7" in html
    (ask,) = re.findall(r'href="(/requests/new\?text=[^"]*)"', html)
    form = text_of(buyer, ask.replace("&amp;", "&"))
    assert "coffee under 7 USD/kg" in form, "one step from the saved search to a request"
    assert "FOB" in html
    assert "Coffee for us" in text_of(buyer, "/saved-searches")
    assert "New for your saved search" in text_of(buyer, "/notices")
    page = f"/saved-searches/{key}"
    version = re.findall(r'name="version" value="(\d+)"', html)[0]
    changed = {"name": "Renamed", "frequency": "weekly", "version": version}
    assert buyer.post(page, changed, page=page).status_code == 303
    assert buyer.post(page, changed, page=page).status_code == 409
    assert buyer.post(page, {**changed, "frequency": "hourly"}, page=page).status_code == 422
    assert buyer.post(f"{page}/pause", page=page).status_code == 303
    assert "rests since" in text_of(buyer, page)
    assert buyer.post(f"{page}/resume", page=page).status_code == 303
    session.expire_all()
    kept = session.get_one(SavedSearch, key)
    assert (kept.name, kept.frequency, kept.paused_at) == ("Renamed", "weekly", None)
    assert buyer.post(f"{page}/delete", page=page).status_code == 303
    text_of(buyer, page, 404)


def test_filters_are_taken_off_and_words_changed_without_saving_anew(session: Session, people: Cast) -> None:
    buyer, stranger, seller = people.buyer(), people.buyer(), people.seller()
    key = a_search(buyer, "q=tea&incoterm=FOB&stage=petik")
    page = f"/saved-searches/{key}"
    (without,) = [
        each for each in re.findall(r'class="chip-remove" href="([^"]+)"', text_of(buyer, page)) if "FOB" in each
    ]
    html = text_of(buyer, without.replace("&amp;", "&"))
    assert "It changes when you save it." in html
    assert session.get_one(SavedSearch, key).address == "q=tea&stage=petik&incoterm=FOB"  # looking changes nothing
    hidden = dict(re.findall(r'name="(version|address)"[^>]*value="([^"]*)"', html))
    changed = {"name": "Coffee", "frequency": "instant", "words": "coffee", "version": hidden["version"]}
    changed["address"] = hidden["address"].replace("&amp;", "&")
    assert stranger.post(page, changed, page="/saved-searches").status_code == 404
    assert buyer.post(page, {**changed, "address": "", "words": ""}, page=page).status_code == 422
    assert buyer.post(page, {**changed, "words": "x" * 300}, page=page).status_code == 422
    assert buyer.post(page, changed, page=page).status_code == 303
    session.expire_all()
    assert session.get_one(SavedSearch, key).address == "q=coffee&incoterm=FOB"
    a_listed_product(seller, title="Arabica Gayo")
    alert()
    assert "Arabica Gayo" in text_of(buyer, page)


def test_a_repaired_word_is_saved_as_it_was_shown(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    a_listed_product(people.seller(), title="Arabica Gayo from Takengon", description="Takengon highlands.")
    with transaction() as writing:
        mark(writing, [("product", key) for key in writing.scalars(select(Product.id))])
    refresh_marked()
    html = text_of(buyer, "/products?q=takengom")
    assert "takengon" in html
    key = a_search(buyer, "q=takengom")
    assert session.get_one(SavedSearch, key).address == "q=takengon"


def test_a_double_click_saves_once(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    html = text_of(buyer, "/saved-searches/new?q=coffee")
    hidden = dict(re.findall(r'name="(csrf_token|_once|address)"[^>]*value="([^"]+)"', html))
    data = {**hidden, "name": "Coffee", "frequency": "daily"}
    first = buyer.client.post("/saved-searches/new", data=data)
    second = buyer.client.post("/saved-searches/new", data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count(session, SavedSearch) == 1


def test_nothing_to_watch_for_and_hostile_addresses(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    page = "/saved-searches/new?q=coffee"
    for address in ("", "q=", "nothing=here", "sort=price"):
        data = {"address": address, "name": "Empty", "frequency": "daily"}
        assert buyer.post("/saved-searches/new", data, page=page).status_code == 422
    many = "&".join(f"spec.x{n}=1&commodity=c{n}" for n in range(60))
    for address in ("q=%00", "q=" + "x" * 1900, "%", "&&&=", "q=\U0001f600", many):
        data = {"address": address, "name": "Odd", "frequency": "daily"}
        assert buyer.post("/saved-searches/new", data, page=page).status_code in {303, 400, 422}
    assert buyer.post(
        "/saved-searches/new", {"address": "q=" + "x" * 2500, "name": "Long", "frequency": "daily"}, page=page
    ).status_code == 422  # fmt: skip


def test_searches_and_lists_are_their_persons_alone(session: Session, people: Cast) -> None:
    buyer, stranger, operator = people.buyer(), people.buyer(), people.operator()
    product = a_listed_product(people.seller())
    search, shortlist = a_search(buyer), a_list(buyer)
    keep(buyer, product, shortlist, note="ask about moisture")
    paths = [
        f"/saved-searches/{search}", f"/saved-searches/{search}/pause", f"/saved-searches/{search}/resume",
        f"/saved-searches/{search}/delete", f"/shortlists/{shortlist}", f"/shortlists/{shortlist}/share",
        f"/shortlists/{shortlist}/unshare", f"/shortlists/{shortlist}/delete",
        f"/shortlists/{shortlist}/products/{product.id}", f"/shortlists/{shortlist}/products/{product.id}/remove",
    ]  # fmt: skip
    for other in (stranger, operator):
        for path in (f"/saved-searches/{search}", f"/shortlists/{shortlist}", f"/shortlists/{shortlist}/products.csv"):
            text_of(other, path, 404)
        for path in paths:
            data = {"name": "Mine", "frequency": "daily", "version": "1", "note": "mine", "shows_notes": "y"}
            assert other.post(path, data).status_code == 404, path
        assert keep(other, product, shortlist).status_code == 422
    session.expire_all()
    assert session.get_one(SavedSearch, search).name == "Coffee for us"
    kept = session.get_one(Shortlist, shortlist)
    assert (kept.name, kept.shared_at) == ("For the spring", None)
    assert session.scalars(select(ShortlistItem.note)).all() == ["ask about moisture"]


def test_a_list_is_filled_noted_on_compared_and_taken_along(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    first = a_listed_product(seller, title="=Arabica one")
    second = a_listed_product(seller, title="Arabica two")
    assert "Put on a list" in text_of(buyer, f"/products/{first.slug}")
    answer = keep(buyer, first, 0, name="Fresh list", note="=1+1")
    assert answer.status_code == 303
    key = int(answer.location.rsplit("/", 1)[1])
    keep(buyer, second, key)
    keep(buyer, second, key, note="twice, once on the list")
    assert count(session, ShortlistItem) == 2
    page = f"/shortlists/{key}"
    html = text_of(buyer, page)
    assert f"/compare?key={first.id}&amp;key={second.id}" in html
    assert "twice, once on the list" in html
    answer = buyer.client.get(f"{page}/products.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Product", "'=Arabica one", "Arabica two"]
    assert rows[1][8] == "'=1+1"
    assert rows[2][9].endswith(f"/products/{second.slug}")
    book = ZipFile(io.BytesIO(buyer.client.get(f"{page}/products.xlsx").get_data()))
    assert b"Arabica two" in book.read("xl/sharedStrings.xml")
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    text_of(buyer, f"{page}/products.pdf", 404)
    assert buyer.post(f"{page}/products/{first.id}", {"note": "x" * 501}, page=page).status_code == 422
    assert buyer.post(f"{page}/products/{first.id}", {"note": "smells good"}, page=page).status_code == 303
    assert "smells good" in text_of(buyer, page)
    assert buyer.post(f"{page}/products/{second.id}/remove", page=page).status_code == 303
    assert buyer.post(f"{page}/products/{second.id}/remove", page=page).status_code == 404
    assert count(session, ShortlistItem) == 1
    version = re.findall(r'name="version" value="(\d+)"', text_of(buyer, page))[0]
    assert buyer.post(page, {"name": "Renamed", "version": version}, page=page).status_code == 303
    assert buyer.post(page, {"name": "Again", "version": version}, page=page).status_code == 409
    assert buyer.post(page, {"name": "", "version": version}, page=page).status_code == 422
    assert "Renamed" in text_of(buyer, "/shortlists")
    assert buyer.post(f"{page}/delete", page=page).status_code == 303
    assert count(session, ShortlistItem) == 0


def test_a_shared_list_is_read_by_its_link_until_it_ends(client: FlaskClient, session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    product, other = a_listed_product(seller, title="Arabica one"), a_listed_product(seller, title="Gone soon")
    key = a_list(buyer, "To show <you>")
    keep(buyer, product, key, note="our secret note")
    keep(buyer, other, key)
    page = f"/shortlists/{key}"

    def link() -> str:
        return str(re.findall(r'href="[^"]*(/shortlists/shared/[^"]+)"', text_of(buyer, page))[0])

    assert "/shortlists/shared/" not in text_of(buyer, page)
    buyer.post(f"{page}/share", page=page)
    first = link()
    html = text_of(client, first)
    assert "To show &lt;you&gt;" in html
    assert "Arabica one" in html
    assert "our secret note" not in html
    assert buyer.actor.name not in html
    assert buyer.actor.organisation_name not in html
    assert client.get(first).headers["Cache-Control"] == "no-store"
    buyer.post(f"{page}/share", {"shows_notes": "y"}, page=page)
    assert link() == first
    assert "our secret note" in text_of(client, first)
    with transaction() as writing:
        writing.get_one(Product, other.id).state = ListingState.WITHDRAWN
    assert "Gone soon" not in text_of(client, first)
    assert "No longer on the market" in text_of(buyer, page)
    buyer.post(f"{page}/unshare", page=page)
    text_of(client, first, 404)
    buyer.post(f"{page}/share", page=page)
    assert link() != first
    text_of(client, first, 404)
    for token in ("x", first.rsplit("/", 1)[1][:-2] + "aa", "WzEsMV0.abc"):
        text_of(client, f"/shortlists/shared/{token}", 404)
        text_of(client, f"/saved-searches/stop/{token}", 404)
    assert client.post(first).status_code == 405


def test_what_is_not_on_the_market_and_what_is_too_much(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    draft, listed = a_draft(seller), a_listed_product(seller)
    key = a_list(buyer)
    for name in (str(draft.id), "0", "x", "99999999999"):
        text_of(buyer, f"/shortlists/add?product={name}", 404)
    data = {"product": draft.id, "shortlist": key}
    assert buyer.post("/shortlists/add", data, page=f"/shortlists/add?product={listed.id}").status_code == 404
    assert keep(buyer, listed, 0, name="").status_code == 422
    with transaction() as writing:
        full = writing.get_one(Shortlist, key)
        for number in range(MOST_LISTS - 1):
            writing.add(
                Shortlist(
                    user_id=buyer.user_id, name=f"List {number}", created_at=full.created_at, changed_at=full.changed_at
                )
            )
        for _number in range(MOST_ITEMS):
            product = a_draft(seller)
            writing.add(ShortlistItem(shortlist_id=key, product_id=product.id, added_at=full.created_at))
    assert buyer.post("/shortlists", {"name": "One more"}, page="/shortlists").status_code == 409
    assert keep(buyer, listed, key).status_code == 409
    assert count(session, ShortlistItem) == MOST_ITEMS


def test_personal_data_hold_lists_and_erasure_takes_them(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    product = a_listed_product(people.seller())
    keep(buyer, product, a_list(buyer), note="ask about moisture")
    (kept,) = personal_data.export_all(session, buyer.user_id)["saved"]["shortlists"]
    assert [(one["product"], one["note"]) for one in kept["products"]] == [(product.id, "ask about moisture")]
    with transaction() as writing:
        personal_data.erase_all(writing, buyer.user_id)
    assert (count(session, Shortlist), count(session, ShortlistItem)) == (0, 0)


@pytest.mark.parametrize("kind", ["seller", "partner", "curator"])
def test_everyone_signed_in_may_keep_things(people: Cast, kind: str) -> None:
    person = getattr(people, kind)()
    assert person.client.get("/saved-searches").status_code == 200
    assert person.client.get("/shortlists").status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", str(10**18), str(10**19), str(10**40)])
def test_a_number_beyond_every_key_is_no_product(session: Session, people: Cast, number: str) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    page = f"/shortlists/add?product={product.id}"
    for data in ({"shortlist": 0, "name": "New"}, {"shortlist": ""}):
        answer = buyer.post("/shortlists/add", {"product": number, **data}, page=page)
        assert answer.status_code == 404
    assert count(session, Shortlist) == 0
