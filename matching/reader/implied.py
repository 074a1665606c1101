"""Goods that a request does not name but tells by a variety, an origin or a shape: Caturra, Java Ijen, W320."""

import re
from collections.abc import Sequence

from matching.profile import Understood
from search.folding import fold
from search.lexicon.lexicon import Lexicon


def implied_goods(chips: Sequence[Understood], wanted: Sequence[str], lexicon: Lexicon) -> list[Understood]:
    """A chip for each kind of goods that attributes read can only mean, by the lexicon's fact ``alone``; none where
    products are named. A name that may mean other goods too (``vague``) tells its goods only where another attribute
    is of these goods alone."""
    if any(lexicon.kind(each) == "product" for each in wanted):
        return []
    named = [each for each in chips if each.kind == "attribute" and each.stance != "excluded"]
    found: dict[str, Understood] = {}
    for chip in named:
        facts = lexicon.concepts[chip.value].facts if chip.value in lexicon.concepts else {}
        goods = facts.get("alone", "")
        if goods not in lexicon.concepts or (wanted and not set(wanted) & set(lexicon.closure(goods))):
            continue
        vague = {_written(each) for each in facts.get("vague", "").split("|")}
        if _written(chip.source.text) in vague and not _is_backed(chip, goods, named, lexicon):
            continue
        found.setdefault(goods, Understood("goods", goods, "assumed", chip.source))
    narrow = [each for each in found if not any(each in lexicon.closure(other)[1:] for other in found)]
    return [found[each] for each in narrow]


def _written(name: str) -> str:
    return re.sub(r"[\s-]+", " ", fold(name)).strip()


def _is_backed(chip: Understood, goods: str, named: Sequence[Understood], lexicon: Lexicon) -> bool:
    """Whether another attribute is one of these goods only."""
    above = set(lexicon.closure(goods))
    return any(lexicon.concepts[each.value].facts.get("scope") in above for each in named if each.value != chip.value)


def narrowed(attributes: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Attributes less those that another says more closely: Java of Java Ijen, cubes of 26 mm cubes."""
    return [each for each in attributes if not any(_is_within(other, each, lexicon) for other in attributes)]


def _is_within(inner: str, outer: str, lexicon: Lexicon) -> bool:
    if inner == outer or inner not in lexicon.concepts or outer not in lexicon.concepts:
        return False
    if outer in lexicon.closure(inner)[1:]:
        return True
    one, other = lexicon.concepts[inner].facts, lexicon.concepts[outer].facts
    region = other.get("region")
    if not region or one.get("dimension") != other.get("dimension"):
        return False
    area = one.get("area", "")
    above = lexicon.concepts.get(f"origin-{area}")  # Ijen lies in East Java, and East Java in Java
    return region in (area, above.facts.get("area") if above else None)
