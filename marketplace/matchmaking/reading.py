"""Between what the matcher reads and what a request's rows hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from marketplace.catalogue.labels import certificate_codes
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.trade import Incoterm
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.currencies import CURRENCIES
from marketplace.kernel.measures import Quantity, UnitMismatch
from marketplace.matchmaking.corrections import Corrections, corrected
from marketplace.matchmaking.rules import CERTIFICATE_OF_REGISTRY, LONGEST_TEXT, UNIT_OF_MATCHER, UNIT_OF_SITE
from marketplace.rfqs.drafts import LineDraft, RequestDraft, TermsDraft
from search.analysis import lexicon
from search.lexicon.lexicon import Lexicon

if TYPE_CHECKING:
    from marketplace.rfqs.models import Rfq, RfqLine
    from matching.profile import RequestProfile, Understood

_SIX = Decimal("0.000001")
_LARGEST = Decimal(10) ** 12
NOTHING_CORRECTED = Corrections()
# Kinds of chips that are about the deal, not about one kind of goods.
_OF_ALL_LINES = frozenset({"destination", "incoterm", "deadline", "certificate", "sample", "private_label", "soon"})


def read(
    text: str,
    locale: str,
    day: date,
    corrections: Corrections = NOTHING_CORRECTED,
    words: Lexicon | None = None,
) -> RequestProfile:
    """What a request in own words asks for, as the buyer put it right; by ``words`` instead of the lexicon in use."""
    from matching.reader.request import read_request

    return corrected(read_request(text, lang=locale, posted=day, lexicon=words), corrections)


def commodity_of(profile: RequestProfile) -> str:
    """The registry's commodity for the goods read, empty where there is none."""
    known = load_registry().commodities
    for goods in profile.goods:
        for concept in lexicon().closure(goods):
            if concept in known:
                return concept
    return ""


def draft_of(profile: RequestProfile, locale: str, corrections: Corrections = NOTHING_CORRECTED) -> RequestDraft:
    """The draft that a reading comes to; what the rows cannot hold stays in the reading."""
    destination = profile.destinations[0] if profile.destinations else ""
    place = lexicon().concepts.get(profile.place) if profile.place else None
    incoterm = profile.incoterms[0] if profile.incoterms else ""
    terms = TermsDraft(
        destination=destination if destination in COUNTRIES else "",
        incoterm=incoterm if incoterm in set(Incoterm) else "",
        place=place.label(locale) if place else "",
        needed_by=profile.deadline,
        certificates=tuple(_single(group) for group in profile.certificates if _single(group)),
        sample_is_wanted=profile.wants_sample,
    )
    lines = tuple(_line_of(each, locale) for each in profile.lines or (profile,))
    return RequestDraft(lines=lines, terms=terms, reading={**corrections.as_json(), "locale": locale})


def _line_of(profile: RequestProfile, locale: str) -> LineDraft:
    goods = lexicon().concepts.get(profile.goods[0]) if profile.goods else None
    price = profile.price
    has_price = price is not None and price.currency in CURRENCIES and price.unit in UNIT_OF_SITE
    has_amount = bool(profile.quantity) and (profile.unit or "kg") in UNIT_OF_SITE
    return LineDraft(
        description=goods.label(locale) if goods else "",
        commodity=commodity_of(profile),
        quantity=_decimal(profile.quantity) if has_amount else None,
        unit=UNIT_OF_SITE.get(profile.unit or "", "kg") if has_amount else "",
        target_price=_decimal(price.amount) if price and has_price else None,
        currency=price.currency if price and has_price else "",
        price_unit=UNIT_OF_SITE[price.unit] if price and has_price else "",
    )


def _single(group: tuple[str, ...]) -> str:
    """The registry's code of a certificate asked for by itself, else empty."""
    if len(group) != 1:
        return ""
    code = CERTIFICATE_OF_REGISTRY.get(group[0], group[0])
    return code if code in certificate_codes() else ""


def _decimal(value: float | None) -> Decimal | None:
    if value is None:
        return None
    amount = Decimal(str(value)).quantize(_SIX, ROUND_HALF_UP)
    return amount.normalize() if 0 < amount < _LARGEST else None


def profile_of(rfq: Rfq, words: Lexicon | None = None) -> RequestProfile:
    """What a request asks for: its words, overruled by every field its rows hold. Needs the lines. ``words`` is the
    lexicon to read by, the one in use where it is None; both have to know the same concepts."""
    reading: Mapping[str, Any] = rfq.reading or {}
    locale = str(reading.get("locale") or rfq.language)
    profile = read(rfq.text, locale, rfq.created_at.date(), Corrections.kept_in(reading), words)
    from matching.reader.lines import together

    if len(rfq.lines) < 2:
        return _by_rows(rfq, profile.lines[0] if profile.lines else profile, rfq.lines[0] if rfq.lines else None)
    told = {commodity_of(each): each for each in reversed(profile.lines or (profile,))}
    lines = [
        _by_rows(rfq, told.get(line.commodity) or _of_description(rfq, profile, line, locale, words), line)
        for line in rfq.lines
    ]
    return together(profile.text, lines)


