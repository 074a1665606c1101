"""`souq search rank | evaluate | explain`: how well the search finds, and why a product stands where it stands."""

from __future__ import annotations

import atexit
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import click

from marketplace.cli.context import with_app

if TYPE_CHECKING:
    from matching.embedding import LearntEmbedder
    from search.engine import Engine
    from search.evaluation.figures import Figures
    from search.evaluation.running import Run
    from search.evaluation.sets import AskedQuery, Judgements
    from search.related import Embedder

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_EMBEDDED = 10_000
_WORDS = "words"
_ENGINE = click.option(
    "--engine", "address", default="sqlite:", show_default=True, help="Address of the engine to use."
)
_OFF = click.option(
    "--without", default="", help="Signals and features of ranking that shall not count: head,category."
)
_DENSE = click.option(
    "--dense",
    default=0.0,
    type=click.FloatRange(0.0, 100.0),
    help="Fuse in the nearest by vector, of this weight beside words (1); the site does not.",
)


@click.command()
@click.option(
    "--documents", type=_FILE, required=True, help="JSON lines: id, title, description, category, attributes."
)
@click.option("--queries", type=_FILE, required=True, help="JSON lines: id, text, lang.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where the ranking goes.")
@click.option("--depth", default=100, show_default=True, type=click.IntRange(1, 100), help="Documents for each query.")
@_ENGINE
@_OFF
@_DENSE
def rank(documents: Path, queries: Path, out: Path, depth: int, address: str, without: str, dense: float) -> None:
    """Rank any documents for any queries as the site's search does; needs no database.

    The ranking has a line for each query: {"query_id": ..., "hits": [{"id": ..., "score": ...}, ...]}.
    """
    from search.evaluation.sets import read_queries

    with _faults():
        asked = read_queries(queries)
        try:
            with out.open("w", encoding="utf-8") as stream:  # before the work, which may take minutes
                found = _ranked(documents, asked, address, without, depth, dense)
                for each in asked:
                    hits = [{"id": name, "score": round(score, 6)} for name, score in found[each.id]]
                    stream.write(json.dumps({"query_id": each.id, "hits": hits}, ensure_ascii=False) + "\n")
        except OSError as fault:
            raise click.UsageError(f"{out} cannot be written: {fault.strerror}.") from fault
    click.echo(f"{len(asked)} queries were ranked.")


