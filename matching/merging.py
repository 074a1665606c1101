"""The answers to the lines of one request put together: who serves all of them first, then each line's best."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from matching.answer import Match, Recommendation


def merged(parts: Sequence[Recommendation], n: int) -> Recommendation:
    """One answer for all lines, each seller once: by how many lines it serves with the very goods, then by its place
    among those of its line, so that no line crowds out another. Its best offer speaks for it, the others follow."""
    offers: dict[str, dict[int, Match]] = {}
    places: dict[str, int] = {}
    for line, part in enumerate(parts):
        for place, match in enumerate(part.matches):
            offers.setdefault(match.seller, {})[line] = match
            places[match.seller] = min(place, places.get(match.seller, place))
    refused = {(match.seller, line): match for line, part in enumerate(parts) for match in part.almost}
    ranked = sorted(offers, key=lambda each: (*_order(offers[each], places[each]), each))
    chosen: list[Match] = []
    for seller in ranked[:n]:
        own = offers[seller]
        first = max(own, key=lambda line: (own[line].grade, own[line].score, -line))
        others = [own.get(line) or refused.get((seller, line)) for line in range(len(parts)) if line != first]
        score = _score(own, len(parts))
        if chosen:  # the order is told by the scores, too
            score = min(score, chosen[-1].score)
        further = tuple(each for each in others if each is not None)
        chosen.append(replace(own[first], score=score, further=further, lines=len(parts)))
    almost = _in_turn([part.almost for part in parts], set(offers))[:n]
    confidences = tuple(part.confidence for part in parts)
    return Recommendation(
        tuple(chosen), tuple(replace(each, lines=len(parts)) for each in almost), max(confidences), confidences
    )


def _order(own: dict[int, Match], place: int) -> tuple[int, bool, int, float]:
    very = sum(each.grade >= 2 for each in own.values())
    return -very, not very and max(each.likeness.identity for each in own.values()) < 2, place, -_mean(own)


def _mean(own: dict[int, Match]) -> float:
    return sum(each.score for each in own.values()) / len(own)


def _score(own: dict[int, Match], lines: int) -> float:
    """Between 0 and 1; a line more outweighs any difference within the lines."""
    very = max(1, sum(each.grade >= 2 for each in own.values()))
    return (very - 1 + _mean(own)) / lines


def _in_turn(ranked: Sequence[Sequence[Match]], without: set[str]) -> list[Match]:
    """The first of each line, then the second of each, every seller once."""
    found: dict[str, Match] = {}
    for several in zip_longest(*ranked):
        for match in several:
            if match is not None and match.seller not in without:
                found.setdefault(match.seller, match)
    return list(found.values())
