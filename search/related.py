"""Related goods: where words find few, the documents nearest by vector come behind what was found.

The vectors are somebody else's: whoever opens an engine says where to get them (an ``Embedding``). Each stands in the
index under the name of what made it, and only vectors of one name are ever compared. Without any there is no such leg.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from search import ranking
from search.document import Document
from search.explanation import RelatedPlace
from search.plan import make_plan
from search.query import Query
from search.results import Hit
from search.schema import Schema

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_OFF_LENGTH = 4e-4  # a server refuses a document whose vector has a squared length that is 1e-3 off
_LONGEST = 2_000  # letters of a description that say what a document is about


class Said(NamedTuple):
    """What a vector is made of: texts with their languages, and concepts where they are known."""

    texts: tuple[tuple[str, str], ...]
    concepts: tuple[str, ...] = ()


class Embedder(Protocol):
    """Makes vectors of texts. It may be handed to other processes, and the same text gives the same vector there."""

    @property
    def name(self) -> str:
        """Another one with other vectors has another name: small letters and digits."""

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""

    def vectors(self, texts: Sequence[Said]) -> "NDArray[float32]":
        """(texts, dimensions), each row of length 1, or all zeros where nothing is known of a text."""


Embedding = Callable[[], Embedder | None]
"""The embedder to use now, None where there is none (yet); never raises."""


class Near(NamedTuple):
    """A document and how alike it is: the cosine."""

    key: int
    likeness: float


def no_embedding() -> None:
    """No vectors."""


def fitting(embedding: Embedding, schema: Schema) -> Embedder | None:
    """The embedder to use now, if its vectors are such as an index of this schema has."""
    found = embedding()
    return found if found is not None and found.dimensions == schema.dimensions else None


def vectors_of(embedder: Embedder, texts: Sequence[Said]) -> "NDArray[float32]":
    """(texts, dimensions), each row of length 1 or all zeros, whatever the embedder gave: a row that is neither (its
    files may be spoiled) says nothing, and a server would refuse the document that came with it."""
    import numpy

    made = embedder.vectors(texts)
    with numpy.errstate(all="ignore"):
        lengths = numpy.linalg.norm(made, axis=1)
        is_sound = numpy.abs(lengths - 1.0) < _OFF_LENGTH  # not where it is no number
    return made if is_sound.all() else numpy.where(is_sound[:, None], made, numpy.zeros_like(made))


def said_of_document(document: Document) -> Said:
    """A document: its titles twice, its descriptions, what it is registered as."""
    titles = tuple(document.titles.items())
    descriptions = tuple((language, text[:_LONGEST]) for language, text in document.descriptions.items())
    return Said((*titles, *titles, *descriptions), document.concepts)


def said_of_query(query: Query) -> Said:
    """What a query asks for, in words; what it says it does not want is none of it."""
    asked = " ".join(group.surface for group in make_plan(query).groups if not group.prefix)
    return Said(((query.language, asked),) if asked else ())


def is_wanted(query: Query, total: int) -> bool:
    """Whether a page is short enough to be followed by what is related."""
    is_on = query.related and ranking.RELATED_NAME not in query.signals_off
    return is_on and bool(query.words.strip()) and query.page == 1 and total < ranking.FILL_BELOW


def nearest_of(near: Iterable[Near], n: int = ranking.MOST_RELATED, least: float = ranking.LIKE) -> tuple[Near, ...]:
    """The first ``n`` of those that are near enough, the nearest first, equals by key."""
    kept = sorted((each for each in near if each.likeness >= least), key=lambda each: (-each.likeness, each.key))
    return tuple(kept[:n])


def related(near: Sequence[Near], hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The nearest as hits, behind all that was found: of that they have less than the least score."""
    behind = min((hit.score for hit in hits), default=1.0) * ranking.RELATED
    return tuple(Hit(each.key, behind * each.likeness) for each in near)


def related_place(near: Sequence[Near], key: int) -> RelatedPlace:
    """Where a document stands among what is related."""
    found = ((place, each.likeness) for place, each in enumerate(near, 1) if each.key == key)
    return RelatedPlace(*next(found, (0, 0.0)))
