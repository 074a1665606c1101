"""An offer as the matcher sees it: its goods, its attributes and its conditions in comparable terms."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matching.profile import Held, OfferProfile
from matching.reader.coded import witnessed
from matching.reader.composed import compose, with_goods_of_kinds
from matching.reader.limits import CUP_SCORE, SPECIALTY, figures_in
from matching.reader.offer_text import Written, read_offer_text
from matching.reader.request import certificate_concept
from matching.reader.stance import stance_of
from matching.reader.terms import with_inner
from search.lexicon.lexicon import Lexicon
from search.lexicon.model import ConceptHit

# Where a seller sits is no claim about where the goods grew.
_NOT_FROM_REMARKS = frozenset({"origin", "form", "grade", "shape"})


@dataclass(frozen=True, slots=True)
class OfferReading:
    """The concepts of one offer."""

    goods: tuple[str, ...]
    attributes: dict[str, frozenset[str]]
    """Dimension to the values the offer states in it."""
    certificates: dict[str, int | None]
    """Concept to the last day of validity as an ordinal, None when no day is known."""
    registrations: frozenset[str]
    figures: tuple[tuple[str, float], ...] = ()
    """Figures the offer states: moisture, curcumin, mesh."""


def _goods(hits: Iterable[ConceptHit], lexicon: Lexicon) -> list[str]:
    named = [hit.concept for hit in hits if lexicon.kind(hit.concept) in ("product", "family")]
    products = [each for each in named if lexicon.kind(each) == "product"]
    named = list(dict.fromkeys(products or named))
    broader = {each for concept in named for each in lexicon.closure(concept)[1:]}
    return [each for each in named if each not in broader]


# what is told after these words is in the goods, or what they go with: chips with sea salt, lip balm with honey
_WITH = re.compile(
    r"\b(?:with|mit|dengan|dgn|pakai|rasa|aroma|flavou?red with|containing|enthält)\b|\bw/|[含加配]", re.IGNORECASE
)
_LISTED = re.compile(r"[,;/|+&、，；·]|\b(?:and|und|dan|or|oder|atau)\b|[和与與及]", re.IGNORECASE)


# "cashew pieces for butter and ice cream", "奶茶用": what the goods are for
_FOR_BEFORE = re.compile(
    r"\b(?:for|für|untuk|utk|buat|zum|zur)\s(?:(?!(?:and|und|dan|or|oder|atau)\b)[^\W\d_][\w-]*\s){0,2}$", re.IGNORECASE
)
_FOR_AFTER = re.compile(r"[\u3400-\u9fff]{0,2}用")
_FAR = 40


def _without_ingredients(text: str, hits: list[ConceptHit], lang: str, lexicon: Lexicon) -> list[ConceptHit]:
    """The hits of a title less goods that only tell what others are made of, taste of or are for. Indonesian names its
    goods first: of "lip balm madu" the balm is for sale."""
    kept: list[ConceptHit] = []
    main: ConceptHit | None = None
    purpose: ConceptHit | None = None
    for hit in sorted(hits, key=lambda each: (each.start, -each.end)):
        if lexicon.kind(hit.concept) not in ("product", "family"):
            kept.append(hit)
            continue
        if _is_purpose(text, hit, purpose):
            purpose = hit
            continue
        if main is not None and hit.start >= main.end:
            between = text[main.end : hit.start]
            # "rumput laut cottonii", "green bean robusta": what comes after a family is its kind
            is_kind = main.concept in lexicon.closure(hit.concept) or lexicon.kind(main.concept) == "family"
            if _WITH.search(between) or (
                not is_kind and lang == "id" and not _LISTED.search(between) and len(between) <= _CLOSE
            ):
                continue
        kept.append(hit)
        main = hit if main is None or hit.start >= main.end else main
    return kept


def _is_purpose(text: str, hit: ConceptHit, before: ConceptHit | None) -> bool:
    """Whether a title says what its goods are for, or goes on to say so: "for butter and ice cream"."""
    if _FOR_BEFORE.search(text, max(0, hit.start - _FAR), hit.start) or _FOR_AFTER.match(text, hit.end):
        return True
    return (
        before is not None and len(between := text[before.end : hit.start]) <= _CLOSE and bool(_LISTED.search(between))
    )


_CLOSE = 12
"""Letters between goods that still are one name."""


def _rules(concept: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """Which attribute turns goods into which; those of the kind count, too: roasted Gayo is arabica, roasted."""
    if concept not in lexicon.concepts:
        return []
    named = [concept, *(each for each in lexicon.closure(concept)[1:] if lexicon.kind(each) == "product")]
    rules = [rule.partition("=") for each in named for rule in lexicon.concepts[each].facts.get("combine", "").split()]
    return [(name, made) for name, _, made in rules if made not in lexicon.closure(concept)]


def _settled(goods: list[str], attributes: list[str], lexicon: Lexicon) -> list[str]:
    """Goods with their form counted in, as the request reader does it."""
    settled: list[str] = []
    for concept in goods:
        facts = lexicon.concepts[concept].facts if concept in lexicon.concepts else {}
        if "attribute" in facts and len(goods) > 1:
            continue  # "robusta" beside "ground coffee" tells the kind; it is no second good
        combined = next((made for name, made in _rules(concept, lexicon) if name in attributes), "")
        combined = combined or facts.get("usual", concept)
        settled.append(combined)
    return settled or goods


def _hits(text: str, lang: str, lexicon: Lexicon) -> list[ConceptHit]:
    """The concepts of a title; misspelt words are put right, since who lists goods on a phone slips as often as who
    asks for them."""
    named = lexicon.find(text, lang or None, repair=True)
    named = [each for each in named if lexicon.kind(each.concept) not in _REFUSABLE or not _is_refused(text, each)]
    return with_inner(compose(text, with_goods_of_kinds(named, lang or None, lexicon), lexicon), lexicon)


_REFUSABLE = frozenset({"product", "family", "attribute"})


def _is_refused(text: str, hit: ConceptHit) -> bool:
    """Whether a title says that it is not so: "no cane added", "NOT roasted", "tanpa campuran jagung"."""
    return stance_of(text, hit.start, hit.end) == "excluded"


def _told_by_kind(goods: list[str], concepts: Iterable[str], lexicon: Lexicon) -> list[str]:
    """The goods that a variety or an origin tells where a title names none, or their family alone: Gayo green."""
    if any(lexicon.kind(each) == "product" for each in goods):
        return goods
    told = [_told(each, lexicon) for each in concepts if each in lexicon.concepts]
    narrow = [
        each
        for each in dict.fromkeys(told)
        if each in lexicon.concepts and (not goods or set(goods) & set(lexicon.closure(each)))
    ]
    return narrow[:1] or goods


def _told(attribute: str, lexicon: Lexicon) -> str:
    """The goods that an attribute can only be of: the robusta of "fine robusta"."""
    of_goods = [each for each in lexicon.closure(attribute)[1:] if lexicon.kind(each) == "product"]
    return str(lexicon.concepts[attribute].facts.get("alone", "")) or next(iter(of_goods), "")


def read_offer(offer: OfferProfile, lexicon: Lexicon) -> tuple[OfferProfile, OfferReading]:
    """The offer completed from its description, and its concepts.

    Goods come from what the seller picked or from the title, never from a passing remark; a figure in the form weighs
    more than one in the text.
    """
    titles = list(offer.titles.items())
    written = [(lang, read_offer_text(text, lang or None, lexicon)) for lang, text in offer.descriptions.items()]
    by_title = [(text, lang, _hits(text, lang, lexicon)) for lang, text in titles]
    title_hits = [hit for _text, _lang, hits in by_title for hit in hits]
    body_hits = [hit for _lang, each in written for hit in compose(each.about, each.hits, lexicon)]
    form = [each for name, value in offer.attributes.items() for each in _stated(name, str(value), lexicon)]
    titled = [hit.concept for hit in title_hits]
    titled += [hit.concept for lang, each in written for hit in lexicon.find(each.specifications, lang or None)]
    stated = [*form, *titled]
    attributes = [each for each in stated if lexicon.kind(each) == "attribute"]
    main = [hit for text, lang, hits in by_title for hit in _without_ingredients(text, hits, lang, lexicon)]
    goods = _settled(_told_by_kind(_goods(main, lexicon), attributes, lexicon), attributes, lexicon)
    if offer.commodity:
        narrower = [each for each in goods if offer.commodity in lexicon.closure(each)]
        is_assorted = len(_goods(title_hits, lexicon)) > 1  # "crackers (kerupuk, emping, rengginang)" are all of these
        goods = [*([offer.commodity] if is_assorted or not narrower else []), *narrower]
        goods = list(dict.fromkeys(goods))
    if not goods:
        goods = _settled(_goods(body_hits, lexicon)[:1], attributes, lexicon)
    if not offer.commodity:
        goods = witnessed(goods, offer.hs, list(offer.titles.values()), {*stated}, lexicon)
    if not goods:  # what the title says they are for is better than nothing
        goods = _settled(_goods(title_hits, lexicon), attributes, lexicon)
    remarks = [hit.concept for hit in body_hits if lexicon.kind(hit.concept) == "attribute"]
    told = [f"{name.replace('_', ' ')} {value}" for name, value in offer.attributes.items()]
    figures = figures_in([*told, *offer.titles.values(), *(each.about for _, each in written)], None, lexicon)
    figures |= offer.figures
    if figures.get(CUP_SCORE, 0) >= SPECIALTY:
        titled.append("grade-specialty")
    completed = _completed(offer, [each for _, each in written])
    reading = OfferReading(
        tuple(goods),
        _by_dimension([_attributes_of(form, lexicon), _attributes_of(titled, lexicon), remarks], lexicon),
        _proved(offer, lexicon) | _held(completed.certificates, lexicon),
        frozenset(certificate_concept(each, lexicon) for each in offer.registrations),
        tuple(sorted(figures.items())),
    )
    return completed, reading


_YES, _NO = frozenset({"yes", "true", "ja", "ya", "是"}), frozenset({"no", "false", "nein", "tidak", "否"})


def _stated(name: str, value: str, lexicon: Lexicon) -> list[str]:
    """Concepts of one specification: by its value, or by its name where the value only says yes or no."""
    if value.lower() not in _YES | _NO:
        return [hit.concept for hit in lexicon.find(value)]
    named = [hit.concept for hit in lexicon.find(name.replace("_", " "), "en")]
    if value.lower() in _YES:
        return named
    return [other for each in named if (other := lexicon.concepts[each].facts.get("opposite"))]


def _completed(offer: OfferProfile, written: list[Written]) -> OfferProfile:
    minimum, capacity = offer.minimum, offer.monthly_capacity
    for each in written:
        minimum = minimum or each.minimum
        capacity = capacity or each.monthly_capacity
    certificates = offer.certificates or tuple(held for each in written for held in each.certificates)
    return replace(offer, minimum=minimum, monthly_capacity=capacity, certificates=certificates)


def _held(certificates: Iterable[Held], lexicon: Lexicon) -> dict[str, int | None]:
    """Certificates by concept; where one is named twice, the mention with a day counts, the later day of two."""
    found: dict[str, int | None] = {}
    for held in certificates:
        concept = certificate_concept(held.concept, lexicon)
        last = held.expires.toordinal() if held.expires else None
        known = found.get(concept)
        found[concept] = last if known is None else max(known, last or 0)
    return found


def _proved(offer: OfferProfile, lexicon: Lexicon) -> dict[str, int | None]:
    """Papers that a specification answers with yes: food contact tested."""
    said = [name for name, value in offer.attributes.items() if str(value).lower() in _YES]
    named = [each for name in said for each in _stated(name, "yes", lexicon)]
    return {each: None for each in named if lexicon.kind(each) == "certificate"}


def _attributes_of(concepts: Iterable[str], lexicon: Lexicon) -> list[str]:
    return [each for each in concepts if lexicon.kind(each) == "attribute"]


def _by_dimension(told: Sequence[Sequence[str]], lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Attribute values by dimension, from the form, the title and remarks in the description: each counts only where
    those before are silent or say less closely what it says."""
    found: dict[str, set[str]] = {}
    for rank, concepts in enumerate(told):
        settled = set(found)
        for concept in concepts:
            dimension = lexicon.concepts[concept].facts.get("dimension")
            if rank == len(told) - 1 and dimension in _NOT_FROM_REMARKS:
                continue
            if not dimension:
                continue
            # "cube" in the form leaves the "25 mm" of the title as it is
            is_closer = bool(found.get(dimension, set()) & set(lexicon.closure(concept)[1:]))
            if dimension not in settled or is_closer:
                found.setdefault(dimension, set()).add(concept)
    return {dimension: frozenset(values) for dimension, values in found.items()}
