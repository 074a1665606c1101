"""`souq mail`: mails that come in."""

from __future__ import annotations

import sys

import click

from marketplace.cli.context import with_app


@click.group("mail")
def command() -> None:
    """Take in mails that answer a conversation."""


@command.command()
@click.option("--to", multiple=True, help="An address of the envelope, where the mail server knows it.")
@with_app
def receive(to: tuple[str, ...]) -> None:
    """Take in one mail from standard input, as a mail server pipes it.

    Ends with 0 whatever becomes of the mail, so that no stranger is answered; with 75 if it should be tried again.
    """
    from marketplace.notifications.incoming.letters import LARGEST
    from marketplace.notifications.incoming.receiving import receive as take_in

    raw = sys.stdin.buffer.read(LARGEST + 1)
    while sys.stdin.buffer.read(1 << 20):
        pass  # the rest of a mail that is too large: a server whose pipe breaks would send it again
    try:
        outcome = take_in(raw, to)
    except Exception as failure:
        click.echo(f"Not taken in for now: {type(failure).__name__}.", err=True)
        sys.exit(75)
    click.echo(outcome.value)


@command.command()
@with_app
def poll() -> None:
    """Take in what lies in the Maildir at MAIL_IN_URL; the worker does so every minute."""
    from marketplace.kernel.outside import settings
    from marketplace.notifications.incoming.polling import folder_of
    from marketplace.notifications.incoming.polling import poll as take_in

    url = settings().mail.inbox_url
    if not url:
        raise click.ClickException("MAIL_IN_URL is not set.")
    counts = take_in(folder_of(url))
    for outcome, count in sorted(counts.items()):
        click.echo(f"{outcome.value:12} {count}")
    if not counts:
        click.echo("No mail was waiting.")


@command.command()
@click.argument("email")
@with_app
def revoke(email: str) -> None:
    """Make the reply addresses of the person with this EMAIL worthless."""
    from sqlalchemy import select

    from marketplace.accounts.models import User
    from marketplace.kernel.text import normal_email
    from marketplace.kernel.uow import transaction
    from marketplace.notifications.incoming.addresses import revoke as make_worthless

    with transaction() as session:
        user_id = session.scalar(select(User.id).where(User.email == normal_email(email)))
        if user_id is None:
            raise click.ClickException("There is no account with this address.")
        count = make_worthless(session, user_id)
    click.echo(f"{count} reply addresses are worthless now.")
