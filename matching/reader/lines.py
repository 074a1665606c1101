"""Requests that ask for several goods side by side, each with its own amount: one text for each of them.

A line's text is the whole text with what belongs to the other lines blanked out, so that every place in it stays the
same: what comes before the first line and after the last holds for all of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matching.profile import RequestProfile
from matching.reader.goods import goods_named
from matching.reader.prices import read_price
from matching.reader.quantities import quantities_in
from search.lexicon.lexicon import Lexicon
from search.lexicon.model import ConceptHit

MOST_LINES = 12
_BREAK = re.compile(
    r"[,;.，；。、+&](?!\d)|\n|\b(?:and|plus|und|sowie|dan|serta|along with)\b|[和与與及跟]|以及|"
    r"(?:^|(?<=[\s;；。,，]))\(?\d{1,2}[.)、）](?!\d)",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\b(?:or|oder|bzw|atau|alternatively|otherwise|instead)\b|或|要么|要麼", re.IGNORECASE)
_CLAUSE = re.compile(r"[,.;\n，。；](?!\d)")
_ALL_OF_THEM = re.compile(
    r"\b(?:both|all|each|everything|beide[srn]?|alle[srn]?|alles|jeweils|keduanya|semua(?:nya)?|masing-masing)\b|"
    r"都|均|全部|皆|各",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|(?<=[\s;；。,，]))\(?(?:\d{1,2}[.)、）](?!\d)|[a-h]\))\s*|(?:^|(?<=\n))\s*[-*•–]\s+")
_ALSO = re.compile(
    r"[.;,!\n。；，]\s{0,3}(?:and\s|und\s|dan\s)?(?:(?:we |wir |kami |saya )?(?:also|additionally|in addition|"
    r"furthermore|moreover|plus|außerdem|zusätzlich|ferner|zudem|des weiteren|selain itu|juga|serta)\b|另外|此外|还需|"
    r"還需|还要|還要|同时|同時)",
    re.IGNORECASE,
)
_EACH_BEFORE = re.compile(r"(?:各|每[样樣种種]|\b(?:jeweils|masing-masing))[\s:]*$", re.IGNORECASE)
_EACH_AFTER = re.compile(r"\s*(?:of\s)?(?:each|jeweils|masing-masing|per item)\b", re.IGNORECASE)
_FARTHEST, _FARTHEST_AFTER_ALSO, _FARTHEST_OF_EACH = 48, 40, 24


@dataclass(frozen=True, slots=True)
class _Item:
    """Goods or an amount in a text."""

    kind: str
    start: int
    end: int
    concepts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Line:
    """One kind of goods: from where on its words are its own, where its goods and amount lie."""

    cut: int
    start: int
    end: int
    goods: _Item


def line_texts(text: str, hits: Sequence[ConceptHit], lang: str | None, lexicon: Lexicon) -> list[str]:
    """One text a line, each as long as the whole; empty where the text asks for one kind of goods."""
    goods = [_Item("goods", hit.start, hit.end, frozenset({hit.concept})) for hit in goods_named(text, hits, lexicon)]
    if len(goods) < 2:
        return []
    lines = _by_amounts(text, goods, lang) or _of_each(text, goods, lang) or _by_marks(text, goods)
    if not 2 <= len(lines) <= MOST_LINES or not _are_distinct(lines, lexicon):
        return []
    if any(_EITHER.search(text[one.end : other.start]) for one, other in pairwise(lines)):
        return []
    return [_own(text, lines, place, hits, lang, lexicon) for place in range(len(lines))]


def together(text: str, lines: Sequence[RequestProfile]) -> RequestProfile:
    """The request of several lines: the first one's fields, with what was read for any of them."""
    understood = tuple(dict.fromkeys(chip for line in lines for chip in line.understood))
    return lines[0].but(text=text, understood=understood, lines=tuple(lines) if len(lines) > 1 else ())


