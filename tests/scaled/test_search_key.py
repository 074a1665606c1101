"""An engine that wants a key, behind TLS with an authority of its own: the least rights do, and refusals are told."""

from __future__ import annotations

import base64
import json
import urllib.error
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask

from config.settings import Settings
from marketplace.discovery import views
from marketplace.discovery.checking import check_index, rebuild_index
from marketplace.discovery.engine import engine, use_engine
from marketplace.kernel.jobs import run_due
from search.engine import connect
from search.engines.elastic.engine import ElasticEngine
from search.query import Query
from tests.scaled.conftest import ROOT, Deployment, named
from tests.scaled.searching import (
    a_name,
    a_site,
    a_word,
    all_pages,
    ask_server,
    failed_tasks,
    is_found,
    searched,
    until,
    waiting,
    whole_again,
)
from tests.support.factories import a_listed_product
from tests.support.people import Cast
from tests.support.wire import Wire, a_wire

if TYPE_CHECKING:
    from tests.support.authority import Authority

pytestmark = pytest.mark.scaled


class Secured:
    """The server at SOUQ_TEST_SECURE_ELASTIC, asked as its operator."""

    def __init__(self) -> None:
        parts = urlsplit(named("SOUQ_TEST_SECURE_ELASTIC"))
        self.host, self.port = str(parts.hostname), int(parts.port or 9200)
        name = f"{parts.username}:{unquote(parts.password or '')}"
        self.user = "Basic " + base64.b64encode(name.encode()).decode()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """An answer to the operator."""
        return ask_server(f"http://{self.host}:{self.port}", method, path, body, user=self.user)

    def key(self, index: str, *, rights: dict[str, Any] | None = None, lasts: str = "") -> tuple[str, str]:
        """Id and text of a new key; the rights are those of the documentation unless told otherwise."""
        body = {"name": index, "role_descriptors": {"souq": rights or documented_rights(index)}}
        made = self.ask("POST", "/_security/api_key", body | ({"expiration": lasts} if lasts else {}))
        return made["id"], made["encoded"]

    def take_back(self, key: str) -> None:
        """End a key."""
        self.ask("DELETE", "/_security/api_key", {"ids": [key]})

    def sweep(self, index: str) -> None:
        """Remove what a test left."""
        for name in self.ask("GET", f"/{index}-*"):
            self.ask("DELETE", f"/{name}")


def documented_rights(index: str) -> dict[str, Any]:
    """The rights that docs/how-to-operate.md asks for, read from there."""
    text = (ROOT / "docs" / "how-to-operate.md").read_text(encoding="utf-8")
    block = text.partition('"role_descriptors": {"souq": ')[2].partition("}}\n```")[0]
    rights: dict[str, Any] = json.loads(block.replace('"souq', f'"{index}'))
    return rights


@pytest.fixture(scope="module")
def secured() -> Secured:
    return Secured()


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, Authority]:
    """The one that signed, and another."""
    folder = tmp_path_factory.mktemp("authorities")
    from tests.support.authority import Authority  # only the full installation has what it needs

    return Authority(folder, "own"), Authority(folder, "other")


@pytest.fixture(scope="module")
def wire(secured: Secured, authorities: tuple[Authority, Authority]) -> Iterator[Wire]:
    """TLS before the server."""
    with a_wire(secured.host, secured.port, authorities[0].server()) as made:
        yield made


@pytest.fixture
def index(secured: Secured) -> Iterator[str]:
    made = a_name()
    yield made
    secured.sweep(made)


def opened(address: str, index: str, **more: Any) -> ElasticEngine:
    engine = connect(f"{address}/{index}", time_out=20.0, **more)
    assert isinstance(engine, ElasticEngine)
    return engine


@pytest.fixture
def site(
    secured: Secured,
    wire: Wire,
    authorities: tuple[Authority, Authority],
    prepared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Flask, str]]:
    """The site by TLS with a key of the documented rights, and the key's id. Patient: other tests look at the time."""
    monkeypatch.setattr(views, "PATIENCE", 20.0)
    name = a_name()
    key, text = secured.key(name)
    more = {"SEARCH_API_KEY": text, "SEARCH_CA_FILE": str(authorities[0].file)}
    with a_site(prepared, tmp_path, wire.address, name=name, **more) as made:
        use_engine(opened(wire.address, name, api_key=text, ca_file=more["SEARCH_CA_FILE"]))
        yield made, key
    secured.sweep(name)


