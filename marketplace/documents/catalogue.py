"""The catalogue of a fair to print: goods with maker, terms and the QR code that leads to each of them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.documents.lettering import writable

LAYOUT = "catalogue"
MOST = 120  # goods in one catalogue: some thirty pages


@dataclass(frozen=True, slots=True)
class Entry:
    """One product as it is printed, in the reader's language; ``facts`` are pairs of label and value."""

    title: str
    maker: str
    facts: Sequence[tuple[str, str]]
    address: str


def catalogue_sheet(texts: Mapping[str, str], language: str, entries: Sequence[Entry]) -> tuple[str, str]:
    """What is printed, as JSON, and its fingerprint. ``texts``: title, fair, lead, foot and the colon."""
    sheet = {
        **{name: writable(text) for name, text in texts.items()},
        "language": language,
        "products": [
            {
                "title": writable(one.title),
                "maker": writable(one.maker),
                "facts": [[writable(label), writable(value)] for label, value in one.facts],
                "address": one.address,
                "code": _code(one.address),
            }
            for one in entries
        ],
    }
    text = json.dumps(sheet, ensure_ascii=False, sort_keys=True)
    return text, hashlib.sha256(text.encode()).hexdigest()


def _code(address: str) -> str:
    """The address as a QR picture (SVG)."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=2, dark="#000", light="#fff", xmldecl=False, title=None
    )
    return out.getvalue().decode()
