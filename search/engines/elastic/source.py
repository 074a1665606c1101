"""A document as the JSON that the index stores."""

from array import array
from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from sys import byteorder
from typing import Any

from search import ranking, related
from search.analysis import words
from search.document import Document
from search.engines.elastic.columns import SAID, columns_of
from search.plan import analysis_of
from search.related import Embedder, said_of_document
from search.schema import SPEC_PREFIX
from search.terms import meaning_of, surface_of

NO_END = date(9999, 12, 31)
# A word of a title counts as so many of a description, and so it stands there so often: bm25 of two fields together
# (combined_fields) scores the same, but reads twice as many lists and lengths for each document that is found.
_TITLES = round(ranking.TITLE / ranking.BODY)


def identifier(kind: str, key: int) -> str:
    """The id of a document."""
    return f"{kind}:{key}"


def vectors_of(documents: Sequence[Document], embedder: Embedder | None) -> list[dict[str, Any]]:
    """For each document the fields of its vector; none where there is no embedder, or nothing that it knows."""
    if embedder is None or not documents:
        return [{} for _ in documents]
    rows = related.vectors_of(embedder, [said_of_document(each) for each in documents])
    told: list[bool] = (rows != 0).any(axis=1).tolist()
    # all rows are turned round at once: one by one they took longer than anything else about a vector
    whole, length = rows.astype(">f4").tobytes(), 4 * rows.shape[1]
    return [
        {"make": embedder.name, "vector": b64encode(whole[at * length : (at + 1) * length]).decode("ascii")}
        if is_any
        else {}
        for at, is_any in enumerate(told)
    ]


def packed(vector: Sequence[float]) -> str:
    """A vector as the server takes it quickest: four bytes a number, the highest first, in letters. As figures it would
    be five times as long, and most of what a rebuild has to write and to read."""
    numbers = array("f", vector)
    if byteorder == "little":
        numbers.byteswap()
    return b64encode(numbers).decode("ascii")


def source_of(document: Document) -> dict[str, Any]:
    """Only public fields: what is not in a Document is not in the index."""
    meaning = meaning_of(document)
    return {
        "kind": document.kind,
        "key": document.key,
        "version": document.version,
        SAID: _said(document),
        "surface": " ".join(surface_of(document)),
        "concepts": list(meaning.concepts),
        "mentions": list(meaning.mentions),
        "codes": list(document.codes),
        "keywords": {
            name: list(dict.fromkeys(values))
            for name, values in document.keywords.items()
            if values and not name.startswith(SPEC_PREFIX)
        },
        "numbers": {
            name: value
            for name, value in document.numbers.items()
            if value is not None and not name.startswith(SPEC_PREFIX)
        },
        "signals": dict(document.signals),
        "specs": _specs(document),
        "certificates": [
            {"code": code, "last_day": (day or NO_END).isoformat()} for code, day in document.certificates.items()
        ],
        **columns_of(document, meaning.concepts),
        "texts": {
            "original": document.original_language,
            "titles": dict(document.titles),
            "descriptions": dict(document.descriptions),
        },
    }


def _said(document: Document) -> dict[str, list[str]]:
    """Texts by analyzer; the server analyses them, except that Chinese goes out cut into words."""
    found: dict[str, list[str]] = {}
    for times, texts in ((_TITLES, document.titles), (1, document.descriptions), (1, document.facts)):
        for language, text in texts.items():
            analysis = analysis_of(language)
            cut = " ".join(words(text, language)) if analysis == "zh" else text
            found.setdefault(analysis, []).extend([cut] * times)
    return found


def _specs(document: Document) -> list[dict[str, Any]]:
    specs: list[dict[str, Any]] = []
    for name, values in document.keywords.items():
        if name.startswith(SPEC_PREFIX):
            specs += [{"name": name, "value": value} for value in dict.fromkeys(values)]
    for name, number in document.numbers.items():
        if name.startswith(SPEC_PREFIX) and number is not None:
            specs.append({"name": name, "number": number})
    return specs
