"""What facets of both engines have in common: which filters apply to which, and order."""

from collections.abc import Iterable

from search.query import CertificateFilter, FacetWanted, Filter, KeywordFilter
from search.results import FacetValue


def applying_to(facet: FacetWanted, filters: Iterable[Filter]) -> tuple[Filter, ...]:
    """The filters under which a facet is counted: all of other fields, and its own where all values are required."""
    return tuple(
        each
        for each in filters
        if each.field != facet.field or (isinstance(each, KeywordFilter | CertificateFilter) and each.all_required)
    )


def selected(field: str, filters: Iterable[Filter]) -> tuple[str, ...]:
    """The values of a field that the query filters by."""
    found: dict[str, None] = {}
    for each in filters:
        if isinstance(each, KeywordFilter) and each.field == field:
            found.update(dict.fromkeys(each.values))
        elif isinstance(each, CertificateFilter) and each.field == field:
            found.update(dict.fromkeys(each.codes))
    return tuple(found)


def ordered(counts: Iterable[tuple[str, int]], facet: FacetWanted, chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    """Values by falling count; a chosen value stays visible even when nothing is left of it."""
    known = [(-count, value) for value, count in counts]
    known.sort()
    shown = known[: facet.size]
    if not chosen:
        return tuple([FacetValue(value, -falling) for falling, value in shown])
    found = {value: -falling for falling, value in known}
    names = {value for _falling, value in shown}
    shown += [(-found.get(value, 0), value) for value in dict.fromkeys(chosen) if value not in names]
    return tuple([FacetValue(value, -falling, value in chosen) for falling, value in shown])


def ranges(edges: tuple[float, ...]) -> list[tuple[float | None, float | None]]:
    """The ranges between edges, open at both ends."""
    points = sorted(set(edges))
    return list(zip([None, *points], [*points, None], strict=True))
