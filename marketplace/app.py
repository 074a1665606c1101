"""create_app: blueprints, extensions, error handlers; nothing else."""

from __future__ import annotations

import importlib

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from config.logging import configure_logging
from config.settings import Settings
from marketplace import admission, problems
from marketplace.accounts import sample
from marketplace.accounts.login import init_login
from marketplace.discovery.keeper import PageKeeper
from marketplace.discovery.page_cache import changes_between, state_of
from marketplace.i18n.addresses import LanguagePrefix
from marketplace.i18n.translations import init_babel
from marketplace.kernel.compression import init_compression
from marketplace.kernel.converters import IntegerConverter
from marketplace.kernel.http import SecureHeaders, init_http
from marketplace.kernel.places import templates_folder
from marketplace.kernel.site import Site
from marketplace.wiring import cache, wire

# each module has a blueprint named `bp`
BLUEPRINTS: tuple[str, ...] = (
    "marketplace.web.health",
    "marketplace.web.buyer_record",
    "marketplace.web.plots_page",
    "marketplace.web.partner_leads",
    "marketplace.web.rescue",
    "marketplace.web.partner_rescue",
    "marketplace.web.answer_link",
    "marketplace.web.guests",
    "marketplace.web.compare",
    "marketplace.web.seller_page",
    "marketplace.web.product_page",
    "marketplace.web.market_page",
    "marketplace.web.offer_page",
    "marketplace.web.offer_desk",
    "marketplace.web.proceeds_page",
    "marketplace.web.home",
    "marketplace.web.fair_page",
    "marketplace.web.fair_catalogue",
    "marketplace.web.meeting_page",
    "marketplace.web.meeting_schedule",
    "marketplace.web.drawings",
    "marketplace.web.styleguide",
    "marketplace.accounts.views",
    "marketplace.payments.views",
    "marketplace.web.legal",
    "marketplace.buyers.views",
    "marketplace.sellers.views",
    "marketplace.closures.views",
    "marketplace.catalogue.views",
    "marketplace.discovery.views",
    "marketplace.saved.views",
    "marketplace.notifications.views",
    "marketplace.partners.views",
    "marketplace.partners.partnership_views",
    "marketplace.partners.opportunity_views",
    "marketplace.followups.views",
    "marketplace.fairs.views",
    "marketplace.fairs.desk",
    "marketplace.memberships.views",
    "marketplace.whatsapp.views",
    "marketplace.moderation.views",
    "marketplace.leads.views",
    "marketplace.quotes.views",
    "marketplace.orders.views",
    "marketplace.orders.views.desk",
    "marketplace.webhooks.views",
    "marketplace.meetings.views.own",
    "marketplace.meetings.views.plans",
    "marketplace.meetings.views.desk",
    "marketplace.documents.views",
    "marketplace.documents.desk",
    "marketplace.reviews.views",
    "marketplace.standing.views",
    "marketplace.rfqs.views",
    "marketplace.matchmaking.views",
    "marketplace.console.views",
)
MEBIBYTE = 1024 * 1024


class UnlistedRoutes(RuntimeError):
    """Routes without an entry in the access table; the build stops here."""


def create_app(settings: Settings, *, testing: bool = False) -> Flask:
    """The web application for these settings."""
    app = Site("marketplace", template_folder=str(templates_folder()), static_folder="static")
    app.testing = testing
    app.config.update(
        SECRET_KEY=settings.web.secret_key,
        MAX_CONTENT_LENGTH=24 * MEBIBYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEBIBYTE,
        MAX_FORM_PARTS=400,
        # browsers take the prefix only from this very host, for the whole of it, over TLS: nobody beside us sets one
        SESSION_COOKIE_NAME="__Host-souq" if settings.web.is_https else "souq",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.web.is_https,
        SESSION_REFRESH_EACH_REQUEST=False,
        PREFERRED_URL_SCHEME="https" if settings.web.is_https else "http",
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = IntegerConverter
    app.url_map.merge_slashes = False  # its redirect would name the host that the request claims
    configure_logging(settings.log_format)
    init_compression(app)  # registered first, so it runs last
    init_http(app)
    init_babel(app)
    wire(app, settings)  # CSRF is checked before anyone's identity is read
    init_login(app)
    app.before_request(_check_access)
    for module in BLUEPRINTS:
        app.register_blueprint(importlib.import_module(module).bp)
    problems.init_problems(app)
    from marketplace.discovery.views import note_kept
    from marketplace.web import health, shell, warming
    from marketplace.web.doors import doors_of

    shell.init_shell(app)
    health.init_metrics(app)
    app.extensions["souq_share"] = warming.share
    app.extensions["souq_warm"] = warming.warm_in_background
    unlisted = admission.unlisted_endpoints(app)
    if unlisted:
        raise UnlistedRoutes("routes and access table differ: " + ", ".join(unlisted))
    secured = SecureHeaders(app.wsgi_app, settings.web.is_https)
    keeper = PageKeeper(
        secured,
        memory=lambda: app.extensions["cache"][cache],
        state=lambda: state_of(app),
        counted=health.count_kept,
        session_cookies=(app.config["SESSION_COOKIE_NAME"] + "=", "remember_token="),
        doors=doors_of(app),
        reread=note_kept,
        changes=lambda old, new: changes_between(app, old, new),
    )
    app.wsgi_app = LanguagePrefix(keeper)  # type: ignore[method-assign]  # Flask's own way to wrap it
    if settings.web.trusted_proxies:
        hops = settings.web.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]  # as above
    return app


def _check_access() -> Response | None:
    return admission.check_access("accounts.sign_in", "/account/second-factor", sample.is_sample_marketplace())
