"""How much a buyer wants: weights, volumes, pieces, containers, bags and pallets."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from matching.profile import Source
from matching.reader.cues import Cued
from matching.reader.first_lots import is_first_lot
from matching.reader.numbers import NUMBER, NUMBER_WORDS, to_number
from matching.reader.packing import PACK_CUES, packs_in
from matching.reader.periods import OF_UNIT, Period, period_about, period_of
from matching.reader.units import FACTORS, SCALE, SCALES, UNIT, scaled_amount

_AMOUNT = re.compile(
    rf"(?<![0-9A-Za-zÀ-ÿ/$€£¥])(?<!\d[.,])(?P<number>{NUMBER}|\b(?<![a-z]-)(?:{NUMBER_WORDS})\b|[一二两兩三四五六七八九十半])"
    rf"\s*+(?P<scale>{SCALE})?\s*+(?:x\s*+)?(?P<a>of a |a )?(?P<unit>{UNIT})",
    re.IGNORECASE,
)
_FEET = r"(?:'|’|′|-?ft\b|-?feet\b|-?foot\b|[- ]?fuß(?![^\W\d_])|[- ]?fuss\b|\s?kaki\b|尺|呎|英尺)"
_BOX = (
    r"(?:fcl|full container(?: load)?s?|container loads?|containers?|kontainer|vollcontainern?|货柜|貨櫃|集装箱|集裝箱|"
    r"整柜|整櫃|柜|櫃)(?![^\W\d_\u3400-\u9fff])"
)
_CONTAINER = Cued(
    rf"(?:(?<![\w.,])|(?<=[\u3400-\u9fff]))(?:(?P<count>\d{{1,3}}|(?:{NUMBER_WORDS})(?=[\s\d-]|[个個尺柜櫃小大高整货貨]))"
    r"\s*+(?:x|×|\*|个|個)?\s*+)?"
    rf"(?:(?P<feet>20|40|45)\s*+(?P<mark>{_FEET})?\s*+(?P<kind>hc|hq|high cube|reefer|rf|gp|dv|dc|高|冷|冻|凍)?\s*+"
    rf"(?P<word>{_BOX})?"
    rf"|(?P<bare>{_BOX})(?:\s*+[(（]?\s*+(?P<size>20|40|45)\s*+(?:{_FEET}|hc\b))?"
    r"|(?P<named>小柜|小櫃|大柜|大櫃|高柜|高櫃))(?:\s*+[x×]?\s*+(?P<after>\d{1,2}|[一二两兩三四五])\s*+[个個])?",
    ("20", "40", "45", "fcl", "contain", "kontainer", "柜", "櫃", "箱"),
)
_LOADS = {"20": 19000.0, "40": 24000.0, "45": 25000.0, "小": 19000.0, "大": 24000.0, "高": 24000.0}
_PACKED = Cued(
    rf"(?<!\d)(?P<count>{NUMBER}|[一二两兩三四五六七八九十])\s*+(?P<pack>bags?|sacks?|sack|säcke|saecke|karung|sak|drums?|fässer|jerrycans?|"
    rf"cartons?|ctns?|pallets?|paletten?|palet|fass|big[ -]?bags?|jumbo[ -]?bags?|ibcs?|barrels?|eimer|托|卡板|"
    rf"packs?|packets?|pouch(?:es)?|beuteln?|bungkus|"
    rf"kartons?|kardus|dus|bales?|ballen|kanister|袋|包|桶|箱)\s*+"
    rf"(?:x|×|à|a|@|of|zu(?: je)?|je|isi|of about|each|[,，(（]?\s*+每[袋包桶箱]|/|[(（](?:à|a|je|of|@)?)?\s*+"
    rf"(?P<size>{NUMBER})\s*+(?P<unit>{UNIT})",
    PACK_CUES,
)
_PACKED_SIZE_FIRST = re.compile(
    rf"(?P<count>\d{{1,4}})\s*+(?:x|×|\*)\s*+(?P<size>{NUMBER})\s*+(?P<unit>{UNIT})", re.IGNORECASE
)
# "two 180kg drums": packs that are counted before their size is told
_PACKS_COUNTED = Cued(
    rf"(?<![\w.,/$€£¥])(?P<count>\d{{1,4}}|(?:{NUMBER_WORDS}))\s++(?P<size>\d{{1,4}}(?:[.,]\d+)?)\s*+-?\s*+"
    rf"(?P<unit>{UNIT})[\s-]*(?:\w+\s)?(?:bags?|sacks?|säcken?|drums?|fässer|fass|barrels?|cartons?|kartons?|jeri[gk]en|"
    rf"jerrycans?|kanister|karung|pails?|tins?|boxes)\b",
    PACK_CUES,
)
# "25 kg x 20 bags"
_SIZE_THEN_COUNT = Cued(
    rf"(?<![\w.,/$€£¥])(?P<size>{NUMBER})\s*+(?P<unit>{UNIT})\s*+(?:x|×|\*)\s*+(?P<count>{NUMBER})\s*+"
    r"(?:bags?|sacks?|säcke|drums?|fässer|cartons?|ctns?|kartons?|karung|sak|boxes|kisten|pails?|tins?|袋|包|桶|箱)",
    PACK_CUES,
)
_RANKED_BEFORE = re.compile(r"(?:grade|class|klasse|mutu|no\.?|nr\.?|type|size|grad)\s*+$", re.IGNORECASE)
_LOWER_END = re.compile(
    rf"(?<![0-9A-Za-z.,/$€£¥%])(?P<number>{NUMBER})\s*+(?:x|×)?\s*+(?:{UNIT}|fcl)?\s*+"
    rf"(?:-|–|—|~|～|to|bis(?: zu)?|sampai|hingga|s/d|sd|至|到|(?P<both>and|und|dan|和|与|與))\s*+$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:between|zwischen|antara|介于|介於|在)\s*+$", re.IGNORECASE)
_WHOLE_LOADS = frozenset(
    {"fcl", "full container", "full container load", "container load", "整柜", "整櫃", "vollcontainer"}
)
# A number right before goods, with an adjective between at most: "2,000 handmade doormats".
_BEFORE_GOODS = re.compile(
    rf"(?<![0-9A-Za-z/$€£¥])(?<!\d[.,])(?P<number>{NUMBER})\s*+(?P<scale>{SCALE})?\s*+(?:x\s*+)?(?:[^\W\d_]{{3,}}[\s-]?)?$",
    re.IGNORECASE,
)
_PACKING_AFTER = re.compile(
    r"\s*+-?\s*+(?:\w+\s)?(?:bags?|sacks?|säcken?|beuteln?|pouch(?:es)?|bottles?|blocks?|cartons?|papiersack|"
    r"tins?|jars?|"
    r"karung|kemasan|botol|karton|袋装|袋裝|袋|瓶装|瓶裝|裝|装|packs?|kanister|eimern?|gläsern?|dosen|drums?|oder|or|"
    r"jerrycans?)",
    re.IGNORECASE,
)
_PRICE_BEFORE = re.compile(r"(?:/|\bper|\bpro|\bje|@|每)\s*+$|[元块塊蚊刀]$", re.IGNORECASE)
_NEAR = 16
"""Letters before an amount in which a word that belongs to it is looked for."""
_MOST_AMOUNTS = 64
"""Amounts of one text that are looked at; no request names so many."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in kg, litre, pcs, metre, m2 or m3."""

    amount: float
    unit: str
    source: Source
    """The words of the amount, with those of a period right after it."""
    period: Period | None = None
    """How often it is wanted; None where it is wanted once."""
    least: float | None = None
    """The lower end where a range is told; ``amount`` is the upper one."""


