"""Reading the lexicon's YAML files, strictly: a typing error in them must stop the build, not hide a concept."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml

from search.lexicon.model import KINDS, LANGUAGES, Concept

_LISTS = ("hs", "broader", "substitutes", "confused_with")
_KEYS = frozenset({"concept", "kind", "misspellings", "facts", *_LISTS, *LANGUAGES})


class LexiconFault(ValueError):
    """The lexicon data are wrong; the message lists every fault found."""


class _StrictLoader(yaml.CBaseLoader):
    """YAML in which every value is text (090111 is no octal number) and no key comes twice."""

    def read_mapping(self, node: yaml.Node) -> dict[object, object]:
        """The mapping of a node; raises LexiconFault when a key comes twice."""
        assert isinstance(node, yaml.MappingNode)
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            twice = sorted({str(key) for key in keys if keys.count(key) > 1})
            raise LexiconFault(f"{node.start_mark}: key given twice: {', '.join(twice)}")
        return {key: self.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _StrictLoader.read_mapping)


def _split(value: object) -> tuple[str, ...]:
    """``one | two`` as names; spaces around them do not count."""
    return tuple(part for part in (piece.strip() for piece in str(value).split("|")) if part)


def _concept(entry: Mapping[str, object], kind: str) -> Concept:
    unknown = set(entry) - _KEYS
    if unknown:
        raise LexiconFault(f"{entry.get('concept')}: unknown keys {', '.join(sorted(map(str, unknown)))}")
    lists = {key: tuple(str(entry[key]).split()) if key in entry else () for key in _LISTS}
    facts = entry.get("facts", {})
    if not isinstance(facts, Mapping):
        raise LexiconFault(f"{entry.get('concept')}: facts must be a mapping")
    return Concept(
        id=str(entry["concept"]),
        kind=str(entry.get("kind", kind)),
        names={lang: _split(entry[lang]) for lang in LANGUAGES if lang in entry},
        misspellings=_split(entry.get("misspellings", "")),
        facts={str(key): str(value) for key, value in facts.items()},
        **lists,
    )


def read_concepts(source: str) -> list[Concept]:
    """Concepts of one YAML text: ``kind`` (the default of the file) and ``concepts``."""
    data = yaml.load(source, Loader=_StrictLoader)  # noqa: S506 - builds text, lists and mappings only
    if not isinstance(data, Mapping) or set(data) - {"kind", "concepts"}:
        raise LexiconFault("a lexicon file has the keys 'kind' and 'concepts' and no other")
    return [_concept(entry, str(data.get("kind", ""))) for entry in data["concepts"]]


def faults(concepts: Iterable[Concept]) -> list[str]:
    """What contradicts itself in the lexicon, one sentence a fault."""
    found: list[str] = []
    known: dict[str, Concept] = {}
    for concept in concepts:
        if concept.id in known:
            found.append(f"{concept.id}: defined twice")
        known[concept.id] = concept
    for concept in known.values():
        if concept.kind not in KINDS:
            found.append(f"{concept.id}: unknown kind {concept.kind!r}")
        for relation in ("broader", "substitutes", "confused_with"):
            found += [
                f"{concept.id}: {relation} {other} does not exist"
                for other in getattr(concept, relation)
                if other not in known
            ]
        found += [
            f"{concept.id}: HS {code} has not six digits"
            for code in concept.hs
            if not (len(code) == 6 and code.isdigit())
        ]
        found += [
            f"{concept.id}: part {part} does not exist"
            for pair in concept.facts.get("parts", "").split()
            for part in pair.split("+")
            if part not in known
        ]
    found += [f"{concept.id}: is broader than itself" for concept in known.values() if _is_circular(concept, known)]
    return found


def _is_circular(concept: Concept, known: Mapping[str, Concept]) -> bool:
    seen: set[str] = set()
    queue = list(concept.broader)
    while queue:
        current = queue.pop()
        if current == concept.id:
            return True
        if current not in seen:
            seen.add(current)
            queue += known[current].broader if current in known else ()
    return False


def load_shipped() -> list[Concept]:
    """The concepts that come with the program, checked."""
    folder: Traversable = files("search.lexicon").joinpath("data")
    concepts: list[Concept] = []
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            try:
                concepts += read_concepts(file.read_text(encoding="utf-8"))
            except (LexiconFault, KeyError, yaml.YAMLError) as error:
                raise LexiconFault(f"{file.name}: {error}") from error
    if wrong := faults(concepts):
        raise LexiconFault("; ".join(wrong))
    return concepts


@lru_cache(maxsize=1)
def registered_goods() -> frozenset[str]:
    """The goods of the commodity registry, which a catalogue lists by their own id."""
    text = files("search.lexicon").joinpath("data", "commodities.yaml").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^- concept: (\S+)$", text, re.MULTILINE))
