"""Which goods a request is about, and which goods it only mentions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matching.profile import Source
from matching.reader.numbers import NUMBER
from matching.reader.stance import stance_of
from matching.reader.units import UNIT
from search.lexicon.lexicon import Lexicon
from search.lexicon.model import ConceptHit

_PURPOSE_BEFORE = re.compile(
    r"(?:\bfor (?:use in |making |our |the |an? )?|\bto (?:make|produce)\s|\bused in\s|\binto making\s|"
    r"\bfür (?:die |den |unsere?n? )?|"
    r"\bzur (?:herstellung von )?|\buntuk\s|\butk\s|\bbuat\s|用于|用於|做|供|生产|生產|提取)$",
    re.IGNORECASE,
)
_LOOKED_FOR = re.compile(
    r"\b(?:look(?:ing)?|search(?:ing)?|quote|quotation|price|prices|offer|offers|request|enquiry|inquiry|"
    r"ask(?:ing)?|need|"
    r"demand|supplier|suppliers|source|order|rfq|angebot|preis|bedarf|anfrage|lieferant)\s+for\s*(?:our |the |"
    r"an? )?$|"
    r"\b(?:angebot|preis|anfrage|lieferant(?:en)?|bedarf)\s+für\s+$|\b(?:penawaran|harga)\s+untuk\s+$",
    re.IGNORECASE,
)
_PARTY_AFTER = re.compile(
    r"(?:[\s-]*+(?:and|&|und|dan)\s+\w+)?[\s-]*+(?:industry\s)?(?:manufactur\w*|makers?\b|plants?\b(?! based)|"
    r"factory|distributors?|importers?|"
    r"wholesalers?|traders?|shops?\b|stores?\b|packers?|roasters?|company|brand|producers?|processors?|"
    r"hersteller\w*|händler\w*|importeur\w*|"
    r"fabrik\w*|laden|geschäft|extraction|extraktion|业|业者|厂|廠|公司|商|店|舖|铺|集团|用)",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"^[\s/,+&(（、，:;-]*(?:or|and|oder|und|atau|dan|或|和|及|bzw\.?|sowie|also|auch)?[\s/,+&(（、，-]*$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(rf"(?:{NUMBER})\s*+{UNIT}", re.IGNORECASE)
_FARTHEST_LISTED = 120
"""Letters between goods that are listed side by side, with their amounts."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Goods named in a request."""

    concept: str
    stance: str
    source: Source


@dataclass(frozen=True, slots=True)
class GoodsRead:
    """What the goods words of a request come to."""

    wanted: tuple[Mention, ...] = ()
    excluded: tuple[Mention, ...] = ()
    attributes: tuple[Mention, ...] = ()


def _as_goods(hit: ConceptHit, lexicon: Lexicon) -> ConceptHit | None:
    """The hit if it names goods; "fine robusta" is a grade that names its goods, too."""
    for concept in lexicon.closure(hit.concept):
        if lexicon.kind(concept) in ("product", "family"):
            return hit._replace(concept=concept)
    return None


def _role(text: str, hit: ConceptHit) -> str:
    """``goods``, or ``purpose`` for what the goods are used for, or ``party`` for who asks."""
    if _PARTY_AFTER.match(text, hit.end):
        return "party"
    before = text[max(0, hit.start - 40) : hit.start]
    if _PURPOSE_BEFORE.search(before) and not _LOOKED_FOR.search(before):
        return "purpose"
    return "goods"


_Kept = tuple[ConceptHit, str, str]


def _mentions(text: str, hits: Sequence[ConceptHit], lexicon: Lexicon) -> list[_Kept]:
    return [
        (named, _role(text, hit), stance_of(text, hit.start, hit.end))
        for hit in hits
        if (named := _as_goods(hit, lexicon)) is not None
    ]