def _is_container(hit: re.Match[str]) -> bool:
    """Whether the words mean container loads: "2x20'", "40HC", "two containers", not a bare 20 or the word alone."""
    if hit["bare"]:
        return bool(hit["count"] or hit["after"] or hit["size"] or hit["bare"].lower() in _WHOLE_LOADS)
    return bool(hit["named"] or hit["word"] or hit["kind"] or (hit["feet"] and hit["mark"] and hit["count"])) or bool(
        hit["feet"] and hit["count"] and "x" in hit.group().lower()
    )


_EACH_AFTER = re.compile(r"\s*+(?:each|per|je|pro|masing|net)\b", re.IGNORECASE)
_BARE_BRACKET = re.compile(r"[(（]\s*+$")
_LEAST_PACK = 5.0


def _is_sum(text: str, hit: re.Match[str], size: tuple[float, str], count: float) -> bool:
    """Whether brackets hold what all packs come to: "1000 bags (25 MT)", not "20 bags (60 kg)"."""
    if size[1] == "pcs" or not _BARE_BRACKET.search(text, hit.end("pack"), hit.start("size")):
        return False
    return size[0] > _LARGEST_PACK and size[0] / count >= _LEAST_PACK and not _EACH_AFTER.match(text, hit.end())


# Where nothing else is told, one large vessel is what is wanted ("1000 l IBC"), unless goods are to come in it.
_ONE_LARGE = 500.0
# 一個半月 tells a time, 三件一套 what a set holds
_MONTHS_OR_SETS = re.compile(r"半?月|[一1]?[套组組](?:[,，、。]|$)")
_LARGEST_PACK = 60.0
_LEAST_LENGTH = 20.0
"""Metres; fewer are the size of a thing."""
_LEAST_IN_YARDS = 46.0
"""Metres; what Chinese counts in 码 below that may be the size of a shoe."""
_INTO = re.compile(r"(?<![^\W\d_])(?:in|im|into|dalam|per|je|pro|à)\s*+$|每\s*+$", re.IGNORECASE)


