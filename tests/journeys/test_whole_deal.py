"""One deal from four sides, through the pages alone: a chapter, a distributor, a pesantren and a curator."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from PIL import Image

from marketplace.kernel.clock import frozen
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outside import settings
from marketplace.matchmaking.fitting import refit
from marketplace.notifications.mailbox import read_mails
from tests.journeys.visitor import Visitor
from tests.support.people import Cast

PASSWORD = "payung-biru-senja-39"
BUYER = "einkauf@beispiel-handel.test"
CONSENTS = {"terms": "y", "privacy": "y", "transfer": "y"}
PRODUCTS = "/selling/products"


def let_the_work_be_done() -> None:
    """What the worker would do by now: mails go out, the index follows."""
    run_due()


def link_in_mail(to: str, pattern: str) -> str:
    """The newest address of this kind that was mailed to somebody."""
    folder = Path(settings().mail.url.removeprefix("file://"))
    for mail in read_mails(folder, to):
        found = re.search(rf'href="([^"]*{pattern}[^"]*)"', str(mail.text))
        if found:
            return found.group(1)
    raise AssertionError(f"no mail to {to} leads to {pattern}")


def a_photo() -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.radial_gradient("L").resize((900, 700)).convert("RGB").save(file, "JPEG")
    file.seek(0)
    return file, "biji-kopi.jpg"


def test_a_deal_from_four_sides(app: Flask, people: Cast, moment: datetime) -> None:
    curator, partner = Visitor(people.curator().client), Visitor(people.partner(country="DE").client)
    buyer, seller = Visitor(app.test_client()), Visitor(app.test_client())

    a_pesantren_is_invited(curator, seller)
    slug = a_coffee_is_listed(seller, curator)
    a_distributor_is_taken_in(partner, buyer)
    the_company_is_checked(curator)
    visitors_find_it(Visitor(app.test_client()), slug)

    with frozen(moment + timedelta(hours=1)):
        the_buyer_asks(buyer, slug)
        let_the_work_be_done()
        the_seller_answers(seller)
        let_the_work_be_done()
    with frozen(moment + timedelta(hours=2)):
        the_buyer_writes_back(buyer, seller)
        a_request_in_own_words_is_declined(buyer, seller)
    partner.open("/partner/leads")
    assert partner.words.count("Beispiel-Handel") == 2
    assert "Two lots a year" not in partner.html  # what they write to each other stays theirs


def a_pesantren_is_invited(curator: Visitor, seller: Visitor) -> None:
    """By telephone number; the link sets the password, and the curator approves."""
    curator.open("/console/sellers/invite")
    who = {"pesantren": "PP Contoh Arjuno", "person": "Ibu Contoh", "phone": "0812 3456 7890", "language": "en"}
    curator.submit("/console/sellers/invite", who)
    seller.open(curator.words.split("http://")[1].split()[0].join(["http://", ""]))
    place = {"pesantren": "PP Contoh Arjuno", "unit": "Kopontren Contoh Arjuno", "regency": "Kabupaten Malang"}
    seller.submit("", {"name": "Ibu Contoh", **place, "password": PASSWORD, **CONSENTS})
    seller.open(PRODUCTS)
    curator.open("/console/sellers?state=applied")
    curator.open(curator.link(r"/console/sellers/(?!invite)[a-z-]+$"))
    for state in ("improving", "approved"):
        curator.submit("-arjuno", {"state": state, "note": "Seen on the spot."})


def a_coffee_is_listed(seller: Visitor, curator: Visitor) -> str:
    """Draft, parts, photo, review: returned once with a note, then published. Gives its address."""
    seller.open(f"{PRODUCTS}/new?q=arabica")
    seller.open(seller.link(r"/new/coffee-arabica-green$"))
    seller.submit("/coffee-arabica-green", {"title": "Arjuno Arabica, washed", "language": "en"})
    slug = seller.path.split("/")[3]
    base = f"{PRODUCTS}/{slug}"
    for part, answers in (
        ("specs", {"spec-species": "arabica", "spec-variety": "S795", "spec-process": "washed",
                   "spec-altitude_masl": "1200-1400", "spec-moisture_pct": "11.8", "spec-foreign_matter_pct": "0.3",
                   "spec-sni_grade": "1", "spec-crop_year": "2026"}),
        ("trade", {"unit": "kg", "moq": "600", "capacity_per_month": "8000", "lead_time_days": "21",
                   "packaging": "60 kg jute bag", "ports": "Tanjung Perak", "sample_is_offered": "y"}),
        ("prices", {"rungs-0-incoterm": "FOB", "rungs-0-place": "Tanjung Perak", "rungs-0-min_quantity": "600",
                    "rungs-0-unit": "kg", "rungs-0-currency": "USD", "rungs-0-unit_price": "7.40"}),
    ):  # fmt: skip
        seller.open(f"{base}/edit/{part}")
        seller.submit(f"/edit/{part}", answers, press="overview")
    seller.open(f"{base}/photos")
    seller.submit("/photos", {"photos": a_photo()})
    seller.open(f"{base}/edit")
    assert "Still missing" not in seller.words
    seller.submit("/submit")

    curator.open("/console/curation")
    action = curator.link(r"/console/curation/\d+$")
    curator.submit(action, {"note:lead_time": "Is this with the drying?"}, press="return")
    seller.open(f"{base}/edit")
    assert "Is this with the drying?" in seller.words
    seller.open(f"{base}/edit/trade")
    seller.submit("/edit/trade", {"lead_time_days": "28"}, press="overview")
    seller.submit("/submit")
    curator.open("/console/curation")
    action = curator.link(r"/console/curation/\d+$")
    ticks = re.findall(r'name="(check-[a-z]+)"', curator.html)
    curator.submit(action, dict.fromkeys(ticks, "1"), press="publish")
    return slug


def a_distributor_is_taken_in(partner: Visitor, buyer: Visitor) -> None:
    """By link: account, application, a question back, approval."""
    partner.open("/partner/distributors/invite")
    partner.submit("/invite", {"company_name": "Beispiel-Handel"})
    found = re.search(r'id="link">([^<]+)<', partner.html)
    assert found
    invitation = found.group(1)
    buyer.open(invitation)
    buyer.open(buyer.link(r"/register/buyer"))
    company = {"company": "Beispiel-Handel", "country": "DE", "trade": "importer"}
    person = {"name": "Erika Beispiel", "email": BUYER, "password": PASSWORD}
    buyer.submit("/register/buyer", {**person, **company, **CONSENTS})
    let_the_work_be_done()
    buyer.open(link_in_mail(BUYER, "/confirm"))
    buyer.submit("", {"password": PASSWORD})
    buyer.open(invitation)
    about = "We bring coffee of small farms to roasters in the north of Germany."
    wishes = {"channels": ["wholesale"], "territories": ["DE"], "interests": ["coffee-arabica-green"]}
    buyer.submit("", {"about": about, **wishes})
    partner.open("/partner/distributors?state=applied")
    page = partner.link(r"/partner/distributors/\d+$")
    partner.open(page)
    partner.submit("/approve", {"text": "How many roasters do you serve?"}, to="/ask")
    buyer.open("/distributor/application")
    assert "How many roasters do you serve?" in buyer.words
    buyer.submit("/application", {"text": "Forty."})
    partner.open(page)
    assert "Forty." in partner.words
    partner.submit("/approve", {"text": "Welcome."})


def the_company_is_checked(curator: Visitor) -> None:
    """A curator verifies the buyer, so that its requests go straight to sellers."""
    curator.open("/console/verification")
    curator.open(curator.link(r"/console/verification/beispiel-handel"))
    check = {"method": curator.options("", "method")[-1], "evidence": "Register extract of this month."}
    curator.submit("", {"level": "verified", **check, "next_check_on": "2027-11-22"})


def visitors_find_it(visitor: Visitor, slug: str) -> None:
    """The index has followed: the search finds the listing, also in other words, and its page is whole."""
    let_the_work_be_done()
    for words in ("arjuno", "arabica+green+coffee", "Rohkaffee"):
        visitor.open(f"/products?q={words}")
        assert f"/products/{slug}" in visitor.html, words
    visitor.open(f"/products/{slug}")
    assert "28 days" in visitor.words
    assert "Kopontren Contoh Arjuno" in visitor.words


def the_buyer_asks(buyer: Visitor, slug: str) -> None:
    """An inquiry about the coffee."""
    buyer.open(f"/products/{slug}")
    buyer.open(buyer.link(r"/inquir"))
    terms = {"quantity": "1200", "unit": "kg", "destination": "DE", "incoterm": "FOB", "place": "Tanjung Perak"}
    buyer.submit("", {"text": "Two lots a year for our roasters. What is your best offer?", **terms})
    assert "Two lots a year" in buyer.words


def the_seller_answers(seller: Visitor) -> None:
    """The lead stands in the inbox without the buyer's name; the answer commits and shows it."""
    seller.open("/leads")
    assert "Beispiel-Handel" not in seller.html
    seller.open(seller.link(r"/leads/[a-z0-9]{8,}$"))
    assert "wa.me" in seller.html
    seller.submit("/answer", {"text": "Thank you. We can offer 7.20 per kg."})
    assert "Beispiel-Handel" in seller.words


