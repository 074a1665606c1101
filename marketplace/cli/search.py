"""`souq search`: fill the index, compare it with the database, ask it something."""

from __future__ import annotations

import json
import sys

import click

from marketplace.cli.context import with_app
from marketplace.cli.progress import reporter
from marketplace.cli.search_quality import evaluate, explain, rank


@click.group("search")
def command() -> None:
    """Fill the search index, compare it with the database, ask it something."""


for each in (rank, evaluate, explain):
    command.add_command(each)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def rebuild(as_json: bool) -> None:
    """Fill the index anew while searches go on, then bring in what changed meanwhile."""
    from marketplace.discovery.checking import rebuild_index
    from marketplace.discovery.services import refresh_marked

    with _engine_faults(), reporter("search rebuild") as report:
        written = rebuild_index(lambda count: report("documents", count))
        caught_up = refresh_marked()
    if as_json:
        click.echo(json.dumps({"documents": written, "caught_up": caught_up}))
    else:
        click.echo(f"{written} documents were indexed; {caught_up} changes that waited were brought in.")


@command.command()
@with_app
def learn() -> None:
    """Learn anew which goods are near to each other, and index everything with it; the worker does so by itself."""
    from marketplace.discovery.engine import switched_off
    from marketplace.discovery.learning import learn_vectors
    from search.ranking import RELATED_NAME

    with _engine_faults():
        name = learn_vectors()
    if name is None:
        click.echo("Nothing was learnt: there are too few products to learn from.", err=True)
        sys.exit(1)
    if RELATED_NAME in switched_off():
        click.echo(f"What was learnt is called {name}; no search uses it while SEARCH_WITHOUT says related.")
        return
    click.echo(f"What was learnt is called {name}, and searches that find little are followed by what is near.")


@command.command()
@click.option("--repair", is_flag=True, help="Mend what differs.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def check(repair: bool, as_json: bool) -> None:
    """Compare index and database document by document; exit 1 when something differs and was not mended."""
    from marketplace.discovery.checking import check_index
    from marketplace.discovery.services import refresh_marked

    with _engine_faults():
        report = check_index(is_repairing=repair)
        if repair and report.faults:
            refresh_marked()
        left = check_index().faults if repair and report.faults else report.faults
    answer = {
        "documents": report.documents,
        "waiting": report.waiting,
        "missing": len(report.missing),
        "stale": len(report.stale),
        "ghosts": len(report.ghosts),
        "mapping_is_current": report.is_current,
        "left": left,
    }
    if as_json:
        click.echo(json.dumps(answer))
    else:
        click.echo(f"{report.documents} documents in the index, {report.waiting} changes on their way.")
        click.echo(f"Missing {len(report.missing)}, stale {len(report.stale)}, ghosts {len(report.ghosts)}.")
        if not report.is_current:
            click.echo("The index was made by another release and needs a rebuild.")
        if repair and report.faults:
            click.echo("Mended." if not left else f"{left} still differ; run it again.")
    if left:
        sys.exit(1)


@command.command()
@click.argument("text")
@click.option("--lang", default="en", show_default=True, help="Language of the reader: en, id, de, zh_Hans or zh_Hant.")
@click.option("--kind", type=click.Choice(["product", "seller"]), default="product", show_default=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def query(text: str, lang: str, kind: str, limit: int, as_json: bool) -> None:
    """Ask the index for TEXT, as the site's search box does; explains what was read from the words."""
    from dataclasses import replace

    from marketplace.discovery.engine import engine, switched_off
    from marketplace.discovery.measuring import dollar_rates, price_units
    from marketplace.kernel.clock import today
    from search.parser import parse

    read_as = parse(text, lang, day=today(), rates=dollar_rates(), price_units=price_units())
    asked = replace(read_as, kind=kind, size=limit, highlight=True, related=True, signals_off=switched_off())
    with _engine_faults():
        results = engine().search(asked)
    rows = [
        {
            "key": hit.key,
            "score": round(hit.score, 4),
            "title": "".join(part.text for each in hit.highlights[:1] for part in each.segments),
        }
        for hit in results.hits
    ]
    read = [{"name": each.name, "words": each.surface} for each in asked.understood]
    if as_json:
        answer = {
            "total": results.total,
            "hits": rows,
            "related": [hit.key for hit in results.related],
            "read": read,
            "codes": list(asked.codes),
            "did_you_mean": results.did_you_mean,
            "unknown_words": list(results.unknown_words),
            "took_ms": round(results.took_ms, 2),
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for each in read:
        click.echo(f"read as {each['name']}: {each['words']}")
    if results.did_you_mean:
        click.echo(f"repaired to: {results.did_you_mean}")
    for row in rows:
        click.echo(f"{row['score']:10} {row['key']:8}  {row['title']}")
    for hit in results.related:
        click.echo(f"{hit.score:10.4f} {hit.key:8}  related")
    click.echo(f"{results.total} found in {results.took_ms:.1f} ms.")


class _engine_faults:  # noqa: N801 - reads as a phrase
    """End a command with 69 (unavailable) and a sentence when the engine does not answer."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _trace: object) -> None:
        from search.errors import EngineUnavailable

        if isinstance(fault, EngineUnavailable):
            click.echo(f"Nothing was done: {fault}.", err=True)
            sys.exit(69)
