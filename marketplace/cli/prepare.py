"""What has to be there before the site is served: schema, sample marketplace, index, matcher."""

from __future__ import annotations

import click

from config.settings import Settings
from marketplace.app import create_app
from marketplace.cli.progress import Report, reporter
from marketplace.cli.sample.people import DOMAIN, PASSWORD
from marketplace.wiring import init_migrations


def prepare_site(settings: Settings) -> None:
    """Migrate; on the first start of a loopback site load the sample marketplace; fit what has never been fitted."""
    from flask_migrate import upgrade

    app = create_app(settings)
    init_migrations(app)
    with app.app_context():
        upgrade()
        from marketplace.cli.sample import load as sample

        if not sample.has_organisations():
            if not settings.web.is_loopback:
                click.echo("The database is empty. Sample data are for loopback addresses only; none were loaded.")
            else:
                click.echo("First start: loading the sample marketplace (every organisation in it is fictitious) ...")
                with reporter("loading") as report:
                    load_sample_marketplace(settings, report)
        elif sample.is_sample() and not settings.web.is_loopback:
            raise click.ClickException(
                "This database holds the sample marketplace, whose accounts have a printed password. "
                "It may only be served on a loopback PUBLIC_URL. Use an empty database for a public site."
            )
        rebuild_outdated_index()
        fit_matcher_once()
        if sample.is_sample():
            print_accounts()


def load_sample_marketplace(settings: Settings, report: Report) -> None:
    """Load the sample rows, build the index and fit the matcher. Refuses a public address and a database in use."""
    from marketplace.cli.sample import load as sample
    from marketplace.discovery.checking import rebuild_index
    from marketplace.discovery.services import refresh_marked
    from marketplace.kernel.upkeep import refresh_statistics

    if not settings.web.is_loopback:
        raise click.ClickException("Sample data are for loopback addresses only; PUBLIC_URL names a public one.")
    if sample.has_organisations():
        raise click.ClickException("The database is not empty; sample data go into an empty one only.")
    loaded = sample.load_sample(report)
    refresh_statistics()
    rebuild_index(lambda count: report("documents", count))
    refresh_marked()  # of what was written and is not public
    fit_matcher(report)
    suggest_for_drafts()
    click.echo(
        f"Loaded {loaded.sellers} sellers, {loaded.products} products, {loaded.buyers} buyers, "
        f"{loaded.chapters} chapters and {loaded.requests} requests."
    )


def fit_matcher(report: Report) -> None:
    """Fit a matcher from the offers as they are now and make it the current one."""
    from marketplace.matchmaking.fitting import refit

    refit(lambda count: report("offers", count))


def suggest_for_drafts() -> None:
    """What a buyer's page would have looked for at once: sellers for every draft that was loaded before the matcher."""
    from sqlalchemy import select
    from sqlalchemy.orm import selectinload

    from marketplace.kernel.uow import transaction
    from marketplace.matchmaking.services import suggest
    from marketplace.rfqs.models import Rfq
    from marketplace.rfqs.rules import RfqState

    with transaction() as session:
        for rfq in session.scalars(select(Rfq).where(Rfq.state == RfqState.DRAFT).options(selectinload(Rfq.lines))):
            suggest(session, rfq)


def rebuild_outdated_index() -> None:
    """Build the index anew where an earlier release made it; an engine that does not answer is left alone."""
    from marketplace.discovery.checking import rebuild_index
    from marketplace.discovery.engine import engine

    health = engine().health()
    if health.is_ready and not health.is_current:
        with reporter("indexing") as report:
            rebuild_index(lambda count: report("documents", count))


def fit_matcher_once() -> None:
    """Fit a matcher where none is stored (after a restore, a broken first start) or this release cannot use it."""
    from marketplace.matchmaking.fitting import mend
    from marketplace.matchmaking.model import models_folder
    from matching.store import current

    with reporter("fitting") as report:
        if current(models_folder()) is None:
            fit_matcher(report)
        else:
            mend()


def print_accounts() -> None:
    """The accounts a person can try, with their one password."""
    click.echo("")
    click.echo(f"Sample accounts (password of all: {PASSWORD})")
    for account, who in (
        ("buyer1", "a roaster in Hamburg (German)"),
        ("buyer12", "a wholesaler in Hong Kong (traditional Chinese)"),
        ("buyer6", "an importer in Chicago"),
        ("seller1", "a pesantren's business unit (Indonesian)"),
        ("curator", "a curator of the programme, second factor"),
        ("partner-us", "the chapter in the United States, second factor"),
        ("operator", "the operator of the marketplace, second factor"),
    ):
        click.echo(f"  {account + '@' + DOMAIN:32} {who}")
    click.echo("  Second factor of an account: souq user totp NAME, for example: .venv/bin/souq user totp curator")
    click.echo("  Mails the site would send are at /mailbox")
    click.echo("")