def the_buyer_writes_back(buyer: Visitor, seller: Visitor) -> None:
    """The mail tells of the answer, the conversation holds it, and a reply reaches the seller."""
    buyer.open("/requests")
    buyer.open(buyer.link(r"/requests/[a-z0-9]{8,}$"))
    buyer.open(buyer.link(r"/with/[a-z0-9]+$"))
    assert "7.20 per kg" in buyer.words
    buyer.submit("/messages", {"text": "Please send a sample to Hamburg."})
    seller.open("/leads?show=answered")
    seller.open(seller.link(r"/leads/[a-z0-9]{8,}$"))
    assert "sample to Hamburg" in seller.words


def a_request_in_own_words_is_declined(buyer: Visitor, seller: Visitor) -> None:
    """What was typed is read, the pesantren is suggested with reasons, asked, and says no with a reason."""
    refit()
    buyer.open("/requests/new")
    buyer.submit("/requests/new", {"text": "2 t green arabica coffee, washed, FOB Surabaya, to Hamburg"})
    assert "Arjuno Arabica, washed" in buyer.words
    buyer.submit("/send", {"product": buyer.options("/send", "product")[:1]})
    assert "Kopontren Contoh Arjuno" in buyer.words
    let_the_work_be_done()
    seller.open("/leads")
    seller.open(seller.link(r"/leads/[a-z0-9]{8,}$"))
    seller.open(seller.link(r"/decline$"))
    reason = seller.options("", "reason")[0]
    seller.submit("", {"reason": reason, "note": "After the harvest of June."})
    buyer.open("/requests")
    buyer.open(buyer.link(r"/requests/[a-z0-9]{8,}$"))
    buyer.open(buyer.link(r"/with/[a-z0-9]+$"))
    assert "After the harvest of June." in buyer.html