def read_quantity(
    text: str,
    lang: str | None = None,
    taken: tuple[tuple[int, int], ...] = (),
    countable: tuple[tuple[int, int], ...] = (),
) -> Quantity | None:
    """The quantity wanted, None when the text names none; ``taken`` spans (prices) are not looked at, ``countable``
    ones are goods that are sold by the piece ("2,000 doormats").

    Bags and containers are reckoned in kilograms (a 20-foot container at 19 t); sizes of packs are not quantities.
    """
    usable = sorted(_ranked(text, lang, taken, countable), key=lambda each: (each[0], each[1].source.start))
    if not usable:
        return None
    if any(
        rank == 2 for rank, _each in usable
    ):  # "5 kg blocks, two containers": who fills containers buys no five kilos
        usable = [(rank, each) for rank, each in usable if rank or each.amount > _LARGEST_PACK]
    # of several weights, or several counts ("33 beads a string, 3,000 strings"), the largest is what is wanted
    foremost, best = usable[0]
    if len(usable) > 1:
        first = (each for rank, each in usable if rank < 3 and is_first_lot(text, each.source.start, each.source.end))
        if lot := next(first, None):
            return _ranging(text, lot, lang)
    if foremost == 0 or (foremost == 1 and best.unit == "pcs"):
        alike = (each for rank, each in usable if rank == foremost and (rank == 0 or each.unit == best.unit))
        best = max(alike, key=lambda each: each.amount)
    return _ranging(text, _repeated(text, best), lang)


def _is_no_amount(hit: re.Match[str]) -> bool:
    """Whether a number and a unit are a price ("180 a kilo") or a rank ("1st half")."""
    if hit["a"] == "a ":
        return hit["number"][0].isdigit()
    return hit["unit"].lower() == "st" and hit["number"][-1:] == "1" and hit.start("unit") == hit.end("number")


def with_period(text: str, read: Quantity) -> Source:
    """The words of an amount with its period's, also where these stand right before it: 每月两柜."""
    start, end = read.source.start, read.source.end
    if read.period and read.period.source.end <= start and not text[read.period.source.end : start].strip():
        start = read.period.source.start
    return Source(start, end, text[start:end])