def _kept(mentions: Sequence[_Kept], lexicon: Lexicon, with_families: bool = False) -> list[_Kept]:
    """The mentions that may be what is wanted; those of whole families where asked for or nothing else is named."""
    kept = [each for each in mentions if each[2] != "excluded"]
    kept = [each for each in kept if each[1] == "goods"] or kept
    products = [each for each in kept if lexicon.kind(each[0].concept) == "product"]
    return _specific(kept if with_families else products or kept, lexicon)


def goods_named(text: str, hits: Sequence[ConceptHit], lexicon: Lexicon) -> list[ConceptHit]:
    """Every mention of goods that may be wanted, in the order of the text, listed together or apart."""
    kept = _kept(_mentions(text, hits, lexicon), lexicon, with_families=True)
    kinds = _species(kept, lexicon)
    return [hit for hit, role, _ in kept if hit not in kinds and role == "goods"]


def read_goods(text: str, hits: Sequence[ConceptHit], lexicon: Lexicon, attributes: Sequence[str]) -> GoodsRead:
    """The goods wanted and refused among the concept hits of a text."""
    mentions = _mentions(text, hits, lexicon)
    excluded = [_mention(hit, "excluded") for hit, _, stance in mentions if stance == "excluded"]
    kept = _kept(mentions, lexicon)
    as_attributes = _species(kept, lexicon)
    kept = [each for each in kept if each[0] not in as_attributes]
    wanted = _connected(text, kept, lexicon)
    return GoodsRead(
        tuple(_mention(hit, stance, _combined(hit.concept, attributes, lexicon)) for hit, _, stance in wanted),
        tuple(excluded),
        tuple(_mention(hit, "required", concept) for hit, concept in as_attributes.items()),
    )


def _mention(hit: ConceptHit, stance: str, concept: str | None = None) -> Mention:
    return Mention(concept or hit.concept, stance, Source(hit.start, hit.end, hit.surface))


def _specific(kept: list[_Kept], lexicon: Lexicon) -> list[_Kept]:
    """Without the goods that another mention names more closely ("coconut sugar, the sugar must be ...")."""
    broader = {each for hit, _, _ in kept for each in lexicon.closure(hit.concept)[1:]}
    return [each for each in kept if each[0].concept not in broader]


def _species(kept: list[_Kept], lexicon: Lexicon) -> dict[ConceptHit, str]:
    """Mentions that tell the kind of other goods: "ground coffee, robusta or blend"."""
    named = dict.fromkeys(hit.concept for hit, _, _ in kept)
    kinds = {each: attribute for each in named if (attribute := _fact(lexicon, each, "attribute"))}
    told = {
        each: attribute
        for each, attribute in kinds.items()
        if any(set(lexicon.closure(each)[1:]) & set(lexicon.closure(other)) for other in named if other not in kinds)
    }
    return {hit: told[hit.concept] for hit, _, _ in kept if hit.concept in told}


def _connected(text: str, kept: list[_Kept], lexicon: Lexicon) -> list[_Kept]:
    """The first goods and those listed beside them or of the same group; later remarks about other goods fall away."""
    if not kept:
        return []
    wanted = [kept[0]]
    group = set(lexicon.closure(kept[0][0].concept)[1:2])
    for each in kept[1:]:
        is_listed = False
        if each[0].start - wanted[-1][0].end <= _FARTHEST_LISTED:
            gap = _AMOUNT.sub("", text[wanted[-1][0].end : each[0].start])
            is_listed = len(gap) < 30 and bool(_LINK.match(gap))
        if is_listed or group & set(lexicon.closure(each[0].concept)[:3]):
            wanted.append(each)
    return wanted


def _fact(lexicon: Lexicon, concept: str, name: str) -> str:
    known = lexicon.concepts.get(concept)
    return known.facts.get(name, "") if known else ""


def _combined(concept: str, attributes: Sequence[str], lexicon: Lexicon) -> str:
    """The goods that a name and a form make together: robusta, roasted -> roasted robusta; robusta alone -> green."""
    for rule in _fact(lexicon, concept, "combine").split():
        attribute, _, result = rule.partition("=")
        if attribute in attributes:
            return result
    return _fact(lexicon, concept, "usual") or concept
