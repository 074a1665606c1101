"""Taking back what was read: the buyer clicks a chip away."""

from matching.profile import RequestProfile, Understood
from matching.reader.lines import together


def drop(request: RequestProfile, chip: Understood) -> RequestProfile:
    """The request without the condition of a chip; a chip that is not there changes nothing."""
    if chip not in request.understood:
        return request
    if request.lines:
        lines = [drop(each, chip) for each in request.lines]
        return together(request.text, [each for each in lines if each.goods] or lines[:1])
    left = tuple(each for each in request.understood if each != chip)
    changed = request.but(understood=left)
    value = chip.value
    if chip.kind == "goods":
        return changed.but(
            goods=tuple(each for each in request.goods if each != value),
            excluded_goods=tuple(each for each in request.excluded_goods if each != value),
        )
    if chip.kind == "attribute":
        return changed.but(
            attributes=tuple(each for each in request.attributes if each != value),
            preferred_attributes=tuple(each for each in request.preferred_attributes if each != value),
            excluded_attributes=tuple(each for each in request.excluded_attributes if each != value),
        )
    if chip.kind == "limit":
        return changed.but(limits=tuple(each for each in request.limits if each.source != chip.source))
    if chip.kind == "certificate":
        organic = value == "organic"
        groups = tuple(
            group
            for group in request.certificates
            if value not in group and not (organic and all(each.startswith("organic") for each in group))
        )
        preferred = tuple(each for each in request.preferred_certificates if each != value)
        return changed.but(certificates=groups, preferred_certificates=preferred)
    if chip.kind == "incoterm":
        return changed.but(incoterms=tuple(each for each in request.incoterms if each != value), place=None)
    if chip.kind == "destination":
        return changed.but(destinations=tuple(each for each in request.destinations if each != value))
    cleared: dict[str, dict[str, object]] = {
        "quantity": {"quantity": None, "unit": None, "least": None, "months": None, "period": ""},
        "price": {"price": None},
        "deadline": {"deadline": None, "is_of_leaving": False},
        "sample": {"wants_sample": False},
        "private_label": {"wants_private_label": False},
    }
    return changed.but(**cleared.get(chip.kind, {}))
