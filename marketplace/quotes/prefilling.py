"""What a quote's form proposes: what was written before, else what the catalogue says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from marketplace.catalogue.models import PriceRung, Product
from marketplace.catalogue.queries.contents import contents_of
from marketplace.catalogue.rules.trade import normal_place
from marketplace.kernel.clock import today
from marketplace.kernel.measures import UNITS, Dimension, Quantity, UnitMismatch
from marketplace.quotes.models import QuoteLine, QuoteVersion
from marketplace.quotes.queries.goods import held_certificates
from marketplace.quotes.rules import DEFAULT_VALID_DAYS, MOST_RUNGS, LineAnswer, PaymentTerms, SampleFreight
from marketplace.rfqs.models import Recipient, Rfq, RfqLine

Data = dict[str, Any]
_PACKAGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(kg|t)\b", re.IGNORECASE)
_PACKAGE_WORDS = {"bag": "bag", "sack": "bag", "karung": "bag", "carton": "carton", "karton": "carton", "drum": "drum",
                  "jerrycan": "jerrycan", "jeriken": "jerrycan", "kanister": "jerrycan",
                  "box": "box", "pouch": "pouch", "bale": "bale", "tin": "tin", "jar": "jar"}  # fmt: skip


def from_version(row: QuoteVersion, *, is_renewed: bool) -> Data:
    """The form as a version says; ``is_renewed`` proposes a new last day for what is written anew."""
    names = (
        "currency", "incoterm", "place", "port", "lead_time_days", "ship_by", "payment", "deposit_percent",
        "payment_note", "sample_is_offered", "sample_is_free", "sample_days", "sample_freight", "sample_note",
        "packing", "package_unit", "package_kg", "certificates",
    )  # fmt: skip
    data: Data = {name: getattr(row, name) for name in names}
    data["valid_until"] = row.valid_until.date() if row.valid_until and not is_renewed else _usual_end()
    data["note"] = "" if is_renewed else row.note
    data["lines"] = [_line_data(line) for line in row.lines]
    return data


@dataclass(frozen=True)
class Wish:
    """Terms of delivery, as the buyer named them or as a quote has them; what is empty is left to the price list."""

    incoterm: str
    place: str


def from_catalogue(recipient: Recipient, rfq: Rfq, goods: Sequence[Product], *, as_listed: bool = False) -> Data:
    """Ladder, packing, samples and certificates of the product that fits each line, at the terms the buyer named.

    ``as_listed`` proposes what the price list says, whatever place the buyer named.
    """
    wish = _wish(rfq)
    fitting = [_fitting(recipient, line, goods) for line in rfq.lines]
    first = next((product for product in fitting if product is not None), None)
    asked = _asked(rfq.lines[0] if rfq.lines else None)
    ladder = _ladder(first, wish, asked) if first else []
    if as_listed:
        ladder = _ladder(first, Wish(rfq.incoterm, ""), asked) if first else []
        wish = Wish(ladder[0].incoterm, "") if ladder else Wish("", "")
    term, place = _terms(wish, ladder)
    sheet = wish if as_listed else Wish(term, place)
    data: Data = {
        "currency": ladder[0].currency if ladder else "USD",
        "incoterm": term,
        "place": place,
        "valid_until": _usual_end(),
        "payment": PaymentTerms.DEPOSIT_BEFORE_SHIPMENT.value,
        "deposit_percent": 30,
        "certificates": held_certificates([product for product in fitting if product is not None]),
        "lines": [
            _proposed_line(line, product, sheet, ladder) for line, product in zip(rfq.lines, fitting, strict=True)
        ],
    }
    if first is not None:
        unit, kilograms = _package(first)
        data |= {
            "port": (first.ports or [""])[0],
            "lead_time_days": first.lead_time_days,
            "packing": first.packaging,
            "package_unit": unit,
            "package_kg": kilograms,
            "sample_is_offered": first.sample_is_offered,
            "sample_is_free": first.sample_is_free,
            "sample_days": first.sample_days,
            "sample_note": first.sample_note,
            "sample_freight": SampleFreight.BUYER.value if first.sample_is_offered else "",
        }
    return data


def listed_elsewhere(recipient: Recipient, rfq: Rfq, goods: Sequence[Product]) -> list[PriceRung | None]:
    """For each line of the request the listed price that is not for the quote's terms, as a hint; None where it is."""
    wish, fitting = _wish(rfq), [_fitting(recipient, line, goods) for line in rfq.lines]
    first = next((product for product in fitting if product is not None), None)
    sheet = Wish(*_terms(wish, _ladder(first, wish, _asked(rfq.lines[0])) if first else []))
    found: list[PriceRung | None] = []
    for line, product in zip(rfq.lines, fitting, strict=True):
        rungs = _ladder(product, sheet, _asked(line)) if product is not None else []
        found.append(rungs[0] if rungs and not _is_for(sheet, rungs[0]) else None)
    return found


def _wish(rfq: Rfq) -> Wish:
    """A place says nothing without its term."""
    return Wish(rfq.incoterm, rfq.place if rfq.incoterm else "")


