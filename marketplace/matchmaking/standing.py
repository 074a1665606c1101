"""Standing interests read as requests: what a distributor wants the year round, what a fair's visitors come for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from marketplace.catalogue.registry.loading import load_registry
from search.analysis import lexicon

if TYPE_CHECKING:
    from marketplace.partners.models import Application
    from matching.profile import RequestProfile

MONTHS = 12.0
# Channels that sell under a name of their own, where a seller who packs under it is worth more.
OWN_NAME = frozenset({"retail", "online"})
HALAL_TRADE = "halal"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants without a request: one request for each kind of goods, and what is known beside them."""

    requests: tuple[RequestProfile, ...]
    territories: tuple[str, ...]
    wants_private_label: bool = False


def wishes_of(application: Application, day: date) -> Wishes:
    """A distributor's interests: their commodities for their territories, the volume where it says of which goods it
    is, halal where they sell to the halal trade, and what their own words ask for."""
    from matching.reader.request import read_request

    said = read_request(f"{application.yearly_volume}. {application.about}", posted=day)
    volume = read_request(application.yearly_volume, posted=day)
    certificates = list(said.certificates)
    if HALAL_TRADE in application.channels and not any("halal" in each[0] for each in certificates):
        certificates.append(("halal",))
    base = replace(
        said,
        text="",
        goods=(),
        excluded_goods=(),
        attributes=(),  # what a firm tells of itself is a leaning, never a must
        preferred_attributes=(*said.attributes, *said.preferred_attributes),
        limits=(),
        hs=None,
        price=None,
        incoterms=(),
        place=None,
        certificates=tuple(certificates),
        destinations=tuple(application.territories),
        deadline=None,
        quantity=None,
        unit=None,
        months=None,
        period="",
        wants_sample=False,
        understood=(),
    )
    has_volume = volume.quantity is not None
    yearly = (volume.quantity or 0) * (MONTHS / volume.months if volume.months else 1)
    requests = [
        replace(base, goods=(key,), quantity=yearly, unit=volume.unit, months=MONTHS)
        if has_volume and _is_about(volume, key, application.interests)
        else replace(base, goods=(key,))
        for key in _known(application.interests)
    ]
    return Wishes(tuple(requests), tuple(application.territories), bool(OWN_NAME & set(application.channels)))


def free_wishes(wishes: Wishes, held: Collection[tuple[str, str]]) -> Wishes:
    """The same without what others have to themselves: ``held`` are pairs of country and commodity. Goods of which no
    country is left are not looked for."""
    if not held:
        return wishes
    kept = []
    for wanted in wishes.requests:
        left = tuple(each for each in wanted.destinations if not any((each, goods) in held for goods in wanted.goods))
        if left or not wanted.destinations:
            kept.append(replace(wanted, destinations=left))
    return replace(wishes, requests=tuple(kept))


def wishes_at_fair(commodities: Iterable[str], countries: Sequence[str], opens: date | None) -> Wishes:
    """What visitors of a fair come for: these goods for these countries, to be there when it opens."""
    from matching.profile import RequestProfile

    requests = [
        RequestProfile(goods=(key,), destinations=tuple(countries), deadline=opens) for key in _known(commodities)
    ]
    return Wishes(tuple(requests), tuple(countries))


def _known(commodities: Iterable[str]) -> list[str]:
    return [key for key in dict.fromkeys(commodities) if key in load_registry().commodities]


def _is_about(volume: RequestProfile, commodity: str, interests: Sequence[str]) -> bool:
    """Whether a volume is told of these goods: it names them, or there are no others."""
    if not volume.goods:
        return len(set(interests)) == 1
    return any(commodity in lexicon().closure(each) or each in lexicon().closure(commodity) for each in volume.goods)