def quantities_in(
    text: str,
    lang: str | None = None,
    taken: tuple[tuple[int, int], ...] = (),
    countable: tuple[tuple[int, int], ...] = (),
) -> list[Quantity]:
    """Every quantity of a text in its order, as `read_quantity` reads them."""
    found = sorted((each for _rank, each in _ranked(text, lang, taken, countable)), key=lambda each: each.source.start)
    return [_ranging(text, _repeated(text, each), lang) for each in found[:_MOST_AMOUNTS]]


def _repeated(text: str, once: Quantity) -> Quantity:
    """The quantity with the period in which it is wanted, where one is told."""
    start, end = once.source.start, once.source.end
    period = period_about(text, start, end)
    if word := OF_UNIT.get(once.source.text.lower().lstrip("0123456789., ")):
        period = period_of(word, 1, once.source)
    if period is None:
        return once
    is_next = period.source.start >= end and not text[end : period.source.start].strip(" ,(")
    last = period.source.end if is_next else end
    return replace(once, period=period, source=Source(start, last, text[start:last]))


def _ranked(
    text: str, lang: str | None, taken: tuple[tuple[int, int], ...], countable: tuple[tuple[int, int], ...]
) -> list[tuple[int, Quantity]]:
    """Amounts that may be wanted, each with its rank: 0 weights and volumes, 1 pieces and packs, 2 containers."""
    found: list[tuple[int, Quantity]] = []
    covered = bytearray(len(text) + 1)
    for left, right in taken:
        covered[left:right] = b"\1" * (right - left)
    sizes = bytearray(len(text) + 1)
    for pack in packs_in(text, lang):
        sizes[slice(*pack.number)] = b"\1" * (pack.number[1] - pack.number[0])

    def is_free(start: int, end: int) -> bool:
        return covered.find(1, start, end) < 0

    def add(rank: int, start: int, end: int, amount: float, unit: str) -> None:
        found.append((rank, Quantity(amount, unit, Source(start, end, text[start:end]))))
        covered[start:end] = b"\1" * (end - start)

    for hit in _PACKED.finditer(text):
        size = scaled_amount(hit["size"], None, hit["unit"], lang)
        count = to_number(hit["count"], lang)
        if size and count and not _is_sum(text, hit, size, count) and is_free(*hit.span()):
            add(1, *hit.span(), count * size[0], size[1])
    for hit in _SIZE_THEN_COUNT.finditer(text):
        size, count = scaled_amount(hit["size"], None, hit["unit"], lang), to_number(hit["count"], lang)
        if size and count and size[1] != "pcs" and is_free(*hit.span()):
            add(1, *hit.span(), count * size[0], size[1])
    for hit in _PACKED_SIZE_FIRST.finditer(text):
        size = scaled_amount(hit["size"], None, hit["unit"], lang)
        if size and size[0] >= 1 and is_free(*hit.span()):
            add(1, *hit.span(), float(hit["count"]) * size[0], size[1])
    for hit in _PACKS_COUNTED.finditer(text):
        size, count = scaled_amount(hit["size"], None, hit["unit"], lang), to_number(hit["count"], lang)
        is_rank = _RANKED_BEFORE.search(text[max(0, hit.start() - 8) : hit.start()])
        if size and size[1] != "pcs" and count and count >= 2 and not is_rank and is_free(*hit.span()):
            add(1, *hit.span(), count * size[0], size[1])
    containers = [each for each in _CONTAINER.finditer(text) if _is_container(each) and is_free(*each.span())]
    for hit in containers:
        count = to_number(hit["count"] or hit["after"] or "1") or 1.0
        if count <= 200:
            load = _LOADS[hit["feet"] or hit["size"] or (hit["named"] or "20")[0 if hit["named"] else slice(None)]]
            add(2, *hit.span(), count * load, "kg")
    for hit in _AMOUNT.finditer(text):
        start, end = hit.span()
        value = scaled_amount(hit["number"], hit["scale"], hit["unit"], lang)
        if (
            value is None
            or value[0] <= 0
            or not is_free(start, end)
            or _PRICE_BEFORE.search(text, max(0, start - _NEAR), start)
            or _is_no_amount(hit)
        ):
            continue
        if other := _MONTHS_OR_SETS.match(text, end):
            covered[end : other.end()] = b"\1" * (other.end() - end)
            continue
        if text.startswith("半", end):  # 一噸半
            value, end = (value[0] + FACTORS[hit["unit"].lower()][1] / 2, value[1]), end + 1
        is_pack = value[1] != "pcs" and value[0] <= 60 and _PACKING_AFTER.match(text, end) is not None
        is_pack = is_pack or (value[1] == "kg" and value[0] < 1)
        is_pack = is_pack or sizes.find(1, start, end) >= 0
        is_pack = is_pack or (
            value[1] == "metre" and value[0] < (_LEAST_IN_YARDS if hit["unit"] in "码碼" else _LEAST_LENGTH)
        )
        add(3 if is_pack else 1 if value[1] in ("pcs", "metre") else 0, start, end, *value)
    for start, _ in countable:
        before = _BEFORE_GOODS.search(text, max(0, start - 24), start)
        if before and is_free(*before.span()):
            count = to_number(before["number"], lang)
            if count and count >= 2:
                add(
                    1,
                    before.start("number"),
                    before.end("number"),
                    count * SCALES.get((before["scale"] or "").lower(), 1),
                    "pcs",
                )
    told = [each for each in found if each[0] < 3]
    if not told and (counted := _counted_apart(text, lang, is_free)):
        return [counted]
    return told or [
        each
        for each in found
        if each[1].amount >= _ONE_LARGE
        and not _INTO.search(text, max(0, each[1].source.start - _NEAR), each[1].source.start)
    ]


