"""Sizes of packs: 25-kg-Säcke, karung 50 kg, 每袋25公斤. They tell how goods are packed, not how much is wanted."""

import re
from dataclasses import dataclass

from matching.profile import Source
from matching.reader.cues import Cued
from matching.reader.numbers import NUMBER, NUMBER_WORDS
from matching.reader.units import UNIT, scaled_amount

# Three words at most and none given back: a row of them would be walked again from each.
_MADE_OF = (
    r"(?:(?:jute|paper|papier|pp|poly|gunny|vacuum|vakuum|plastic|plastik|kunststoff|foil|kraft|craft|woven|steel|"
    r"stahl|glass|glas|retail)[\s-]?){0,3}+"
)
_SMALL = (
    r"(?:bags?|sacks?|säcken?|saecken?|sack|beuteln?|pouch(?:es)?|bottles?|flaschen?|blocks?|cartons?|ctns?|kartons?|"
    r"box(?:es)?|tins?|cans?|jars?|packs?|packages?|packets?|karung|zak|sak|kemasan|botol|karton|kardus|jeri[gk]en|"
    r"jerry ?cans?|kanistern?|eimern?|gläsern?|dosen|pails?|ember|kaleng|bales?|ballen|gebinden?)(?![^\W\d_])"
)
_LARGE = r"(?:drums?|fässern?|fass|barrels?|tong|ibcs?|totes?|big[ -]?bags?|jumbo[ -]?bags?|fibcs?)(?![^\W\d_])"
_HAN = r"(?:[纸紙麻布编編织織塑料真空复複合牛皮铁鐵胶膠]{0,4}[袋包桶箱罐瓶][装裝]?|[装裝])"
_SIZE = rf"(?P<size>{NUMBER})\s*+-?\s*+(?P<unit>{UNIT})"
PACK_CUES = (
    "bag", "sack", "säck", "saeck", "beutel", "pouch", "bottle", "flasche", "block", "carton", "ctn", "karton", "kist",
    "box", "tin", "can", "jar", "pack", "karung", "zak", "sak", "kemasan", "botol", "kardus", "jeri", "jerr",
    "kanister", "eimer", "gläser", "dose", "pail", "ember", "kaleng", "bale", "ballen", "gebinde", "drum", "fass",
    "fässer", "barrel", "tong", "ibc", "tote", "fibc", "dus", "pallet", "palet", *"袋包桶箱罐瓶装裝托板",
)  # fmt: skip
"""A word for packs has one of these in it."""
_BEFORE_PACK = Cued(
    rf"(?:(?<![\w.,/$€£¥])|(?<=[\u3400-\u9fff])){_SIZE}[\s-]*"
    rf"(?:{_MADE_OF}(?:{_SMALL}|(?P<large>{_LARGE}))|{_HAN})",
    PACK_CUES,
)
_AFTER_PACK = Cued(
    rf"(?:(?<![^\W\d_]){_MADE_OF}(?:{_SMALL}|(?P<large>{_LARGE}))|每\s*+{_HAN})"
    rf"\s*+(?:of|zu(?: je)?|à|a|je|per|@|isi|ukuran|netto|net|:)?\s*+{_SIZE}",
    PACK_CUES,
)
_COUNTED = re.compile(
    rf"(?:(?<![\w.,])(?:{NUMBER}|(?:{NUMBER_WORDS})(?=\s))|[一二两兩三四五六七八九十]+\s*+[个個]?)\s*+(?:x|×|\*)?\s*+$",
    re.IGNORECASE,
)
_LARGEST_SMALL, _LARGEST = 60.0, 1500.0


@dataclass(frozen=True, slots=True)
class Pack:
    """The size of one pack in kg, litres or pieces."""

    size: float
    unit: str
    source: Source
    number: tuple[int, int]
    """Where the number and its unit stand."""


def packs_in(text: str, lang: str | None = None) -> list[Pack]:
    """Every size of a pack in a text, in its order; where packs are counted ("60 bags of 60 kg") it is an amount."""
    found: list[Pack] = []
    covered = bytearray(len(text) + 1)
    for pattern in (_BEFORE_PACK, _AFTER_PACK):
        for hit in pattern.finditer(text):
            value = scaled_amount(hit["size"], None, hit["unit"], lang)
            limit = _LARGEST if hit["large"] else _LARGEST_SMALL
            if value is None or value[1] == "pcs" or not 0 < value[0] <= limit:
                continue
            if _COUNTED.search(text[max(0, hit.start() - 14) : hit.start()]):
                continue
            pack = Pack(*value, Source(*hit.span(), hit.group()), (hit.start("size"), hit.end("unit")))
            if covered.find(1, *hit.span()) < 0:
                found.append(pack)
                covered[slice(*hit.span())] = b"\1" * len(hit.group())
    return sorted(found, key=lambda each: each.source.start)
