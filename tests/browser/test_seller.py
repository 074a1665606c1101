"""A pesantren's first tasks, in Indonesian on a phone: open the account, list a product, settle leads."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import func, select

from marketplace.accounts.models import Membership, User
from marketplace.kernel.database import db
from marketplace.payments.models import Posting
from tests.browser.conftest import Guest, Site

pytestmark = pytest.mark.browser
PASSWORD = "payung-biru-senja-39"


def a_photo() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def test_from_an_invitation_to_a_listing_that_waits(guest: Callable[..., Guest]) -> None:
    curator = guest(width=1440)
    curator.sign_in("curator2")
    curator.go("/console/sellers/invite")
    curator.fill(pesantren="PP Contoh Arjuno", person="Ibu Contoh", phone="0812 3456 7890", language="id")
    curator.press("main form button[type=submit]")
    link = curator.page.locator("main .mono").inner_text()
    assert "wa.me" in str(curator.page.locator("main a[href*='wa.me']").get_attribute("href"))

    seller = guest(width=360, language="/id")
    seller.go(link)
    seller.fill(name="Ibu Contoh", pesantren="PP Contoh Arjuno", unit="Kopontren Contoh Arjuno", password=PASSWORD)
    seller.fill(regency="Kabupaten Malang")
    seller.page.keyboard.press("Escape")
    seller.tick("terms", "privacy", "transfer")
    seller.press("main form button[type=submit]")

    seller.go("/selling/profile")
    seller.fill(city="Malang", port="Tanjung Perak, Surabaya")
    seller.press("main form button[type=submit]")
    seller.follow("main a[href*='/selling/profile/pesantren/']")
    seller.fill(story="Santri kami menjemur dan menyortir kopi setelah pelajaran pagi.")
    seller.press("main form button[type=submit]")

    seller.go("/selling/products/new?q=arabika")
    seller.follow("main a[href$='/new/coffee-arabica-green']")
    seller.fill(title="Kopi arabika Arjuno, proses basah")
    seller.press("main form button[type=submit]")
    base = "/" + re.sub(r"/edit.*", "", seller.page.url).split("/id/", 1)[1]
    for part, answers in {
        "specs": {"species": "arabica", "variety": "S795", "process": "washed", "altitude_masl": "1200-1400",
                  "moisture_pct": "11,8", "foreign_matter_pct": "0,3", "sni_grade": "1", "crop_year": "2026"},
        "trade": {"moq": "600", "capacity_per_month": "8.000", "lead_time_days": "21", "packaging": "Karung goni 60 kg"},
        "prices": {"0__unit_price": "7,40", "0__min_quantity": "600", "0__place": "Tanjung Perak"},
    }.items():  # fmt: skip
        seller.go(f"{base}/edit/{part}")
        prefix = {"specs": "spec__", "prices": "rungs__"}.get(part, "")
        seller.fill(**{prefix + name: value for name, value in answers.items()})
        seller.page.keyboard.press("Escape")
        seller.press("main form button[name=then][value=overview]")
    seller.go(f"{base}/photos")
    photo = {"name": "kopi.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    seller.page.locator("main [name=photos]").set_input_files(photo)
    seller.page.wait_for_selector(".file-list li")
    seller.press("main form[enctype] button[type=submit]")
    assert seller.page.locator("main img[src*='/media/'], main picture img").count() > 0
    seller.go(f"{base}/edit")
    assert seller.page.locator(".missing-list").count() == 0
    seller.press("main form[action$='/submit'] button")
    seller.go("/selling/products")
    assert "Kopi arabika Arjuno" in seller.words


def test_leads_are_answered_declined_and_taken_to_whatsapp(guest: Callable[..., Guest], site: Site) -> None:
    account = a_seller_with_open_leads(site)
    seller = guest(width=360, language="/id")
    seller.sign_in(account)
    seller.go("/leads")
    leads = seller.page.locator("main a[href*='/leads/']").evaluate_all("all => all.map(one => one.href)")
    assert len(leads) >= 2
    seller.go(leads[0])
    assert "wa.me" in str(seller.page.locator("main a[href*='wa.me']").last.get_attribute("href"))
    seller.fill(text="Terima kasih. Kami sanggup dan mengirim penawaran lengkap besok.")
    seller.press("form#answer button[type=submit]")
    assert "Kami sanggup" in seller.words
    seller.go(leads[1])
    seller.follow("main a[href$='/decline']")
    seller.page.locator("main [name=reason]").first.check(force=True)
    seller.fill(note="Setelah panen bulan Juni.")
    seller.press("main form button[type=submit]")
    seller.go("/leads?show=answered")
    assert len(leads) >= 2


def a_seller_with_open_leads(site: Site) -> str:
    """The sample account with the most leads that wait for an answer."""
    from sqlalchemy import func, select

    from marketplace.accounts.models import Membership, User
    from marketplace.kernel.database import db
    from marketplace.rfqs.models import Recipient, Rfq
    from marketplace.sellers.models import Seller

    with site.app.app_context():
        email = db.session.scalar(
            select(User.email)
            .join(Membership, Membership.user_id == User.id)
            .join(Seller, Seller.organisation_id == Membership.organisation_id)
            .join(Recipient, Recipient.seller_id == Seller.id)
            .join(Rfq, Rfq.id == Recipient.rfq_id)
            .where(Rfq.state == "open", Recipient.state.in_(["invited", "seen", "no_answer"]))
            .group_by(User.email)
            .order_by(func.count().desc(), User.email)
            .limit(1)
        )
        db.session.remove()
    assert email
    return email


def test_sums_of_money_stand_on_the_screen(guest: Callable[..., Guest], site: Site) -> None:
    with site.app.app_context():
        most = db.session.scalar(
            select(User.email)
            .join(Membership, Membership.user_id == User.id)
            .join(Posting, Posting.organisation_id == Membership.organisation_id)
            .where(User.email.startswith("seller"))
            .group_by(User.email)
            .order_by(func.max(Posting.minor).desc())
            .limit(1)
        )
        db.session.remove()
    seller = guest(width=360, language="/id")
    seller.sign_in(str(most))
    seller.go("/payments/statement")  # looks it over: nothing wider than the screen
    assert seller.page.locator(".figures dd").count() > 1
