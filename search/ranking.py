"""Named weights of ranking, one place for both engines; money is not among them."""

from collections.abc import Iterable, Mapping

# A word in the title says more than one in the description; a concept found in title or data is worth a title word,
# one that a description only mentions is worth little.
TITLE = 5.0
BODY = 1.0
CONCEPT = 4.0
MENTION = 0.5
CODE = 6.0

# Shape of the match, as a share added to the text score.
ALL_IN_TITLE = 0.25
PHRASE_IN_TITLE = 0.25

# Fewer strict matches than this, and documents with most of the words are filled in behind them.
FILL_BELOW = 10

# What a document's own signals (0 to 1) may add, as a share of the text score. Small: they order equals.
SIGNALS: Mapping[str, float] = {
    "freshness": 0.06,
    "completeness": 0.08,
    "answer_rate": 0.06,
    "verified": 0.05,
    "exposure": 0.03,
}


def prior(signals: Mapping[str, float], switched_off: Iterable[str] = ()) -> float:
    """Factor of one or more by which a document's signals lift its text score."""
    off = frozenset(switched_off)
    return 1.0 + sum(SIGNALS[name] * value for name, value in signals.items() if name in SIGNALS and name not in off)


def words_required(groups: int) -> int:
    """How many of ``groups`` words a document must have when too few documents have all of them."""
    if groups <= 2:
        return 1
    if groups <= 4:
        return 2
    return max(2, round(groups * 0.4))
