"""What several of the application's tests begin with."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from config.settings import Settings
from marketplace.discovery.engine import use_engine
from marketplace.kernel.clock import frozen, now
from marketplace.payments.doors import use_gateway
from marketplace.payments.stripe_gateway import StripeGateway
from search.engine import connect
from tests.support.alerting import Later
from tests.support.in_step import let_index_lag
from tests.support.letters import BASE
from tests.support.stripe_double import SECRET_KEY, WEBHOOK_SECRET, StripeDouble, stripe_double


@pytest.fixture
def later() -> Later:
    """Steps from the test's noon, so that things saved and things listed do not fall on one moment."""
    start = now()
    return lambda **span: frozen(start + timedelta(**span))


@pytest.fixture
def mail_comes_in(app: Flask) -> Iterator[None]:
    """The setting of an installation that reads mails."""
    before: Settings = app.extensions["souq_settings"]
    mail = dataclasses.replace(before.mail, reply_address=BASE)
    app.extensions["souq_settings"] = dataclasses.replace(before, mail=mail)
    yield
    app.extensions["souq_settings"] = before


@pytest.fixture
def lagging(app: Flask) -> None:
    """Marks of the index wait for the job also where tests work them off after each commit."""
    let_index_lag(app)


@pytest.fixture
def outside(app: Flask, lagging: None) -> Iterator[None]:
    """An index outside the database, as at scale: fed by the job alone."""
    before: Settings = app.extensions["souq_settings"]
    stores = dataclasses.replace(before.stores, search_url="sqlite:////elsewhere")
    app.extensions["souq_settings"] = dataclasses.replace(before, stores=stores)
    use_engine(connect("sqlite:"))
    yield
    use_engine(None)


@pytest.fixture
def double(app: Flask) -> Iterator[StripeDouble]:
    """A card company on loopback, which the site takes its payments by."""
    with stripe_double() as made:
        use_gateway(StripeGateway(SECRET_KEY, WEBHOOK_SECRET, made.url))
        yield made
