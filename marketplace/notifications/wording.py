"""Notices put into words: patterns filled with names, codes spoken in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.accounts.wording import LEVELS
from marketplace.i18n.formats import format_country, format_date, format_money
from marketplace.kernel.money import Money
from marketplace.notifications.mail_patterns import REASONS
from marketplace.notifications.order_patterns import CARRIED, CARRIED_WITHOUT_NUMBER, NEWS
from marketplace.notifications.patterns import PATTERNS
from marketplace.notifications.rules import Kind, Topic
from marketplace.orders.wording import REPORTS
from marketplace.sellers.rules import CurationState
from marketplace.sellers.wording import STATE_NAMES
from marketplace.standing.wording import LEVELS as LEVELS_OF_STANDING


@dataclass(frozen=True)
class Words:
    """The finished texts of one notice in one language."""

    subject: str
    line: str
    action: str


TOPIC_NAMES: dict[Topic, tuple[Any, Any]] = {
    Topic.ACCOUNT: (_("Safety of your account"), _("Links you asked for, invitations and changes of your password.")),
    Topic.LEADS: (_("New leads"), _("A buyer asks you about your goods, or closes a request.")),
    Topic.REQUESTS: (_("Answers to your requests"), _("A supplier answers, declines, asks back or hands on.")),
    Topic.MESSAGES: (_("Messages"), _("Somebody wrote to you about a request.")),
    Topic.MEETINGS: (_("Meetings at fairs"), _("Somebody asks you for a meeting, sets, moves or cancels one.")),
    Topic.LISTINGS: (_("Your products and certificates"), _("Published, returned with notes, or soon to end.")),
    Topic.STANDING: (_("Your organisation's standing"), _("Verification and your place on the market.")),
    Topic.PARTNERS: (_("Chapters and distributors"), _("Applications and what was decided about them.")),
    Topic.REPORTS: (_("Reports and decisions"), _("What came of a report that you made or that concerns you.")),
    Topic.MONEY: (_("Payments"), _("What was paid, what went back, and your bank details.")),
    Topic.SEARCHES: (_("Saved searches"), _("New products for a search that you saved.")),
    Topic.RESCUE: (_("Leads without an answer"), _("A seller gives a buyer no answer, and your help is asked.")),
    Topic.QUEUES: (_("Work that waits"), _("Something new waits on the desk.")),
}
FALLBACKS: dict[str, Any] = {
    "product": _("your request"),
    "country": _("a buyer abroad"),
    "amount": _("A part or all"),
    "carriage": _("Its page says who carries it."),
    "news": _("See how it stands, and what is to be done."),
}


def words(kind: Kind, context: Mapping[str, Any], locale: str) -> Words:
    """The notice in the language that is spoken now (see `i18n.translations.speaking`), formats by ``locale``."""
    spoken = _spoken(context, locale)
    pattern = PATTERNS[kind]
    said = (str(text) % spoken for text in (pattern.subject, pattern.line, pattern.action))
    return Words(*(_BETWEEN_CHINESE.sub("", text) if locale.startswith("zh") else text for text in said))


# texts set a value off with blanks, as it may be Latin; between Chinese characters none is written
_CHINESE = r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef“”]"
_BETWEEN_CHINESE = re.compile(f"(?<={_CHINESE}) (?={_CHINESE})")


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return str(FALLBACKS.get(key, "…"))


def _spoken(context: Mapping[str, Any], locale: str) -> _Known:
    spoken = _Known()
    for name, value in context.items():
        if value in (None, ""):
            continue
        if name == "country":
            spoken[name] = format_country(str(value), locale)
        elif name in {"deadline", "date", "begins"}:
            spoken[name] = format_date(date.fromisoformat(str(value)[:10]), locale)
        elif name in {"amount", "freight", "earlier"}:
            minor, _space, currency = str(value).partition(" ")
            spoken[name] = format_money(Money(int(minor), currency), locale)
        elif name == "level":
            spoken[name] = str(LEVELS.get(str(value), value))
        elif name == "standing":
            spoken[name] = str(LEVELS_OF_STANDING[value][0])
        elif name == "curation":
            spoken[name] = str(STATE_NAMES.get(CurationState(value), value))
        elif name == "mail":
            spoken[name] = str(REASONS.get(str(value), ""))
        elif name == "step":
            spoken[name] = str(REPORTS.get(str(value), value))
        elif name == "commodity":
            spoken.setdefault("product", _commodity_name(str(value), locale))
        elif name == "deposit_of":
            spoken["product"] = str(_("Deposit of agreement %(key)s")) % {"key": value}
        elif name == "balance_of":
            spoken["product"] = str(_("Balance of agreement %(key)s")) % {"key": value}
        else:
            spoken[name] = str(value)
    if "request" in spoken and "product" in spoken:  # its goods tell more than its key
        spoken["request"] = spoken["product"]
    if "carrier" in spoken:
        carriage = CARRIED if "tracking" in spoken else CARRIED_WITHOUT_NUMBER
        spoken["carriage"] = str(carriage) % spoken
    if "news" in spoken:
        spoken["news"] = str(NEWS.get(spoken["news"], FALLBACKS["news"])) % spoken
    return spoken


def _commodity_name(key: str, locale: str) -> str:
    from marketplace.catalogue.registry.loading import load_registry
    from marketplace.catalogue.registry.lookup import CommodityUnknown

    try:
        return load_registry().commodity(key).name(locale)
    except CommodityUnknown:
        return str(FALLBACKS["product"])