def _by_amounts(text: str, goods: Sequence[_Item], lang: str | None) -> list[_Line]:
    """Goods paired with the amount beside them, as soon as two kinds have one each."""
    priced = read_price(text, lang)
    taken = ((priced[1].start, priced[1].end),) if priced else ()
    countable = tuple((each.start, each.end) for each in goods)
    amounts = [
        _Item("amount", each.source.start, each.source.end) for each in quantities_in(text, lang, taken, countable)
    ]
    items: list[_Item] = []
    for each in sorted([*goods, *amounts], key=lambda one: one.start):
        last = items.pop() if items and items[-1].kind == each.kind else each
        items.append(_Item(each.kind, last.start, max(last.end, each.end), last.concepts | each.concepts))
    ways = [items[: len(items) // 2 * 2]]
    if len(items) % 2:
        ways.append(items[1:])
    pairs = min(([(way[i], way[i + 1]) for i in range(0, len(way), 2)] for way in ways), key=_gaps)
    if len(pairs) < 2 or any(other.start - one.end > _FARTHEST for one, other in pairs):
        return []
    found: list[_Line] = []
    for pair in pairs:
        start, end = pair[0].start, pair[1].end
        cut = _last_break(text, found[-1].end, start) if found else start
        found.append(_Line(cut, start, end, next(each for each in pair if each.kind == "goods")))
    return found


def _gaps(pairs: Sequence[tuple[_Item, _Item]]) -> int:
    return sum(other.start - one.end for one, other in pairs)


def _last_break(text: str, start: int, end: int) -> int:
    """Where the next line begins between two: at the last comma or "and", so that an adjective goes with its goods."""
    breaks = list(_BREAK.finditer(text, start, end))
    return breaks[-1].start() if breaks else end


def _of_each(text: str, goods: Sequence[_Item], lang: str | None) -> list[_Line]:
    """Goods side by side of which each is wanted in the same amount: "clove and mace, 2 t each"."""
    priced = read_price(text, lang)
    amounts = quantities_in(text, lang, ((priced[1].start, priced[1].end),) if priced else ())
    if len(amounts) != 1 or any(other.start - one.end > _FARTHEST for one, other in pairwise(goods)):
        return []
    start, end = amounts[0].source.start, amounts[0].source.end
    is_near = start >= goods[-1].end and start - goods[-1].end <= _FARTHEST_OF_EACH
    is_near = is_near or (end <= goods[0].start and goods[0].start - end <= _FARTHEST_OF_EACH)
    if not is_near or not (_EACH_BEFORE.search(text, max(0, start - 16), start) or _EACH_AFTER.match(text, end)):
        return []
    return [_Line(each.start, each.start, each.end, each) for each in goods]


def _by_marks(text: str, goods: Sequence[_Item]) -> list[_Line]:
    """Goods after numbers, dashes or an "also", one kind after each."""
    marks = [hit.start() for hit in _NUMBERED.finditer(text)]
    if len(marks) >= 2:
        spans = list(pairwise([*marks, len(text)]))
        inside = [[each for each in goods if start <= each.start < end] for start, end in spans]
        if all(inside) and not any(each.start < marks[0] for each in goods):
            return [
                _Line(start, own[0].start, own[-1].end, own[0])
                for (start, _end), own in zip(spans, inside, strict=True)
            ]
    found = [_Line(goods[0].start, goods[0].start, goods[0].end, goods[0])]
    for hit in _ALSO.finditer(text):
        after = next((each for each in goods if each.start >= hit.end()), None)
        if after and hit.start() >= found[-1].end and after.start - hit.end() <= _FARTHEST_AFTER_ALSO:
            found.append(_Line(hit.start(), after.start, after.end, after))
    return found


def _are_distinct(lines: Sequence[_Line], lexicon: Lexicon) -> bool:
    """Whether no line asks for what another does, or for a kind of it."""
    named = [line.goods.concepts for line in lines]
    for place, one in enumerate(named):
        for other in named[place + 1 :]:
            above = {concept for each in other for concept in lexicon.closure(each)}
            below = {concept for each in one for concept in lexicon.closure(each)}
            if one & above or other & below:
                return False
    return True


def _own(
    text: str, lines: Sequence[_Line], place: int, hits: Sequence[ConceptHit], lang: str | None, lexicon: Lexicon
) -> str:
    """The text as one of its lines reads it."""
    blanked = [
        (line.cut, lines[index + 1].cut if index + 1 < len(lines) else line.end)
        for index, line in enumerate(lines)
        if index != place
    ]
    if place:  # "organic coconut sugar 5 t, VCO 2 t": what stands right before the first goods is theirs
        blanked += _qualities_before(text, lines[0].goods.start, hits, lexicon)
    if place + 1 < len(lines):
        blanked += _qualities_after(text, lines[-1].end, hits, lang, lexicon)
    letters = list(text)
    for start, end in blanked:
        letters[start:end] = "\n" * (end - start)
    return "".join(letters)


def _is_quality(hit: ConceptHit, lexicon: Lexicon) -> bool:
    return lexicon.kind(hit.concept) in ("attribute", "certificate")


def _qualities_before(text: str, end: int, hits: Sequence[ConceptHit], lexicon: Lexicon) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda each: -each.start):
        if hit.end <= end and _is_quality(hit, lexicon) and not text[hit.end : end].strip(" -"):
            found.append((hit.start, hit.end))
            end = hit.start
    return found


def _qualities_after(
    text: str, start: int, hits: Sequence[ConceptHit], lang: str | None, lexicon: Lexicon
) -> list[tuple[int, int]]:
    """What the words after the last line say of its goods alone: attributes and a price, and papers without a comma."""
    if _ALL_OF_THEM.search(text, start):
        return []
    clause = _CLAUSE.search(text, start)
    near = clause.start() if clause else len(text)
    found = [
        (hit.start, hit.end)
        for hit in hits
        if hit.start >= start
        and (lexicon.kind(hit.concept) == "attribute" or (_is_quality(hit, lexicon) and hit.end <= near))
    ]
    priced = read_price(text[start:], lang)
    if priced:
        found.append((start + priced[1].start, start + priced[1].end))
    return found
