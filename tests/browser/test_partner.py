"""A chapter and its distributor: invitation by link, application, a question back, approval, and the first lead."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Guest, Site

pytestmark = pytest.mark.browser
EMAIL = "office@sample-midwest.test"
PASSWORD = "payung-biru-senja-39"


def test_from_an_invitation_to_the_first_lead(guest: Callable[..., Guest], site: Site) -> None:
    partner, distributor = guest(width=1440), guest(width=360)
    partner.sign_in("partner-us")
    partner.go("/partner/distributors")
    partner.go("/partner/distributors/invite")
    partner.fill(company_name="Sample Midwest Foods")
    partner.press("main form button[type=submit]")
    invitation = partner.page.locator("#link").inner_text()

    distributor.go(invitation)
    distributor.follow("main a[href*='/register/buyer']")
    distributor.fill(name="Sam Sample", email=EMAIL, password=PASSWORD, company="Sample Midwest Foods", country="US")
    distributor.fill(trade="wholesaler")
    distributor.tick("terms", "privacy", "transfer")
    distributor.press("main form button[type=submit]")
    distributor.go(site.mailed_link(EMAIL, "/confirm"))
    distributor.fill(password=PASSWORD)
    distributor.press("main form button[type=submit]")
    assert distributor.page.url == invitation  # back where the registration began
    distributor.fill(about="We supply two hundred shops around the Great Lakes with dry goods.")
    distributor.tick("channels=wholesale", "territories=US", "interests=coconut-sugar")
    distributor.press("main form button[type=submit]")

    partner.go("/partner/distributors?state=applied")
    partner.follow("main a:has-text('Sample Midwest Foods')")
    page = partner.page.url
    partner.fill(text="Which of your warehouses is certified for food?")
    partner.press("main button[formaction$='/ask']")
    distributor.go("/distributor/application")
    assert "Which of your warehouses" in distributor.words
    distributor.fill(text="Both of them.")
    distributor.press("main form[enctype] button[type=submit]")
    partner.go(page)
    assert "Both of them." in partner.words
    partner.fill(text="Welcome to the chapter.")
    partner.press("main form[action$='/approve'] button[type=submit]:not([formaction])")
    distributor.go("/distributor/application")

    distributor.go("/products?q=coconut+sugar")
    distributor.follow("main a[href*='/products/coconut-sugar']:not([tabindex])")
    distributor.follow("main a[href*='/inquir']")
    distributor.fill(text="We would like a first pallet of this for our shops.", quantity="1000")
    distributor.press("main form .actions button[type=submit]")
    partner.go("/partner/leads")
    assert "Sample Midwest Foods" in partner.words
    assert "first pallet" not in partner.words
