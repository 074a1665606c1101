"""Texts as short dense vectors: TF-IDF of words and of character n-grams, folded into a few dimensions (truncated SVD).

Two texts are as alike as their vectors' dot product. Requests and offers, queries and documents go the same way: first
``text_of`` (terms as the search index has them, and the concepts that the lexicon finds), then ``Vectors.transform``.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matching.profile import OfferProfile, RequestProfile
from matching.reader.offer import OfferReading
from search.analysis import lexicon as current_lexicon
from search.analysis import words
from search.lexicon.lexicon import Lexicon

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

DIMENSIONS = 128
# Vectors of one make can be compared; raise it with any change of what goes in or how it is folded.
MAKE = 1
_SEED = 5
# More texts teach nothing new about how words go together, but cost minutes and gigabytes.
_LEARNT_FROM = 40_000
_MOST_WORDS, _MOST_GRAMS = 24_000, 16_000
# Parts of words catch misspellings and compounds; they must not outweigh what was really said. Concepts have a share of
# their own, so that a text in another language is as near as one with the same words.
_PARTS: Mapping[str, float] = {"concepts": 1.0, "words": 1.0, "grams": 0.6}
_SHORTEST, _LONGEST = 3, 4
_BATCH = 4_096
_CONCEPT = "="
_TERMS, _PROJECTION = "terms.skops", "projection.npy"
# What the stored vocabulary is made of besides scikit-learn's own; anything else in the file is refused.
TRUSTED = frozenset(
    {"matching.vectors._concepts", "matching.vectors._terms", "matching.vectors._grams", "builtins.dict",
     "scipy.sparse._csr.csr_matrix", "numpy.dtype"}
)  # fmt: skip


class NotTheseVectors(ValueError):
    """A stored vocabulary cannot be used: spoiled, incomplete, or of another make. Fit again."""


# -- what goes in -----------------------------------------------------------------------------------------------------


def text_of(texts: Iterable[tuple[str, str]], concepts: Iterable[str] = (), lexicon: Lexicon | None = None) -> str:
    """Texts (language, text) as ``Vectors`` takes them: index terms, then concepts with what they are kinds of, a mark
    before each. The concepts are those given and, where none is, those that the lexicon finds in the texts."""
    known = lexicon or current_lexicon()
    pairs = [(lang, text) for lang, text in texts if text]
    terms = [term for lang, text in pairs for term in words(text, lang or "en")]
    named = list(concepts) or [hit.concept for lang, text in pairs for hit in known.find(text, lang or None)]
    marked = [_CONCEPT + each for concept in dict.fromkeys(named) for each in known.closure(concept)]
    return " ".join([*terms, *marked])


def text_of_offer(offer: OfferProfile, reading: OfferReading, lexicon: Lexicon | None = None) -> str:
    """An offer: its titles twice, its descriptions, its goods and attributes."""
    attributes = [each for name in sorted(reading.attributes) for each in sorted(reading.attributes[name])]
    titles, descriptions = list(offer.titles.items()), list(offer.descriptions.items())
    return text_of([*titles, *titles, *descriptions], [*reading.goods, *attributes], lexicon)


def text_of_request(request: RequestProfile, lexicon: Lexicon | None = None) -> str:
    """A request: its words, the goods wanted and the attributes asked for."""
    return text_of([(request.lang or "en", request.text)], [*request.goods, *request.attributes], lexicon)


def _concepts(text: str) -> list[str]:
    return [each for each in text.split() if each.startswith(_CONCEPT)]


def _terms(text: str) -> list[str]:
    return [each for each in text.split() if not each.startswith(_CONCEPT)]


def _grams(text: str) -> list[str]:
    return [gram for term in _terms(text) for gram in _parts(term)]


@lru_cache(65_536)
def _parts(term: str) -> tuple[str, ...]:
    edged = f" {term} "
    sizes = range(_SHORTEST, _LONGEST + 1)
    return tuple(edged[start : start + size] for size in sizes for start in range(len(edged) - size + 1))


# -- vectors ----------------------------------------------------------------------------------------------------------


class Vectors:
    """Learns from texts how words go together, then turns texts into vectors of unit length."""

    terms_: Any
    """TF-IDF of words beside that of n-grams; None when there was nothing to learn."""
    projection_: "NDArray[float32]"
    """(features, DIMENSIONS)"""
    figures_: dict[str, float]
    """What the model card tells: texts learnt from, features, dimensions, the share of variance they keep."""

    def fit(self, texts: Sequence[str]) -> "Vectors":
        """Learn from texts made by ``text_of``, of many an even sample; the same texts give the same vectors."""
        import numpy

        step = max(1, -(-len(texts) // _LEARNT_FROM))
        learnt = [each for each in texts[::step] if each]
        self.terms_, self.projection_ = None, numpy.zeros((0, DIMENSIONS), numpy.float32)
        kept = 0.0
        if learnt:
            self.terms_, self.projection_, kept = _learnt(learnt)
        self.figures_ = {
            "texts": len(learnt), "features": len(self.projection_), "dimensions": DIMENSIONS,
            "explained_variance": round(kept, 4),
        }  # fmt: skip
        return self

    def transform(self, texts: Sequence[str]) -> "NDArray[float32]":
        """(texts, DIMENSIONS), each row of length 1, or all zeros where a text has no word that was learnt."""
        import numpy

        found = numpy.zeros((len(texts), DIMENSIONS), numpy.float32)
        if self.terms_ is None:
            return found
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            found[start : start + len(batch)] = _unit(self.terms_.transform(batch) @ self.projection_)
        return found

    # -- on disk ----------------------------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        """Write the vocabulary and the projection into a folder, which a model's card stands in."""
        import numpy
        from skops.io import dump

        folder.mkdir(parents=True, exist_ok=True)
        dump({"make": MAKE, "terms": self.terms_, "figures": self.figures_}, folder / _TERMS)
        numpy.save(folder / _PROJECTION, self.projection_, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> "Vectors":
        """Vectors as they were saved; the projection stays in its file, which all processes share. Raises
        NotTheseVectors."""
        try:
            return cls._loaded(folder)
        except NotTheseVectors:
            raise
        except Exception as fault:
            raise NotTheseVectors(f"the vectors in {folder.name} cannot be read: {fault}") from fault

    @classmethod
    def _loaded(cls, folder: Path) -> "Vectors":
        import numpy
        from skops.io import get_untrusted_types
        from skops.io import load as read

        asked = set(get_untrusted_types(file=folder / _TERMS))
        if asked - TRUSTED:
            raise NotTheseVectors(f"types that are not trusted: {', '.join(sorted(asked - TRUSTED))}")
        stored = read(folder / _TERMS, trusted=sorted(asked))
        if stored["make"] != MAKE:
            raise NotTheseVectors(f"vectors of make {stored['make']}, this program has {MAKE}")
        found = cls()
        found.terms_, found.figures_ = stored["terms"], stored["figures"]
        found.projection_ = numpy.load(folder / _PROJECTION, mmap_mode="r", allow_pickle=False)
        features = _features(found.terms_) if found.terms_ is not None else 0
        if found.projection_.shape != (features, DIMENSIONS) or found.projection_.dtype != numpy.float32:
            raise NotTheseVectors("vocabulary and projection do not belong together")
        return found


def _learnt(texts: Sequence[str]) -> tuple[Any, "NDArray[float32]", float]:
    """The vocabulary, the projection, and the share of variance that it keeps."""
    import numpy
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion
    from threadpoolctl import threadpool_limits

    rare = 2 if len(texts) >= 1_000 else 1  # what a single offer says is no way to find others
    shared: dict[str, Any] = {"sublinear_tf": True, "dtype": numpy.float32, "min_df": rare}
    parts = [
        ("concepts", TfidfVectorizer(analyzer=_concepts, **shared)),
        ("words", TfidfVectorizer(analyzer=_terms, max_features=_MOST_WORDS, **shared)),
        ("grams", TfidfVectorizer(analyzer=_grams, max_features=_MOST_GRAMS, **shared)),
    ]
    told = [(name, part) for name, part in parts if _has_terms(part, texts)]
    terms = FeatureUnion(told, transformer_weights={name: _PARTS[name] for name, _part in told})
    if not told:
        return None, numpy.zeros((0, DIMENSIONS), numpy.float32), 0.0
    weighed = terms.transform(texts)
    projection = numpy.zeros((weighed.shape[1], DIMENSIONS), numpy.float32)
    size = min(DIMENSIONS, *weighed.shape)
    # one thread: the order of additions, and with it the last digit, is the same on every machine
    # one text alone has no variance to share out
    with threadpool_limits(1), numpy.errstate(invalid="ignore", divide="ignore"):
        folding = TruncatedSVD(size, n_iter=4, random_state=_SEED).fit(weighed)
    projection[:, : len(folding.components_)] = folding.components_.T
    kept = float(numpy.nan_to_num(folding.explained_variance_ratio_).sum())
    return terms, projection, min(1.0, kept)


def _has_terms(part: Any, texts: Sequence[str]) -> bool:
    """Fit a part; whether it found anything: texts without a concept, and terms that are all rare, leave none."""
    try:
        part.fit(texts)
    except ValueError as nothing:
        if "no terms remain" in str(nothing) or "empty vocabulary" in str(nothing):
            return False
        raise
    return True


def _features(terms: Any) -> int:
    return sum(len(each.vocabulary_) for _name, each in terms.transformer_list)


def _unit(rows: Any) -> "NDArray[float32]":
    import numpy

    found = numpy.asarray(rows, numpy.float32)
    lengths = numpy.linalg.norm(found, axis=1, keepdims=True)
    unit: NDArray[float32] = numpy.divide(found, lengths, out=numpy.zeros_like(found), where=lengths > 1e-6)
    return unit
