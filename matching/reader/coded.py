"""Goods by their tariff code: a second witness where the title of an offer names none, only a family, or only half."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet

from search.analysis import remembered
from search.folding import fold
from search.lexicon.lexicon import Lexicon
from search.lexicon.tokens import is_han

_FEW = 3
"""Goods of one code that may all be what is offered; of more of them the code tells nothing."""
_ALIKE = 0.6
"""How much of a name a title must have to be taken for it; chosen with three in ten names of the lexicon hidden."""
_LONGEST_TITLE = 200
_LETTERS = 3
_SHORTEST = 3


def witnessed(
    goods: Sequence[str], code: str | None, titles: Sequence[str], told: AbstractSet[str], lexicon: Lexicon
) -> list[str]:
    """The goods of an offer as its tariff code (six digits) makes them out. ``told`` are all concepts of its title.

    A product that the title names stays, unless its form was only assumed and the code is that of another form. Sellers
    mistake codes, and the lexicon does not have all that goods are declared as: a code alone refutes no title."""
    named, coded = list(goods), _bearing(lexicon).get(code or "", ())
    if not coded:
        return named
    if any(lexicon.kind(each) == "product" for each in named):
        return [_in_form(each, coded, told, lexicon) for each in named]
    within = [each for each in coded if not set(named).isdisjoint(lexicon.closure(each))]
    alike = _most_alike(within or coded, titles, lexicon)
    if alike:
        return [alike]
    if within:
        return within if len(within) <= _FEW else named
    return named or (list(coded) if len(coded) <= _FEW else [])


@remembered(2)
def _bearing(lexicon: Lexicon) -> Mapping[str, tuple[str, ...]]:
    """Codes to the products that bear them."""
    found: dict[str, list[str]] = {}
    for concept in lexicon.concepts.values():
        for code in concept.hs if concept.kind == "product" else ():
            found.setdefault(code, []).append(concept.id)
    return {code: tuple(each) for code, each in found.items()}


def _in_form(goods: str, coded: Collection[str], told: AbstractSet[str], lexicon: Lexicon) -> str:
    """Goods whose form nobody told, in the form of their code: robusta is green, but as 090121 it is roasted."""
    if goods in coded:
        return goods
    for name in lexicon.closure(goods)[1:]:
        facts = lexicon.concepts[name].facts if name in lexicon.concepts else {}
        if facts.get("usual") != goods:
            continue
        rules = [each.partition("=") for each in facts.get("combine", "").split()]
        is_told = any(form in told for form, _, _ in rules) or not _goods(told, lexicon) <= {name}
        return goods if is_told else next((made for _, _, made in rules if made in coded), goods)
    return goods


def _goods(told: AbstractSet[str], lexicon: Lexicon) -> set[str]:
    return {each for each in told if lexicon.kind(each) in ("product", "family")}


def _most_alike(coded: Sequence[str], titles: Sequence[str], lexicon: Lexicon) -> str:
    """Which goods have the name of which a title has most; empty where none has enough."""
    written = [_pieces(fold(each[:_LONGEST_TITLE])) for each in titles]
    most, found = _ALIKE, ""
    for concept in coded:
        for pieces in _names(concept, lexicon):
            share = max((len(pieces & each) / len(pieces) for each in written), default=0.0)
            if share > most:
                most, found = share, concept
    return found


@remembered(512)
def _names(concept: str, lexicon: Lexicon) -> tuple[frozenset[str], ...]:
    names = [_pieces(fold(each)) for written in lexicon.concepts[concept].names.values() for each in written]
    return tuple(each for each in names if len(each) >= _SHORTEST)


def _pieces(text: str) -> frozenset[str]:
    """What a text is made of: three letters in a row, or single Chinese signs."""
    if is_han(text[-1:]):
        return frozenset(text)
    padded = f" {text} "
    return frozenset(padded[each : each + _LETTERS] for each in range(len(padded) - _LETTERS + 1))
