"""Indices and their aliases: one to search, and while a rebuild runs one more to fill."""

from typing import Any

from elasticsearch import Elasticsearch

from search.engines.elastic.mapping import template
from search.schema import SCHEMA_VERSION, Schema


class Indices:
    """Names: alias ``souq`` for reading and writing, ``souq-building`` during a rebuild, ``souq-000001`` and so on."""

    def __init__(self, prefix: str, schema: Schema) -> None:
        self.live = prefix
        self.building = f"{prefix}-building"
        self._prefix = prefix
        self._schema = schema

    def ensure(self, client: Elasticsearch) -> None:
        """Template and first index, if they are missing."""
        if client.indices.exists_alias(name=self.live):
            return
        self._put_template(client)
        client.options(ignore_status=400).indices.create(
            index=self._name(self._latest(client) + 1), aliases={self.live: {}}
        )

    def is_current(self, client: Elasticsearch) -> bool:
        """Whether the searched index has the mapping of this release."""
        found = client.options(ignore_status=404).indices.get_mapping(index=self.live)
        if found.meta.status == 404:
            return False
        return all(
            each["mappings"].get("_meta", {}).get("schema_version") == SCHEMA_VERSION for each in found.body.values()
        )

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
        name = self._name(self._latest(client) + 1)
        settings: dict[str, Any] = {"refresh_interval": "-1"}
        client.indices.create(index=name, settings=settings, aliases={self.building: {}})
        return name

    def swap(self, client: Elasticsearch, name: str) -> None:
        """From now on ``name`` is searched; the former index goes in the same step."""
        client.indices.put_settings(index=name, settings={"index": {"refresh_interval": None}})
        client.indices.refresh(index=name)
        actions: list[dict[str, Any]] = [
            {"add": {"index": name, "alias": self.live}},
            {"remove": {"index": name, "alias": self.building}},
        ]
        former = client.options(ignore_status=404).indices.get_alias(name=self.live)
        if former.meta.status != 404:
            actions += [{"remove_index": {"index": each}} for each in former.body]
        client.indices.update_aliases(actions=actions)

    def abandon(self, client: Elasticsearch, name: str) -> None:
        """Drop an index whose rebuild failed."""
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
        numbers = [name.rpartition("-")[2] for name in self._existing(client)]
        return max((int(number) for number in numbers if number.isdigit()), default=0)

    def _name(self, number: int) -> str:
        return f"{self._prefix}-{number:06d}"
