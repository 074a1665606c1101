"""Settings -> database, storage, limiter, jobs and handlers. Nothing heavy is imported before it is used."""

from __future__ import annotations

import importlib
from typing import Any

from flask import Flask, request
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse

from config.logging import configure_logging
from config.settings import Settings
from marketplace.i18n.translations import init_babel
from marketplace.kernel.csrf import CsrfGuard
from marketplace.kernel.database import db, prepare_engine
from marketplace.kernel.outlet import Outlet
from marketplace.kernel.places import migrations_folder
from marketplace.kernel.storage import open_storage
from marketplace.kernel.write_counts import IN_PROCESS

# modules whose import subscribes handlers to events or registers jobs
REACTIONS: tuple[str, ...] = (
    "marketplace.kernel.upkeep",
    "marketplace.accounts.jobs",
    "marketplace.accounts.personal_data",
    "marketplace.buyers.personal_data",
    "marketplace.sellers.personal_data",
    "marketplace.web.interests",
    "marketplace.buyers.handlers",
    "marketplace.sellers.handlers",
    "marketplace.closures.jobs",
    "marketplace.closures.personal_data",
    "marketplace.catalogue.jobs",
    "marketplace.catalogue.personal_data",
    "marketplace.discovery.handlers",
    "marketplace.discovery.jobs",
    "marketplace.discovery.personal_data",
    "marketplace.saved.handlers",
    "marketplace.saved.jobs",
    "marketplace.saved.personal_data",
    "marketplace.notifications.handlers.accounts",
    "marketplace.notifications.handlers.catalogue",
    "marketplace.notifications.handlers.rfqs",
    "marketplace.notifications.handlers.quotes",
    "marketplace.notifications.handlers.pools",
    "marketplace.notifications.handlers.orders",
    "marketplace.notifications.handlers.money_of_orders",
    "marketplace.notifications.handlers.rescue",
    "marketplace.notifications.handlers.partners",
    "marketplace.notifications.handlers.introductions",
    "marketplace.notifications.handlers.offers",
    "marketplace.notifications.handlers.reviews",
    "marketplace.notifications.jobs",
    "marketplace.notifications.incoming.polling",
    "marketplace.offers.jobs",
    "marketplace.offers.personal_data",
    "marketplace.partners.jobs",
    "marketplace.partners.personal_data",
    "marketplace.partners.file_rights",
    "marketplace.fairs.personal_data",
    "marketplace.memberships.handlers",
    "marketplace.memberships.jobs",
    "marketplace.memberships.personal_data",
    "marketplace.matchmaking.handlers",
    "marketplace.matchmaking.jobs",
    "marketplace.matchmaking.personal_data",
    "marketplace.rfqs.handlers",
    "marketplace.rfqs.jobs",
    "marketplace.rfqs.personal_data",
    "marketplace.quotes.handlers",
    "marketplace.quotes.jobs",
    "marketplace.quotes.personal_data",
    "marketplace.orders.handlers",
    "marketplace.orders.jobs",
    "marketplace.orders.personal_data",
    "marketplace.webhooks.handlers.requests",
    "marketplace.webhooks.handlers.trade",
    "marketplace.webhooks.jobs",
    "marketplace.webhooks.personal_data",
    "marketplace.followups.personal_data",
    "marketplace.reviews.handlers",
    "marketplace.reviews.jobs",
    "marketplace.reviews.personal_data",
    "marketplace.standing.jobs",
    "marketplace.meetings.jobs",
    "marketplace.meetings.personal_data",
    "marketplace.documents.jobs",
    "marketplace.documents.personal_data",
    "marketplace.notifications.personal_data",
    "marketplace.moderation.personal_data",
    "marketplace.payments.jobs",
    "marketplace.payments.personal_data",
    "marketplace.notifications.handlers.payments",
    "marketplace.notifications.handlers.memberships",
    "marketplace.notifications.handlers.webhooks",
    "marketplace.whatsapp.handlers",
    "marketplace.whatsapp.jobs",
    "marketplace.whatsapp.personal_data",
    "marketplace.console.jobs",
)
# models that no view imports yet still belong to the schema
MODELS: tuple[str, ...] = tuple(
    f"marketplace.{name}.models"
    for name in (
        "accounts",
        "payments",
        "sellers",
        "buyers",
        "proceeds",
        "closures",
        "catalogue",
        "offers",
        "partners",
        "fairs",
        "memberships",
        "rfqs",
        "quotes",
        "orders",
        "webhooks",
        "meetings",
        "documents",
        "reviews",
        "followups",
        "moderation",
        "notifications",
        "discovery",
        "saved",
        "matchmaking",
        "whatsapp",
    )
) + ("marketplace.kernel.outbox", "marketplace.kernel.submits", "marketplace.kernel.audit", "marketplace.kernel.limits")

