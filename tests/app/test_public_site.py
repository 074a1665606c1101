"""A site on a public address: secure cookies, links of its own name, no sample data; and what a first start leaves."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from flask import Flask

from config.settings import Settings
from marketplace.cli import progress
from marketplace.cli.prepare import load_sample_marketplace, prepare_site
from marketplace.i18n.translations import LANGUAGE_COOKIE
from marketplace.kernel.database import db
from tests.support.application import build

PUBLIC = "https://souq.test"


@pytest.fixture
def public(settings: Settings) -> Iterator[Flask]:
    """The application at a public https address."""
    application = build(replace(settings, web=replace(settings.web, public_url=PUBLIC)))
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def test_cookies_are_secure_and_links_are_https_whatever_host_is_claimed(public: Flask) -> None:
    answer = public.test_client().get("/de/sign-in", base_url="http://elsewhere.test")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)
    assert "Strict-Transport-Security" in answer.headers
    assert "elsewhere.test" not in answer.text


def test_each_page_names_its_address_in_every_language_and_without_one(public: Flask) -> None:
    page = public.test_client().get("/de/sellers", base_url="http://elsewhere.test").text
    assert re.findall(r'<link rel="canonical" href="([^"]+)">', page) == [f"{PUBLIC}/de/sellers"]
    assert dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page)) == {
        "en": f"{PUBLIC}/en/sellers",
        "id": f"{PUBLIC}/id/sellers",
        "de": f"{PUBLIC}/de/sellers",
        "zh-Hans": f"{PUBLIC}/zh-hans/sellers",
        "zh-Hant": f"{PUBLIC}/zh-hant/sellers",
        "x-default": f"{PUBLIC}/sellers",
    }


@pytest.mark.parametrize(
    ("wish", "cookie", "language"),
    [("de-AT,de;q=0.9", "", "de"), ("zh-TW", "", "zh-Hant"), ("fr", "", "en"), ("de", "id", "id")],
)
def test_an_address_without_a_language_follows_cookie_or_browser(
    app: Flask, wish: str, cookie: str, language: str
) -> None:
    client = app.test_client()
    if cookie:
        client.set_cookie(LANGUAGE_COOKIE, cookie)
    answer = client.get("/sellers", headers={"Accept-Language": wish})
    assert re.search(r'<html[^>]* lang="([^"]+)"', answer.text)[1] == language  # type: ignore[index]
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in answer.headers["Vary"].split(",")}


def test_sample_data_refuse_a_public_address(
    public: Flask, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    at_large = replace(settings, web=replace(settings.web, public_url=PUBLIC))
    with pytest.raises(click.ClickException, match="loopback"):
        load_sample_marketplace(at_large, lambda part, count: None)
    prepare_site(at_large)
    heard = capsys.readouterr().out
    assert "none were loaded" in heard
    assert "password" not in heard


def test_a_first_start_writes_its_own_key_for_itself_alone(tmp_path: Path) -> None:
    first = Settings.from_env({"SOUQ_HOME": str(tmp_path / "home")})
    file = tmp_path / "home" / "secret_key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(first.web.secret_key) >= 32
    assert Settings.from_env({"SOUQ_HOME": str(tmp_path / "home")}).web.secret_key == first.web.secret_key
    assert Settings.from_env({"SOUQ_HOME": str(tmp_path / "other")}).web.secret_key != first.web.secret_key


@pytest.mark.parametrize("is_terminal", [True, False])
def test_long_work_moves_one_line_on_a_terminal_and_writes_lines_elsewhere(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = iter(range(0, 100, 6))
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal, raising=False)
    with progress.reporter("import") as tell:
        tell("rows", 500)
        tell("rows", 1000)
    heard = capsys.readouterr()
    assert heard.out == ""  # the answer alone goes there
    if is_terminal:
        assert "\n" not in heard.err
        assert heard.err.endswith("\x1b[K")
    else:
        assert heard.err == "import rows: 500\nimport rows: 1000\n"
