"""T4: the trial of more names on a copy of the site sees a form that takes what it does not show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import update

from marketplace.kernel.uow import transaction
from marketplace.saved.models import Shortlist
from tests.support.application import build, home_settings
from tests.support.extra_names import EXTRAS, Beside
from tests.support.people import Cast, guards

pytestmark = pytest.mark.usefixtures("moment")
SQLITE_ONLY = "the copy of a site is a copy of its SQLite file"


def tried(beside: Beside, app: Flask, people: Cast) -> None:
    """Making a shortlist, as a browser sends it, on the copy."""
    buyer = people.buyer()
    data = {**guards(buyer.client, "/shortlists"), "name": "For the spring"}
    environ: dict[str, Any] = {}

    def caught(client: Any, asked: dict[str, Any], buffered: bool = False) -> Any:
        client._add_cookies_to_wsgi(asked)
        environ.update(asked)
        raise InterruptedError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(buyer.client), "run_wsgi_app", caught)
        with pytest.raises(InterruptedError):
            buyer.client.post("/shortlists", data=data)
    beside.look(app, environ)


def test_t4_a_form_that_takes_no_more_than_it_shows_passes(app: Flask, people: Cast, tmp_path: Path) -> None:
    if not app.extensions["souq_settings"].stores.is_sqlite:
        pytest.skip(SQLITE_ONLY)
    tried(Beside(tmp_path), app, people)
    assert [file.read_text("utf-8") for file in tmp_path.glob("*.txt")] == ["saved.make\n"]
    assert len(EXTRAS) >= 30


def test_t4_a_form_that_takes_more_than_it_shows_is_caught(app: Flask, people: Cast, tmp_path: Path) -> None:
    if not app.extensions["souq_settings"].stores.is_sqlite:
        pytest.skip(SQLITE_ONLY)
    beside = Beside(tmp_path)
    beside.app = build(home_settings(beside.home))
    real = beside.app.view_functions["saved.make"]

    def too_kind(**values: Any) -> Any:
        answer = real(**values)
        if "slug" in request.form:
            with transaction() as session:
                session.execute(update(Shortlist).values(name=request.form["slug"]))
        return answer

    beside.app.view_functions["saved.make"] = too_kind
    with pytest.raises(AssertionError, match=r"more names change what saved\.make does: \[\('shortlist', 'name'\)\]"):
        tried(beside, app, people)
