"""The page on which a message is put together from the phrase bank: what its form holds, and what its buttons ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from marketplace.catalogue.rules.trade import Incoterm
from marketplace.i18n.choices import country_choices
from marketplace.kernel.errors import DomainError
from marketplace.kernel.ports import sea_ports
from marketplace.kernel.text import cleaned
from marketplace.rfqs.fields import CURRENCIES, certificate_choices, unit_choices
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.phrases.bank import Blank, Sentence, in_order, phrase_bank, sentences_for
from marketplace.rfqs.phrases.blanks import PARTS, SPANS, Goods, checked_value
from marketplace.rfqs.phrases.parts import MOST_SENTENCES, Part, as_text, put_together
from marketplace.rfqs.queries.goods import goods_by_line
from marketplace.rfqs.rules import Side

LONGEST = 20000
SPAN_NAMES = {"day": _("days"), "week": _("weeks"), "month": _("months")}
BLANK_NAMES: Mapping[Blank, object] = {
    Blank.PRODUCT: _("Product"),
    Blank.QUANTITY: _("Quantity"),
    Blank.PRICE: _("Price"),
    Blank.AMOUNT: _("Amount"),
    Blank.PERCENT: _("Percent"),
    Blank.DATE: _("Date"),
    Blank.DURATION: _("How long"),
    Blank.INCOTERM: _("Incoterm"),
    Blank.PLACE: _("Place"),
    Blank.COUNTRY: _("Country"),
    Blank.CERTIFICATE: _("Certificate"),
    Blank.TEXT: _("Name or number"),
}


@dataclass
class Chosen:
    """One sentence that was taken: what was typed into its blanks, and what is wrong with it, by blank."""

    sentence: Sentence
    typed: dict[str, dict[str, str]]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def part(self) -> Part:
        """The sentence as it is sent."""
        return {"phrase": self.sentence.code, "values": self.typed}


@dataclass
class Draft:
    """A message under way: its sentences in the order of a letter, own words, and faults of the whole."""

    chosen: list[Chosen]
    words: str
    errors: list[str] = field(default_factory=list)

    @property
    def parts(self) -> list[Part]:
        """Sentences and own words as they are sent."""
        return put_together([one.part for one in self.chosen], self.words)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is left to mend."""
        return not self.errors and not any(one.errors for one in self.chosen)


def read_draft(form: MultiDict[str, str], side: Side, defaults: Mapping[Blank, dict[str, str]]) -> Draft:
    """What the form holds, after what its button asked for: "add:CODE" takes a sentence, "remove:N" puts one back."""
    known = {one.code: one for group in sentences_for(side).values() for one in group}
    rows = [
        Chosen(known[code], _typed(form, place, known[code]))
        for place, code in enumerate(form.getlist("sentence")[:MOST_SENTENCES])
        if code in known
    ]
    words = cleaned(form.get("text", ""), LONGEST)
    draft = Draft(rows, words)
    verb, _colon, what = form.get("do", "").partition(":")
    if verb == "add" and what in known:
        if len(rows) == MOST_SENTENCES:
            draft.errors.append(str(_("At most %(count)s sentences fit into one message.", count=MOST_SENTENCES)))
            return draft
        filled = {name: dict(defaults.get(blank, {})) for name, blank in known[what].blanks.items()}
        rows.append(Chosen(known[what], filled))
    elif verb == "remove" and what in {str(place) for place in range(len(rows))}:
        del rows[int(what)]
    draft.chosen = [rows[place] for place in in_order([one.sentence.code for one in rows])]
    return draft


def _typed(form: Mapping[str, str], place: int, sentence: Sentence) -> dict[str, dict[str, str]]:
    return {
        name: {part: form.get(f"{place}.{name}.{part}", "")[:400] for part in PARTS[blank]}
        for name, blank in sentence.blanks.items()
    }


