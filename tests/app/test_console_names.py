"""Every job and every act of the audit trail is shown to operators by a name, with its code small beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import marketplace
from marketplace.accounts.models import Organisation
from marketplace.catalogue.services import curation
from marketplace.console.act_names import ACT_NAMES, SUBJECT_NAMES
from marketplace.console.job_names import JOB_NAMES
from marketplace.i18n.locales import BY_LOCALE
from marketplace.i18n.translations import speaking
from marketplace.kernel.jobs import registered_jobs
from marketplace.moderation.rules import ReportState
from marketplace.partners.rules import Answer, ApplicationState
from marketplace.payments.rules import BankState
from marketplace.quotes.rules.states import ShareState
from tests.support.people import Cast

_WRITERS = {
    "audit": (2, 3), "audit_look": (2, 3), "write_audit": (2, 3), "note_seen": (0, 1), "_finish": (3, 3),
    "_audited_offer": (3, 9), "_audited_closure": (4, 9),
}  # fmt: skip


@pytest.mark.usefixtures("app")
def test_every_job_has_a_name_and_no_name_is_left_over() -> None:
    ours = {
        name for name in registered_jobs() if not name.startswith("test.")
    }  # other tests register jobs of their own
    assert set(JOB_NAMES) == ours


def test_every_act_that_the_code_writes_down_has_a_name() -> None:
    written = {node.value for node in _arguments(0) if isinstance(node, ast.Constant)}
    assert "lead.seen" in written  # the search finds both kinds of writers
    assert "listing.published" in written
    assert {"offer.withdrawn", "closure.set"} <= written
    assert written <= set(ACT_NAMES)


def test_every_act_named_after_a_state_has_a_name() -> None:
    states = {
        "report": {state.value for state in ReportState} - {"open"},
        "share": {ShareState.AGREED, ShareState.DECLINED},
        "introduction": {Answer.ACCEPTED, Answer.REFUSED},
        "distributor": {state.value for state in ApplicationState},
        "bank_account": {BankState.CONFIRMED, BankState.REFUSED},
    }
    named = {f"{kind}.{state}" for kind, found in states.items() for state in found if state != "appealed"}
    assert named <= set(ACT_NAMES)


def test_every_thing_that_acts_are_about_has_a_name() -> None:
    kinds = set()
    for node in _arguments(1):
        first = node.values[0] if isinstance(node, ast.JoinedStr) else node
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            kinds.add(first.value.partition(":")[0])
    assert "product" in kinds
    assert "index" in kinds
    assert kinds - {""} <= set(SUBJECT_NAMES)


def test_names_are_told_apart_in_every_language(app: Flask) -> None:
    with app.app_context():
        for locale in BY_LOCALE:
            with speaking(locale):
                for names in (JOB_NAMES, ACT_NAMES):
                    assert len({str(text) for text in names.values()}) == len(names), locale


def test_operators_read_names_with_codes_beside_them(session: Session, people: Cast) -> None:
    operator, buyer = people.operator(), people.buyer()
    slug = session.scalar(select(Organisation.slug).where(Organisation.id == buyer.organisation_id))
    assert operator.client.get(f"/console/verification/{slug}").status_code == 200
    page = operator.client.get("/console/audit").get_data(as_text=True)
    assert "s evidence read" in page
    assert "<small>organisation.seen</small>" in page
    jobs = operator.client.get("/console/jobs").get_data(as_text=True)
    assert ">Send a mail</option>" in jobs
    assert ">notifications.deliver</option>" not in jobs


def _arguments(which: int) -> Iterator[ast.expr]:
    """What the code gives as act (0) or as subject (1) to whatever writes the audit trail."""
    for path in Path(str(marketplace.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            places = _WRITERS.get(name)
            if places is None or (name == "_finish" and path != Path(str(curation.__file__))):
                continue
            if len(node.args) > places[which] and (name != "_finish" or which == 0):
                yield node.args[places[which]]
