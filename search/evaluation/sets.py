"""Judged sets as JSON lines: documents, queries and judgements of any origin, read strictly."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from search.document import Document
from search.schema import CATEGORY, LANGUAGES

_KIND = "product"
_STEPS = ("/", ">", "|")  # how sets write the way from a broad category to a narrow one


class SetFault(ValueError):
    """A file is not what the format asks for; the message names file, line and fault."""


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """One query of a set."""

    id: str
    text: str
    language: str = "en"
    kind: str = ""


Judgements = Mapping[str, Mapping[str, float]]  # query -> document -> grade from 0 to 1


class Documents:
    """Documents of a file as the engine takes them; their names become keys by their place in the file.

    The file is read while it is iterated, once for each iteration; ``names`` is complete after the first.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.names: list[str] = []

    def __iter__(self) -> Iterator[Document]:
        self.names = []
        seen: set[str] = set()
        for place, row in rows(self._path):
            name = text_of(row, "id", place, is_needed=True)
            if name in seen:
                raise SetFault(f"{place}: the document {name} comes twice")
            seen.add(name)
            self.names.append(name)
            yield document_of(row, len(self.names), place)


def document_of(row: Mapping[str, Any], key: int, place: str = "document") -> Document:
    """``{id, title, description?, category?, attributes?, lang?}`` as a document of the index.

    The category is found like a fact and known by its steps; attributes (a text, a list, or names with values) are
    found like the description.
    """
    language = language_of(text_of(row, "lang", place))
    title = text_of(row, "title", place)
    body = "\n".join(filter(None, (text_of(row, "description", place), *_attributes(row.get("attributes")))))
    steps = _category_steps(_flat(row.get("category")))
    return Document(
        kind=_KIND,
        key=key,
        version=1,
        titles={language: title} if title else {},
        descriptions={language: body} if body else {},
        facts={language: ". ".join(steps)} if steps else {},
        original_language=language,
        keywords={CATEGORY: tuple("/".join(steps[:end]) for end in range(1, len(steps) + 1))} if steps else {},
    )


def read_queries(path: Path) -> list[AskedQuery]:
    """``{id, text, lang?, kind?}`` a line."""
    found = []
    for place, row in rows(path):
        text = text_of(row, "text", place, is_needed=True)
        name = text_of(row, "id", place, is_needed=True)
        found.append(AskedQuery(name, text, language_of(text_of(row, "lang", place)), text_of(row, "kind", place)))
    if len({each.id for each in found}) != len(found):
        raise SetFault(f"{path.name}: a query comes twice")
    return found


def read_judgements(path: Path) -> Judgements:
    """``{query_id, document_id, grade}`` a line, grades from 0 to 1; of several for one document the mean counts."""
    found: dict[str, dict[str, list[float]]] = {}
    for place, row in rows(path):
        grade = row.get("grade")
        if not isinstance(grade, int | float) or isinstance(grade, bool) or not 0 <= grade <= 1:
            raise SetFault(f"{place}: the grade is not a number from 0 to 1")
        query = text_of(row, "query_id", place, is_needed=True)
        document = text_of(row, "document_id", place, is_needed=True)
        found.setdefault(query, {}).setdefault(document, []).append(float(grade))
    return {query: {name: fmean(each) for name, each in grades.items()} for query, grades in found.items()}


def language_of(text: str) -> str:
    """The language of the site that a tag stands for; English for any other."""
    tag = text.replace("-", "_")
    if tag in LANGUAGES:
        return tag
    base = tag.partition("_")[0].lower()
    if base == "zh":
        return "zh_Hant" if tag.lower() in ("zh_tw", "zh_hk", "zh_mo", "zh_hant") else "zh_Hans"
    return base if base in LANGUAGES else "en"


def rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a file of JSON lines, each with its place for people to read; raises SetFault."""
    with path.open("rb") as stream:  # lines are told apart before they are decoded, so that a fault has its line
        for number, line in enumerate(stream, 1):
            if line.strip():
                place = f"{path.name}, line {number}"
                yield place, _row(line, place)


def _row(line: bytes, place: str) -> Mapping[str, Any]:
    try:
        text = line.decode("utf-8-sig")  # some programs begin a file with a mark
        row = json.loads(text)
        if "\\u" in text:
            json.dumps(row, ensure_ascii=False).encode()
    except UnicodeDecodeError as fault:
        raise SetFault(f"{place}: this is not UTF-8") from fault
    except UnicodeEncodeError as fault:
        raise SetFault(f"{place}: this has half a character") from fault
    except (ValueError, RecursionError) as fault:
        raise SetFault(f"{place}: this is no JSON: {fault}") from fault
    if not isinstance(row, dict):
        raise SetFault(f"{place}: this is no object")
    return row


def text_of(row: Mapping[str, Any], name: str, place: str, *, is_needed: bool = False) -> str:
    """A text of an object, also one written as a number; raises SetFault."""
    value = row.get(name)
    if value is None or value == "":
        if is_needed:
            raise SetFault(f"{place}: {name} is missing")
        return ""
    if isinstance(value, bool | dict | list):
        raise SetFault(f"{place}: {name} is no text")
    return str(value)


def _category_steps(text: str) -> list[str]:
    for step in _STEPS:
        text = text.replace(step, "\n")
    return [step for step in (" ".join(each.split()) for each in text.split("\n")) if step]


def _attributes(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}: {_flat(each)}" for name, each in value.items() if each not in (None, "", [])]
    if isinstance(value, list):
        return [line for each in value for line in (_attributes(each) if isinstance(each, Mapping) else [str(each)])]
    return [] if value in (None, "") else [str(value)]


def _flat(value: object) -> str:
    if isinstance(value, list):
        return " / ".join(map(str, value))
    return "" if value is None else str(value)
