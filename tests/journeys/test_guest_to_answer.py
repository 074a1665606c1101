"""From a visitor without an account to an answer they read, through pages and mails alone."""

from __future__ import annotations

import re

from flask import Flask

from marketplace.kernel.jobs import run_due
from tests.journeys.test_whole_deal import link_in_mail
from tests.journeys.visitor import Visitor
from tests.support.accounts import CONSENTS, PASSWORD
from tests.support.factories import a_listed_product
from tests.support.people import Cast

MAIL = "gast@beispiel.example"
CONSENT = dict.fromkeys(CONSENTS, "y")


def test_from_a_guest_to_an_answer(app: Flask, people: Cast, moment: object) -> None:
    someone, staff = people.seller(), people.curator()
    product, second = a_listed_product(someone), a_listed_product(someone)
    guest, curator, seller = Visitor(app.test_client()), Visitor(staff.client), Visitor(someone.client)

    # a visitor writes in German: two goods of one pesantren, and one in own words
    form = f"/de/products/{product.slug}/inquiry"
    guest.open(form)
    guest.submit("", {"text": "Wir suchen 2 t, gern mit Muster."}, press="add")
    guest.submit("", {"more-0-goods": str(second.id), "more-0-quantity": "300"}, press="add")
    guest.submit(
        "",
        {
            "more-1-description": "Muskatnuss, ganz",
            "quantity": "2", "unit": "mt", "destination": "AT", "packaging": "Säcke zu 25 kg",
            "name": "Greta Gast", "email": MAIL, "company": "Gast Handels GmbH", "country": "AT", "trade": "importer",
            **CONSENT,
        },
        press="guest",
    )  # fmt: skip
    run_due()
    curator.open("/console/requests")
    assert "Gast Handels" not in curator.words
    seller.open("/id/leads")
    assert "Austria" not in seller.words

    # the link shows, its button confirms; then a curator decides
    guest.open(link_in_mail(MAIL, r"/guest-requests/"))
    assert "Wir suchen 2 t" in guest.words
    guest.submit("")
    assert re.fullmatch(r"(/de)?/requests/[a-z0-9]+", guest.path)
    assert "Muskatnuss, ganz" in guest.words
    curator.open("/console/requests")
    curator.open(curator.link(r"/console/requests/[a-z0-9]+$"))
    assert "Gast Handels GmbH" in curator.words
    curator.submit("", {}, press="approve")

    # the pesantren sees country and trade, answers, and from then on the name
    seller.open("/id/leads")
    seller.open(seller.link(r"/leads/[a-z0-9]+$"))
    assert "Gast Handels" not in seller.words
    assert "Greta" not in seller.words
    assert "Säcke zu 25 kg" in seller.words
    seller.submit("/answer", {"text": "Bisa, kami kirim sampel minggu depan."})
    assert "Gast Handels GmbH" in seller.words
    run_due()

    # the guest comes back by a mail in a browser that knows nothing, reads and writes
    later = Visitor(app.test_client())
    later.open(link_in_mail(MAIL, r"/guest/[^\"]*with"))
    assert "Bisa" not in later.words
    later.submit("")
    assert "Bisa, kami kirim sampel minggu depan." in later.words
    later.submit("/messages", {"text": "Danke, das Muster bitte nach Graz."})
    seller.open(seller.path)
    assert "nach Graz" in seller.words

    # a password makes an account of it: the same company, the same talk
    later.open("/de/guest-link")
    later.submit("/guest-link/password")
    later.submit("", {"password": PASSWORD})
    assert later.path == "/de/sign-in"
