"""What every template knows: the reader's language, who they are, where they can go."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask import Flask, get_flashed_messages, request
from flask import session as cookie_session

from config.settings import Settings
from marketplace.accounts.contact import readable_phone
from marketplace.accounts.sample import is_sample_marketplace
from marketplace.i18n import formats
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.locales import BY_LOCALE, LANGUAGES
from marketplace.i18n.translations import current_locale
from marketplace.kernel.frames import use_frames
from marketplace.kernel.http import actor_or_none, guard
from marketplace.kernel.outside import settings
from marketplace.kernel.policy import Actor
from marketplace.web.assets import asset
from marketplace.web.chrome import chrome
from marketplace.web.navigation import places_for
from marketplace.web.templating import QuickTemplate

# an address without a language chooses by cookie or the browser's wish
VARY_FIXED = "Cookie, Accept-Encoding"
VARY_CHOSEN = "Cookie, Accept-Language, Accept-Encoding"
# pages whose address does not say to which place at the side they belong: tabs of another page
BELONGS = {
    "/partner/settlement": "/payments",
    "/account/bank": "/payments",
    "/organisation/members": "/account",
    "/selling/introductions": "/selling/requests",
}


class Ui:
    """The shell of one page; everything is worked out on first use."""

    @cached_property
    def locale(self) -> str:
        return current_locale()

    @cached_property
    def lang_tag(self) -> str:
        return BY_LOCALE[self.locale].tag

    @cached_property
    def prefix(self) -> str:
        return prefix_of(request.environ)

    @cached_property
    def actor(self) -> Actor | None:
        return actor_or_none()

    @cached_property
    def organisation(self) -> str:
        """The name of the house one works in; empty for visitors and people without one."""
        return self.actor.organisation_name if self.actor is not None else ""

    @cached_property
    def query(self) -> str:
        return request.args.get("q", "")[:200] if request.path == "/products" else ""

    @cached_property
    def suffix(self) -> str:
        """Path and query as they were asked for, without the language."""
        query = request.query_string.decode("ascii", "ignore")
        return request.path + (f"?{query}" if query else "")

    @cached_property
    def languages(self) -> list[tuple[str, str, str]]:
        return [(one.locale, one.name, f"{one.prefix}{self.suffix}") for one in LANGUAGES]

    @cached_property
    def canonical(self) -> str:
        if request.method != "GET" or self.actor is not None:
            return ""
        return f"{settings().web.public_url}{BY_LOCALE[self.locale].prefix}{request.path}"

    @cached_property
    def alternates(self) -> list[tuple[str, str]]:
        if not self.canonical:
            return []
        base = settings().web.public_url
        found = [(one.tag, f"{base}{one.prefix}{request.path}") for one in LANGUAGES]
        return [*found, ("x-default", f"{base}{request.path}")]

    @cached_property
    def theme(self) -> str:
        wish = request.cookies.get("theme", "")
        return wish if wish in {"light", "dark"} else ""

    @cached_property
    def is_sample(self) -> bool:
        return is_sample_marketplace()

    @cached_property
    def flashes(self) -> list[tuple[str, str]]:
        if "_flashes" not in cookie_session:
            return []
        found: list[Any] = list(get_flashed_messages(with_categories=True))
        return [(str(kind), str(text)) for kind, text in found]

    @cached_property
    def here(self) -> str:
        """The path of the place in the side navigation that this page belongs to."""
        path = BELONGS.get(request.path, request.path)
        above = [place for _label, place in places_for(self.actor) if path == place or path.startswith(place + "/")]
        return max(above, key=len, default="")  # /console/jobs is below /console, too

    @cached_property
    def nav(self) -> list[tuple[str, str, bool]]:
        places = places_for(self.actor)
        return [(str(label), self.prefix + path, path == self.here) for label, path in places]


def _unit_price(value: Decimal, currency: str, unit: str) -> str:
    from marketplace.kernel.money import UnitPrice

    return formats.format_unit_price(UnitPrice(value, currency, unit), current_locale())


def _quantity(value: Decimal | int, unit: str) -> str:
    from marketplace.kernel.measures import Quantity

    return formats.format_quantity(Quantity(Decimal(value), unit), current_locale())


def _money(money: Any) -> str:
    return formats.format_money(money, current_locale())


def init_shell(app: Flask) -> None:
    """Give ``ui``, ``asset`` and ``guard`` to every template, and the formats as filters."""
    from marketplace.web.frames import in_frame

    use_frames(app, in_frame)
    known: Settings = app.extensions["souq_settings"]
    app.jinja_env.template_class = QuickTemplate
    app.jinja_env.globals.update(asset=asset, guard=guard, chrome=chrome, public_url=known.web.public_url)
    app.jinja_env.filters.update(
        money=_money,
        unit_price=_unit_price,
        quantity=_quantity,
        number=lambda value, places=None: formats.format_number(value, current_locale(), places),
        percent=lambda value, places=0: formats.format_percent(value, current_locale(), places),
        date=lambda day, style="medium": formats.format_date(_day(day), current_locale(), style),
        days=lambda span: formats.format_days(*span, current_locale()),
        month=lambda day: formats.format_month(day, current_locale()),
        datetime=lambda moment, zone="": formats.format_datetime(moment, current_locale(), zone or _zone()),
        country=lambda code: formats.format_country(code, current_locale()),
        zone_city=lambda zone: formats.zone_city(zone, current_locale()),
        unit=lambda code, is_plural=False: formats.format_unit(code, current_locale(), is_plural=is_plural),
        telephone=lambda number: readable_phone(number) if number else "",
        listed=lambda items, style="and": formats.format_list(items, current_locale(), style),
    )

    @app.context_processor
    def _shell() -> dict[str, Any]:
        return {"ui": Ui()}

    @app.after_request
    def _vary(response: Any) -> Any:
        if not request.path.startswith("/static/"):
            headers, has_prefix = response.headers, bool(prefix_of(request.environ))
            if "Vary" in headers:
                response.vary.update(("Cookie",) if has_prefix else ("Cookie", "Accept-Language"))
            else:
                headers.add("Vary", VARY_FIXED if has_prefix else VARY_CHOSEN)
            if "Content-Language" not in headers:
                headers.add("Content-Language", BY_LOCALE[current_locale()].tag)
        return response


def _zone() -> str:
    """The zone in which the reader lives; visitors, whose pages are shared, read UTC."""
    actor = actor_or_none()
    return actor.time_zone if actor else "UTC"


def _day(value: date | datetime) -> date:
    return formats.day_of(value, _zone()) if isinstance(value, datetime) else value
