"""What buyers want, as plain values on the way from forms and readers to services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class LineDraft:
    """One wanted thing. ``description`` is free text, ``commodity`` a registry key; units are codes of measures."""

    description: str = ""
    commodity: str = ""
    product_id: int | None = None
    quantity: Decimal | None = None
    unit: str = ""
    target_price: Decimal | None = None
    currency: str = ""
    price_unit: str = ""


@dataclass(frozen=True)
class TermsDraft:
    """What holds for all lines. Certificates are codes of the registry's field ``certifications``, papers of
    `rules.WantedPaper`. ``quote_cap`` is how many quotes the buyer wants to read, None for the usual five."""

    destination: str = ""
    incoterm: str = ""
    place: str = ""
    needed_from: date | None = None
    needed_by: date | None = None
    packaging: str = ""
    certificates: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    sample_is_wanted: bool = False
    contact_phone: str = ""
    closes_on: date | None = None
    quote_cap: int | None = None


@dataclass(frozen=True)
class InquiryDraft:
    """A question about one product: ``line`` needs no description, the product's title stands in.

    ``more`` are further goods for the same seller: products of theirs, or wishes in own words. ``fair`` is the code of
    the fair where the buyer met the programme, ``offer`` names an offer of a lot that the first line is about.
    """

    text: str
    language: str
    line: LineDraft = field(default_factory=LineDraft)
    terms: TermsDraft = field(default_factory=TermsDraft)
    more: tuple[LineDraft, ...] = ()
    fair: str = ""
    offer: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a link that waits."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> InquiryDraft:
        """The draft out of what `as_json` gave."""
        terms = dict(kept["terms"])
        for name in ("needed_from", "needed_by", "closes_on"):
            terms[name] = date.fromisoformat(terms[name]) if terms[name] else None
        for name in ("certificates", "papers"):
            terms[name] = tuple(terms[name])
        return cls(
            text=kept["text"],
            language=kept["language"],
            line=_line_of(kept["line"]),
            terms=TermsDraft(**terms),
            more=tuple(_line_of(one) for one in kept["more"]),
            fair=str(kept.get("fair", "")),  # links of before there were fairs say nothing
            offer=str(kept.get("offer", "")),
        )


@dataclass(frozen=True)
class RequestDraft:
    """A request in own words with what was read from it; ``reading`` keeps the words each value came from."""

    subject: str = ""
    lines: tuple[LineDraft, ...] = ()
    terms: TermsDraft = field(default_factory=TermsDraft)
    reading: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ChosenRecipient:
    """A seller whom the buyer asks, with the match's score (0..1) and its reason codes if there was one."""

    seller_id: int
    product_id: int | None = None
    score: Decimal | None = None
    reasons: Mapping[str, Any] = field(default_factory=dict)


def _plain(value: Any) -> Any:
    """JSON values: amounts as text, days as ISO dates."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _line_of(kept: Mapping[str, Any]) -> LineDraft:
    amounts = {name: Decimal(kept[name]) if kept[name] else None for name in ("quantity", "target_price")}
    return LineDraft(**{**kept, **amounts})
