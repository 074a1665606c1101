"""Named weights of ranking, one place for both engines; money is not among them."""

from collections.abc import Iterable, Mapping

# A word in the title says more than one in the description; a concept found in title or data is worth a title word,
# one that a description only mentions is worth little.
TITLE = 5.0
BODY = 1.0
CONCEPT = 4.0
MENTION = 0.5
CODE = 6.0

# The second look at the first hundred results: what each feature (0 to 1, see ``search.rerank``) adds to the score,
# as a share of it. Rounded from what sets judged by people agree on, two shops of other trades and our own; none of
# them is worth a tenth of a weight.
RERANKED = 100
# Before that, text scores are drawn nearer to the best one: the share that a document has of it, to this power. By how
# much bm25 prefers one of the first hundred tells people little; what their titles say tells them more.
NEARER = 0.5
RERANK: Mapping[str, float] = {
    "title_words": 0.40,  # how many of the words the title has
    "all_in_title": 0.10,  # it has them all
    "phrase": 0.35,  # neighbours in the query are neighbours in the title, in the same order
    "near": 0.15,  # or at least close to each other
    "head": 0.25,  # the word that names the thing names the thing in the title too
    "goods": 0.75,  # where goods are named, it is about them: the other words only choose among those
    "core": 0.10,  # the words stand before "for", "with", a comma or a bracket
    "written": 0.40,  # as typed, not only by their stem
    "brevity": 0.20,  # the title says little else
    "kind": 1.0,  # the name of its category says what the query says
    "category": 0.60,  # it is of the kind that the best results are of
}

# What is left of the score of a document registered as other goods than those that the query names, and of one about
# something that the query says it is not for.
OTHER_GOODS = 0.15
UNWANTED = 0.05
# What is left where neither title nor category says the word that names the thing. A title alone proves little: on sets
# judged by people a document without a category that lacks the word is no worse for it than bm25 already has it.
OTHER_THING = 0.7

# Fewer strict matches than this, and documents with most of the words join them.
FILL_BELOW = 10
# What having all the words is worth beside documents with most of them.
ALL_WORDS = 0.5

# Behind fewer than ``FILL_BELOW`` documents stand those that are nearest by vector, at most so many: in the order of
# their likeness (a cosine), if it is no less than this, and with so much of the least score that words gave.
MOST_RELATED = 10
LIKE = 0.2
RELATED = 0.5
RELATED_NAME = "related"

# What a document's own signals (0 to 1) may add, as a share of the text score. Small: they order equals.
SIGNALS: Mapping[str, float] = {
    "freshness": 0.06,
    "completeness": 0.08,
    "answer_rate": 0.06,
    "verified": 0.05,
    "exposure": 0.03,
}

# Everything that a query may switch off by name.
NAMES = frozenset(SIGNALS) | frozenset(RERANK) | {RELATED_NAME}


def prior(signals: Mapping[str, float], switched_off: Iterable[str] = ()) -> float:
    """Factor of one or more by which a document's signals lift its text score."""
    off = frozenset(switched_off)
    return 1.0 + sum(SIGNALS[name] * value for name, value in signals.items() if name in SIGNALS and name not in off)


def words_required(groups: int) -> int:
    """How many of ``groups`` words a document must have when too few documents have all of them."""
    return 1 + (groups > 4) + (groups > 8)
