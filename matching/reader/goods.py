"""Which goods a request is about, and which goods it only mentions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matching.profile import Source
from matching.reader.cues import Cued
from matching.reader.numbers import NUMBER
from matching.reader.stance import is_refused_from_afar, stance_of
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
    r"(?:[\s-]*+(?:and|&|und|dan)\s+\w++)?[\s-]*+(?:industry\s)?(?:manufactur\w*|makers?\b|plants?\b(?! based)|"
    r"factory|mill\b|workshops?|taprooms?|bar\b|caf[eé]s?\b|restaurants?|deli\b|baker(?:y|ies)|brewer(?:y|ies)|studio|"
    r"kiosks?|stalls?\b|boutiques?|salons?\b|spas?\b|distributors?|importers?|"
    r"wholesalers?|traders?|shops?\b|stores?\b|packers?|roasters?|company|brand|producers?|processors?|"
    r"hersteller\w*|händler\w*|importeur\w*|"
    r"fabrik\w*|manufaktur\w*|mühle\b|werkstatt|laden|läden|geschäft|stube|bäckerei\w*|brauerei\w*|rösterei\w*|konditorei\w*|extraction|extraktion|业|業|业者|業者|工?[厂廠]|连锁|連鎖|公司|商|店|舖|铺|集团|用)"
    r"(?!\s(?:grade|quality|bags?|packs?|style)\b)",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"^(?:\s(?:\w++\s)?(?:grade|quality|bars?|mills?|bags?|packs?)(?=[\s,]))?"
    r"[\s/,+&(（、，:;-]*(?:or|and|oder|und|atau|dan|或|和|及|bzw\.?|sowie|also|auch|but(?: also)?|"
    r"alternativ(?:ely|weise)?(?: (?:auch|also))?|ersatzweise|or alternatively|atau kalau tidak|或者|要么|"
    r"sondern auch|(?:tapi|tetapi|melainkan) juga|(?:and|und|dan) (?:we |wir |kami )?(?:also |juga )?"
    r"(?:need|brauchen|butuh)(?: also| auch| juga)?)?[\s/,+&(（、，-]*$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(rf"(?:{NUMBER})\s*+{UNIT}", re.IGNORECASE)
_AMID_A_NAME = re.compile(r"[)）]\s?(?!(?:and|or|und|oder|dan|atau|for|to|in|from)\b)[^\W\d_]{3}", re.IGNORECASE)
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


# "we are a kombucha taproom", "wir sind ein Teehaus": what stands there tells who asks
_PARTY_BEFORE = re.compile(
    r"\b(?:we(?:['’]re| are) an? |i(?:['’]m| am) an? |(?:i|we) (?:run|own) an? |wir sind ein[er]? |ich bin ein[er]? |"
    r"(?:wir|ich) betreiben? ein[en]? )(?:(?!(?:of|for|in|and|or|with|that|who|which|to|the|after|on|at|from|need\w*|"
    r"seek\w*|look\w*|buy\w*|want\w*|interest\w*|search\w*|sourc\w*|order\w*|requir\w*|import\w*|purchas\w*|"
    r"trad\w+|distribut\w*|wholesalers?|retailers?|company|shop|store|caf[eé]|restaurant|roaster\w*|spa|bakery|fan|"
    r"von|für|und|oder|such\w*|brauch\w*|die|der|das|den|mit|aus|benötig\w*|käufer\w*|kauf\w*|bestell\w*|händler\w*|"
    r"laden|firma|möcht\w*|woll\w*)\b)[\w-]+ ){0,3}$|"
    r"(?:我们|我們|我哋)[是係]一?[家間间]?(?:(?![要采採购購買买需找做进進卖賣供订訂])[\u3400-\u9fff]){0,4}$",
    re.IGNORECASE,
)
# "A, no wait, B", "A eh maksudnya B", "A 啊不对是 B": the later word counts
_CORRECTED = re.compile(
    r"\bno,? wait\b|\bi mean(?:t)?\b|\bsorry,|\bscratch that\b|\bcorrection\b|\beh,? (?:maksud|salah|bukan)|"
    r"\bmaksud(?:nya| saya)\b|\bsalah,|\bnein,|\bquatsch\b|\bich mein(?:e|te)\b|\bkorrektur\b|不[对對][，,是]|"
    r"[?？]\s?(?:no|nope|nein|bukan|不是|唔係)[\s,，–-]|说错|說錯|講錯|讲错|更正",
    re.IGNORECASE,
)
# what may stand between such words and the goods that count; a word more, and something else is said
_LEADS_ON = re.compile(
    r"[\s,，:：;；–—了啊…-]*+(?:(?:the|an?|das|die|der|den|saya|nya|it's|make (?:it|that)|i mean(?:t)?|rather|是|要|系|"
    r"係|应该是|應該是)\s*+,?\s*+)*",
    re.IGNORECASE,
)
_FARTHEST_CORRECTED = 40
# "we make raw chocolate and body balms; want cocoa butter": what who asks makes or sells
_ONWARD = (
    r"(?:(?!\b(?:need|want|look|seek|buy|require|brauch|such|benötig|möcht|butuh|cari|minta|mau|perlu|mencari))"
    r"[^.;:!?\n]){0,40}$"
)
_OWN_TRADE = re.compile(
    rf"\b(?:we|i) (?:also )?(?:make|produce|manufacture|sell|distribute|bake|brew)\b{_ONWARD}|"
    rf"\bwir (?:machen|produzieren|verkaufen|vertreiben|führen|backen)\b{_ONWARD}|"
    rf"\b(?:kami|kita) (?:membuat|memproduksi|menjual|jual|produksi)\b{_ONWARD}",
    re.IGNORECASE,
)
# "dried chilli and ginger, this time only the chilli"
_ONLY_BEFORE = re.compile(
    r"(?:\b(?:this time|now|order|jetzt|diesmal|sekarang|kali ini|nein:?|no:?)[\s:,]{1,2}(?:we (?:need|want) )?"
    r"(?:only|just|nur|hanya|cuma)|(?:这次|這次|现在|現在|目前|今次)(?:我们|我們)?(?:只要|只需|只买|只買|净系要))"
    r"\s*(?:the |die |den |das )?$",
    re.IGNORECASE,
)
# "white pepper maybe later", "wedang uwuh nanti saja", "sarongs we already get from Gresik": not wanted by this request
_NOT_NOW_AFTER = Cued(
    r"^(?:(?!\b(?:and|und|dan)\b|[&+.;,!?。；，\n]).){0,24}?"
    r"(?:\b(?:next (?:time|year|season)|another time|not now|some other time|(?:we|i) already|"
    r"already (?:have|get|got|covered)|"
    r"erst (?:später|nächstes|im nächsten)|ein ander(?:mal|es mal)|nächstes jahr|"
    r"(?:haben|beziehen|bekommen|kaufen) wir (?:bereits|schon)|"
    r"nanti|menyusul|lain kali|tahun depan|(?:kami|kita) sudah (?:ada|punya|dapat))\b|"
    r"\b(?:later(?: on)?|später|sudah (?:ada|punya|dapat))(?=\s*+(?:[.;,!?()\n]|$))|"
    r"以后再|以後再|之后再|之後再|下次|明年再|改天|迟些|遲些|已有|已经有|已經有)",
    (
        *("later", "next ", "another", "not now", "some other", "already", "erst", "später", "ander", "nächstes"),
        *("bereits", "schon", "nanti", "menyusul", "lain kali", "depan", "sudah", *"后後次明改迟遲已"),
    ),
)


def _role(text: str, hit: ConceptHit) -> str:
    """``goods``, or ``purpose`` for what the goods are used for, ``party`` for who asks, ``other`` for what is had
    already or may be bought another time."""
    if _PARTY_AFTER.match(text, hit.end):
        return "party"
    before = text[max(0, hit.start - 64) : hit.start]
    if _PARTY_BEFORE.search(before[-40:]) or _OWN_TRADE.search(before):
        return "party"
    before = before[-40:]
    if _PURPOSE_BEFORE.search(before) and not _LOOKED_FOR.search(before):
        return "purpose"
    return "other" if _NOT_NOW_AFTER.search(text[hit.end : hit.end + 48]) else "goods"


_Kept = tuple[ConceptHit, str, str]


def _mentions(text: str, hits: Sequence[ConceptHit], lexicon: Lexicon) -> list[_Kept]:
    found = [
        (named, _role(text, hit), stance_of(text, hit.start, hit.end))
        for hit in hits
        if (named := _as_goods(hit, lexicon)) is not None
    ]
    if all(stance == "excluded" for _, _, stance in found):  # nothing else is wanted: what is refused may be near by
        return [
            (hit, role, "required" if is_refused_from_afar(text, hit.start, hit.end) or "的" in hit.surface else stance)
            for hit, role, stance in found
        ]
    return found


def _kept(text: str, mentions: Sequence[_Kept], lexicon: Lexicon, with_families: bool = False) -> list[_Kept]:
    """The mentions that may be what is wanted; those of whole families where asked for or nothing else is named."""
    kept = _as_corrected([each for each in mentions if each[2] != "excluded"], text)
    kept = [each for each in kept if each[1] == "goods"] or kept
    kept = [each for each in kept if _ONLY_BEFORE.search(text, max(0, each[0].start - 40), each[0].start)] or kept
    products = [each for each in kept if lexicon.kind(each[0].concept) == "product"]
    return _specific(kept if with_families else products or kept, lexicon)


def _as_corrected(kept: list[_Kept], text: str) -> list[_Kept]:
    """The mentions without the last one that is taken back by the one right after it."""
    for place in range(len(kept) - 1, 0, -1):
        start, end = kept[place - 1][0].end, kept[place][0].start
        if 0 < end - start <= _FARTHEST_CORRECTED and _is_corrected(text, start, end):
            return [*kept[: place - 1], *kept[place:]]
    return kept


def _is_corrected(text: str, start: int, end: int) -> bool:
    """Whether words between two goods say that the second is meant; with an amount between, both may be."""
    cue = _CORRECTED.search(text, start, end)
    if cue is None or _AMOUNT.search(text, start, end):
        return False
    return bool(_LEADS_ON.fullmatch(text, cue.end(), end))


def goods_named(text: str, hits: Sequence[ConceptHit], lexicon: Lexicon) -> list[ConceptHit]:
    """Every mention of goods that may be wanted, in the order of the text, listed together or apart."""
    kept = _kept(text, _mentions(text, hits, lexicon), lexicon, with_families=True)
    kinds = _species(kept, lexicon)
    # "33 beads, wooden, 3,000 strings": what goods are made of are no goods of their own
    made_of = {hit for hit, _, _ in kept if _fact(lexicon, hit.concept, "material")}
    made_of = made_of if len(made_of) < len(kept) else set()
    return [hit for hit, role, _ in kept if hit not in kinds and hit not in made_of and role == "goods"]


def read_goods(text: str, hits: Sequence[ConceptHit], lexicon: Lexicon, attributes: Sequence[str]) -> GoodsRead:
    """The goods wanted and refused among the concept hits of a text."""
    mentions = _mentions(text, hits, lexicon)
    excluded = [_mention(hit, "excluded") for hit, _, stance in mentions if stance == "excluded"]
    kept = _kept(text, mentions, lexicon)
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
            is_listed = len(gap) < 30 and bool(_LINK.match(gap)) and not _is_gloss(text, gap, each[0])
        if is_listed or group & set(lexicon.closure(each[0].concept)[:3]):
            wanted.append(each)
    return wanted


def _is_gloss(text: str, gap: str, hit: ConceptHit) -> bool:
    """Whether brackets stand amid a name, to explain it: "kukui (candle) nuts"; "cloves (nutmeg) 2 t" names two."""
    return gap.rstrip()[-1:] in ("(", "（") and bool(_AMID_A_NAME.match(text, hit.end))


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
