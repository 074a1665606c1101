"""The index of the sample marketplace on Elasticsearch against the rows: whatever differs is found and mended."""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Product
from marketplace.discovery.checking import check_index, public_names, rebuild_index
from marketplace.discovery.engine import engine
from marketplace.discovery.models import DocumentVersion
from marketplace.discovery.rules import PRODUCT
from marketplace.discovery.services import raise_versions, refresh_marked
from marketplace.kernel.database import db
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from search.document import Reference
from search.engines.elastic import engine as elastic
from search.errors import EngineUnavailable
from tests.scaled.conftest import Deployment, named
from tests.scaled.searching import alias_of, ask_server, until

pytestmark = pytest.mark.scaled
PLANTED = 100


class Server:
    """The deployment's index as the server itself shows it."""

    def __init__(self, deployment: Deployment) -> None:
        self.address = named("SOUQ_TEST_ELASTIC")
        self.alias = alias_of(deployment.settings)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """An answer about the index."""
        return ask_server(self.address, method, f"/{self.alias}{path}", body)

    def takes(self, path: str, source: Any) -> bool:
        """Whether a write goes through; what was refreshed is what the server may forget."""
        engine().refresh()
        try:
            self.ask("PUT", path, source)
        except urllib.error.HTTPError as refusal:
            if refusal.code != 409:
                raise
            return False
        return True

    def bulk(self, lines: list[dict[str, Any]]) -> None:
        """Writes past the site."""
        answer = self.ask("POST", "/_bulk?refresh=true", lines)
        assert not answer["errors"], json.dumps(answer)[:2000]

    def documents(self) -> dict[str, Any]:
        """All documents by id, without what follows from the hour they were written at: versions, signals and what they weigh."""
        found = self.ask("POST", "/_search?size=10000", {"query": {"match_all": {}}})["hits"]["hits"]
        return {hit["_id"]: unordered({**hit["_source"], "version": 1, "signals": {}, "prior": 0}) for hit in found}


def unordered(value: Any) -> Any:
    """The same with lists in one order: rows of certificates and places come as the database gives them."""
    if isinstance(value, dict):
        return {name: unordered(each) for name, each in value.items()}
    return sorted(map(unordered, value), key=json.dumps) if isinstance(value, list) else value


@pytest.fixture
def server(deployment: Deployment) -> Iterator[Server]:
    """A whole index, inside the application."""
    with deployment.application():
        refresh_marked()
        check_index(is_repairing=True)
        refresh_marked()
        assert not check_index().faults
        yield Server(deployment)


def products() -> list[int]:
    """Keys of all public products."""
    found = [key for kind, key in public_names(db.session()) if kind == PRODUCT]
    db.session.rollback()
    return found


def test_what_is_missing_stale_or_a_ghost_is_found_and_mended(deployment: Deployment, server: Server) -> None:
    before, keys = server.documents(), products()
    assert len(keys) >= 3 * PLANTED
    missing, late, touched = keys[:PLANTED], keys[PLANTED : PLANTED * 3 // 2], keys[PLANTED * 3 // 2 : 2 * PLANTED]
    server.bulk([{"delete": {"_id": f"{PRODUCT}:{key}"}} for key in missing])
    with transaction() as session:  # the database went on, and the write never came
        raise_versions(session, [(PRODUCT, key) for key in late])
    changed = [[{"update": {"_id": f"{PRODUCT}:{key}"}}, {"doc": {"codes": ["999999"]}}] for key in touched]
    server.bulk([line for pair in changed for line in pair])
    ghosts = {key + 9_000_000: before[f"{PRODUCT}:{key}"] for key in keys[-PLANTED:]}
    server.bulk(
        [
            line
            for key, source in ghosts.items()
            for line in ({"index": {"_id": f"{PRODUCT}:{key}"}}, {**source, "key": key})
        ]
    )
    report = check_index()
    assert {key for _, key in report.missing} == set(missing)
    assert {each.key for each in report.stale} == {*late, *touched}
    assert {each.key for each in report.ghosts} == set(ghosts)
    assert report.is_current
    said = json.loads(deployment.souq("search", "check", "--repair", "--json").stdout)
    assert (said["missing"], said["stale"], said["ghosts"], said["left"]) == (PLANTED, PLANTED, PLANTED, 0)
    assert server.documents() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"properties": {"buyer_notes": {"type": "keyword"}}},
        {"properties": {"keywords": {"properties": {"buyer": {"type": "text"}}}}},
        {"dynamic": True},
    ],
)
def test_a_wrong_mapping_is_found_and_mended(deployment: Deployment, server: Server, wrong: dict[str, Any]) -> None:
    before = server.documents()
    server.ask("PUT", "/_mapping", wrong)
    report = check_index()
    assert not report.is_current
    assert report.faults == 1
    said = json.loads(deployment.souq("search", "check", "--repair", "--json").stdout)
    assert (said["mapping_is_current"], said["left"]) == (False, 0)
    assert check_index().is_current
    assert server.documents() == before


