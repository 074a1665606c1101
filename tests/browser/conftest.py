"""The sample marketplace on a server of its own, and people who use it in a real Chromium."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from flask import Flask
from werkzeug.serving import make_server

from marketplace.cli.sample.people import DOMAIN, PASSWORD, totp_secret
from marketplace.kernel.database import db
from tests.support.application import build, home_settings, prepared_database

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
PATIENCE = 120_000  # milliseconds a step may take on a busy machine
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Site:
    """A running site with the sample marketplace."""

    app: Flask
    address: str
    mails: Path

    def work(self) -> None:
        """Do what the worker would do by now: mails, index."""
        from marketplace.kernel.jobs import run_due

        with self.app.app_context():
            run_due()
            db.session.remove()

    def mailed_link(self, to: str, pattern: str) -> str:
        """The newest address of this kind that was mailed to somebody, on this server."""
        from marketplace.notifications.mailbox import read_mails

        self.work()
        for mail in read_mails(self.mails, to):
            found = re.search(rf'href="([^"]*{pattern}[^"]*)"', str(mail.text))
            if found:
                return found.group(1)
        raise AssertionError(f"no mail to {to} leads to {pattern}")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample marketplace: loaded once a session, indexed, with a fitted matcher; to be copied.

    ``SOUQ_BROWSER_SAMPLE`` names a folder that keeps it between sessions, for whoever works on one test.
    """
    from marketplace.cli.prepare import load_sample_marketplace
    from marketplace.kernel.jobs import run_due

    kept = os.environ.get("SOUQ_BROWSER_SAMPLE", "")
    home = Path(kept) if kept else tmp_path_factory.mktemp("sample")
    is_loaded = (home / "souq.sqlite3").exists()
    home.mkdir(parents=True, exist_ok=True)
    prepared_database(home)
    if is_loaded:
        return home
    settings = home_settings(home)
    app = build(settings)
    with app.app_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's remarks on a small first fit
        load_sample_marketplace(settings, lambda *_progress: None)
        while run_due():  # what a worker would have done since: each module starts with an empty queue
            db.session.remove()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return home


@pytest.fixture(scope="module")
def site(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample marketplace on a server of this module's own."""
    home = tmp_path_factory.mktemp("souq") / "home"
    shutil.copytree(sample, home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    app = build(home_settings(home, PUBLIC_URL=address))  # links in mails and invitations lead here
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(app, address, home / "mail")
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def engine() -> Iterator[Any]:
    """One Chromium for the session."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("needs Debian's chromium")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Guest:
    """A person at a browser. Every page they come to is looked over once."""

    page: Any
    site: Site
    width: int
    language: str
    seen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        """Open a path of the site in the guest's language, or one of its full addresses."""
        target = address if "://" in address else f"{self.site.address}{self.language}{address}"
        answer = self.page.goto(target)
        status = answer.status if answer is not None else 0
        assert status == 200, f"{target} answers {status}"
        self.look_over()

    def follow(self, selector: str) -> None:
        """Click the first thing that fits and that a person can see, and look over where it leads."""
        seen = self.page.locator(":not(.visually-hidden)")  # a form's first button may only be there for Enter
        with self.page.expect_navigation():
            self.page.locator(selector).and_(seen).first.click()
        self.look_over()

    def press(self, selector: str) -> None:
        """Press a form's button and look over the page that answers."""
        self.follow(selector)
        assert self.page.locator(".error-summary").count() == 0, self.page.locator(".error-summary").inner_text()

    def fill(self, **answers: str) -> None:
        """Type or choose in the fields of the page's main part, by name (``__`` stands for a dash)."""
        for name, value in answers.items():
            control = self.page.locator(f'main [name="{name.replace("__", "-")}"]').first
            if control.evaluate("one => one.tagName") == "SELECT":
                self.choose(control, value)
            else:
                control.fill(value)

    def choose(self, control: Any, value: str) -> None:
        """Choose in a list, also where a script has put a search box over it."""
        if control.is_visible():
            control.select_option(value)
        else:
            control.select_option(value, force=True)

    def tick(self, *names: str) -> None:
        """Tick boxes by name, or by ``name=value``."""
        for name in names:
            key, _equals, value = name.partition("=")
            box = f'main [name="{key}"]' + (f'[value="{value}"]' if value else "")
            self.page.locator(box).first.check(force=True)

    @property
    def words(self) -> str:
        """What the page's main part says."""
        return str(self.page.locator("main").inner_text())

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Sign in as a sample account, with its second factor where it has one."""
        self.go("/sign-in")
        self.fill(identifier=name if "@" in name or name.startswith("+") else f"{name}@{DOMAIN}", password=password)
        self.press("main form button")
        if self.page.locator('main [name="code"]').count():
            self.fill(code=pyotp.TOTP(totp_secret(name)).now())
            self.press("main form button")

    def look_over(self) -> None:
        """No serious barrier, nothing wider than the screen; pages of one kind are scanned once."""
        from axe_playwright_python.sync_playwright import Axe

        self.page.wait_for_load_state("load")
        kind = re.sub(r"[0-9a-z_-]*[0-9_][0-9A-Za-z_-]*", "*", urlsplit(self.page.url).path)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, f"{self.page.url} is {wide} wide"
        if kind in self.seen:
            return
        self.seen.add(kind)
        found = Axe().run(self.page).response["violations"]
        grave = [
            (one["id"], [node["html"][:160] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
        assert grave == [], f"{self.page.url}: {grave}"


@pytest.fixture
def guest(engine: Any, site: Site) -> Iterator[Callable[..., Guest]]:
    """Makes guests; at the end none of their pages may have had a script error or a breach of the content policy."""
    made: list[tuple[Any, Guest]] = []

    def arrive(width: int = 1440, language: str = "") -> Guest:
        context = engine.new_context(viewport={"width": width, "height": 900}, locale="en-GB", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        one = Guest(page, site, width, language)
        page.on("pageerror", lambda fault: one.faults.append(f"{page.url}: {fault}"))
        page.on("console", lambda line: one.faults.append(f"{page.url}: {line.text}") if line.type == "error" else None)
        made.append((context, one))
        return one

    yield arrive
    faults = [fault for _context, one in made for fault in one.faults]
    for context, _one in made:
        context.close()
    assert faults == []
