"""What a buyer put right of a reading by clicks: taken away, made a must, a wish or unwanted, given another value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from search.analysis import lexicon

if TYPE_CHECKING:
    from matching.profile import RequestProfile, Understood

# What each kind of chip can be turned into; others are taken away, or changed in the form's fields.
TURNS: Mapping[str, tuple[str, ...]] = {
    "attribute": ("required", "preferred", "excluded"),
    "certificate": ("required", "preferred"),
    "goods": ("required", "excluded"),
}
# The form's field that holds what a chip says, where one does.
FIELD_OF: Mapping[str, str] = {
    "goods": "commodity", "quantity": "quantity", "price": "target_price", "destination": "destination",
    "incoterm": "incoterm", "deadline": "needed_by", "certificate": "certificates", "sample": "sample_is_wanted",
}  # fmt: skip
_LONGEST, _MOST, _LARGEST = 160, 60, 1e9


@dataclass(frozen=True, slots=True)
class Corrections:
    """All clicks on one reading, in the order they were made; names are those of `name_of`."""

    dropped: tuple[str, ...] = ()
    stances: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def kept_in(reading: Mapping[str, Any] | None) -> Corrections:
        """The corrections that are kept with a request; anything else there is passed over."""
        kept = reading or {}
        return Corrections(
            tuple(str(each) for each in kept.get("dropped") or ()),
            {str(value): str(stance) for value, stance in dict(kept.get("stances") or {}).items()},
            {str(name): str(value) for name, value in dict(kept.get("values") or {}).items()},
        )

    def with_more(
        self, dropped: Iterable[str] = (), turned: Iterable[str] = (), changed: Mapping[str, str] | None = None
    ) -> Corrections:
        """These and further clicks; ``turned`` as ``value=stance``."""
        stances = dict(self.stances)
        stances.update((value, stance) for value, _equals, stance in (each.partition("=") for each in turned))
        for name, value in (changed or {}).items():  # what was unwanted stays so with its new value
            if old := stances.get(name.split(":", 2)[-1]):
                stances[value] = old
        return Corrections(
            tuple(dict.fromkeys([*self.dropped, *dropped]))[-_MOST:],
            dict(list(stances.items())[-_MOST:]),
            dict(list({**self.values, **(changed or {})}.items())[-_MOST:]),
        )

    def as_json(self) -> dict[str, Any]:
        """What is kept with the request."""
        return {"dropped": list(self.dropped), "stances": dict(self.stances), "values": dict(self.values)}


def corrected(profile: RequestProfile, corrections: Corrections) -> RequestProfile:
    """The reading as the buyer put it right, every line of it."""
    if profile.lines:
        from matching.reader.lines import together

        lines = [corrected(each, corrections) for each in profile.lines]
        return together(profile.text, [each for each in lines if each.goods] or lines[:1])
    for name, value in corrections.values.items():
        chip = next((each for each in profile.understood if _is_named(each, name)), None)
        if chip is not None and may_become(chip, value):
            profile = _revalued(profile, chip, value)
    for chip in profile.understood:
        stance = corrections.stances.get(chip.value, "")
        if stance in TURNS.get(chip.kind, ()) and chip.stance not in (stance, "assumed"):
            profile = _restanced(profile, chip, stance)
    for chip in profile.understood:
        if any(_is_named(chip, name) for name in corrections.dropped):
            profile = profile.without(chip)
    return profile


def name_of(chip: Understood) -> str:
    """The name under which a chip is taken away or changed."""
    return f"{chip.kind}:{chip.stance}:{chip.value}"[:_LONGEST]


def _is_named(chip: Understood, name: str) -> bool:
    """Whether a name means this chip, whatever stance it had when it was clicked."""
    own, asked = name_of(chip).split(":", 2), name.split(":", 2)
    return len(asked) == 3 and (own[0], own[2]) == (asked[0], asked[2])


def turns_of(chip: Understood) -> list[tuple[str, str]]:
    """What a click can make of a chip: stance and the value to send."""
    turns = TURNS.get(chip.kind, ()) if chip.stance != "assumed" else ()
    if chip.kind == "certificate" and chip.stance == "excluded":
        turns = ("required", "preferred")
    return [(stance, f"{chip.value}={stance}"[:_LONGEST]) for stance in turns if stance != chip.stance]


def siblings_of(chip: Understood) -> list[str]:
    """Other values of an attribute's dimension, for a list to choose from; empty for other chips."""
    known = lexicon().concepts.get(chip.value) if chip.kind == "attribute" else None
    dimension = known.facts.get("dimension") if known else None
    if not dimension:
        return []
    concepts = lexicon().concepts.values()
    return [each.id for each in concepts if each.kind == "attribute" and each.facts.get("dimension") == dimension]


def limit_of(chip: Understood) -> str:
    """The figure of a limit, to be typed anew; empty for other chips."""
    return chip.value.rsplit(" ", 1)[-1] if chip.kind == "limit" else ""


def may_become(chip: Understood, value: str) -> bool:
    """Whether a chip can have this value instead of its own."""
    if chip.kind == "limit":
        try:
            return 0 <= float(value) < _LARGEST
        except ValueError:
            return False
    return value in siblings_of(chip)


def _revalued(profile: RequestProfile, chip: Understood, value: str) -> RequestProfile:
    if chip.kind == "limit":
        figure, bound, _old = chip.value.split(" ")
        changed = replace(chip, value=f"{figure} {bound} {float(value):g}")
        limits = tuple(
            replace(each, value=float(value)) if each.source == chip.source and each.figure == figure else each
            for each in profile.limits
        )
        return replace(profile, limits=limits, understood=_swapped(profile, chip, changed))
    return _placed(profile, chip, replace(chip, value=value))


def _restanced(profile: RequestProfile, chip: Understood, stance: str) -> RequestProfile:
    return _placed(profile, chip, replace(chip, stance=stance))


def _placed(profile: RequestProfile, chip: Understood, changed: Understood) -> RequestProfile:
    """The reading with one chip for another: what it said is taken out, and put where the other belongs."""
    from matching.reader.terms import settle_organic

    without, value, stance = profile.without(chip), changed.value, changed.stance
    understood = _swapped(profile, chip, changed)
    if changed.kind == "attribute":
        name = {"required": "attributes", "preferred": "preferred_attributes"}.get(stance, "excluded_attributes")
    elif changed.kind == "goods":
        name = "goods" if stance == "required" else "excluded_goods"
    elif stance == "required":
        groups = settle_organic([(value,)], profile.destinations, profile.lang)
        return replace(without, certificates=(*without.certificates, *groups), understood=understood)
    else:
        name = "preferred_certificates"
    listed = dict.fromkeys([*getattr(without, name), value])
    return without.but(**{name: tuple(listed), "understood": understood})


def _swapped(profile: RequestProfile, chip: Understood, changed: Understood) -> tuple[Understood, ...]:
    return tuple(dict.fromkeys(changed if each == chip else each for each in profile.understood))
