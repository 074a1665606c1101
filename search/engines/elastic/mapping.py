"""The index as data: analyzers, mapping, settings. Raise ``SCHEMA_VERSION`` with any change that asks for a rebuild."""

from typing import Any

from search import ranking
from search.engines.elastic.columns import LOOK, PRIOR, SAID, TOLD
from search.lexicon.compounds import common_parts
from search.schema import LANGUAGES as TITLED
from search.schema import SCHEMA_VERSION, Schema

LANGUAGES = ("en", "id", "de", "zh")
# A segment with fewer vectors keeps no graph of them: to look at each is quick and finds the very nearest, and to make
# graphs was half of what a server did when an index was filled. A merged segment that has more gets its graph.
_LEAST_WITH_GRAPH = 25_000
# Graphs of vectors rounded to eight bits.
GRAPH: dict[str, Any] = {
    "type": "int8_hnsw",
    "m": 16,
    "ef_construction": 100,
    "flat_index_threshold": _LEAST_WITH_GRAPH,
}


def template(schema: Schema, prefix: str) -> dict[str, Any]:
    """The index template for indices that begin with ``prefix-``."""
    return {
        "index_patterns": [f"{prefix}-*"],
        "priority": 200,
        "template": {"settings": settings(), "mappings": mappings(schema)},
        "_meta": {"schema_version": SCHEMA_VERSION},
    }


def settings() -> dict[str, Any]:
    """One shard (exact counts, comparable scores); a late write may meet a removal for an hour."""
    return {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        "gc_deletes": "1h",
        "max_result_window": 10_000,
        # half of an index is what was sent, and no page reads it: its hits come with their columns
        "codec": "best_compression",
        "analysis": {
            # "25kg" and "26x26" are cut where a number ends, as search.analysis does.
            "char_filter": {
                "after_number": {"type": "pattern_replace", "pattern": "(\\d)(?=\\p{L})", "replacement": "$1 "}
            },
            "filter": {
                "english_possessive": {"type": "stemmer", "language": "possessive_english"},
                "english_stem": {"type": "stemmer", "language": "english"},
                "german_stem": {"type": "stemmer", "language": "german"},
                "german_parts": {
                    "type": "dictionary_decompounder",
                    "word_list": sorted(common_parts()),
                    "only_longest_match": True,
                    "min_subword_size": 3,
                },
                "indonesian_stem": {"type": "stemmer", "language": "indonesian"},
                "english_small": {"type": "stop", "stopwords": "_english_"},
                "german_small": {"type": "stop", "stopwords": "_german_"},
                "indonesian_small": {"type": "stop", "stopwords": "_indonesian_"},
                "word_length": {"type": "truncate", "length": 32},
            },
            "analyzer": {
                "en": _analyzer("english_possessive", "english_small", "asciifolding", "english_stem"),
                "de": _analyzer("german_small", "german_parts", "german_normalization", "german_stem", "asciifolding"),
                # Who types a compound means all of it; its parts are in the index for those who type them.
                "de_typed": _analyzer("german_small", "german_normalization", "german_stem", "asciifolding"),
                "id": _analyzer("indonesian_small", "asciifolding", "indonesian_stem"),
                # Chinese comes folded to one script and cut into words; there is nothing left to do but part them.
                "zh": {"type": "custom", "tokenizer": "whitespace", "filter": ["lowercase", "word_length"]},
                "surface": {"type": "custom", "tokenizer": "whitespace", "filter": ["word_length"]},
            },
        },
    }


def _analyzer(*filters: str) -> dict[str, Any]:
    return {
        "type": "custom",
        "char_filter": ["after_number"],
        "tokenizer": "standard",
        "filter": ["lowercase", "word_length", *filters],
    }


def mappings(schema: Schema) -> dict[str, Any]:
    """Every field by name; an unknown one is refused by the server too."""
    # nobody asks where a word stands: neighbours are the business of the second look
    texts = {language: {"type": "text", "analyzer": language, "index_options": "freqs"} for language in LANGUAGES}
    column = {"type": "binary", "doc_values": True}
    unsought = {"type": "float", "index": False}
    texts["de"]["search_analyzer"] = "de_typed"
    return {
        "dynamic": "strict",
        # what signals weigh is worked out for each document, so other weights ask for a rebuild
        "_meta": {"schema_version": SCHEMA_VERSION, "signals": dict(ranking.SIGNALS)},
        "properties": {
            "kind": {"type": "keyword"},
            "key": {"type": "long"},
            "version": {"type": "long", "index": False},
            SAID: {"properties": texts},
            "surface": {
                "type": "text",
                "analyzer": "surface",
                "norms": False,
                "index_prefixes": {"min_chars": 1, "max_chars": 8},
            },
            **_vectors(schema.dimensions),
            **{name: {"type": "keyword", "doc_values": False} for name in ("concepts", "mentions", "codes")},
            "keywords": {"properties": {name: {"type": "keyword"} for name in sorted(schema.keywords)}},
            "numbers": {"properties": {name: {"type": "double"} for name in sorted(schema.numbers)}},
            "signals": {"properties": dict.fromkeys(sorted(schema.signals), unsought)},
            "specs": {
                "type": "nested",
                "properties": {
                    "name": {"type": "keyword"},
                    "value": {"type": "keyword"},
                    "number": {"type": "double"},
                },
            },
            "certificates": {
                "type": "nested",
                "properties": {"code": {"type": "keyword"}, "last_day": {"type": "date", "format": "strict_date"}},
            },
            PRIOR: unsought,
            LOOK: column,
            TOLD: {"properties": dict.fromkeys(TITLED, column)},
            "texts": {"type": "object", "enabled": False},
        },
    }


def _vectors(dimensions: int) -> dict[str, Any]:
    """What a document is near to, in a graph of vectors rounded to eight bits, and what made them. Beside the graph two
    bytes a number are enough: the order of what is related was as good as with four, which were half of an index."""
    if not dimensions:
        return {}
    return {"vector": vector_field(dimensions) | {"element_type": "bfloat16"}, "make": {"type": "keyword"}}


def vector_field(dimensions: int) -> dict[str, Any]:
    """Vectors of length 1, compared by their product."""
    shape = {"type": "dense_vector", "dims": dimensions, "index": True, "similarity": "dot_product"}
    return shape | {"index_options": GRAPH}
