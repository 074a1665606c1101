"""`souq match fit`, `explain` and `promote` at a terminal: what they print, in JSON too, and how they end."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.cli.main import souq
from marketplace.kernel.audit import AuditEntry
from marketplace.matchmaking.model import models_folder
from matching import store
from tests.app.test_matchmaking import sugar
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("moment")


def run(app: Flask, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setattr("marketplace.app.create_app", lambda _settings: app)
    return CliRunner().invoke(souq, ["match", *arguments])


def test_a_model_is_fitted_and_one_can_go_back_to_it(
    app: Flask, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sugar(people.seller())
    first = json.loads(run(app, monkeypatch, "fit", "--json").stdout)
    assert first == {"model": store.current(models_folder()), "offers": 1, "serves": True}
    kept = models_folder() / "20260101T000000000000"
    (models_folder() / first["model"]).rename(kept)  # a model of another day
    told = run(app, monkeypatch, "promote", kept.name)
    assert (told.exit_code, told.output) == (0, f"Model {kept.name} serves now.\n")
    assert store.current(models_folder()) == kept.name
    session.rollback()
    assert session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "model.promoted")).all()[-1] == (
        f"model:{kept.name}"
    )
    assert "knows 1 offers and serves now" in run(app, monkeypatch, "fit").output


@pytest.mark.parametrize("name", ["20300101T000000", "../elsewhere", ""])
def test_a_model_that_is_not_there_cannot_serve(
    app: Flask, people: Cast, session: Session, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    sugar(people.seller())
    serving = json.loads(run(app, monkeypatch, "fit", "--json").stdout)["model"]
    told = run(app, monkeypatch, "promote", name)
    assert told.exit_code == 66
    assert "There is no model" in told.output
    assert store.current(models_folder()) == serving
    session.rollback()
    assert len(session.scalars(select(AuditEntry.id).where(AuditEntry.action == "model.promoted")).all()) == 1


def test_a_match_is_explained(app: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    product = sugar(people.seller())
    text = "2 t Bio-Kokosblütenzucker nach Hamburg"
    answer = json.loads(run(app, monkeypatch, "explain", text, "--lang", "de", "--json").stdout)
    assert {"kind": "goods", "value": "coconut-sugar", "stance": "required", "words": "Kokosblütenzucker"} in [
        {**each, "words": each["words"].removeprefix("Bio-")} for each in answer["read"]
    ]
    assert [each["product"] for each in answer["matches"]] == [product]
    assert {"same_goods", "certificate"} <= {each["code"] for each in answer["matches"][0]["reasons"]["for"]}
    words = run(app, monkeypatch, "explain", text, "--lang", "de").output
    assert f"product {product}, seller" in words
    assert ", likely." in words
    nobody = json.loads(run(app, monkeypatch, "explain", "industrial sewing machines", "--json").stdout)
    assert nobody["matches"] == []
