"""Reasons and missed requests in the seller's language: their own goods and terms, never anybody else's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext, ngettext

from marketplace.i18n import formats
from marketplace.matchmaking.weighing import is_answered_in
from marketplace.matchmaking.wording import Values, concept_name, day_of, price_of, quantity_of
from marketplace.rfqs.showing import language_name

if TYPE_CHECKING:
    from marketplace.matchmaking.queries.room import Room


def _(text: str, **values: object) -> str:
    """The sentence in the reader's language."""
    return str(gettext(text, **values))


STRENGTHS: Mapping[str, Callable[[Values, str], str]] = {
    "same_goods": lambda v, at: _("You offer %(goods)s", goods=concept_name(v["goods"], at)),
    "similar_goods": lambda v, at: _("You offer %(goods)s, close to what is asked", goods=concept_name(v["goods"], at)),
    "related_goods": lambda v, at: _(
        "You offer %(goods)s, goods of the same group", goods=concept_name(v["goods"], at)
    ),
    "attribute": lambda v, at: _("%(attribute)s, as the buyer asks", attribute=concept_name(v["attribute"], at)),
    "certificate": lambda v, at: _("You hold %(certificate)s", certificate=concept_name(v["certificate"], at)),
    "price": lambda v, at: _("Your price of about %(price)s is within the target", price=price_of(v, "asked", at)),
    "deadline": lambda v, at: (
        _("Your goods can leave by about %(date)s", date=day_of(v, "leaving", at))
        if "leaving" in v
        else _("Your goods can arrive by about %(date)s", date=day_of(v, "arrival", at))
    ),
    "capacity": lambda v, at: (
        _("You can make up to %(quantity)s", quantity=quantity_of(v, "capacity", at))
        if v.get("period")
        else _("You can make up to %(quantity)s in the time there is", quantity=quantity_of(v, "capacity", at))
    ),
    "minimum": lambda v, at: _("It is above your minimum of %(quantity)s", quantity=quantity_of(v, "minimum", at)),
    "incoterm": lambda v, at: _("You sell %(incoterm)s", incoterm=v["incoterm"]),
    "destination": lambda v, at: _("You ship to %(country)s", country=formats.format_country(v["destination"], at)),
    "registration": lambda v, at: _("Done: %(registration)s", registration=concept_name(v["registration"], at)),
    "sample": lambda v, at: _("You send samples"),
}


def _expiring(values: Values, locale: str) -> str:
    days = max(1, int(float(values["days"])))
    return str(
        ngettext(
            "Your %(certificate)s ends %(num)s day before the goods are needed",
            "Your %(certificate)s ends %(num)s days before the goods are needed",
            days,
            certificate=concept_name(str(values["certificate"]), locale),
        )
    )


NEAR_MISSES: Mapping[str, Callable[[Values, str], tuple[str, str]]] = {
    "certificate_expiring": lambda v, at: (_expiring(v, at), _("Say in your answer when it will be renewed.")),
    "registration": lambda v, at: (
        _("Not done yet: %(registration)s", registration=concept_name(v["registration"], at)),
        _("Say whether you will do it for this order."),
    ),
    "minimum": lambda v, at: (
        _("Your minimum of %(minimum)s is above the quantity asked for", minimum=quantity_of(v, "minimum", at)),
        _("Offer a smaller first order if you can."),
    ),
    "capacity": lambda v, at: (
        _("You can make about %(capacity)s", capacity=quantity_of(v, "capacity", at))
        if v.get("period")
        else _("You can make about %(capacity)s in the time there is", capacity=quantity_of(v, "capacity", at)),
        _("Offer a part, or two deliveries."),
    ),
    "price": lambda v, at: (
        _("Your price of about %(price)s is a little above the target", price=price_of(v, "asked", at)),
        _("Say what the price contains."),
    ),
    "deadline": lambda v, at: (
        _("Your goods would leave about %(date)s, a little late", date=day_of(v, "leaving", at))
        if "leaving" in v
        else _("Your goods would arrive about %(date)s, a little late", date=day_of(v, "arrival", at)),
        _("Say what you can ship earlier."),
    ),
    "incoterm": lambda v, at: (
        _("You have no price for %(incoterm)s yet", incoterm=v["incoterm"]),
        _("Ask your forwarder, or offer FOB."),
    ),
    "sample": lambda v, at: (_("The buyer wants a sample"), _("Say whether you can send one.")),
    "attribute": lambda v, at: (
        _("The buyer asks for: %(attribute)s", attribute=concept_name(v["attribute"], at)),
        _("Say what you have instead."),
    ),
}


def strengths_for_seller(reasons: Iterable[Values], locale: str) -> list[str]:
    """Why a request suits the seller; a code this release does not know is left out."""
    return [STRENGTHS[each["code"]](each["values"], locale) for each in reasons if each["code"] in STRENGTHS]


