"""Every page of every role on a phone: nothing wider than the screen, no script error, no serious barrier.

Each role starts at its own places and follows the links it is shown, so that a page which nobody can reach by a link,
and a new page that nobody walks, both show up here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from marketplace.access import ACCESS
from marketplace.accounts.models import Membership, User
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.i18n.locales import LANGUAGES
from marketplace.kernel.database import db
from marketplace.kernel.visitors import Who
from marketplace.sellers.models import Seller
from tests.browser.conftest import PATIENCE, Guest, Site

pytestmark = pytest.mark.browser
WIDTH = 360
# files, pictures, fragments and answers for machines
NO_PAGES = frozenset(
    {
        "static", "catalogue.media", "drawings.drawing", "accounts.file", "accounts.copy",
        "accounts.second_factor_picture", "catalogue.export_own", "catalogue.import_template", "saved.export",
        "discovery.suggest", "discovery.robots", "discovery.sitemap_index", "discovery.sitemap_part",
        "health.healthz", "health.metrics", "health.readyz", "matchmaking.preview", "fair_page.picture",
        "quotes.table", "documents.comparison", "orders.outcomes_table", "order_desk.outcomes_table",
        "documents.annex", "documents.own_annex", "documents.coordinated_annex", "documents.paper", "document_desk.paper",
        "fair_catalogue.catalogue", "fair_catalogue.desk_catalogue", "proceeds_page.line",
        "whatsapp.verify",
        "meetings.schedule_file", "meetings.meeting_file", "meeting_schedule.own", "meeting_schedule.tables",
        "meeting_schedule.desk_tables",
        "catalogue.short_address", "market_page.choose",  # these two only lead on
    }
)  # fmt: skip
# pages behind a link of a mail or an upload, each walked with its form by the test that is named
WALKED_ELSEWHERE = {
    "accounts.confirm_email": "test_buyer",
    "accounts.confirm_email_change": "tests/app/test_accounts_registration.py",
    "accounts.member_invitation_page": "tests/app/test_accounts_registration.py",
    "accounts.reset": "tests/app/test_accounts_registration.py",
    "answer_link.show": "tests/app/test_answer_links.py",
    "catalogue.import_review": "tests/app/test_catalogue_import.py",
    "closures.change_for": "tests/app/test_closures.py",
    "closures.of_seller": "tests/app/test_closures.py",
    "guests.come_back": "tests/app/test_guest_requests.py",
    "guests.confirm": "tests/app/test_guest_requests.py",
    "guests.own_link": "tests/app/test_guest_requests.py",
    "leads.sentences": "tests/app/test_rfqs_sentences.py",
    "matchmaking.candidate": "tests/app/test_matchmaking_weights.py",
    "matchmaking.introductions_to_sellers": "tests/app/test_introductions.py",
    "matchmaking.refuse_as_distributor": "tests/app/test_opportunities.py",
    "matchmaking.sellers_to_introduce": "tests/app/test_introductions.py",
    "meeting_desk.edit_session": "tests/app/test_meetings_pages.py",
    "meeting_desk.meeting": "tests/app/test_meetings_pages.py",
    "meeting_desk.new_session": "tests/app/test_meetings_pages.py",
    "notifications.unsubscribe": "tests/app/test_notifications.py",
    "opportunities.own": "tests/app/test_opportunities.py",
    "opportunities.register": "tests/app/test_opportunities.py",
    "partners.apply": "test_partner",
    "partnerships.partnership": "tests/app/test_partnerships.py",
    "plots_page.plots": "tests/app/test_plots_page.py",
    "rfqs.sentences": "tests/app/test_rfqs_sentences.py",
    "saved.stop_page": "tests/app/test_saved_alerts.py",
    "sellers.invitation": "test_seller",
    "webhooks.edit": "tests/app/test_webhooks_pages.py",
    "webhooks.endpoint": "tests/app/test_webhooks_pages.py",
    "standing.of_seller": "tests/app/test_standing.py",
    "whatsapp.own": "tests/app/test_whatsapp.py",
}
# pages of trade at a moment that these people's samples need not be at: walked where a link leads there, and by the
# tests of their own in any case
WITHOUT_SAMPLES = (
    "quotes.", "payments.", "console.quote", "orders.", "order_desk.", "documents.", "document_desk.", "rescue.",
    "partner_rescue.", "reviews.", "console.buyer_review",
)  # fmt: skip
STAFF_WORDS = ("/products?q=xyzzyqq", "/products?q=saffron+threads")  # what nobody offers: the curators see it
ROLES: dict[str, tuple[str | None, str, tuple[str, ...]]] = {
    # account, language, where its walk starts beside the home page
    "visitor": (None, "/zh-hans", (
        "/sign-in/code", "/register/sent", "/register/received", "/account-erased", "/guest-requests/sent", "/style", "/mailbox",
        "/forgot-password", "/reports/new", "/fairs/DEMXA2", "/compare?key=1&key=2", *STAFF_WORDS,
    )),
    "buyer": ("buyer1", "/de", ("/account", "/reports", "/requests?show=open")),
    "seller": ("seller1", "/id", ("/account", "/leads", "/selling/products")),
    "draft": ("", "/id", ("/selling/products?state=draft",)),
    "partner": ("partner-de", "/de", ("/account", "/partner/distributors")),
    "applicant": ("distributor14", "", ("/distributor/application",)),
    "curator": ("curator", "/id", ("/console",)),
    "operator": ("operator", "", ("/console", "/console/vocabulary")),
}  # fmt: skip
WALK_ALL = {"visitor", "buyer"}  # public pages look alike for everybody who has signed in
PUBLIC_PAGES = {endpoint for endpoint, who in ACCESS.items() if Who.PUBLIC in who}
AGAIN = {"draft": {"catalogue.own_list", "catalogue.product"}, "applicant": {"partners.own"}}
OFTEN = {"rfqs.rfq": 4, "leads.lead_page": 3, "partners.distributor": 3, "catalogue.product": 3}
_PREFIX = re.compile(rf"^({'|'.join(re.escape(one.prefix) for one in LANGUAGES)})(?=/|$)")


@pytest.fixture(scope="module")
def walked() -> dict[str, set[str]]:
    """Which pages each role has been to."""
    return {}


class Walk:
    """One role's walk: every kind of page it is led to, once or a few times."""

    def __init__(self, guest: Guest, site: Site, scanned: set[str], left_out: set[str]) -> None:
        self.guest = guest
        self.site = site
        self.scanned = scanned
        self.left_out = left_out | NO_PAGES
        self.visits: dict[str, int] = {}
        self.adapter: MapAdapter = site.app.url_map.bind("127.0.0.1")

    def endpoint(self, path: str) -> str:
        """Which view answers this path; empty for none."""
        try:
            return str(self.adapter.match(_PREFIX.sub("", path) or "/", method="GET")[0])
        except HTTPException:
            return ""

    def go(self, starts: tuple[str, ...]) -> set[str]:
        """Walk on until nothing new is left."""
        waiting = list(starts)
        while waiting:
            address = waiting.pop(0)
            kind = self.endpoint(urlsplit(address).path)
            if kind in self.left_out or not kind or self.visits.get(kind, 0) >= OFTEN.get(kind, 1):
                continue
            self.visits[kind] = self.visits.get(kind, 0) + 1
            self.visit(address, kind)
            if kind == "product_page.product":  # a form leads there, not a link
                waiting.append(f"{urlsplit(address).path}/to/de")
            waiting += [one for one in self.links() if one not in waiting]
        return set(self.visits)

    def visit(self, address: str, kind: str) -> None:
        """Open a page; each kind of page is scanned for barriers once in all walks."""
        page = self.guest.page
        answer = page.goto(f"{self.site.address}{self.guest.language}{address}")
        assert answer.status == 200, f"{address} answers {answer.status}"
        if kind not in self.scanned:
            self.scanned.add(kind)
            self.guest.seen.clear()
            self.guest.look_over()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= WIDTH, f"{page.url} is {wide} wide"
        ends = "tabs => tabs.map(one => Math.ceil(one.getBoundingClientRect().right))"
        tabs = page.eval_on_selector_all(".page-tabs a, .tabs-list a", ends)
        assert max(tabs, default=0) <= WIDTH, f"{page.url} hides its last tab"

    def links(self) -> Iterator[str]:
        """Where this page leads, without the language."""
        page = self.guest.page
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))"):
            parts = urlsplit(urljoin(page.url, href))
            if f"{parts.scheme}://{parts.netloc}" == self.site.address:
                path = _PREFIX.sub("", parts.path) or "/"
                yield path + (f"?{parts.query}" if parts.query else "")


