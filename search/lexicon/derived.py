"""What follows from the facts of all concepts together: codes, compositions, forms and purposes of goods."""

from collections.abc import Callable, Iterator, Mapping

from search.lexicon.model import Concept


def shaped(concepts: Mapping[str, Concept]) -> frozenset[str]:
    """Goods whose form is part of what they are: those that a form makes others, and what it makes of them."""
    found: set[str] = set()
    for concept in concepts.values():
        results = {result for name, result in _combined(concept) if name.startswith("form-")}
        found |= results | ({concept.id} if results else set())
    return frozenset(found)


def forms(concepts: Mapping[str, Concept]) -> dict[str, frozenset[str]]:
    """Products to the others that a form makes of them, or of what they are a form of."""
    found: dict[str, frozenset[str]] = {}
    for concept in concepts.values():
        results = {result for name, result in _combined(concept) if name.startswith("form-")}
        if results and concept.kind == "product":
            alike = frozenset(results | {concept.id})
            found |= {each: found.get(each, frozenset()) | alike - {each} for each in alike}
    return found


def codes(concepts: Mapping[str, Concept]) -> dict[str, str]:
    """Abbreviations of certificates and registrations, in capitals, to the concept; the first that has one keeps it."""
    found: dict[str, str] = {}
    for concept in concepts.values():
        if concept.kind in ("certificate", "registration"):
            for code in concept.facts.get("codes", "").split():
                found.setdefault(code, concept.id)
    return found


def implied(concepts: Mapping[str, Concept]) -> dict[str, frozenset[str]]:
    """Goods to the purposes that made them what they are."""
    found: dict[str, set[str]] = {}
    for concept in concepts.values():
        for attribute, result in _combined(concept):
            known = concepts.get(attribute)
            if known and "purpose" in known.facts:
                found.setdefault(result, set()).add(attribute)
    return {goods: frozenset(attributes) for goods, attributes in found.items()}


def compositions(concepts: Mapping[str, Concept]) -> dict[frozenset[str], str]:
    """Two concepts to the goods they name together."""
    return {
        frozenset(pair.split("+")): concept.id
        for concept in concepts.values()
        for pair in concept.facts.get("parts", "").split()
    }


def is_of(goods: Concept, material: str, closure: Callable[[str], tuple[str, ...]]) -> bool:
    """Whether goods are of a kind or made of a material, and do not just look alike. ``closure`` gives
    a concept and all that is broader."""
    if material in goods.confused_with:
        return False
    parts = goods.facts.get("parts", "").replace("+", " ").split()
    return material in closure(goods.id) or not set(parts).isdisjoint(closure(material))


def _combined(concept: Concept) -> Iterator[tuple[str, str]]:
    """An attribute and the goods it makes of these: ``form-block`` and sugar blocks."""
    for rule in concept.facts.get("combine", "").split():
        attribute, _, result = rule.partition("=")
        yield attribute, result
