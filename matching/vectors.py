"""Texts as short dense vectors: TF-IDF of words and of character n-grams, folded into a few dimensions (truncated SVD).

Two texts are as alike as their vectors' dot product. Requests and offers, queries and documents go the same way: first
``text_of`` (terms as the search index has them, and the concepts that the lexicon finds), then ``Vectors.transform``.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matching.arrays import digest_of, opened
from matching.many_texts import Columns, shares
from matching.profile import OfferProfile, RequestProfile
from matching.reader.offer import OfferReading
from matching.word_table import Terms
from search.analysis import lexicon as current_lexicon
from search.analysis import words
from search.lexicon.lexicon import Lexicon

if TYPE_CHECKING:
    from numpy import bool_, float32
    from numpy.typing import NDArray

DIMENSIONS = 128
# Vectors of one make can be compared; raise it with any change of what goes in or how it is folded.
MAKE = 3
_SEED = 5
# More texts teach nothing new about how words go together, but cost minutes and gigabytes.
_LEARNT_FROM = 40_000
_MOST_WORDS, _MOST_GRAMS = 24_000, 16_000
# Parts of words catch misspellings and compounds; they must not outweigh what was really said. Concepts have a share of
# their own, so that a text in another language is as near as one with the same words.
GRAMS = "grams"
_PARTS: Mapping[str, float] = {"concepts": 1.0, "words": 1.0, GRAMS: 0.6}
_SHORTEST, _LONGEST = 3, 4
_LONGEST_TERM = 32
_MANY_TEXTS = 1_000
_MANY = 64
_NOTHING = 1e-6
_CONCEPT = "="
_ESTIMATOR, _TOLD = "vectors.skops", "vectors.json"
# What the stored estimator is made of besides scikit-learn's own; anything else in the file is refused.
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
    cut = {(lang, text): words(text, lang or "en") for lang, text in dict.fromkeys(pairs)}  # titles come twice
    terms = [term for pair in pairs for term in cut[pair]]
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


@lru_cache(8_192)
def _parts(term: str) -> tuple[str, ...]:
    if len(term) > _LONGEST_TERM:  # no word: a row of letters would be kept with all its parts
        return ()
    edged = f" {term} "
    sizes = range(_SHORTEST, _LONGEST + 1)
    return tuple(edged[start : start + size] for size in sizes for start in range(len(edged) - size + 1))


_ANALYSES: Mapping[str, Callable[[str], list[str]]] = {"concepts": _concepts, "words": _terms, "grams": _grams}


# -- vectors ----------------------------------------------------------------------------------------------------------


class _Part:
    """The vocabulary of one kind of terms: how telling each is, and where its rows of the projection begin."""

    def __init__(self, name: str, terms: Terms, idf: "NDArray[float32]", first: int) -> None:
        self.name, self.terms, self.idf, self.first = name, terms, idf, first
        self._columns: Columns | None = None

    def rows(self, text: str) -> "tuple[list[int], NDArray[float32]]":
        """The rows of the projection that a text has to do with, and its share in each: TF-IDF, of length 1 in each
        part and then by what the part weighs."""
        import numpy

        counted = Counter(_ANALYSES[self.name](text))
        found = ((self.terms.column(each), count) for each, count in counted.items())
        known = [(column, count) for column, count in found if column is not None]
        columns = [column for column, _count in known]
        shares = (1 + numpy.log(numpy.array([count for _column, count in known], numpy.float32))) * self.idf[columns]
        length = numpy.linalg.norm(shares)
        return [self.first + each for each in columns], shares * (_PARTS[self.name] / length) if known else shares

    def table(self, tokens: Sequence[Sequence[str]]) -> Any:
        """What ``rows`` gives of each of many texts that are cut at their spaces: (texts, terms), sparse."""
        # the vocabulary as a dictionary: quicker for many texts, too large for a process that sees one a time
        if self._columns is None:
            vocabulary = {self.terms.word(each).decode(): each for each in range(len(self.terms))}
            self._columns = Columns(_ANALYSES[self.name], vocabulary)
        return shares(tokens, self._columns, self.idf, _PARTS[self.name])


class Vectors:
    """Learns from texts how words go together, then turns texts into vectors of unit length.

    Learning is scikit-learn's; what it learnt are plain arrays, which a process that only turns a query into a vector
    reads from their files without it.
    """

    parts_: list[_Part]
    projection_: "NDArray[float32]"
    """(features, DIMENSIONS)"""
    figures_: dict[str, float]
    """What the model card tells: texts learnt from, features, dimensions, the share of variance they keep."""
    estimator_: Any = None
    """scikit-learn's pipeline, in the process that learnt; None where there was nothing to learn."""

    def fit(self, texts: Sequence[str]) -> "Vectors":
        """Learn from texts made by ``text_of``, of many an even sample; the same texts give the same vectors."""
        import numpy

        step = max(1, -(-len(texts) // _LEARNT_FROM))
        learnt = [each for each in texts[::step] if each]
        self.parts_, self.projection_ = [], numpy.zeros((0, DIMENSIONS), numpy.float32)
        kept = 0.0
        if learnt and (pipeline := _learnt(learnt)) is not None:
            self.estimator_ = pipeline
            union, folding = (each for _name, each in pipeline.steps)
            first = 0
            for name, part in union.transformer_list:
                self.parts_.append(_Part(name, Terms.of(part.vocabulary_), part.idf_.astype(numpy.float32), first))
                first += len(part.vocabulary_)
            self.projection_ = numpy.zeros((first, DIMENSIONS), numpy.float32)
            self.projection_[:, : len(folding.components_)] = folding.components_.T
            kept = min(1.0, float(numpy.nan_to_num(folding.explained_variance_ratio_).sum()))
        self.figures_ = {
            "texts": len(learnt), "features": len(self.projection_), "dimensions": DIMENSIONS,
            "explained_variance": round(kept, 4),
        }  # fmt: skip
        return self

    def transform(self, texts: Sequence[str], *, only_whole: bool = False) -> "NDArray[float32]":
        """(texts, DIMENSIONS), each row of length 1, or all zeros where a text has no word that was learnt.

        ``only_whole`` leaves zeros also where a text has no more than parts of words that were learnt.
        """
        import numpy

        found, is_whole = self._in_one(texts) if len(texts) >= _MANY else self._one_by_one(texts)
        if only_whole:
            found[~is_whole] = 0
        lengths = numpy.linalg.norm(found, axis=1, keepdims=True)
        unit: NDArray[float32] = numpy.divide(found, lengths, out=numpy.zeros_like(found), where=lengths > _NOTHING)
        return unit

    def _one_by_one(self, texts: Sequence[str]) -> "tuple[NDArray[float32], NDArray[bool_]]":
        """(texts, DIMENSIONS), and whether each text has a whole word or a concept that was learnt."""
        import numpy

        found = numpy.zeros((len(texts), DIMENSIONS), numpy.float32)
        is_whole = numpy.zeros(len(texts), numpy.bool_)
        for place, text in enumerate(texts):
            for part in self.parts_:
                rows, weighed = part.rows(text)
                found[place] += weighed @ self.projection_[rows]
                is_whole[place] |= part.name != GRAMS and bool(rows)
        return found, is_whole

    def _in_one(self, texts: Sequence[str]) -> "tuple[NDArray[float32], NDArray[bool_]]":
        """The same for many texts, but for the last digits: sums are added up in another order."""
        import numpy

        tokens = [text.split() for text in texts]
        found = numpy.zeros((len(texts), DIMENSIONS), numpy.float32)
        is_whole = numpy.zeros(len(texts), numpy.bool_)
        for part in self.parts_:
            table = part.table(tokens)
            found += table @ self.projection_[part.first : part.first + len(part.idf)]
            if part.name != GRAMS:
                is_whole |= numpy.diff(table.indptr) > 0
        return found, is_whole

    # -- on disk ----------------------------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        """Write what serves and, beside it, what learnt; a model's card may stand in the same folder."""
        import numpy
        from skops.io import dump

        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {"projection": self.projection_}
        for part in self.parts_:
            own = part.terms.arrays() | {"idf": part.idf}
            arrays |= {f"{part.name}.{name}": array for name, array in own.items()}
        for name, array in arrays.items():
            numpy.save(folder / f"{name}.npy", array, allow_pickle=False)
        dump({"pipeline": self.estimator_}, folder / _ESTIMATOR)
        digests = {name: digest_of(folder / f"{name}.npy") for name in sorted(arrays)}
        told = {
            "make": MAKE,
            "digests": digests,
            "parts": [each.name for each in self.parts_],
            "figures": self.figures_,
        }
        (folder / _TOLD).write_text(json.dumps(told, indent=2, sort_keys=True), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Vectors":
        """Vectors as they were saved; arrays stay in their files, which all processes share. Raises NotTheseVectors."""
        try:
            return cls._loaded(folder)
        except NotTheseVectors:
            raise
        except Exception as fault:
            raise NotTheseVectors(f"the vectors in {folder.name} cannot be read: {fault}") from fault

    @classmethod
    def _loaded(cls, folder: Path) -> "Vectors":
        told = json.loads((folder / _TOLD).read_text(encoding="utf-8"))
        if told["make"] != MAKE:
            raise NotTheseVectors(f"vectors of make {told['make']}, this program has {MAKE}")
        if any(digest_of(folder / f"{name}.npy") != digest for name, digest in told["digests"].items()):
            raise NotTheseVectors("the arrays are not those that were saved")
        found = cls()
        found.figures_, found.parts_, first = told["figures"], [], 0
        for name in told["parts"]:
            terms = Terms(opened(folder, f"{name}.terms", "uint8"), opened(folder, f"{name}.starts", "int64"))
            idf = opened(folder, f"{name}.idf", "float32")
            if name not in _PARTS or len(idf) != len(terms):
                raise NotTheseVectors("vocabulary and weights do not belong together")
            found.parts_.append(_Part(name, terms, idf, first))
            first += len(terms)
        found.projection_ = opened(folder, "projection", "float32", dimensions=2)
        if found.projection_.shape != (first, DIMENSIONS):
            raise NotTheseVectors("vocabulary and projection do not belong together")
        return found


def estimator(folder: Path) -> Any:
    """The pipeline that learnt saved vectors, None where it had nothing to learn: to look into or go on from. Raises
    NotTheseVectors where the file holds a type that is not trusted."""
    from skops.io import get_untrusted_types
    from skops.io import load as read

    try:
        asked = set(get_untrusted_types(file=folder / _ESTIMATOR))
        if asked - TRUSTED:
            raise NotTheseVectors(f"types that are not trusted: {', '.join(sorted(asked - TRUSTED))}")
        return read(folder / _ESTIMATOR, trusted=sorted(asked))["pipeline"]
    except NotTheseVectors:
        raise
    except Exception as fault:
        raise NotTheseVectors(f"the estimator in {folder.name} cannot be read: {fault}") from fault


def _learnt(texts: Sequence[str]) -> Any:
    """TF-IDF of each kind of terms side by side, then the folding; None where no term was worth learning."""
    import numpy
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion, Pipeline
    from threadpoolctl import threadpool_limits

    rare = 2 if len(texts) >= _MANY_TEXTS else 1  # what a single offer says is no way to find others
    shared: dict[str, Any] = {"sublinear_tf": True, "dtype": numpy.float32, "min_df": rare}
    parts = [
        ("concepts", TfidfVectorizer(analyzer=_concepts, **shared)),
        ("words", TfidfVectorizer(analyzer=_terms, max_features=_MOST_WORDS, **shared)),
        ("grams", TfidfVectorizer(analyzer=_grams, max_features=_MOST_GRAMS, **shared)),
    ]
    told = [(name, part) for name, part in parts if _has_terms(part, texts)]
    if not told:
        return None
    terms = FeatureUnion(told, transformer_weights={name: _PARTS[name] for name, _part in told})
    weighed = terms.transform(texts)
    # One thread: the order of additions, and with it the last digit, is the same on every machine. One text alone has
    # no variance to share out.
    with threadpool_limits(1), numpy.errstate(invalid="ignore", divide="ignore"):
        folding = TruncatedSVD(min(DIMENSIONS, *weighed.shape), n_iter=4, random_state=_SEED).fit(weighed)
    return Pipeline([("terms", terms), ("folding", folding)])


def _has_terms(part: Any, texts: Sequence[str]) -> bool:
    """Fit a part; whether it found anything: texts without a concept, and terms that are all rare, leave none."""
    try:
        part.fit(texts)
    except ValueError as nothing:
        if "no terms remain" in str(nothing) or "empty vocabulary" in str(nothing):
            return False
        raise
    return True