@pytest.fixture(scope="module")
def scanned() -> set[str]:
    """Kinds of pages that were scanned for barriers."""
    return set()


def _keep_something(guest: Guest) -> None:
    """A saved search and a shared list, so that their pages can be walked."""
    guest.go("/saved-searches/new?q=coffee&incoterm=FOB")
    guest.press("main form button[type=submit]")
    guest.go("/products")
    guest.follow("main a[href*='/products/']:not([tabindex])")
    guest.follow("main a[href*='/shortlists/add']")
    guest.fill(name="Winter")
    guest.press("main form button[type=submit]")
    guest.press("main form[action$='/share'] button[type=submit]")


def _seller_with_a_draft(site: Site) -> str:
    """The address of somebody whose unit has a product that is not out yet."""
    with site.app.app_context():
        found = db.session.scalar(
            select(User.email)
            .join(Membership, Membership.user_id == User.id)
            .join(Seller, Seller.organisation_id == Membership.organisation_id)
            .join(Product, Product.seller_id == Seller.id)
            .where(Product.state == ListingState.DRAFT)
            .limit(1)
        )
        db.session.remove()
    return str(found)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_on_a_phone(
    role: str, guest: Callable[..., Guest], site: Site, walked: dict[str, set[str]], scanned: set[str]
) -> None:
    account, language, starts = ROLES[role]
    one = guest(width=WIDTH, language=language)
    if account is not None:
        one.sign_in(account or _seller_with_a_draft(site))
    if role == "buyer":
        _keep_something(one)
    left_out = set() if role in WALK_ALL else PUBLIC_PAGES
    if role in AGAIN:  # the same people at another moment: only what the first ones did not come to
        left_out = set[str]().union(*walked.values()) - AGAIN[role]
    walked[role] = Walk(one, site, scanned, left_out).go(("/", *starts) if role in WALK_ALL else starts)
    assert walked[role]


def test_no_page_was_left_out(site: Site, walked: dict[str, set[str]]) -> None:
    if set(walked) != set(ROLES):
        pytest.skip("needs the walks of all roles")
    pages = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = {endpoint for endpoint in pages if not endpoint.startswith(WITHOUT_SAMPLES)}
    reached = set[str]().union(*walked.values())
    assert sorted(pages - NO_PAGES - set(WALKED_ELSEWHERE) - reached) == []
    assert set(WALKED_ELSEWHERE) <= set(ACCESS)


def test_a_page_that_is_missing_says_so_on_a_phone(engine: Any, site: Site) -> None:
    context = engine.new_context(viewport={"width": WIDTH, "height": 780})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    assert page.goto(f"{site.address}/de/products/gibt-es-nicht").status == 404
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert page.locator("main h1").count() == 1
    context.close()