def check_draft(draft: Draft, goods: Goods) -> bool:
    """Whether everything is filled in as it must be; what is not stands beside its blank then."""
    if not draft.chosen and not draft.words:
        draft.errors.append(str(_("Choose a sentence, or write one of your own.")))
    for one in draft.chosen:
        for name, blank in one.sentence.blanks.items():
            try:
                checked_value(blank, one.typed[name], goods)
            except DomainError as fault:
                one.errors[name] = str(fault.sentence)
    return draft.is_sound


def preview(session: Session, draft: Draft, rfq_id: int, own: Goods, locale: str) -> str:
    """What a reader of ``locale`` will read; the draft was checked before."""
    kept: list[Part] = []
    for part in draft.parts:
        if "phrase" in part:
            blanks = phrase_bank()[part["phrase"]].blanks
            values = {name: checked_value(blank, part["values"][name], own) for name, blank in blanks.items()}
            kept.append({"phrase": part["phrase"], "values": values})
        else:
            kept.append(part)
    return as_text(kept, locale, goods_by_line(session, rfq_id, locale))


def defaults_of(rfq: Rfq, goods: Goods) -> dict[Blank, dict[str, str]]:
    """What the request itself says already: its goods, its unit, its Incoterm and place."""
    line = rfq.lines[0] if rfq.lines else None
    unit = (line.unit if line else "") or "kg"
    currency = (line.currency if line else "") or "USD"
    return {
        Blank.PRODUCT: {"words": next(iter(goods.values()), "")},
        Blank.QUANTITY: {"unit": unit},
        Blank.PRICE: {"currency": currency, "unit": (line.price_unit if line else "") or unit},
        Blank.AMOUNT: {"currency": currency},
        Blank.DURATION: {"span": "day"},
        Blank.INCOTERM: {"term": rfq.incoterm, "place": rfq.place},
        Blank.COUNTRY: {"country": rfq.destination},
    }


def values_for(draft: Draft, side: Side, goods: Goods, locale: str) -> dict[str, Any]:
    """What the template of the page needs besides where it stands."""
    return {
        "draft": draft,
        "groups": sentences_for(side),
        "group_names": GROUP_NAMES,
        "blank_names": BLANK_NAMES,
        "parts": PARTS,
        "lists": choices(locale),
        "goods_names": list(goods.values()),
        "locale": locale,
        "is_full": len(draft.chosen) >= MOST_SENTENCES,
    }


@lru_cache(maxsize=8)
def choices(locale: str) -> dict[str, list[tuple[str, object]]]:
    """The lists of the blanks, by the name of the part."""
    return {
        "unit": [(choice.value, choice.label) for choice in unit_choices(locale)],
        "currency": [(code, code) for code in CURRENCIES],
        "term": [(term.value, term.value) for term in Incoterm],
        "country": list(country_choices(locale)),
        "certificate": [(choice.value, choice.label) for choice in certificate_choices(locale)],
        "span": [(span, SPAN_NAMES[span]) for span in SPANS],
    }


def port_names() -> Sequence[str]:
    """Suggestions for the place of an Incoterm: ports of Indonesia first, as in the table."""
    return [port.name for port in sea_ports()]


def reader_of(rfq: Rfq, side: Side) -> tuple[str, str]:
    """The language in which the other side most likely reads, and its name."""
    from marketplace.rfqs.showing import language_name

    locale = rfq.language if side is Side.SELLER else "id"
    return locale, language_name(locale)


GROUP_NAMES = {
    "greeting": _("Greeting"),
    "price": _("Price"),
    "moq": _("Quantity and MOQ"),
    "lead_time": _("Lead time"),
    "samples": _("Samples"),
    "certificates": _("Certificates"),
    "packing": _("Packing"),
    "shipping": _("Shipping"),
    "payment": _("Payment"),
    "documents": _("Documents"),
    "quality": _("Quality"),
    "decline": _("Apology and refusal"),
    "closing": _("Closing"),
}
