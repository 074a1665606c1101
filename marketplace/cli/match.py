"""`souq match`: fit the matcher, rank files without a database, measure, explain, promote."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from marketplace.cli.context import with_app
from marketplace.cli.progress import reporter

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def command() -> None:
    """Fit the matcher, rank requests, measure it, explain a match."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def fit(as_json: bool) -> None:
    """Fit a model from the database. It serves when it does as well as the one before; else it waits in the shadow."""
    from marketplace.matchmaking.fitting import refit

    with reporter("match fit") as report:
        done = refit(lambda count: report("offers", count))
    if as_json:
        click.echo(json.dumps({"model": done.name, "offers": done.offers, "serves": done.is_serving}))
    elif done.is_serving:
        click.echo(f"Model {done.name} knows {done.offers} offers and serves now.")
    else:
        click.echo(
            f"Model {done.name} knows {done.offers} offers and waits in the shadow: it did worse in a comparison."
        )


@command.command()
@click.option("--offers", type=_FILE, required=True, help="Offers, one JSON object a line.")
@click.option("--requests", type=_FILE, required=True, help="Requests, one JSON object a line.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where the run is written.")
@click.option("--as-of", type=_DAY, help="The day to count from, for requests that do not say when they were posted.")
def rank(offers: Path, requests: Path, out: Path, as_of: Any) -> None:
    """Rank the offers of one file for the requests of another, without a database."""
    from matching.files import FileFault, rank_files

    try:
        count = rank_files(offers, requests, out, as_of.date() if as_of else None)
    except FileFault as fault:
        click.echo(f"Nothing was done: {fault}.", err=True)
        sys.exit(65)
    click.echo(f"{count} requests were ranked.")


