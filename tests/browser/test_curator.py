"""A curator's day: return a listing, publish one, check a company, decide a report."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Guest, Site

pytestmark = pytest.mark.browser


def test_a_day_at_the_desk(guest: Callable[..., Guest], site: Site) -> None:
    reporter = guest(width=1440)
    reporter.sign_in("buyer6")
    reporter.go("/products?q=coffee")
    reporter.follow("main a[href*='/products/coffee']:not([tabindex])")
    reporter.follow("main a[href*='/reports/new']")
    reporter.page.locator("main [name=reason]").first.check(force=True)
    reporter.fill(text="The certificate on this page belongs to another company (example).")
    reporter.press("main form button[type=submit]")

    curator = guest(width=1440)
    curator.sign_in("curator")
    curator.go("/console")
    curator.go("/console/curation")
    first = curator.page.locator("main [name='version']").first.evaluate("one => one.form.action")
    note = curator.page.locator("main textarea[name^='note:']:visible").first
    if note.count() == 0:
        curator.page.locator("main details:has(textarea[name^='note:']) summary").first.click()
        note = curator.page.locator("main textarea[name^='note:']:visible").first
    note.fill("Please say in which month it was packed.")
    curator.press("main button[name=decision][value=return]")
    curator.go("/console/curation")
    assert curator.page.locator("main [name='version']").first.evaluate("one => one.form.action") != first
    for box in curator.page.locator("main [name^='check-']").all():
        box.check(force=True)
    curator.press("main button[name=decision][value=publish]")

    curator.go("/console/verification")
    curator.follow("main a[href*='/console/verification/']:not([href*='?'])")
    company = curator.page.url
    curator.page.locator("main [name=level]").last.check(force=True)
    method = curator.page.locator("main [name=method] option").last.get_attribute("value")
    curator.fill(method=str(method), evidence="Extract of the register, read with the company on the telephone.")
    curator.fill(next_check_on="2027-06-30")
    curator.press("main form button[type=submit]")
    curator.go(company)
    assert "Extract of the register" in curator.words

    curator.go("/console/reports")
    told = curator.page.locator("main a[href*='/console/reports/']").evaluate_all("all => all.map(one => one.href)")
    for address in dict.fromkeys(told):  # the sample has reports of its own
        curator.go(address)
        if "belongs to another company" in curator.words:
            break
    assert "belongs to another company" in curator.words
    curator.fill(note="The certificate is the seller's own; its number was checked with the issuer.")
    curator.press("main button[name=decision][value=dismiss]")
    reporter.go("/reports")
    reporter.follow("main a[href*='/reports/']")
    assert "checked with the issuer" in reporter.words