def test_a_late_write_after_the_server_forgot_the_removal(server: Server) -> None:
    key = products()[0]
    name = f"{PRODUCT}:{key + 8_000_000}"
    source = {**server.documents()[f"{PRODUCT}:{key}"], "key": key + 8_000_000}
    server.ask("PUT", "/_settings", {"index.gc_deletes": "0s"})
    try:
        server.ask("PUT", f"/_doc/{name}?version=5&version_type=external_gte", source)
        assert engine().remove([Reference(PRODUCT, key + 8_000_000, 6)]) == 1
        until(
            lambda: server.takes(f"/_doc/{name}?version=5&version_type=external_gte", source),
            "the removal is forgotten",
        )
        engine().refresh()
    finally:
        server.ask("PUT", "/_settings", {"index.gc_deletes": "1h"})
    report = check_index(is_repairing=True)
    assert [each.key for each in report.ghosts] == [key + 8_000_000]
    refresh_marked()
    assert not check_index().faults
    assert name not in server.documents()


def test_a_rebuild_brings_in_what_changes_meanwhile(server: Server) -> None:
    keys = products()
    changed: list[int] = []

    def meanwhile(count: int) -> None:
        for key in (keys[len(changed)], keys[-1 - len(changed)]):  # one that was read already, one that may not be
            changed.append(key)
            with transaction() as session:
                session.execute(update(Product).where(Product.id == key).values(hs_code="999999"))
                record(session, ProductChanged(key))
        refresh_marked()

    rows = db.session.execute(select(Product.id, Product.hs_code)).all()
    was = {row.id: row.hs_code for row in rows}
    db.session.rollback()
    try:
        rebuild_index(meanwhile)
        refresh_marked()
        assert not check_index().faults
        found = {name for name, source in server.documents().items() if "999999" in source["codes"]}
        assert found == {f"{PRODUCT}:{key}" for key in changed}
    finally:
        with transaction() as session:
            for key in changed:
                session.execute(update(Product).where(Product.id == key).values(hs_code=was[key]))
                record(session, ProductChanged(key))
    refresh_marked()
    assert not check_index().faults


def test_of_two_rebuilds_at_once_the_later_one_stands(server: Server) -> None:
    before, inner = server.documents(), []

    def meanwhile(_count: int) -> None:
        if not inner:
            inner.append(rebuild_index())

    with pytest.raises(EngineUnavailable):
        rebuild_index(meanwhile)
    assert inner == [len(before)]
    assert server.documents() == before
    assert len(server.ask("GET", "")) == 1
    assert not check_index().faults
    assert rebuild_index() == len(before)


def test_an_export_reads_one_state_while_writes_go_on(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elastic, "_SCAN", 50)
    db.session.rollback()
    rows = db.session.execute(select(DocumentVersion.kind, DocumentVersion.key, DocumentVersion.version))
    known = {(kind, key): version for kind, key, version in rows}
    db.session.rollback()
    expected = {name: known[name] for name in public_names(db.session())}
    db.session.rollback()
    reading = engine().versions()
    first = [next(reading) for _ in range(10)]
    gone = [Reference(PRODUCT, key, known[PRODUCT, key]) for key in products()[-20:]]
    assert engine().remove(gone) == len(gone)
    engine().refresh()
    read = [*first, *reading]
    assert len(read) == len(expected)
    assert {(each.kind, each.key): each.version for each in read} == expected
    check_index(is_repairing=True)
    refresh_marked()
    assert not check_index().faults