@click.command()
@click.option("--queries", type=_FILE, required=True, help="JSON lines: id, text, lang, kind.")
@click.option("--judgements", type=_FILE, required=True, help="JSON lines: query_id, document_id, grade from 0 to 1.")
@click.option("--documents", type=_FILE, help="JSON lines; without them the catalogue itself, products by their key.")
@click.option(
    "--against", default="", help="Compare with 'baseline', 'words', or a ranking without features of these names."
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@_ENGINE
@_OFF
@_DENSE
def evaluate(
    queries: Path,
    judgements: Path,
    documents: Path | None,
    against: str,
    as_json: bool,
    address: str,
    without: str,
    dense: float,
) -> None:
    """Print nDCG@10, MRR, recall@100 and zero results by language and kind of query.

    ``--against baseline`` compares with SQLite's own full-text search (any word, bm25 with column weights), and
    ``--against head,category`` with the same engine without these features; with 95 % intervals. ``--dense 0.1`` fuses
    in the nearest by vector, and ``--against words`` compares with the ranking of the site, where they are not.
    """
    from search.evaluation.figures import answerable
    from search.evaluation.sets import SetFault, read_judgements, read_queries

    with _faults():
        asked, judged = read_queries(queries), read_judgements(judgements)
        if not answerable(asked, judged):
            raise SetFault("no judgement has a grade above 0 for any of these queries")
        if documents is None:
            if against == "baseline":
                raise click.UsageError("The baseline needs --documents.")
            found = _ranked_catalogue(asked, without, dense)
            other = _ranked_catalogue(asked, *_beside(without, against, dense)) if against else None
        else:
            found = _ranked(documents, asked, address, without, 100, dense)
            other = _other(documents, asked, address, without, against, dense) if against else None
        report = _report(asked, found, other, judged)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _print(report)


@click.command()
@click.argument("text")
@click.argument("product", type=int)
@click.option("--lang", default="en", show_default=True, help="Language of the reader.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@_OFF
@with_app
def explain(text: str, product: int, lang: str, as_json: bool, without: str) -> None:
    """Say by name what makes up the score of PRODUCT (its key) for TEXT; exit 1 when it is not found at all."""
    from dataclasses import replace

    from marketplace.discovery.engine import engine, switched_off
    from marketplace.discovery.measuring import dollar_rates, price_units
    from marketplace.kernel.clock import today
    from search.parser import parse

    query = parse(text, lang, day=today(), rates=dollar_rates(), price_units=price_units())
    with _faults():
        told = engine().explain(replace(query, signals_off=_names(without) | switched_off()), product)
    if as_json:
        click.echo(json.dumps(told.as_values(), ensure_ascii=False))
    else:
        for line in told.lines():
            click.echo(line)
    if not told.is_found and not told.related.place:
        sys.exit(1)


def _ranked(documents: Path, asked: list[AskedQuery], address: str, without: str, depth: int, dense: float) -> Run:
    from search.evaluation.running import run
    from search.evaluation.sets import Documents
    from search.ranking import RELATED_NAME

    off, source = _names(without), Documents(documents)
    with _engine(address, None if RELATED_NAME in off and not dense else _learnt(documents)) as engine:
        engine.rebuild(source)
        engine.refresh()
        return run(engine, asked, lambda key: source.names[key - 1], depth=depth, switched_off=off, dense=dense)


@lru_cache(1)  # a comparison asks twice
def _learnt(documents: Path) -> LearntEmbedder | None:
    """Vectors learnt from the documents themselves, as the site learns from its catalogue; none of a few, which teach
    nothing, nor of very many, among which words hardly ever find too little."""
    from itertools import islice

    from matching.embedding import LEAST, learn
    from search.evaluation.sets import Documents
    from search.related import said_of_document

    if not documents.is_file():  # a pipe is read once
        return None
    if not LEAST <= sum(1 for _ in islice(Documents(documents), _MOST_EMBEDDED + 1)) <= _MOST_EMBEDDED:
        return None
    folder = Path(mkdtemp(prefix="souq-vectors-"))  # gone with the process
    atexit.register(partial(rmtree, folder, ignore_errors=True))
    return learn((said_of_document(each) for each in Documents(documents)), folder / "judged")


def _ranked_catalogue(asked: list[AskedQuery], without: str, dense: float) -> Run:
    @with_app
    def ranked() -> Run:
        from marketplace.discovery.engine import engine, switched_off
        from marketplace.discovery.measuring import dollar_rates, price_units
        from marketplace.kernel.clock import today
        from search.evaluation.running import run
        from search.parser import parse

        day, rates, units = today(), dollar_rates(), price_units()
        return run(
            engine(),
            asked,
            str,
            read=lambda each: parse(each.text, each.language, day=day, rates=rates, price_units=units),
            switched_off=_names(without) | switched_off(),
            dense=dense,
        )

    return ranked()


def _beside(without: str, against: str, dense: float) -> tuple[str, float]:
    """What the other ranking of a comparison is without, and the weight of vectors in it."""
    return (without, 0.0) if against == _WORDS else (",".join(filter(None, (without, against))), dense)


def _other(documents: Path, asked: list[AskedQuery], address: str, without: str, against: str, dense: float) -> Run:
    if against != "baseline":
        off, weight = _beside(without, against, dense)
        return _ranked(documents, asked, address, off, 100, weight)
    from search.evaluation.baseline import Baseline
    from search.evaluation.sets import Documents

    source = Documents(documents)
    baseline = Baseline(source)
    return baseline.run(asked, dict(enumerate(source.names, 1)))


@contextmanager
def _engine(address: str, embedder: Embedder | None) -> Iterator[Engine]:
    """An engine for this command alone; on a server its index has a name of its own and goes at the end."""
    import os

    from search.engine import connect

    options: dict[str, Any] = {"embedding": lambda: embedder}
    if not address.startswith("sqlite:"):
        options |= {"prefix": f"souqjudge_{os.getpid()}", "time_out": 10.0}
    try:
        made = connect(address, **options)
    except ValueError as fault:
        raise click.UsageError(f"--engine: {fault}.") from fault
    try:
        yield made
    finally:
        drop: Callable[[], None] | None = getattr(made, "drop", None)
        if drop is not None:
            drop()
        made.close()


def _report(asked: list[AskedQuery], found: Run, other: Run | None, judged: Judgements) -> dict[str, Any]:
    from search.evaluation.figures import by_group, difference, figures

    report: dict[str, Any] = {
        "overall": _values(figures(asked, found, judged)),
        "languages": {
            name: _values(each) for name, each in by_group(asked, found, judged, lambda q: q.language).items()
        },
        "kinds": {name: _values(each) for name, each in by_group(asked, found, judged, lambda q: q.kind).items()},
    }
    if other is not None:
        gain = difference(asked, found, other, judged)
        report["against"] = _values(figures(asked, other, judged)) | {
            "gain": round(gain.mean, 4),
            "low": round(gain.low, 4),
            "high": round(gain.high, 4),
            "is_significant": gain.is_significant,
        }
    return report


def _values(each: Figures) -> dict[str, Any]:
    return {
        "queries": each.queries,
        "ndcg@10": round(each.ndcg, 4),
        "mrr": round(each.mrr, 4),
        "recall@100": round(each.recall, 4),
        "zero_results": round(each.zero_results, 4),
    }


def _print(report: dict[str, Any]) -> None:
    click.echo(f"{'':14}{'queries':>9}{'nDCG@10':>9}{'MRR':>8}{'recall@100':>12}{'zero':>8}")
    rows = {"overall": report["overall"], **report["languages"], **report["kinds"]}
    for name, each in rows.items():
        click.echo(
            f"{name:14}{each['queries']:9}{each['ndcg@10']:9.4f}{each['mrr']:8.4f}{each['recall@100']:12.4f}"
            f"{each['zero_results']:8.4f}"
        )
    other = report.get("against")
    if other:
        verdict = "more than chance" if other["is_significant"] else "may be chance"
        click.echo(
            f"against {other['ndcg@10']:.4f}: {other['gain']:+.4f}"
            f" ({other['low']:+.4f} to {other['high']:+.4f}), {verdict}"
        )


def _names(text: str) -> frozenset[str]:
    from search import ranking

    names = frozenset(filter(None, (each.strip() for each in text.split(","))))
    if wrong := sorted(names - ranking.NAMES):
        raise click.UsageError(f"Unknown: {', '.join(wrong)}. Known: {', '.join(sorted(ranking.NAMES))}.")
    return names


@contextmanager
def _faults() -> Iterator[None]:
    """End with 65 (data) or 69 (unavailable) and a sentence."""
    from search.errors import EngineUnavailable
    from search.evaluation.sets import SetFault

    try:
        yield
    except SetFault as fault:
        click.echo(f"Nothing was done: {fault}.", err=True)
        sys.exit(65)
    except EngineUnavailable as fault:
        click.echo(f"Nothing was done: {fault}.", err=True)
        sys.exit(69)