def near_misses_for_seller(reasons: Iterable[Values], locale: str) -> list[dict[str, str]]:
    """What nearly fits, each with what the seller can do about it."""
    found = [NEAR_MISSES[each["code"]](each["values"], locale) for each in reasons if each["code"] in NEAR_MISSES]
    return [{"text": text, "remedy": remedy} for text, remedy in found]


def with_room(
    strengths: Iterable[Values], near_misses: Iterable[Values], room: Room | None, locale: str
) -> tuple[list[str], list[dict[str, str]]]:
    """Both lists as sentences, with what the seller's calendar has left, where it is told, in the place of what they
    can make at most. The calendar counts whole months: where the days there are do not suffice, that is said alone."""
    pros, cons = list(strengths), list(near_misses)
    if (
        room is None
        or not room.is_worth_telling
        or (not room.is_short and any(each["code"] == "capacity" for each in cons))
    ):
        return strengths_for_seller(pros, locale), near_misses_for_seller(cons, locale)
    said_for = strengths_for_seller([each for each in pros if each["code"] != "capacity"], locale)
    said_against = near_misses_for_seller([each for each in cons if each["code"] != "capacity"], locale)
    values = {
        "quantity": formats.format_quantity(room.left, locale),
        "month": formats.format_month(room.last, locale),
    }
    if not room.is_short:
        said_for.append(_("Your calendar has %(quantity)s left until %(month)s", **values))
        return said_for, said_against
    text = (
        _("Your calendar has %(quantity)s left until %(month)s after what you have promised", **values)
        if room.is_promised
        else _("Your calendar has only %(quantity)s until %(month)s", **values)
    )
    return said_for, [*said_against, {"text": text, "remedy": _("Offer a part, or two deliveries.")}]


def language_of_buyer(written_in: str, answered_in: Collection[str]) -> tuple[bool, str]:
    """Whether the seller answers in the language that a request is written in, and the sentence that says so; no
    sentence for a seller who named no language. It never keeps a request from anybody: letters can be translated."""
    if not answered_in:
        return True, ""
    name = language_name(written_in)
    if is_answered_in(written_in, answered_in):
        return True, _("You answer in %(language)s, the buyer's language", language=name)
    return False, _("You have not named %(language)s among the languages you answer in", language=name)


def open_for_seller(reasons: Iterable[Values], locale: str) -> str:
    """What the listing leaves open and the buyer asks about, in one sentence; empty when it says everything."""
    names = [concept_name(each["values"]["attribute"], locale) for each in reasons if each["code"] == "attribute"]
    listed = list(dict.fromkeys(names))
    return _("Your listing does not say: %(list)s.", list=formats.format_list(listed, locale)) if listed else ""


def wanting_name(wanting: str, locale: str) -> str:
    """What a seller's requests were missed for want of, in a few words for their mentor; empty where there are none."""
    code, _colon, value = wanting.partition(":")
    if code in ("certificate", "registration"):
        return concept_name(value, locale)
    if code == "destination":
        return _("Shipping to %(country)s", country=formats.format_country(value, locale))
    return {
        "minimum": _("A smaller minimum order"),
        "capacity": _("More capacity"),
        "price": _("A lower price"),
        "deadline": _("A shorter lead time"),
    }.get(code, "")


def missed_sentence(wanting: str, count: int, locale: str) -> str:
    """How many requests were missed for want of what."""
    code, _colon, value = wanting.partition(":")
    values: dict[str, Any] = {"num": count}
    if code in ("certificate", "registration"):
        values["thing"] = concept_name(value, locale)
        return str(
            ngettext(
                "You missed %(num)s request for want of %(thing)s.",
                "You missed %(num)s requests for want of %(thing)s.",
                **values,
            )
        )
    if code == "destination":
        values["country"] = formats.format_country(value, locale)
        return str(
            ngettext(
                "You missed %(num)s request because you do not ship to %(country)s.",
                "You missed %(num)s requests because you do not ship to %(country)s.",
                **values,
            )
        )
    return _missed_by_terms(code, count)


def _missed_by_terms(code: str, count: int) -> str:
    if code == "minimum":
        return str(
            ngettext(
                "You missed %(num)s request because your minimum order was too large.",
                "You missed %(num)s requests because your minimum order was too large.",
                count,
            )
        )
    if code == "capacity":
        return str(
            ngettext(
                "You missed %(num)s request because it was more than you can make.",
                "You missed %(num)s requests because they were more than you can make.",
                count,
            )
        )
    if code == "price":
        return str(
            ngettext(
                "You missed %(num)s request because your price was above the target.",
                "You missed %(num)s requests because your price was above the target.",
                count,
            )
        )
    if code == "deadline":
        return str(
            ngettext(
                "You missed %(num)s request because your lead time was too long.",
                "You missed %(num)s requests because your lead time was too long.",
                count,
            )
        )
    return ""
