"""One suite for every engine: the embedded one always, Elasticsearch where SOUQ_TEST_ELASTIC holds its address."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engine import Engine, connect
from search.related import Embedding, no_embedding
from tests.contract.search.corpus import DOCUMENTS

ELASTIC = os.environ.get("SOUQ_TEST_ELASTIC", "")
ENGINES = ["sqlite: memory", "sqlite: file"] + (["elasticsearch"] if ELASTIC else [])


def open_engine(name: str, folder: Path, embedding: Embedding = no_embedding) -> Engine:
    """An empty engine."""
    if name == "sqlite: memory":
        return connect("sqlite:", embedding=embedding)
    if name == "sqlite: file":
        return connect(f"sqlite:///{folder / 'index.sqlite'}", embedding=embedding)
    return connect(ELASTIC, prefix=f"souqtest_{uuid.uuid4().hex[:10]}", time_out=20.0, embedding=embedding)


def close_engine(engine: Engine) -> None:
    """Give back what an engine holds; a server also forgets its indices."""
    drop = getattr(engine, "drop", None)
    if drop is not None:
        drop()
    engine.close()


@pytest.fixture(scope="module", params=ENGINES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with the corpus; tests that use it do not write."""
    engine = open_engine(request.param, tmp_path_factory.mktemp("index"))
    assert engine.put(DOCUMENTS) == len(DOCUMENTS)
    engine.refresh()
    yield engine
    close_engine(engine)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty engine of this test's own."""
    made = open_engine(request.param, tmp_path)
    yield made
    close_engine(made)
