"""How a kept page is written outside of the process: its words as JSON, then its body as it is.

What comes back may have been written by anyone who reaches the Redis: it is read as data, field by field, and whatever
is not exactly a page of this release is no page.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from marketplace.kernel.caching import KeptPage

_BYTES = tuple(field.name for field in fields(KeptPage) if field.type == "bytes" and field.name != "body")
_TEXTS = tuple(field.name for field in fields(KeptPage) if field.type == "str")
_NAMES = {"headers", *_BYTES, *_TEXTS}


class PageFormat:
    """Pages to bytes and back, in the manner that the cache's library asks for."""

    def dumps(self, value: Any) -> bytes:
        """The bytes of a page; `TypeError` for anything else."""
        if not isinstance(value, KeptPage):
            raise TypeError("only pages are kept")
        head: dict[str, Any] = {name: getattr(value, name) for name in _TEXTS}
        head |= {name: getattr(value, name).hex() for name in _BYTES}
        head["headers"] = value.headers
        return json.dumps(head, separators=(",", ":")).encode() + b"\n" + value.body

    def loads(self, value: bytes | None) -> KeptPage | None:
        """The page that was written; None where there is none, or something else stands in its place."""
        if value is None:
            return None
        written, _line, body = value.partition(b"\n")
        try:
            head = json.loads(written)
            if set(head) != _NAMES or not all(isinstance(head[name], str) for name in (*_TEXTS, *_BYTES)):
                return None
            head |= {name: bytes.fromhex(head[name]) for name in _BYTES}
            head["headers"] = tuple((name, text) for name, text in head["headers"])
            if not all(isinstance(part, str) for pair in head["headers"] for part in pair):
                return None
        except (ValueError, TypeError):
            return None
        return KeptPage(**head, body=body)
