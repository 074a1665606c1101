"""`souq jobs`: what is queued, and doing it now."""

from __future__ import annotations

import json
import os
import sys

import click
from sqlalchemy import func, select, update

from marketplace.cli.context import with_app

SOME_FAILED = 1


@click.group("jobs")
def command() -> None:
    """See queued work, do it now, try dead jobs again."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def list_(as_json: bool) -> None:
    """Count tasks by job and state."""
    from marketplace.kernel.database import db
    from marketplace.kernel.outbox import Task

    rows = db.session.execute(
        select(Task.job, Task.state, func.count()).group_by(Task.job, Task.state).order_by(Task.job, Task.state)
    ).all()
    if as_json:
        click.echo(json.dumps([{"job": job, "state": state, "count": count} for job, state, count in rows]))
        return
    for job, state, count in rows:
        click.echo(f"{job:32} {state:8} {count}")
    if not rows:
        click.echo("Nothing is queued.")


@command.command()
@click.option("--limit", default=10000, show_default=True, help="At most so many tasks.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def run(limit: int, as_json: bool) -> None:
    """Do everything that is due now; exit 1 when a task failed, which is tried again later."""
    from marketplace.kernel.jobs import run_due

    before = _failed_tries()
    tried = run_due(limit)
    failed = len(_failed_tries() - before)
    if as_json:
        click.echo(json.dumps({"tried": tried, "failed": failed}))
    else:
        click.echo(f"{tried} tasks were tried" + (f", {failed} failed." if failed else "."))
    if failed:
        sys.exit(SOME_FAILED)


def _failed_tries() -> set[tuple[int, int]]:
    """Tasks that failed and were not done since, each with the number of its tries."""
    from marketplace.kernel.database import db
    from marketplace.kernel.outbox import Task, TaskState

    found = select(Task.id, Task.attempts).where(
        Task.error.is_not(None), Task.state.in_((TaskState.READY, TaskState.DEAD))
    )
    return {(key, attempts) for key, attempts in db.session.execute(found)}


@command.command()
@click.argument("job", required=False)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def retry(job: str | None, as_json: bool) -> None:
    """Queue dead tasks again, all or those of JOB."""
    from marketplace.kernel.clock import now
    from marketplace.kernel.outbox import Task, TaskState
    from marketplace.kernel.uow import transaction

    with transaction() as session:
        query = update(Task).where(Task.state == TaskState.DEAD)
        if job:
            query = query.where(Task.job == job)
        done = session.execute(query.values(state=TaskState.READY, attempts=0, due_at=now(), finished_at=None))
    count: int = done.rowcount  # type: ignore[attr-defined]  # an UPDATE has it
    click.echo(json.dumps({"queued": count}) if as_json else f"{count} tasks will be tried again.")


@command.command(hidden=True)
@click.argument("key", type=int)
@click.option("--parent", type=int, required=True, help="The worker that claimed it.")
def one(key: int, parent: int) -> None:
    """Do one claimed task for a worker, which gives it back where this process cannot."""
    from marketplace.cli.worker import die_with

    die_with(parent)  # before the seconds that an application takes
    # the web's figures are not this process's: each process leaves a file in that folder, which is read for ever
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    _do_one(key)


@with_app
def _do_one(key: int) -> None:
    from marketplace.cli.worker import do_one

    do_one(key)