@command.command()
@click.option("--run", "run_path", type=_FILE, required=True, help="A run written by `souq match rank`.")
@click.option("--judgements", type=_FILE, required=True, help="Graded pairs: request_id, offer_id, grade 0 to 3.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def evaluate(run_path: Path, judgements: Path, as_json: bool) -> None:
    """Measure a run against judgements: nDCG@10, recall@20, hit@1, and how well it tells when nobody can serve,
    and whether its confidence keeps its word."""
    from matching.evaluate import confidence_kept
    from matching.evaluate import evaluate as measured
    from matching.runs import read_pairs, read_run
    from search.evaluation.sets import SetFault

    try:
        run, pairs = read_run(run_path), read_pairs(judgements)
    except SetFault as fault:
        click.echo(f"Nothing was done: {fault}.", err=True)
        sys.exit(65)
    grades = {request: pairs.grades.get(request, {}) for request in (*run.rankings, *pairs.grades)}
    rankings = {
        request: list(dict.fromkeys(pairs.sellers.get(each, each) for each in ranking))
        for request, ranking in run.rankings.items()
    }
    figures = measured(rankings, grades, run.confidences)
    bands = confidence_kept(run.confidences, grades)
    if as_json:
        click.echo(json.dumps({**figures, "reliability": [asdict(each) for each in bands]}))
    else:
        for name, value in figures.items():
            click.echo(f"{name:16}{'-' if value is None else f'{value:.4f}'}")
        for each in bands:
            click.echo(
                f"told {each.band:8}{each.cases:4} requests, said {each.told:.2f}, came {each.came:.2f} "
                f"[{each.low:.2f}, {each.high:.2f}]"
            )


@command.command()
@click.argument("text")
@click.option("--lang", default="en", show_default=True, help="Language of the text: en, id, de, zh_Hans or zh_Hant.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 50))
@click.option("--as-of", type=_DAY, help="The day to count from; today if left out.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def explain(text: str, lang: str, limit: int, as_of: Any, as_json: bool) -> None:
    """Show what is read from TEXT, who can serve it and why."""
    from marketplace.kernel.clock import today
    from marketplace.kernel.database import db
    from marketplace.matchmaking.services import matches_for_text
    from marketplace.matchmaking.services.suggesting import reasons_of

    day: date = as_of.date() if as_of else today()
    profile, found = matches_for_text(db.session(), text, lang, day)
    read = [
        {"kind": each.kind, "value": each.value, "stance": each.stance, "words": each.source.text}
        for each in profile.understood
    ]
    matches: list[dict[str, Any]] = [
        {
            "product": int(each.offer),
            "seller": int(each.seller),
            "score": round(each.score, 4),
            "reasons": reasons_of(each),
        }
        for each in (found.matches[:limit] if found else ())
    ]
    if as_json:
        answer = {"read": read, "confidence": found.confidence if found else None, "matches": matches}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for each in read:
        click.echo(f"{each['kind']:14}{each['value']:32}{each['stance']:10}{each['words']}")
    click.echo(f"Confidence {found.confidence:.2f}, {found.band}." if found else "The matcher cannot work now.")
    for match in matches:
        codes = [f"{one['code']} ({one['stance']})" for part in ("for", "against") for one in match["reasons"][part]]
        click.echo(f"product {match['product']}, seller {match['seller']}, {match['score']}: {', '.join(codes)}")


@command.command()
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where the lines are written."
)
@click.option("--since", type=_DAY, help="Only what was shown from this day on; everything if left out.")
@with_app
def outcomes(out: Path, since: Any) -> None:
    """Write what was shown and what came of it, one JSON object a line: request, product, seller, side, place, how
    likely that place was, model, whether the seller was asked, answered or declined and why, and whether a quote, a
    sample, an agreement and an order came of it. No names, no texts, no clicks."""
    from datetime import UTC

    from marketplace.kernel.database import db
    from marketplace.matchmaking.queries.outcomes import outcome_lines

    count = 0
    with out.open("w", encoding="utf-8") as file:
        for line in outcome_lines(db.session(), since.replace(tzinfo=UTC) if since else None):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    click.echo(f"{count} showings were written.")


@command.command()
@click.argument("name")
@with_app
def promote(name: str) -> None:
    """Let the stored model NAME serve; the way back after a bad fit."""
    from marketplace.kernel.audit import audit
    from marketplace.kernel.errors import NotFound
    from marketplace.kernel.uow import transaction
    from marketplace.matchmaking.fitting import promote as let_serve

    try:
        with transaction() as session:
            audit(session, None, "model.promoted", f"model:{name}"[:80], by="command line")
            let_serve(session, name)
    except NotFound:
        click.echo(f"There is no model {name}.", err=True)
        sys.exit(66)
    click.echo(f"Model {name} serves now.")


@command.command("learn-weights")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def learn_weights(as_json: bool) -> None:
    """Learn weights from what came of showings. Those that win on requests held back are filed for an operator, who
    lets them serve or drops them; too few outcomes end with code 65."""
    from marketplace.kernel.database import db
    from marketplace.kernel.uow import transaction
    from marketplace.matchmaking.services.learning import file_lesson, learn
    from matching.learning import TooFew

    try:
        lesson = learn(db.session())
    except TooFew as fault:
        if as_json:
            counted = {"requests": fault.requests, "pairs": fault.pairs, "sellers": fault.sellers}
            click.echo(json.dumps({"refused": "too_few", **counted}))
        click.echo(f"Nothing was done, too few outcomes: {fault}.", err=True)
        sys.exit(65)
    finally:
        db.session.rollback()
    with transaction() as session:
        row = file_lesson(session, lesson)
        filed = row.id if row is not None else None
    learnt = lesson.learnt
    if as_json:
        answer = {"weights": dict(lesson.weights), "won": lesson.is_won, "filed": filed, **asdict(learnt)}
        click.echo(json.dumps(answer))
        return
    click.echo(
        f"{learnt.outcomes} outcomes of {learnt.requests} requests: {learnt.points:+.1f} points of a hundred pairs "
        f"[{learnt.low:+.1f}, {learnt.high:+.1f}] on requests held back."
    )
    if filed is not None:
        click.echo(f"The weights are filed as number {filed} and wait for an operator.")
    elif lesson.is_won:
        click.echo("They won, but others were filed within four weeks.")
    else:
        click.echo("They did not win. Nothing was filed.")
