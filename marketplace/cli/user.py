"""`souq user`: accounts from the command line."""

from __future__ import annotations

import json

import click
from sqlalchemy import func, select

from marketplace.cli.context import with_app
from marketplace.i18n.locales import LOCALES

STAFF = frozenset({"curator", "operator"})  # roles of the programme


@click.group("user")
def command() -> None:
    """Make accounts, reset them, show a sample account's second factor."""


@command.command()
@click.option("--email", help="E-mail address; a seller may have a telephone number instead.")
@click.option("--phone", help="Telephone number with country code, for example +62 812 3456 7890.")
@click.option("--name", required=True, help="The person's name.")
@click.option("--language", "locale", default="en", show_default=True, type=click.Choice(LOCALES))
@click.option("--organisation", "slug", help="Address part of the organisation to join.")
@click.option(
    "--role", default="member", show_default=True, type=click.Choice(["owner", "member", "curator", "operator"])
)
@click.option("--password-prompt/--no-password", default=True, help="Ask for a password, or leave it to a reset link.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def create(
    email: str | None,
    phone: str | None,
    name: str,
    locale: str,
    slug: str | None,
    role: str,
    password_prompt: bool,
    as_json: bool,
) -> None:
    """Make an account, for example the first operator of a new site (--role operator makes the programme too)."""
    from marketplace.accounts.contact import zone_of
    from marketplace.accounts.models import Organisation
    from marketplace.accounts.services.organisations import add_member, create_organisation
    from marketplace.accounts.services.people import create_user
    from marketplace.kernel.errors import DomainError
    from marketplace.kernel.policy import OrganisationKind, Role
    from marketplace.kernel.uow import transaction

    password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if password_prompt else ""
    try:
        with transaction() as session:
            user = create_user(session, name, email=email or "", phone=phone or "", password=password, locale=locale)
            session.flush()  # the membership needs its key
            organisation = None
            if slug:
                organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
                if organisation is None:
                    raise click.ClickException(f"There is no organisation with the address part {slug!r}.")
                if role in STAFF and organisation.kind != OrganisationKind.PROGRAMME:
                    raise click.ClickException(
                        "Curators and operators belong to the programme; leave out --organisation."
                    )
            elif role in STAFF:
                programme = select(Organisation).where(Organisation.kind == OrganisationKind.PROGRAMME)
                organisation = session.scalar(programme.limit(1)) or create_organisation(
                    session, OrganisationKind.PROGRAMME, name="OPOP East Java", country="ID"
                )
            if organisation is not None:
                session.flush()  # the membership needs its key
                user.time_zone = zone_of(organisation.country)
                add_member(session, organisation.id, user.id, Role(role))
            key = user.id
    except DomainError as failure:
        raise click.ClickException(str(failure.sentence)) from None
    click.echo(json.dumps({"id": key}) if as_json else f"Account {key} was made.")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_app
def list_(as_json: bool) -> None:
    """List accounts with their organisations."""
    from marketplace.accounts.models import Membership, Organisation, User
    from marketplace.kernel.database import db

    query = (
        select(User.id, User.email, User.phone, func.min(Organisation.slug), func.min(Membership.role))
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.erased_at.is_(None))
        .group_by(User.id)
        .order_by(User.id)
    )
    for key, email, phone, organisation, role in db.session.execute(query):
        if as_json:
            row = {"id": key, "email": email, "phone": phone, "organisation": organisation, "role": role}
            click.echo(json.dumps(row))
        else:
            click.echo(f"{key:6} {email or phone or '':40} {role or '':10} {organisation or ''}")


@command.command()
@click.argument("account")
@with_app
def totp(account: str) -> None:
    """Show the second factor's code of a sample ACCOUNT, such as curator; refuses every other account."""
    import pyotp

    from marketplace.accounts.models import User
    from marketplace.accounts.sample import is_sample_marketplace
    from marketplace.cli.sample.people import DOMAIN, totp_secret
    from marketplace.kernel.clock import now
    from marketplace.kernel.database import db

    name = account.partition("@")[0]
    user = db.session.scalar(select(User).where(User.email == f"{name}@{DOMAIN}"))
    if user is None or not is_sample_marketplace() or user.totp_secret is None:
        raise click.ClickException(f"{account} is no sample account with a second factor.")
    code = pyotp.TOTP(totp_secret(name)).at(now())
    left = 30 - int(now().timestamp()) % 30
    click.echo(f"{code}  (good for {left} more seconds, once)")


@command.command()
@click.argument("user_id", type=int)
@with_app
def suspend(user_id: int) -> None:
    """Suspend the account USER_ID; its sessions end at once."""
    from marketplace.accounts.models import User
    from marketplace.accounts.services.sessions import end_all_sessions
    from marketplace.kernel.audit import audit
    from marketplace.kernel.clock import now
    from marketplace.kernel.uow import transaction

    with transaction() as session:
        user = session.get(User, user_id)
        if user is None:
            raise click.ClickException("There is no such account.")
        user.suspended_at = now()
        end_all_sessions(session, user_id)
        audit(session, None, "user.suspended", f"user:{user_id}", by="command line")
    click.echo("The account is suspended.")