def _of_description(
    rfq: Rfq, profile: RequestProfile, line: RfqLine, locale: str, by: Lexicon | None
) -> RequestProfile:
    """What a line asks for of which the prose says nothing: its own words, with the terms of the whole."""
    words = read(line.description[:LONGEST_TEXT], locale, rfq.created_at.date(), words=by)
    common = tuple(each for each in profile.understood if each.kind in _OF_ALL_LINES)
    return replace(
        profile,
        goods=words.goods,
        excluded_goods=words.excluded_goods,
        attributes=words.attributes,
        preferred_attributes=words.preferred_attributes,
        excluded_attributes=words.excluded_attributes,
        limits=words.limits,
        hs=None,
        months=None,
        period="",
        least=None,
        understood=common,
        lines=(),
    )


def _by_rows(rfq: Rfq, profile: RequestProfile, line: RfqLine | None) -> RequestProfile:
    """A reading overruled by the fields of the request and of one of its lines."""
    goods = profile.goods
    if line is not None and line.commodity and line.commodity != commodity_of(profile):
        goods = (line.commodity,)
    quantity, unit = _asked(line.quantity, line.unit, line.commodity) if line else (None, None)
    is_as_read = quantity is not None and _near(quantity, profile.quantity)
    alternatives = tuple(group for group in profile.certificates if not _single(group))
    final = replace(
        profile,
        key=str(rfq.id),
        goods=goods,
        quantity=quantity,
        unit=unit,
        least=profile.least if is_as_read else None,
        months=profile.months if is_as_read else None,
        period=profile.period if is_as_read else "",
        price=_price(line) if line else None,
        destinations=(rfq.destination,) if rfq.destination else (),
        incoterms=_terms(rfq.incoterm, profile.incoterms),
        certificates=(*((code,) for code in rfq.certificates), *alternatives),
        deadline=rfq.needed_by,
        is_of_leaving=profile.is_of_leaving and profile.deadline == rfq.needed_by,
        wants_sample=rfq.sample_is_wanted,
    )
    return replace(final, understood=tuple(each for each in profile.understood if _still_holds(each, profile, final)))


def _still_holds(chip: Understood, read_before: RequestProfile, final: RequestProfile) -> bool:
    """Whether what was read stands after the buyer's corrections; a chip must not contradict the form."""
    value = chip.value
    if chip.stance in ("excluded", "preferred"):
        return True
    if chip.kind == "goods":
        return final.goods == read_before.goods
    if chip.kind == "quantity":
        return final.quantity is not None and _near(final.quantity, read_before.quantity)
    if chip.kind == "price":
        return (
            final.price is not None
            and read_before.price is not None
            and _near(final.price.amount, read_before.price.amount)
        )
    if chip.kind == "destination":
        return bool(final.destinations) and (value in final.destinations or len(value) != 2)
    if chip.kind == "incoterm":
        return value in final.incoterms
    if chip.kind == "certificate":
        code = CERTIFICATE_OF_REGISTRY.get(value, value)
        return any(
            code in group or value in group or (value == "organic" and group[0].startswith("organic"))
            for group in final.certificates
        )
    if chip.kind == "deadline":
        return final.deadline is not None and final.deadline.isoformat() == value
    return final.wants_sample if chip.kind == "sample" else True


def _near(one: float, other: float | None) -> bool:
    return other is not None and abs(one - other) <= 1e-6 * max(abs(one), abs(other))


def _terms(chosen: str, read_terms: tuple[str, ...]) -> tuple[str, ...]:
    """The Incoterm of the form; alternatives that were read stay open as long as the first of them was kept."""
    if not chosen:
        return ()
    return read_terms if read_terms[:1] == (chosen,) else (chosen,)


def _asked(amount: Decimal | None, unit: str, commodity: str) -> tuple[float | None, str | None]:
    """A quantity in the matcher's units, None where its unit says nothing about kilograms, litres or pieces."""
    if amount is None or not unit:
        return None, None
    known = load_registry().commodities.get(commodity)
    contents = known.contents() if known else {}
    for target, name in UNIT_OF_MATCHER.items():
        try:
            return float(Quantity(amount, unit).to(target, contents).amount), name
        except UnitMismatch:
            continue
    return None, None


def _price(line: Any) -> Any:
    from matching.profile import TargetPrice

    if line.target_price is None:
        return None
    size, unit = _asked(Decimal(1), line.price_unit, line.commodity)
    return TargetPrice(float(line.target_price) / size, line.currency, unit) if size and unit else None
