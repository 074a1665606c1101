"""What is asked for and not found: by market, and word by word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.discovery.models import SearchLog
from marketplace.kernel.clock import today
from search.analysis import fold, lexicon, words
from search.plan import is_han, tokens

LOOKED_BACK = timedelta(days=90)
FEW = 3  # so few results leave a demand unmet
_MOST_TEXTS = 5_000
_SHORTEST = 3
_EXAMPLES = 3


@dataclass(frozen=True)
class Unmet:
    """What organisations of one country asked for and found little of; ``country`` is empty for visitors."""

    country: str
    text: str
    language: str
    count: int
    results: int
    last_at: datetime


@dataclass(frozen=True)
class UnknownWord:
    """A word that no concept's name has: how often it was searched, how often in vain, in which texts."""

    word: str
    language: str
    count: int
    in_vain: int
    texts: tuple[str, ...]


def unmet_demand(session: Session, country: str = "", limit: int = 100) -> list[Unmet]:
    """What was asked for in the last 90 days with few results, most wanted first; of one country or of all."""
    total = func.sum(SearchLog.count)
    query = (
        select(
            SearchLog.country, SearchLog.text, SearchLog.language, total, func.max(SearchLog.results),
            func.max(SearchLog.at),
        )
        .where(SearchLog.results < FEW, SearchLog.day >= _since())
        .group_by(SearchLog.country, SearchLog.text, SearchLog.language)
        .order_by(total.desc(), SearchLog.country, SearchLog.text)
        .limit(limit)
    )  # fmt: skip
    if country:
        query = query.where(SearchLog.country == country)
    return [Unmet(*row) for row in session.execute(query)]


def markets(session: Session) -> list[tuple[str, int]]:
    """Countries with unmet demand and how many searches that are, the largest first; visitors have no country."""
    total = func.sum(SearchLog.count)
    query = (
        select(SearchLog.country, total)
        .where(SearchLog.results < FEW, SearchLog.day >= _since(), SearchLog.country != "")
        .group_by(SearchLog.country)
        .order_by(total.desc(), SearchLog.country)
    )
    return [(country, int(count)) for country, count in session.execute(query)]


def unknown_words(session: Session, limit: int = 50) -> list[UnknownWord]:
    """Words that the lexicon does not know: those searched in vain most often first."""
    total = func.sum(SearchLog.count)
    rows = session.execute(
        select(SearchLog.text, SearchLog.language, total, func.max(SearchLog.results))
        .where(SearchLog.day >= _since())
        .group_by(SearchLog.text, SearchLog.language)
        .order_by(total.desc())
        .limit(_MOST_TEXTS)
    )
    counts: Counter[tuple[str, str]] = Counter()
    in_vain: Counter[tuple[str, str]] = Counter()
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text, language, count, results in rows:
        for word in set(words_unknown_in(text, language)):
            counts[word, language] += int(count)
            in_vain[word, language] += int(count) if not results else 0
            if len(texts[word, language]) < _EXAMPLES:
                texts[word, language].append(text)
    ranked = sorted(counts, key=lambda each: (-in_vain[each], -counts[each], each))[:limit]
    return [
        UnknownWord(word, language, counts[word, language], in_vain[word, language], tuple(texts[word, language]))
        for word, language in ranked
    ]


def words_unknown_in(text: str, language: str) -> Iterator[str]:
    """The words of a search that stand in no name of the lexicon, as they were typed, folded."""
    known = lexicon()
    covered = [(hit.start, hit.end) for hit in known.find(text, language)]
    for token in tokens(text):
        if any(start < token.end and token.start < end for start, end in covered) and not is_han(token.text):
            continue
        pieces: Iterable[str] = (
            _uncovered(text, token.start, token.end, covered) if is_han(token.text) else [token.text]
        )
        for piece in pieces:
            word = fold(piece)
            is_long = len(word) >= (2 if is_han(word) else _SHORTEST)
            if is_long and word.isalpha() and not known.knows(word) and not _is_small(word, language):
                yield word


def _uncovered(text: str, start: int, end: int, covered: list[tuple[int, int]]) -> list[str]:
    """The runs of a Chinese token between names that were found."""
    kept = "".join(" " if any(low <= at < high for low, high in covered) else text[at] for at in range(start, end))
    return kept.split()


def _is_small(word: str, language: str) -> bool:
    """Whether a word says nothing beside others (the, dan, und), in the language of the page or in English."""
    return any(words(f"{word} 1", each) == ["1"] for each in (language, "en"))


def _since() -> str:
    return (today() - LOOKED_BACK).isoformat()