def _terms(wish: Wish, ladder: Sequence[PriceRung]) -> tuple[str, str]:
    if wish.incoterm:
        same = bool(ladder) and ladder[0].incoterm == wish.incoterm
        return wish.incoterm, wish.place or (ladder[0].place if same else "")
    return (ladder[0].incoterm, ladder[0].place) if ladder else ("FOB", "")


def _is_for(wish: Wish, rung: PriceRung) -> bool:
    """Whether a listed price holds at these terms."""
    if not wish.incoterm:
        return True
    if rung.incoterm != wish.incoterm:
        return False
    return not wish.place or _place(rung.incoterm, rung.place) == _place(wish.incoterm, wish.place)


def _place(incoterm: str, place: str) -> str:
    return (normal_place(incoterm, place) or place).casefold()


def _usual_end() -> Any:
    return today() + timedelta(days=DEFAULT_VALID_DAYS)


def _line_data(line: QuoteLine) -> Data:
    data: Data = {name: getattr(line, name) for name in ("answer", "quantity", "unit", "unit_price", "price_unit",
                                                         "description", "reason")}  # fmt: skip
    data["product"] = str(line.product_id or "")
    for step, (least, price) in enumerate(line.rungs[:MOST_RUNGS], 1):
        data[f"from_{step}"], data[f"price_{step}"] = Decimal(least), Decimal(price)
    return data


def _fitting(recipient: Recipient, line: RfqLine, goods: Sequence[Product]) -> Product | None:
    by_key = {product.id: product for product in goods}
    for key in (line.product_id, recipient.product_id):
        if key in by_key and (not line.commodity or by_key[key].commodity == line.commodity):
            return by_key[key]
    return next((product for product in goods if line.commodity and product.commodity == line.commodity), None)


def _asked(line: RfqLine | None) -> Quantity | None:
    return Quantity(line.quantity, line.unit) if line is not None and line.quantity is not None else None


def _ladder(product: Product, wish: Wish, asked: Quantity | None) -> list[PriceRung]:
    """The rungs of one ladder from the one that the asked quantity reaches: of the wanted terms, else the card's."""
    ladders: dict[tuple[str, ...], list[PriceRung]] = {}
    for rung in product.prices:
        ladders.setdefault((rung.incoterm, rung.place, rung.unit, rung.currency), []).append(rung)
    if not ladders:
        return []
    card = (product.card_price_term, product.card_price_unit, product.card_price_currency)
    best = min(
        ladders,
        key=lambda key: (
            not _is_for(wish, ladders[key][0]),
            key[0] != wish.incoterm,
            (f"{key[0]} {key[1]}", key[2], key[3]) != card,
            key,
        ),
    )
    rungs = sorted(ladders[best], key=lambda rung: rung.min_quantity)
    if asked is None:
        return rungs
    try:
        amount = asked.to(best[2], contents_of(product)).amount
    except (UnitMismatch, ValueError):
        return rungs
    reached = [place for place, rung in enumerate(rungs) if rung.min_quantity <= amount]
    return rungs[reached[-1] if reached else 0 :]


def _proposed_line(line: RfqLine, product: Product | None, wish: Wish, common: list[PriceRung]) -> Data:
    if product is None:
        unit = line.unit or "kg"
        return {"answer": LineAnswer.OFFERED.value, "quantity": line.quantity, "unit": unit, "price_unit": unit}
    asked = _asked(line)
    rungs = [rung for rung in _ladder(product, wish, asked) if not common or rung.currency == common[0].currency]
    price_unit = rungs[0].unit if rungs else ""
    rungs = [rung for rung in rungs if _is_for(wish, rung)]  # a price for another place is a hint beside the form
    quantity = asked or (Quantity(product.moq, product.unit) if product.moq and product.unit else None)
    unit = quantity.unit if quantity else product.unit or "kg"
    data: Data = {
        "answer": LineAnswer.OFFERED.value,
        "product": str(product.id),
        "quantity": quantity.amount if quantity else None,
        "unit": unit,
        "price_unit": price_unit or product.unit or unit,
        "unit_price": rungs[0].unit_price if rungs else None,
    }
    # further steps are counted in the line's unit; rungs in another one are left to the seller
    steps = [rung for rung in rungs[1:] if rung.unit == unit and (not quantity or rung.min_quantity > quantity.amount)]
    for step, rung in enumerate(steps[:MOST_RUNGS], 1):
        data[f"from_{step}"], data[f"price_{step}"] = rung.min_quantity, rung.unit_price
    return data


def _package(product: Product) -> tuple[str, Decimal | None]:
    """The package and its net weight: as stated, by the unit of trade, or by what the packaging says."""
    if product.pack_unit and product.pack_net_kg:
        return product.pack_unit, product.pack_net_kg
    unit = UNITS.get(product.unit)
    if unit is not None and unit.dimension is Dimension.PACKAGE and product.unit_weight_kg:
        return unit.code, product.unit_weight_kg
    found = _PACKAGE.search(product.packaging)
    word = next((code for word, code in _PACKAGE_WORDS.items() if word in product.packaging.lower()), "")
    if not found or not word:
        return "", None
    try:
        size = Decimal(found[1].replace(",", "."))
    except InvalidOperation:
        return "", None
    return word, size * 1000 if found[2].lower() == "t" else size
