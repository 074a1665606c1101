"""A destination's requirements as ready strings for the page; what stays in English is marked as such there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from marketplace.catalogue.labels import REGISTRATIONS, certificate_name
from marketplace.catalogue.queries.product_view import ProductView
from marketplace.i18n import formats
from marketplace.marketaccess.facts import load_facts
from marketplace.marketaccess.lookups import Lookup, Tool, lookups
from marketplace.marketaccess.rules import (
    FactSource,
    Limit,
    Requirement,
    RequirementLevel,
    Side,
    countries_of,
    halal_recognition_for,
    origin_forms_for,
)
from marketplace.marketaccess.wording import NOTHING, load_wording
from marketplace.web.market_offer import Held, MarketCheck, Standing, check_market

LEVELS: Mapping[RequirementLevel, tuple[object, object]] = {
    RequirementLevel.MANDATORY: (lazy_gettext("By law"), lazy_gettext("The law applies to these goods.")),
    RequirementLevel.CONDITIONAL: (
        lazy_gettext("By law, in stated cases"),
        lazy_gettext("The law applies only in the cases named. Read the details."),
    ),
    RequirementLevel.BUYER: (
        lazy_gettext("Asked by buyers"),
        lazy_gettext("No law asks for it, but buyers there often do."),
    ),
}
_SIDES: Mapping[Side, object] = {
    Side.EXPORT: lazy_gettext("when leaving Indonesia"),
    Side.IMPORT: lazy_gettext("when entering the destination"),
    Side.BOTH: lazy_gettext("at both ends"),
}
_STANDINGS: Mapping[Standing, tuple[object, str]] = {
    Standing.CHECKED: (lazy_gettext("shown, checked by the programme"), "positive"),
    Standing.STATED: (lazy_gettext("stated by the seller, not yet checked"), "info"),
    Standing.ENDED: (lazy_gettext("ended"), "caution"),
    Standing.SHIPMENT: (lazy_gettext("made for each shipment"), "neutral"),
    Standing.UNSTATED: (lazy_gettext("not stated"), "neutral"),
}
_TOOLS: Mapping[Tool, object] = {
    Tool.ACCESS2MARKETS: lazy_gettext("Access2Markets of the European Commission"),
    Tool.MARKET_ACCESS_MAP: lazy_gettext("Market Access Map of the International Trade Centre"),
}


@lru_cache(maxsize=8)
def country_choices(locale: str) -> tuple[tuple[str, str], ...]:
    """The countries and blocs of which the facts speak: code as in addresses and name, by name."""
    facts = load_facts()
    named = [(code.lower(), formats.format_country(code, locale)) for code in (*countries_of(facts), *facts.blocs)]
    return tuple(sorted(named, key=lambda one: one[1]))


def market(offer: ProductView, destination: str, day: date, locale: str) -> dict[str, Any]:
    """Everything that the list for one destination shows of this offer."""
    facts = load_facts()
    check = check_market(facts, offer, destination, day)
    groups = [
        {
            "key": level.value,
            "title": str(title),
            "lead": str(lead),
            "requirements": [_requirement(one, check, day, locale) for one in check.requirements if one.level == level],
        }
        for level, (title, lead) in LEVELS.items()
    ]
    return {
        "groups": [group for group in groups if group["requirements"]],
        "shown": check.count(Standing.CHECKED, Standing.STATED),
        "of_shipment": check.count(Standing.SHIPMENT),
        "open": check.count(Standing.UNSTATED, Standing.ENDED),
        "total": len(check.evidence),
        "open_evidence": _open(check, locale),
        "forms": _origin_forms(offer.hs_code, destination, locale),
        "halal": _halal(destination, locale),
        "asks_for_plots": any(kind.key == "plot_geojson" for kind in check.evidence),
        "lookups": [(_TOOLS[one.tool], one.address) for one in _lookups(offer.hs_code, destination)],
        "as_of": formats.format_date(facts.as_of, locale),
        "is_named": ships_to(offer, destination),
    }


def _lookups(hs_code: str, destination: str) -> tuple[Lookup, ...]:
    return lookups(hs_code or "", destination, load_facts().blocs["EU"])


def overview(offer: ProductView, day: date, locale: str) -> list[dict[str, Any]]:
    """The destinations an offer ships to of which the facts speak, each with what is open there.

    A bloc that is served whole stands as one; of its members only those that ask for something else stand beside it.
    """
    facts, found = load_facts(), []
    choices = [(code, name) for code, name in country_choices(locale) if ships_to(offer, code.upper())]
    asked = {code: check_market(facts, offer, code.upper(), day) for code, _name in choices}
    like_the_bloc = {
        member.lower()
        for bloc, members in facts.blocs.items()
        for member in members
        if bloc.lower() in asked and asked[member.lower()].requirements == asked[bloc.lower()].requirements
    }
    for code, name in choices:
        if code in like_the_bloc:
            continue
        check = asked[code]
        by_law = sum(one.level is RequirementLevel.MANDATORY for one in check.requirements)
        found.append(
            {
                "code": code,
                "name": name,
                "by_law": by_law,
                "shown": check.count(Standing.CHECKED, Standing.STATED),
                "open": check.count(Standing.UNSTATED, Standing.ENDED),
            }
        )
    return found


def ships_to(offer: ProductView, place: str) -> bool:
    """Whether an offer names this country, or every member of this bloc; one without destinations goes everywhere."""
    members = load_facts().blocs.get(place, frozenset({place}))
    return not offer.destinations or members <= set(offer.destinations)


def place_names(codes: Collection[str], locale: str) -> list[str]:
    """Countries by name; the members of a bloc that is there whole stand as the bloc."""
    whole = {bloc: members for bloc, members in load_facts().blocs.items() if members <= set(codes)}
    left = set(codes).difference(*whole.values())
    return sorted(formats.format_country(code, locale) for code in (*left, *whole))


def _open(check: MarketCheck, locale: str) -> list[str]:
    words = load_wording()
    return [
        words.evidence_name(kind, locale)
        for kind in check.evidence
        if check.held[kind.key].standing in {Standing.UNSTATED, Standing.ENDED}
    ]


def _requirement(one: Requirement, check: MarketCheck, day: date, locale: str) -> dict[str, Any]:
    words, step = load_wording(), one.next_step(day)
    return {
        "id": one.id,
        "title": words.title(one, locale),
        "side": str(_SIDES[one.side]),
        "authority": _said(one.authority),
        "condition": words.phrase(one.condition, locale) if one.condition else "",
        "is_in_force": one.is_in_force(day),
        "warning": _warning(one, day, locale),
        "next_day": formats.format_date(step.day, locale) if step else "",
        "next_what": _said(step.what) if step else "",
        "evidence": [
            {"name": words.evidence_name(kind, locale), **_standing(check.held[kind.key], locale)}
            for kind in one.exporter_shows
        ],
        "is_english": locale == "en",
        "who": _said(one.who),
        "importer_does": [_said(text) for text in one.importer_does],
        "limits": [(_said(limit.item), _limit(limit, locale)) for limit in one.limits],
        "legal_basis": [_said(text) for text in one.legal_basis],
        "note": _said(one.note),
        "sources": [_source(source, locale) for source in one.sources],
    }


def _said(text: str) -> str:
    """An English text of the facts; their short mark for what no source was read for, in words."""
    return text.replace("(memory", "(from general knowledge").replace(", memory)", ", from general knowledge)")


def _warning(one: Requirement, day: date, locale: str) -> str:
    if not one.wants_checking(day):
        return ""
    if not one.is_seen:
        return str(_("From general knowledge, not read in a source yet. Ask the authority before you rely on it."))
    due = formats.format_date(one.review_by, locale)
    return str(_("A new look was due on %(day)s. Ask the authority before you rely on it.", day=due))


def _standing(held: Held, locale: str) -> dict[str, Any]:
    label, tone = _STANDINGS[held.standing]
    found = [_name(held.code, locale)] if held.code else []
    if held.until is not None:
        until = formats.format_date(held.until, locale)
        is_over = held.standing is Standing.ENDED
        found.append(_("ended on %(day)s", day=until) if is_over else _("until %(day)s", day=until))
    return {"label": str(label), "tone": tone, "note": formats.format_list(found, locale, "facts")}


def _name(code: str, locale: str) -> str:
    return str(REGISTRATIONS[code]) if code in REGISTRATIONS else certificate_name(code, locale)


def _limit(limit: Limit, locale: str) -> str:
    number = formats.format_number(limit.most, locale)
    return f"{number} {limit.unit}"


def _source(source: FactSource, locale: str) -> dict[str, str]:
    seen = _("seen on %(day)s", day=formats.format_date(source.seen_on, locale)) if source.seen_on else _("not seen")
    return {"title": source.title, "where": "" if source.where == NOTHING else source.where, "seen": seen}


def _origin_forms(hs_code: str, destination: str, locale: str) -> list[dict[str, Any]]:
    words = load_wording()
    return [
        {
            "form": words.phrase(form.form, locale),
            "agreement": words.phrase(form.agreement, locale),
            "status": words.phrase(form.status, locale),
            "proof": "" if form.proof == NOTHING else words.phrase(form.proof, locale),
            "note": _said(form.note),
            "is_seen": form.is_seen,
        }
        for form in origin_forms_for(load_facts(), hs_code, destination)
    ]


def _halal(destination: str, locale: str) -> dict[str, Any] | None:
    fact = halal_recognition_for(load_facts(), destination)
    if fact is None:
        return None
    return {
        "body": fact.body,
        "indonesian_body": "" if fact.indonesian_body == NOTHING else fact.indonesian_body,
        "status": load_wording().phrase(fact.status, locale),
        "since": formats.format_date(fact.since, locale) if fact.since else "",
        "note": _said(fact.note),
        "is_seen": fact.is_seen,
    }
