"""A search document as bytes and back: what saved searches saw of a product the last time."""

from __future__ import annotations

import json
import zlib
from datetime import date
from typing import Any

from search.document import Document

_FIELDS = ("titles", "descriptions", "facts", "numbers")


def packed(document: Document) -> bytes:
    """The document in few bytes, without version and ranking signals."""
    values: dict[str, Any] = {name: dict(getattr(document, name)) for name in _FIELDS}
    values |= {
        "kind": document.kind,
        "key": document.key,
        "language": document.original_language,
        "concepts": list(document.concepts),
        "codes": list(document.codes),
        "keywords": {name: list(each) for name, each in document.keywords.items()},
        "certificates": {code: until and until.isoformat() for code, until in document.certificates.items()},
    }
    return zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpacked(stored: bytes) -> Document:
    """The document that was packed."""
    values = json.loads(zlib.decompress(stored))
    return Document(
        kind=values["kind"],
        key=values["key"],
        version=1,
        original_language=values["language"],
        concepts=tuple(values["concepts"]),
        codes=tuple(values["codes"]),
        keywords={name: tuple(each) for name, each in values["keywords"].items()},
        certificates={code: until and date.fromisoformat(until) for code, until in values["certificates"].items()},
        **{name: values[name] for name in _FIELDS},
    )
