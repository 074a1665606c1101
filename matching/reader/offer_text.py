"""What sellers write into a description instead of the form: minimum, capacity, certificates, specifications."""

import re
from dataclasses import dataclass, field
from datetime import date

from matching.profile import Held
from matching.reader.dates import day_in
from matching.reader.letters import plain
from matching.reader.numbers import NUMBER
from matching.reader.units import UNIT, amount_of
from search.lexicon.lexicon import Lexicon
from search.lexicon.model import ConceptHit

_SENTENCE = re.compile(r"(?<=[.。;；!])\s*(?=[^\d\s])|\n+")
# "We also supply ..." speaks of other offers.
_ASIDE = re.compile(
    r"\b(?:also (?:supply|offer|sell|produce|have|available)|other products|tersedia juga|juga (?:menjual|"
    r"menyediakan|tersedia)|"
    r"kami juga|außerdem|ebenfalls|auch (?:erhältlich|lieferbar|im angebot))\b|另供|也供应|亦供|另有|还供应|我们还",
    re.IGNORECASE,
)
# "... valid until 2029-04-13 Other item: beeswax": from here on of other goods, with no stop before
_OTHERS_FROM_HERE = re.compile(
    r"(?:\b(?:(?:other|further|more) (?:items?|products?|goods|offers?)\s*:|(?:we )?also (?:selling|sell|make)\b|"
    r"(?:produk|barang) lain(?:nya)?\s*:|juga (?:jual|sedia|produksi|bikin)\b|"
    r"weitere (?:artikel|produkte|waren?)\s*:|auch (?:im sortiment|verfügbar)\s*:)|"
    r"另售|兼营|也[卖賣做]|其他产品\s*[:：])"
    r"[^\n]*",
    re.IGNORECASE,
)
_SPECIFICATION = re.compile(
    r"^\s*(?:details?|spec(?:ification)?s?|spesifikasi|type|tipe|merkmale|spezifikation|sorte|规格|規格|特点)\b",
    re.IGNORECASE,
)
_MINIMUM = re.compile(
    rf"(?:\bmin(?:imum|imal)?\.?\s*(?:order|pembelian|pemesanan|quantity|qty)?(?: quantity)?|\bMOQ|"
    rf"\bmindest(?:menge|bestellmenge|abnahme)|起订量|起訂量|最低起订|最小订量)"
    rf"\s*(?:is|of|from|adalah|von|ab|为|：|:|=)?\s*(?P<number>{NUMBER})\s*(?P<unit>{UNIT})",
    re.IGNORECASE,
)
_CAPACITY = re.compile(
    rf"(?:\bcapacity|\bkapasitas|\bkapazität|\bproduction|\bproduksi|\bwe (?:make|produce)|月产能|月產能|产能|"
    rf"产量)\D{{0,24}}?(?P<number>{NUMBER})\s*(?P<unit>{UNIT})"
    r"(?P<yearly>\s*(?:per|a|pro|/|each|je)?\s*(?:year|annum|tahun|jahr|年))?",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"[^,;.。；，(（]{0,30}?(?:[(（][^)）\d]*[)）]\s*)?[(（][^)）]*?(?P<day>\d{1,4}[-./]\d{1,2}[-./]\d{1,4})[^)）]*[)）]"
)


@dataclass(slots=True)
class Written:
    """What a description says."""

    minimum: float | None = None
    monthly_capacity: float | None = None
    certificates: list[Held] = field(default_factory=list)
    about: str = ""
    """The text without remarks on other goods."""
    specifications: str = ""
    hits: list[ConceptHit] = field(default_factory=list)
    """Concepts in ``about``."""


def read_offer_text(text: str, lang: str | None, lexicon: Lexicon) -> Written:
    """Conditions stated in a description; ``about`` keeps what speaks of this offer only."""
    read = Written()
    parts = (_OTHERS_FROM_HERE.sub("", each) for each in _SENTENCE.split(plain(text)))
    own = [each for each in parts if each.strip() and not _ASIDE.search(each)]
    read.about = " ".join(own)
    read.specifications = " ".join(each for each in own if _SPECIFICATION.match(each))
    if (hit := _MINIMUM.search(read.about)) and (amount := amount_of(hit["number"], hit["unit"], lang)):
        read.minimum = amount
    if (hit := _CAPACITY.search(read.about)) and (amount := amount_of(hit["number"], hit["unit"], lang)):
        read.monthly_capacity = amount / 12 if hit["yearly"] else amount
    read.hits = lexicon.find(read.about, lang)
    for found in read.hits:
        if lexicon.kind(found.concept) in ("certificate", "registration"):
            until = _UNTIL.match(read.about, found.end)
            read.certificates.append(Held(found.concept, _day(until["day"]) if until else None))
    return read


def _day(written: str) -> date | None:
    return day_in(written)
