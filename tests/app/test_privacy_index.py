"""An erased seller leaves an index that lives in a file of its own, down to the bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.accounts.personal_data import erase
from marketplace.discovery.engine import engine
from marketplace.kernel import jobs
from marketplace.kernel.outbox import Task
from marketplace.kernel.uow import transaction
from search.query import Query
from tests.support.application import test_settings as settings_of_a_test
from tests.support.factories import a_listed_product
from tests.support.people import Cast

MARKER = "Zanzibarmarker"


@pytest.fixture
def settings(prepared: Path, tmp_path: Path) -> Iterator[Settings]:
    """As ever, but with the index in its own file."""
    more = {"SOUQ_TEST_SEARCH_URL": f"sqlite:///{tmp_path / 'index.sqlite'}"}
    with settings_of_a_test(prepared, tmp_path, {**os.environ, **more}) as made:
        yield made


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("index.sqlite*")))


def test_an_erased_sellers_words_leave_an_index_of_its_own(
    app: Flask, session: Session, people: Cast, tmp_path: Path
) -> None:
    seller, other = people.seller(), people.seller()
    a_listed_product(seller, title=f"{MARKER} beans")
    a_listed_product(other, title="Beans of somebody else")
    jobs._jobs["discovery.refresh_index"]()
    assert MARKER.lower().encode() in bytes_of(tmp_path).lower()
    assert engine().count("product") == 2
    with transaction() as inside:
        erase(inside, seller.user_id)
    assert session.scalars(select(Task.job).where(Task.job == "discovery.scrub_index")).all()
    jobs._jobs["discovery.scrub_index"]()
    assert MARKER.lower().encode() not in bytes_of(tmp_path).lower()
    assert engine().search(Query(kind="product")).total == 1