csrf = CsrfGuard()
cache = Cache()
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


WRITES = "240 per minute"  # to one address of the site, by one visitor
limiter = Limiter(
    get_remote_address,
    default_limits=[WRITES],
    headers_enabled=False,
)


# where whole pages are kept; the first needs the Redis client, which the base installation lacks
_REDIS_PAGES = "marketplace.kernel.redis_caching.OptionalRedisCache"
_OWN_PAGES = "marketplace.kernel.caching.PageMemory"


def _limit_writes(app: Flask, *, are_counted_here: bool) -> None:
    """Let the limiter look at writes alone: its own hooks cost a reading visitor a tenth of a small page.

    A write that this process counts is counted without asking which limits hold, since it is always the one; the
    limiter has the word once it is one too many.
    """
    check = app.before_request_funcs[None].pop()  # what init_app registered last
    app.after_request_funcs[None].pop()  # it would write headers and deduct by the answer, of which we do neither
    one, count = parse(WRITES), limiter.limiter.hit

    @app.before_request
    def _check() -> Any:
        if request.method in SAFE:
            return None
        endpoint = request.endpoint
        if are_counted_here and endpoint and count(one, get_remote_address(), endpoint):
            return None
        return check()


def _patience_with_redis() -> dict[str, Any]:
    from marketplace.kernel.redis_caching import patience  # the base installation lacks the client

    return patience()


def wire(app: Flask, settings: Settings) -> None:
    """Bind every extension and outside system to ``app``."""
    app.extensions["souq_settings"] = settings
    settings.home.mkdir(parents=True, exist_ok=True)
    # the connection that was used last: its statements are ready, and what SQLite has read stays true of its own writes
    options: dict[str, object] = {"pool_use_lifo": True}
    if not settings.stores.is_sqlite:
        options |= {"pool_pre_ping": True, "pool_size": settings.web.threads, "max_overflow": 4}
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.stores.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=options,
        RATELIMIT_STORAGE_URI=settings.stores.redis_url or IN_PROCESS,
        RATELIMIT_STORAGE_OPTIONS=_patience_with_redis() if settings.stores.redis_url else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.stores.redis_url),
        RATELIMIT_ENABLED=not app.testing,
        CACHE_TYPE=_REDIS_PAGES if settings.stores.redis_url else _OWN_PAGES,
        CACHE_REDIS_URL=settings.stores.redis_url,
        CACHE_DEFAULT_TIMEOUT=60,
    )
    for module in MODELS:
        importlib.import_module(module)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    csrf.init_app(app)
    csrf.exempt("marketplace.payments.views.stripe_events.stripe_events")  # its signature is what it is refused by
    csrf.exempt("marketplace.whatsapp.views.events")  # as above
    cache.init_app(app)
    limiter.init_app(app)
    if limiter.enabled:
        _limit_writes(app, are_counted_here=not settings.stores.redis_url)
    app.extensions["souq_storage"] = open_storage(settings.stores.storage_url)
    app.extensions["souq_outlet"] = Outlet()
    for module in REACTIONS:
        importlib.import_module(module)


def without_pages(settings: Settings) -> Flask:
    """The application for commands that only read and write rows: no page, no address, and so no form is loaded."""
    app = Flask("marketplace")
    app.config["SECRET_KEY"] = settings.web.secret_key
    configure_logging(settings.log_format)
    init_babel(app)
    wire(app, settings)
    return app


def init_migrations(app: Flask) -> None:
    """Alembic on ``app``, for commands that work on the schema; a web worker does without its 11 MB."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(migrations_folder()), render_as_batch=True, compare_type=True)