# "20kg ctns, 150 ctn": packs that are counted elsewhere than where their size is told
_COUNT_OF_PACKS = re.compile(
    r"(?<![\w.,/$€£¥-])(?P<count>\d{1,3}(?:[.,]\d{3})+|\d{1,5})\s*+(?:x\s*+)?(?:bags?|sacks?|säcke|saecke|karung|sak|drums?|fässer|jerrycans?|"
    r"cartons?|ctns?|kartons?|kardus|dus|bales?|ballen|kanister|袋|包|桶|箱|件)(?![^\W\d_])",
    re.IGNORECASE,
)


def _counted_apart(text: str, lang: str | None, is_free: Callable[[int, int], bool]) -> tuple[int, Quantity] | None:
    """The amount of packs whose number and size are told apart; None where either is not, or not once."""
    sizes, counts = packs_in(text, lang), list(_COUNT_OF_PACKS.finditer(text))
    if len(sizes) != 1 or len(counts) != 1 or not is_free(*counts[0].span()):
        return None
    count, size = to_number(counts[0]["count"], lang), sizes[0]
    if not count or count < 2 or (counts[0].start() < size.source.end and size.source.start < counts[0].end()):
        return None
    return 1, Quantity(count * size.size, size.unit, Source(*counts[0].span(), counts[0].group()))


def _ranging(text: str, upper: Quantity, lang: str | None) -> Quantity:
    """The quantity with the lower end of its range where one is told right before it: 5-10 t, 3 bis 4 Tonnen."""
    start = upper.source.start
    lower = _LOWER_END.search(text, max(0, start - 24), start)
    leading = re.match(NUMBER, upper.source.text)
    if not lower or not leading:
        return upper
    if lower["both"] and not _BETWEEN.search(text[max(0, lower.start() - 12) : lower.start()]):
        return upper
    low, high = to_number(lower["number"], lang), to_number(leading.group(), lang)
    if not low or not high or low >= high:
        return upper
    source = Source(lower.start(), upper.source.end, text[lower.start() : upper.source.end])
    return replace(upper, least=upper.amount * low / high, source=source)
