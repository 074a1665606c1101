"""A buyer's first tasks, in German at a desk: find goods, open an account, ask, and ask in own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Guest, Site

pytestmark = pytest.mark.browser
EMAIL = "einkauf@beispiel-roesterei.test"
PASSWORD = "payung-biru-senja-39"
QUESTION = "Wir suchen Kokosblütenzucker für unsere Rösterei. Was ist Ihr bestes Angebot?"


def test_from_looking_around_to_a_conversation(guest: Callable[..., Guest], site: Site) -> None:
    buyer = guest(width=1440, language="/de")
    buyer.go("/")
    buyer.page.locator("main [name=q]").first.fill("Kokosblütenzucker")
    buyer.follow("main form button")
    before = buyer.page.locator("main a[href*='/products/coconut-sugar']").count()
    assert before > 0
    buyer.go("/products?q=Kokosbl%C3%BCtenzucker&certificate=organic-nop")
    assert 0 < buyer.page.locator("main a[href*='/products/coconut-sugar']").count() < before
    buyer.follow("main a[href*='/products/coconut-sugar']:not([tabindex])")
    buyer.page.locator("main a[href*='/inquir']").first.click()
    buyer.look_over()

    buyer.fill(text=QUESTION, quantity="1200")
    buyer.press("main form button[value=account]")
    buyer.go("/register/buyer")
    buyer.fill(name="Erika Beispiel", email=EMAIL, password=PASSWORD, company="Beispiel-Rösterei", country="DE")
    buyer.fill(trade="roaster")
    buyer.tick("terms", "privacy", "transfer")
    buyer.press("main form button[type=submit]")
    buyer.go(site.mailed_link(EMAIL, "/confirm"))
    buyer.fill(password=PASSWORD)
    buyer.press("main form button[type=submit]")
    assert buyer.page.locator("main [name=text]").input_value() == QUESTION  # what was typed before the account is kept
    assert buyer.page.locator("main [name=quantity]").input_value() == "1200"
    buyer.press("main form .actions button[type=submit]")
    assert QUESTION in buyer.words

    buyer.go("/requests/new")
    buyer.fill(text="2 Container Bio-Kokosblütenzucker, FOB Surabaya, nach Hamburg")
    buyer.press("main form button[type=submit]")
    chips = buyer.page.locator(".chips").first.inner_text()
    assert "Hamburg" in chips or "Deutschland" in chips
    assert "FOB" in chips
    assert buyer.page.locator("article.suggestion").count() > 0
    buyer.page.locator("main [name=product]").first.check()
    buyer.press("main form[action$='/send'] button[type=submit]:not([aria-hidden], [formaction], [name])")
    buyer.follow("main a[href*='/with/']")
    assert "Bio-Kokosblütenzucker" in buyer.words
    buyer.go("/requests")
    assert buyer.page.locator("main a[href*='/requests/']").count() >= 2