def test_the_documented_rights_are_enough_for_everything(site: tuple[Flask, str]) -> None:
    app, _ = site
    seller = Cast(app).seller()
    word = a_word("zubaidah")
    product = a_listed_product(seller, title=f"Coffee {word}")
    run_due()
    visitor = app.test_client()
    until(lambda: is_found(visitor, word, product.slug), "a product that is found")
    assert rebuild_index() == 2
    assert engine().suggest(word[:4])
    assert engine().explain(Query(), product.id).is_found
    engine().scrub()
    report = check_index(is_repairing=True)
    assert not report.faults
    assert engine().health().is_ready
    assert not failed_tasks()


def test_a_key_that_ends_lets_search_rest_and_a_new_one_brings_it_back(
    site: tuple[Flask, str], secured: Secured
) -> None:
    app, key = site
    visitor = app.test_client()
    seller = Cast(app).seller()
    a_listed_product(seller, title="Ijen arabica")
    whole_again(visitor)
    secured.take_back(key)
    until(lambda: searched(visitor) == 503, "a search that rests")
    all_pages(visitor)
    word = a_word("halimah")
    product = a_listed_product(seller, title=f"Coffee {word}")
    run_due()
    assert waiting()
    assert not failed_tasks()
    assert "does not accept the key" in engine().health().detail
    assert app.test_client().get("/readyz").json == {
        "status": "not ready",
        "checks": {"database": "ok", "search": "failing", "queue": "ok"},
    }
    settings: Settings = app.extensions["souq_settings"]
    address, _, name = settings.stores.search_url.rpartition("/")
    engine().close()
    # as after a restart with the new key
    use_engine(opened(address, name, api_key=secured.key(name)[1], ca_file=settings.stores.search_ca_file))
    whole_again(visitor)
    assert is_found(visitor, word, product.slug)


def test_a_key_that_expires(secured: Secured, wire: Wire, authorities: tuple[Authority, Authority], index: str) -> None:
    _, text = secured.key(index, lasts="1s")
    engine = opened(wire.address, index, api_key=text, ca_file=str(authorities[0].file))
    until(lambda: engine.health().code == "engine_key", "a key that has expired")
    engine.close()


@pytest.mark.parametrize(
    ("cluster", "privileges"),
    [([], ["manage", "read", "write"]), (["manage_index_templates"], ["read"])],
)
def test_less_than_the_documented_rights_is_told(
    secured: Secured,
    wire: Wire,
    authorities: tuple[Authority, Authority],
    index: str,
    cluster: list[str],
    privileges: list[str],
) -> None:
    rights = {"cluster": cluster, "indices": [{"names": [index, f"{index}-*"], "privileges": privileges}]}
    engine = opened(wire.address, index, api_key=secured.key(index, rights=rights)[1], ca_file=str(authorities[0].file))
    with pytest.raises(Exception) as fault:
        engine.ensure_schema()
    assert getattr(fault.value, "code", "") == "engine_rights"
    engine.close()


def test_a_key_reaches_no_other_index(
    secured: Secured, wire: Wire, authorities: tuple[Authority, Authority], index: str
) -> None:
    secured.ask("PUT", f"/{index}-first/_doc/1?refresh=true", {"note": "of somebody else"})
    other = a_name()
    engine = opened(wire.address, index, api_key=secured.key(other)[1], ca_file=str(authorities[0].file))
    assert engine.health().code == "engine_rights"
    engine.close()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("another authority", "not signed by the authority that is trusted here"),
        ("no authority", "not signed by the authority that is trusted here"),
        ("another address", "for another address"),
        ("expired", "has expired"),
    ],
)
def test_a_certificate_that_is_not_to_be_trusted_is_told(
    secured: Secured, authorities: tuple[Authority, Authority], tmp_path: Path, prepared: Path, what: str, said: str
) -> None:
    own, other = authorities
    shown = {"another address": own.server("127.0.0.9"), "expired": own.server(lasts=-timedelta(hours=1))}.get(what)
    file = {"another authority": str(other.file), "no authority": ""}.get(what, str(own.file))
    name = a_name()
    with a_wire(secured.host, secured.port, shown or own.server()) as wire:
        env = {
            "SOUQ_HOME": str(tmp_path),
            "SECRET_KEY": "key-tests-" + "k" * 40,
            "SEARCH_URL": f"{wire.address}/{name}",
            "SEARCH_API_KEY": secured.key(name)[1],
            "SEARCH_CA_FILE": file,
        }
        told = Deployment(env).souq("doctor", "--json")
        search = next(one for one in json.loads(told.stdout) if one["name"] == "search")
        assert not search["ok"]
        assert said in search["detail"]
        assert search["detail"].endswith("see SEARCH_CA_FILE")
        assert env["SEARCH_API_KEY"] not in told.stdout + told.stderr
    with pytest.raises(urllib.error.HTTPError) as missing:
        secured.ask("GET", f"/{name}")  # nothing was sent to a server that nobody knows
    missing.value.close()
    assert missing.value.code == 404
