"""Goods named in parts: coconut and sugar make coconut sugar when they stand side by side."""

import re
from collections.abc import Sequence

from search.lexicon.lexicon import Lexicon
from search.lexicon.model import ConceptHit

# What may stand between two parts of one name: at most a word or two, no comma, no "or", no "without".
_BETWEEN = re.compile(
    r"[\s'’-]*(?!(?:or|and|oder|und|atau|dan|not|no|without|ohne|kein\w*|bukan|tanpa|for|für|untuk|with|mit)\b)"
    r"(?:[^\W\d_]+[\s-]+){0,2}|[^\W\d_]{0,3}",
    re.IGNORECASE,
)
# "Sweetener made from the sap of the coconut palm": what goods are made of may stand further away.
_MADE_OF = re.compile(
    r"[\s,]*(?:(?:[^\W\d_]+[.\s]+){0,3}?(?:made |produced |pressed |extracted |obtained |derived |carved |woven )?"
    r"(?:from|of|out of|aus|vom|von|dari|dr)\s+(?:[^\W\d_]+[\s-]+){0,4})|"
    r"[^\W\d_]{0,2}\s?[(（]?[^\W\d_]{0,5}[)）]?[^\W\d_]{0,2}(?:做|制|製|制成|製成|加工|熬制|熬製|炼制|煉製|提取|压制|壓製)的?",
    re.IGNORECASE,
)
_LONGEST_GAP, _LONGEST_ORIGIN = 24, 48
_REFUSED = re.compile(
    r"\b(?:not|no|or|oder|atau|und|and|dan|without|ohne|bukan|tanpa|buat|utk|untuk|bagi|für|for|zur|zum|als)\b|[或和及非不]",
    re.IGNORECASE,
)
_PARTS = frozenset({"product", "family", "attribute"})


def compose(text: str, hits: Sequence[ConceptHit], lexicon: Lexicon) -> list[ConceptHit]:
    """The hits of a text with neighbouring parts of a name joined to the goods they name together."""
    joined: list[ConceptHit] = []
    for each in hits:
        hit = each
        while (place := _before(joined, lexicon)) is not None and (named := _named(text, joined[place], hit, lexicon)):
            hit = named
            del joined[place]
        joined.append(hit)
    return _with_shared_heads(text, sorted(joined, key=lambda each: each.start), lexicon)


_OR = re.compile(r"[\s,-]*(?:(?:or|and|oder|und|atau|dan|&|/|bzw\.?)\s*|[,，、/]\s*|[和或与與]\s*)", re.IGNORECASE)


def _with_shared_heads(text: str, hits: list[ConceptHit], lexicon: Lexicon) -> list[ConceptHit]:
    """The hits, a head that stands once for goods listed side by side given to each of them: "crisps made of cassava
    or banana" are banana crisps, too, and so are "banana or cassava crisps"."""
    found = list(hits)
    for place, hit in enumerate(hits):
        for other in (place - 1, place + 1):
            if not 0 <= other < len(hits):
                continue
            first, second = sorted((place, other))
            if _OR.fullmatch(text, hits[first].end, hits[second].start) and (
                made := _made_alike(hit.concept, hits[other].concept, lexicon)
            ):
                found[other] = hits[other]._replace(concept=made)
    return found


def _made_alike(made: str, part: str, lexicon: Lexicon) -> str | None:
    """What a part becomes with the head of goods that are made of another part, None where that is nothing known."""
    if lexicon.kind(made) != "product" or part in lexicon.closure(made):
        return None
    for pair in lexicon.concepts[made].facts.get("parts", "").split():
        for head in pair.split("+"):
            result = lexicon.compositions.get(frozenset((head, part)))
            if result and result != made and lexicon.kind(head) == "family":
                return result
    return None


def with_goods_of_kinds(hits: Sequence[ConceptHit], lang: str | None, lexicon: Lexicon) -> list[ConceptHit]:
    """The hits, and the goods named amid the name of a quality: the arabica of "washed arabica"."""
    found: list[ConceptHit] = []
    for hit in hits:
        found.append(hit)
        is_quality = lexicon.kind(hit.concept) == "attribute" and len(hit.surface) > _SHORTEST_QUALITY
        if not is_quality or any(lexicon.kind(each) != "attribute" for each in lexicon.closure(hit.concept)):
            continue
        scope = lexicon.concepts[hit.concept].facts.get("scope")
        found += [  # "no added sugar" is of any goods, and names none
            each._replace(start=hit.start + each.start, end=hit.start + each.end)
            for each in lexicon.find(hit.surface, lang, kinds=("product", "family"))
            if scope in lexicon.closure(each.concept)
        ]
    return sorted(found, key=lambda each: (each.start, -each.end))


_SHORTEST_QUALITY = 7
_TURNED = re.compile(r"\s?,\s?(?P<first>[^\W\d_]{3,})(?![^\W\d_])")


def turned_round(text: str, hits: Sequence[ConceptHit], lang: str | None, lexicon: Lexicon) -> list[ConceptHit]:
    """The hits of a text, goods named as in a tariff read the usual way round: "Pepper, black", "Tea, green"."""
    found: list[ConceptHit] = []
    for hit in hits:
        after = _TURNED.match(text, hit.end) if lexicon.kind(hit.concept) in ("product", "family") else None
        if after:
            name = f"{after['first']} {hit.surface}"
            named = lexicon.find(name, lang)
            is_whole = len(named) == 1 and (named[0].start, named[0].end) == (0, len(name))
            if is_whole and named[0].concept != hit.concept and hit.concept in lexicon.closure(named[0].concept):
                found.append(ConceptHit(named[0].concept, hit.start, after.end(), text[hit.start : after.end()]))
                continue
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return found


def _before(joined: Sequence[ConceptHit], lexicon: Lexicon) -> int | None:
    """Where the last hit is that may be part of a name; attributes in between are stepped over once."""
    for place in range(len(joined) - 1, max(-1, len(joined) - 3), -1):
        if lexicon.kind(joined[place].concept) in ("product", "family"):
            return place
        if lexicon.kind(joined[place].concept) != "attribute":
            break
    return len(joined) - 1 if joined else None


def _is_part(hit: ConceptHit, above: str, lexicon: Lexicon) -> bool:
    """Whether a hit can stand for what is above it as part of a name: goods for goods, families for families. Finished
    goods are no mere family: "nata de coco, low sugar" is no coconut sugar."""
    return lexicon.kind(hit.concept) != "product" or lexicon.kind(above) == "product"


def _named(text: str, one: ConceptHit, other: ConceptHit, lexicon: Lexicon) -> ConceptHit | None:
    if other.start < one.end or lexicon.kind(one.concept) not in _PARTS or lexicon.kind(other.concept) not in _PARTS:
        return None
    between = text[one.end : other.start]
    if _REFUSED.search(between) or not (
        (len(between) <= _LONGEST_GAP and _BETWEEN.fullmatch(between))
        or (len(between) <= _LONGEST_ORIGIN and _MADE_OF.fullmatch(between))
    ):
        return None
    for first in lexicon.closure(one.concept):
        for second in lexicon.closure(other.concept):
            result = lexicon.compositions.get(frozenset((first, second)))
            if result:
                # Briquettes for barbecues, made of coconut shells, stay what they are.
                finer = next((each.concept for each in (one, other) if result in lexicon.closure(each.concept)), None)
                if finer is None and not (_is_part(one, first, lexicon) and _is_part(other, second, lexicon)):
                    continue
                return ConceptHit(finer or result, one.start, other.end, text[one.start : other.end])
    return None
