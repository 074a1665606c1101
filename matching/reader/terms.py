"""Conditions that are named outright: attributes, certificates, Incoterms, places, samples."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matching.profile import Source, Understood
from matching.reader.short_papers import short_papers
from matching.reader.stance import is_left_open, stance_of
from search.lexicon.lexicon import Lexicon
from search.lexicon.model import ConceptHit

_UNION = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
EUROPEAN_UNION = frozenset(_UNION.split())
_EUROPE_ORGANIC = EUROPEAN_UNION | {"GB", "CH", "NO", "LI", "IS"}
_REGIONS = {"EU": tuple(sorted(EUROPEAN_UNION)), "GULF": ("AE", "SA", "QA", "KW", "BH", "OM")}
_A_COUNTRY = 2
"""The rank of a place that a country is known of; a region has 3 unless the goods go to it outright."""
# Short names that are also everyday words: a place only when written in capitals.
_CAPITALS_ONLY = frozenset(("us", "as", "it", "in", "so", "la", "jb", "man"))
_TO = re.compile(
    r"(?:\bto\b|\binto\b|\bnach\b|\bke\b|\bfor\b|\bdest(?:ination)?:?|\bdeliver(?:y|ed)?(?: to)?:?|"
    r"\barriv\w+(?: in| at)?|\bship(?:ped)? to|\blieferung(?: nach)?:?|"
    r"\btujuan:?|\bkirim ke|到|运到|運到|送到|发往|發往|至|转口|轉口|转运|轉運|销往|銷往)\s*$",
    re.IGNORECASE,
)
_COUNT_BEFORE = re.compile(r"(?:\d|[一二两兩三四五六七八九十百千万萬每]|\d\s?(?:rb|ribu|k|jt|juta))\s?$", re.IGNORECASE)
_ORIGIN_BEFORE = re.compile(
    r"(?:\bfrom\b|\baus\b|\bdari\b|\bvia\b|\bex\b|\basal\b|\bstyle\b|来自|產自|产自)\s*$", re.IGNORECASE
)

# "ini Yanti dari Jeddah", "wir sind aus Graz": whoever says so is there, and wants the goods there
_PERSON_BEFORE = re.compile(
    r"\b(?:ini|saya|kami|aku|i'?m|i am|we(?:'?re| are)|this is|hier ist|wir sind|ich bin|wir kommen|buyer|"
    r"importir|importers?|buyers|pembeli|customers?|clients?|kunden?|pelanggan|greetings|hello|halo|hallo|"
    r"(?:we(?:'?re| are)|i am|i'm|wir sind|ich bin|this is|hier ist) (?:an?|the|eine?) (?:[\w-]+ ){0,2}(?:company|firm|"
    r"shop|store|caf[eé]|restaurant|roaster|roastery|bakery|brand|startup|team|trader|distributor|wholesaler|retailer|"
    r"firma|laden|händler|importeur|unternehmen))(?:\s(?-i:[A-ZÀ-Þ])[\w.'-]*+){0,3}\s+(?:from|dari|aus)\s+$",
    re.IGNORECASE,
)
# "toko Indonesia", "Surinamese shop (toko Suriname)": a kind of shop
_SHOP_BEFORE = re.compile(r"\b(?:toko|warung|restoran|masakan|rasa|gaya|kuliner)\s+$", re.IGNORECASE)

# "Biosupermarkt", "organic shop": what kind of buyer asks, not what the goods must be.
_SHOP_AFTER = re.compile(
    r"(?:\s(?:garden|foods?|health|farm|gift|pet|tea|whole\s?foods?))?"  # "organic garden shop"
    r"[\s-]?(?:super)?(?:markt|märkte|laden|läden|handel|händler|großhandel|fachhandel|bäcker\w*|restaurant|kiste|"
    r"shops?\b|stores?\b|supermarkets?\b|grocer\w*|baker\w*|cafes?\b|retail\w*)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class TermsRead:
    """What was named outright, each with its chip."""

    attributes: list[str] = field(default_factory=list)
    preferred_attributes: list[str] = field(default_factory=list)
    excluded_attributes: list[str] = field(default_factory=list)
    certificates: list[tuple[str, ...]] = field(default_factory=list)
    refused_certificates: list[str] = field(default_factory=list)
    incoterms: list[str] = field(default_factory=list)
    place: str | None = None
    destinations: list[str] = field(default_factory=list)
    wants_sample: bool = False
    wants_private_label: bool = False
    understood: list[Understood] = field(default_factory=list)


def country_of(concept: str, lexicon: Lexicon) -> str | None:
    """ISO 3166 code of a place, None for what is no single country."""
    known = lexicon.concepts.get(concept)
    return known.facts.get("country") if known else None


def _source(hit: ConceptHit) -> Source:
    return Source(hit.start, hit.end, hit.surface)


def with_inner(hits: Iterable[ConceptHit], lexicon: Lexicon) -> list[ConceptHit]:
    """The hits and what is part of their names: the "organic" of Bio-Kokosblütenzucker, the form of ginger slices."""
    listed = list(hits)
    inner = [each for hit in listed for each in lexicon.find_within(hit)]
    return sorted([*listed, *inner], key=lambda each: (each.start, -each.end))


def read_terms(text: str, hits: Sequence[ConceptHit], lexicon: Lexicon) -> TermsRead:
    """Everything among the concept hits of a text that is neither goods nor a number."""
    read = TermsRead()
    previous: ConceptHit | None = None
    lettered = short_papers(text, hits)
    for hit in sorted([*with_inner(hits, lexicon), *lettered], key=lambda each: (each.start, -each.end)):
        kind = lexicon.kind(hit.concept)
        stance = stance_of(text, hit.start, hit.end)
        if kind == "attribute" and (_is_counted(text, hit, lexicon) or is_no_quality(text, hit.start, hit.end)):
            continue
        if kind == "attribute" and _TRADE_AFTER.match(text, hit.end):
            continue
        if kind in ("attribute", "certificate") and is_left_open(text, hit.end):
            continue
        if kind == "attribute" and hit.concept == "conventional" and stance != "excluded":
            _take_back_organic(read, text, hit)
        if kind == "attribute":
            _add_attribute(read, hit, stance)
        elif kind in ("certificate", "registration") and _SHOP_AFTER.match(text, hit.end) is None:
            _add_certificate(read, text, hit, stance, previous)
            previous = hit
            if hit.concept == "fair-trade" and (other := _OR_RAINFOREST.match(text, hit.end)):
                short = ConceptHit("rainforest-alliance", *other.span("name"), other["name"])
                _add_certificate(read, text, short, stance, hit)
        elif kind == "incoterm" and stance != "excluded":
            code = lexicon.concepts[hit.concept].facts["code"]
            if code not in read.incoterms:
                read.incoterms.append(code)
                read.understood.append(Understood("incoterm", code, "required", _source(hit)))
        elif hit.concept == "sample" and stance != "excluded":
            read.wants_sample = True
            read.understood.append(Understood("sample", "yes", stance, _source(hit)))
        elif hit.concept == "private-label" and stance != "excluded":
            read.wants_private_label = True
            read.understood.append(Understood("private_label", "yes", stance, _source(hit)))
    _read_places(read, text, _apart_from(hits, lettered), lexicon)
    if not read.destinations and (coded := _COUNTRY_CODE.search(text)):
        read.destinations.append(coded["code"].replace("UK", "GB"))
        read.understood.append(
            Understood("destination", read.destinations[0], "required", Source(*coded.span("code"), coded["code"]))
        )
    return read


def _apart_from(hits: Sequence[ConceptHit], others: Sequence[ConceptHit]) -> list[ConceptHit]:
    return [each for each in hits if not any(each.start < one.end and one.start < each.end for one in others)]


# "Läden in AT", "to CH": countries as letters, which are names nowhere else
_COUNTRY_CODE = re.compile(
    r"\b(?:[Ii]n|[Nn]ach|[Tt]o|[Ii]nto|[Kk]e|[Ff]ür|[Ff]or)\s+(?P<code>AT|CH|DE|UK|US|NL|BE|FR|ES|PL|CZ|DK|SE|"
    r"NO(?! (?:time|case|event|way|hurry|rush|circumstances))|FI|PT|GR|HU|RO|AE|SG|HK|"
    r"TW|JP|KR|MY|AU|NZ|CA|ZA)\b(?![-/.&]?\w)"
)


# 烘焙店, 烘焙用: whose shop it is and what for, not how the goods are
_TRADE_AFTER = re.compile(r"(?:工?[厂廠坊]|工作室|教室|原料|师|師|店|铺|舖|用|业|業|连锁|連鎖|公司|商)")


# "raw material", "bulk buyer", "NOP is fine", "Los 3", "fine dining": words of qualities that are none there
_NO_QUALITY = re.compile(
    r"raw(?=\s(?:materials?|goods)\b)|bulk(?=[\s-](?:buy\w*|purchas\w*|orders?|quantit\w*|importers?|enquir\w*|inquir\w*|"
    r"deals?|customers?|price\w*|rates?)\b)|fine(?=\s(?:dining|with|by|for|arts?|foods?)\b)|los(?=\s\d)|lose?n?(?=\s(?:nr|no|nummer)\.?\s?\d)|"
    r"fresh(?=\s(?:quote|offer|price|order|enquiry|inquiry|start)\w*\b)|dark(?=\sstores?\b)|whole(?=\s(?:sale|amount|lot|order|quantity|"
    r"container|year)\b)",
    re.IGNORECASE,
)
_SAID_OF_IT = re.compile(r"\b(?:is|are|it's|that's|would be|be|also|ok|okay|all|both|works?) $", re.IGNORECASE)


def is_no_quality(text: str, start: int, end: int) -> bool:
    """Whether a word that may be a quality of goods is something else where it stands."""
    if _NO_QUALITY.match(text, start):
        return True
    return text[start:end].lower() == "fine" and bool(_SAID_OF_IT.search(text, max(0, start - 12), start))


def _is_counted(text: str, hit: ConceptHit, lexicon: Lexicon) -> bool:
    """Whether what looks like a form is what the number before counts: 300 pieces, 5.000 batang, 2000條."""
    if hit.surface[-1:].isdigit() and re.match(r"[.,]\d", text[hit.end : hit.end + 2]):
        return True  # the 2 of 2.2 is no figure of its own
    is_form = lexicon.concepts[hit.concept].facts.get("dimension") == "form"
    return is_form and bool(_COUNT_BEFORE.search(text[max(0, hit.start - 8) : hit.start]))


def _take_back_organic(read: TermsRead, text: str, hit: ConceptHit) -> None:
    """Organic or conventional: either will do, so organic is no condition."""
    if re.search(r"(?:\b(?:or|oder|atau)\b|或|/)\s*$", text[max(0, hit.start - 8) : hit.start], re.IGNORECASE):
        read.certificates = [group for group in read.certificates if group != ("organic",)]
        read.understood = [each for each in read.understood if (each.kind, each.value) != ("certificate", "organic")]


def _add_attribute(read: TermsRead, hit: ConceptHit, stance: str) -> None:
    target = {
        "required": read.attributes,
        "preferred": read.preferred_attributes,
        "excluded": read.excluded_attributes,
    }[stance]
    if hit.concept not in target:
        target.append(hit.concept)
        read.understood.append(Understood("attribute", hit.concept, stance, _source(hit)))


def _add_certificate(read: TermsRead, text: str, hit: ConceptHit, stance: str, previous: ConceptHit | None) -> None:
    if stance == "excluded":
        read.refused_certificates.append(hit.concept)
        read.understood.append(Understood("certificate", hit.concept, "excluded", _source(hit)))
        return
    if stance == "preferred":
        read.understood.append(Understood("certificate", hit.concept, "preferred", _source(hit)))
        return
    if any(hit.concept in group for group in read.certificates):
        return
    gap = text[previous.end : hit.start] if previous else ""
    is_alternative = bool(previous and len(gap) < 20 and re.search(r"\b(?:or|oder|atau)\b|或", gap, re.IGNORECASE))
    if previous and gap.strip() == "/":  # "SVLK/FSC" is either, "Halal/HACCP" are two
        is_alternative = any({previous.concept, hit.concept} <= alike for alike in _OF_ONE_KIND)
    if is_alternative and previous and read.certificates and previous.concept in read.certificates[-1]:
        read.certificates[-1] = (*read.certificates[-1], hit.concept)
    else:
        read.certificates.append((hit.concept,))
    read.understood.append(Understood("certificate", hit.concept, "required", _source(hit)))


# "Rainforest" beside Fairtrade is the alliance, which is short for nothing elsewhere: there is honey of rain forests.
_OR_RAINFOREST = re.compile(
    r"\s*(?:/|,|\b(?:or|and|oder|und|atau|dan)\b)\s*(?P<name>Rainforest)\b(?! Alliance)", re.IGNORECASE
)
_OF_ONE_KIND = (
    frozenset({"svlk", "fsc", "pefc"}),
    frozenset({"brcgs", "fssc-22000", "iso-22000", "ifs"}),
    frozenset({"fair-trade", "rainforest-alliance"}),
    frozenset({"organic-eu", "organic-nop", "organic-jas"}),
    frozenset({"bsci", "smeta", "sa8000"}),
)


def settle_organic(
    groups: Iterable[tuple[str, ...]], destinations: Sequence[str], lang: str | None
) -> list[tuple[str, ...]]:
    """Certificate groups with a bare "organic" turned into the rule of the market it is for."""
    listed = list(groups)
    named = {each for group in listed for each in group if each.startswith("organic-")}
    settled: list[tuple[str, ...]] = []
    for group in listed:
        if group != ("organic",):
            settled.append(group)
        elif not named:
            settled.append(_organic_for(destinations, lang))
    return settled


def _organic_for(destinations: Sequence[str], lang: str | None) -> tuple[str, ...]:
    for country in destinations:
        if country == "GB":  # recognises what the United States certify, too
            return ("organic-eu", "organic-nop")
        if country in _EUROPE_ORGANIC:
            return ("organic-eu",)
        if country in ("US", "CA"):
            return ("organic-nop",)
        if country == "JP":
            return ("organic-jas",)
    if lang == "de":
        return ("organic-eu",)
    return ("organic-eu", "organic-nop", "organic-jas", "organic-cn", "organic-sni", "organic")


def _is_place(text: str, hit: ConceptHit, lexicon: Lexicon) -> bool:
    if lexicon.kind(hit.concept) != "place":
        return False
    return hit.surface.lower() not in _CAPITALS_ONLY or hit.surface.isupper()


def _is_at_home(text: str, hit: ConceptHit, hits: Sequence[ConceptHit], lexicon: Lexicon) -> bool:
    """Whether a person, not goods, is said to be from a place."""
    told = _PERSON_BEFORE.search(text, max(0, hit.start - 64), hit.start)
    name = re.compile(r"\S+\s+(?:from|dari|aus)\s+$", re.IGNORECASE).search(text, max(0, hit.start - 64), hit.start)
    return told is not None and not any(
        name and name.start() <= each.start < hit.start and lexicon.kind(each.concept) in ("product", "family")
        for each in hits
    )


def _read_places(read: TermsRead, text: str, hits: Sequence[ConceptHit], lexicon: Lexicon) -> None:
    """Where the goods go: the place of a C or D Incoterm, one after "to", or the last town named."""
    ranked: list[tuple[int, int, ConceptHit, str]] = []
    for index, hit in enumerate(hits):
        if not _is_place(text, hit, lexicon):
            continue
        country = country_of(hit.concept, lexicon)
        region = lexicon.concepts[hit.concept].facts.get("region")
        before = text[max(0, hit.start - 24) : hit.start]
        follows = (
            hits[index - 1] if index and text[hits[index - 1].end : hit.start] in ("", " ", ": ", ":", ", ") else None
        )
        term = (
            lexicon.concepts[follows.concept].facts.get("code", "")
            if follows and lexicon.kind(follows.concept) == "incoterm"
            else ""
        )
        if term and read.place is None:
            read.place = hit.concept
        from_there = _ORIGIN_BEFORE.search(before) and not _is_at_home(text, hit, hits, lexicon)
        if country == "ID" or from_there or (not country and region not in ("EU", "GULF")):
            continue
        if stance_of(text, hit.start, hit.end) == "excluded" or _SHOP_BEFORE.search(before):
            continue
        is_weak = "weak" in lexicon.concepts[hit.concept].facts
        rank = 4 if is_weak else 0 if term[:1] in ("C", "D") else 1 if _TO.search(before) else 2 if country else 3
        ranked.append((rank, hit.start, hit, country or region or ""))
    # "organic to EU rules, Antwerp": where a country of a region is named the region is none of the places
    named = {code for rank, _, _, code in ranked if rank <= _A_COUNTRY}
    ranked = [each for each in ranked if named.isdisjoint(_REGIONS.get(each[3], ()))]
    if not ranked:
        return
    best_rank = min(each[0] for each in ranked)
    best = [each for each in ranked if each[0] == best_rank]
    chosen = (
        best if best_rank in (1, 2) and len({each[3] for each in best}) == 1 else best[:1] if best_rank < 2 else best
    )
    for _, _, hit, code in chosen:
        for each in _REGIONS.get(code, (code,)):
            if each not in read.destinations:
                read.destinations.append(each)
        read.understood.append(Understood("destination", code, "required", _source(hit)))
