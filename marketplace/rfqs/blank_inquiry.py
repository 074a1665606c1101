"""The form to ask about a product before anybody has filled anything in.

It is the same for every product but for some names and lists, and most visitors see it just so: the page is drawn once
for each kind of reader and language (see `kernel.frames`), and what belongs to the product is put into its places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from markupsafe import Markup
from wtforms import Field
from wtforms.fields import SelectChoice
from wtforms.widgets import Select

from marketplace.closures.wording import closed_sentence
from marketplace.i18n import formats
from marketplace.kernel.controls import options
from marketplace.kernel.frames import in_frame
from marketplace.kernel.http import guard
from marketplace.kernel.pieces import digest, pieces
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import On
from marketplace.rfqs.fields import unit_choices
from marketplace.rfqs.forms import GuestForm, InquiryForm
from marketplace.rfqs.line_forms import blank_line
from marketplace.rfqs.queries.offers import MOST_OTHERS, Offer, named, other_rows

TEMPLATE = "rfqs/inquiry.html"


class Shown(NamedTuple):
    """What the page shows of a product."""

    title: str
    slug: str
    seller_name: str
    sample_is_offered: bool


def reader_of(actor: Actor | None) -> str:
    """Who reads the form: a ``visitor``, a ``buyer``, or somebody ``else`` who cannot send it."""
    return "visitor" if actor is None else "buyer" if actor.is_buyer else "else"


def least_of(offer: Offer, locale: str) -> str:
    """The least quantity in words; empty where the seller names none."""
    return formats.format_quantity(offer.least, locale) if offer.least else ""


def blank_page(on: On, offer: Offer, reader: str, locale: str) -> str:
    """The page with an empty form about ``offer``, for one of `reader_of`."""
    least, closed = least_of(offer, locale), closed_sentence(on, offer.seller_id, locale)
    constants = {
        "reader": reader,
        "sample_is_offered": offer.sample_is_offered,
        "has_least": bool(least),
        "is_closed": bool(closed),
    }
    slots: dict[str, str] = {
        "title": offer.title,
        "slug": offer.slug,
        "seller_name": offer.seller_name,
        "least": least,
        "closed": closed,
        "units": _html(options(unit_choices(locale, offer.unit), offer.unit)),
        "goods": _goods(on, offer, locale),
        "hidden": guard(),
    }
    return in_frame(TEMPLATE, constants, slots, drawn=partial(_shown, constants, locale))


def _goods(on: On, offer: Offer, locale: str) -> Markup:
    """The seller's other goods as options, each with its product's key; made anew when one of them changes."""
    rows = other_rows(on, offer.seller_id)

    def make() -> tuple[str, ...]:
        choices = [SelectChoice(key, title) for key, title in named(on, rows, locale)]
        pairs = zip(choices, options(choices), strict=True)
        return tuple(text for choice, option in pairs for text in (choice.value, option))

    known = pieces().get(("goods to ask for", digest(rows), locale), make)
    others = [str(row[0]) for row in rows if row[0] != offer.product_id][:MOST_OTHERS]
    shown = frozenset(others)  # the same ones that are taken when the form is sent
    return _html([option for key, option in zip(known[::2], known[1::2], strict=True) if key in shown])


def _shown(constants: Mapping[str, Any], locale: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    """What the template shows, made of the texts in ``slots`` or of the signs that stand for them."""
    form = InquiryForm(formdata=None, data={"language": locale})
    blank = blank_line(locale, "", ())
    form.fill_choices(locale, "")
    for field in (form.unit, form.price_unit, blank.unit, blank.price_unit):
        field.choices, field.widget = [], _ending_in(slots["units"])
    blank.goods.widget = _ending_in(slots["goods"])
    return {
        "offer": Shown(slots["title"], slots["slug"], slots["seller_name"], constants["sample_is_offered"]),
        "least": slots["least"] if constants["has_least"] else "",
        "closed": slots["closed"] if constants["is_closed"] else "",
        "lot": [],
        "form": form,
        "blank": blank,
        "guest": GuestForm(formdata=None),
        "fair": None,
        "guard": lambda: slots["hidden"],
    }


def _ending_in(more: Any) -> Callable[..., Markup]:
    """A list to choose from, with ``more`` options behind those of its field."""

    def widget(field: Field, **wishes: Any) -> Markup:
        return _html([Select()(field, **wishes)]).replace("</select>", more + _html(["</select>"]))

    return widget


def _html(parts: Sequence[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 - written by us or by WTForms, and escaped
