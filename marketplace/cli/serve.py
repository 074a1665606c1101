"""`souq serve`: the site and its worker under one supervisor."""

from __future__ import annotations

import errno
import socket
import sys
import time

import click

from config.settings import Settings, SettingsError
from marketplace.cli.forks import Fork, finished_application, load_everything
from marketplace.cli.main import settings as read_settings
from marketplace.cli.supervise import children, supervise

PATIENCE = 5.0  # seconds that a site which was killed may take to let its port go


@click.command("serve")
@click.option(
    "--prepare",
    is_flag=True,
    help="First migrate, load the sample marketplace into an empty database, fit the matcher.",
)
def command(prepare: bool) -> None:
    """Serve the site and run the background worker; a killed child is started again."""
    settings = read_settings()
    require_free_port(settings)
    load_everything(settings)
    if prepare:
        from marketplace.cli.prepare import prepare_site

        # in a fork: it opens connections and starts the matcher's threads, which no later fork may inherit
        code = Fork(lambda: prepare_site(settings), is_group=False).wait()
        if code:
            sys.exit(code)
    click.echo(f"Pesantren Souq is at {settings.web.public_url}  (Ctrl+C ends it)")
    supervise(children(finished_application(settings)))


def require_free_port(settings: Settings, patience: float = PATIENCE) -> None:
    """Raise ``SettingsError`` where nobody can listen: a second site would else share the first one's port unseen."""
    host, port = settings.web.host, settings.web.port
    until = time.monotonic() + patience
    while True:
        try:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that linger are no listener
                probe.bind((host.strip("[]"), port))
                return
        except OSError as failure:
            if failure.errno != errno.EADDRINUSE:
                name = "PORT" if failure.errno == errno.EACCES else "HOST"
                raise SettingsError([f"{name}: nobody can listen at {host}:{port} ({failure.strerror})."]) from None
            if time.monotonic() >= until:
                fault = (
                    f"PORT: something listens at {host}:{port} already. Stop it or take another, such as {port + 1}."
                )
                raise SettingsError([fault]) from None
        time.sleep(0.1)
