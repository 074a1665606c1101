"""Indices and their aliases: one to search, and while a rebuild runs one more to fill."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from search.engines.elastic.mapping import mappings, template
from search.schema import Schema

FIRST = "first"
_SETTLE_SECONDS = 900  # to put the last of a million vectors into their graph takes minutes; nobody waits at a page
# While an index is filled: nobody searches it, and what a crash of its server costs is begun again anyway.
_FILLED: dict[str, Any] = {
    "refresh_interval": "-1",
    "translog.durability": "async",
    "translog.flush_threshold_size": "2gb",
}


class Indices:
    """Names: alias ``souq`` for reading and writing, ``souq-building`` during a rebuild, ``souq-first`` and afterwards
    ``souq-000001-3f9a2c`` and so on: a name is never given twice, so that nobody drops what another has made."""

    def __init__(self, prefix: str, schema: Schema) -> None:
        self.live = prefix
        self.building = f"{prefix}-building"
        self._prefix = prefix
        self._schema = schema

    def ensure(self, client: Elasticsearch) -> None:
        """Template and first index, if they are missing; two processes at once make one."""
        if client.indices.exists_alias(name=self.live):
            return
        self._put_template(client)
        name = f"{self._prefix}-{FIRST}"
        made = client.options(ignore_status=400).indices.create(index=name, aliases={self.live: {}})
        if made.meta.status == 400 and not client.indices.exists_alias(name=self.live):
            client.indices.put_alias(index=name, name=self.live)

    def is_current(self, client: Elasticsearch) -> bool:
        """Whether the searched index is one, and has the mapping of this release, field by field."""
        found = client.options(ignore_status=404).indices.get_mapping(index=self.live)
        if found.meta.status == 404 or len(found.body) != 1:
            return False
        (each,) = found.body.values()
        return is_mapped(each["mappings"], mappings(self._schema))

    def targets(self, client: Elasticsearch) -> list[str]:
        """Aliases that a write must reach."""
        return [self.live] + ([self.building] if client.indices.exists_alias(name=self.building) else [])

    def begin(self, client: Elasticsearch) -> str:
        """A new empty index that writes reach from now on, besides the searched one; what an earlier try left goes."""
        left = client.options(ignore_status=404).indices.get_alias(name=self.building)
        if left.meta.status != 404:
            for name in left.body:
                client.indices.delete(index=name)
        self._put_template(client)
        name = f"{self._prefix}-{self._latest(client) + 1:06d}-{token_hex(3)}"
        client.indices.create(index=name, settings=_FILLED, aliases={self.building: {}})
        return name

    @contextmanager
    def anew(self, client: Elasticsearch) -> Iterator[str]:
        """The alias of a new empty index, which is searched from the end of the block on; after a fault the former one
        still is, and nothing is left of the new."""
        name = self.begin(client)
        try:
            yield self.building
            self.swap(client, name)
        except BaseException:
            with suppress(TransportError, ApiError):  # what is left of it goes when the next rebuild begins
                self.abandon(client, name)
            raise

    def swap(self, client: Elasticsearch, name: str) -> None:
        """From now on ``name`` is searched; the former index goes in the same step.

        EngineUnavailable, and nothing changes, where another rebuild has begun since.
        """
        client.indices.put_settings(index=name, settings={"index": dict.fromkeys(_FILLED)})
        patient = client.options(request_timeout=_SETTLE_SECONDS)
        patient.indices.flush(index=name, force=True, wait_if_ongoing=True)  # what was written is on disk from here on
        patient.indices.refresh(index=name)
        actions: list[dict[str, Any]] = [
            {"remove": {"index": name, "alias": self.building, "must_exist": True}},
            {"add": {"index": name, "alias": self.live}},
        ]
        former = client.options(ignore_status=404).indices.get_alias(name=self.live)
        if former.meta.status != 404:
            actions += [{"remove_index": {"index": each}} for each in former.body if each != name]
        client.indices.update_aliases(actions=actions)

    def abandon(self, client: Elasticsearch, name: str) -> None:
        """Drop an index whose rebuild failed, unless the step that failed last was done after all."""
        live = client.options(ignore_status=404).indices.get_alias(name=self.live)
        if live.meta.status == 404 or name not in live.body:
            client.options(ignore_status=404).indices.delete(index=name)

    def drop_all(self, client: Elasticsearch) -> None:
        """Remove every index and the template of this prefix (tests, decommissioning)."""
        for name in self._existing(client):
            client.options(ignore_status=404).indices.delete(index=name)
        client.options(ignore_status=404).indices.delete_index_template(name=self._prefix)

    def _put_template(self, client: Elasticsearch) -> None:
        made = template(self._schema, self._prefix)
        client.indices.put_index_template(
            name=self._prefix,
            index_patterns=made["index_patterns"],
            priority=made["priority"],
            template=made["template"],
            meta=made["_meta"],
        )

    def _existing(self, client: Elasticsearch) -> list[str]:
        found = client.indices.get(index=f"{self._prefix}-*", allow_no_indices=True, features=["aliases"])
        return sorted(found.body)

    def _latest(self, client: Elasticsearch) -> int:
        numbers = [name.removeprefix(f"{self._prefix}-").partition("-")[0] for name in self._existing(client)]
        return max((int(number) for number in numbers if number.isdigit()), default=0)


def is_mapped(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a mapping has the very fields that are wanted, each as it is wanted; a server may say more of each."""
    for name, value in wanted.items():
        if isinstance(value, Mapping):
            inside = found.get(name)
            if not isinstance(inside, Mapping) or (name == "properties" and inside.keys() != value.keys()):
                return False
            if not is_mapped(inside, value):
                return False
        elif found.get(name) != value:
            return False
    return True
