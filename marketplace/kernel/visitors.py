"""Classes of visitors, for the table of who may use which route."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.policy import Actor


class Who(StrEnum):
    """A class of visitors."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    SELLER = "seller"
    BUYER = "buyer"
    PARTNER = "partner"
    CURATOR = "curator"
    OPERATOR = "operator"
    SAMPLE = "sample"  # pages that exist in the sample marketplace only (the mailbox)


PUBLIC = frozenset({Who.PUBLIC})
SIGNED_IN = frozenset({Who.SIGNED_IN})
SELLER = frozenset({Who.SELLER})
BUYER = frozenset({Who.BUYER})
PARTNER = frozenset({Who.PARTNER})
CURATOR = frozenset({Who.CURATOR})
OPERATOR = frozenset({Who.OPERATOR})
STAFF = CURATOR | OPERATOR
TRADERS = SELLER | BUYER
SAMPLE = frozenset({Who.SAMPLE})
# staff pages are not advertised: who may not use them learns nothing
HIDDEN_FROM_OTHERS = STAFF
NEEDS_SECOND_FACTOR = frozenset({Who.CURATOR, Who.OPERATOR, Who.PARTNER})


def classes_of(actor: Actor | None) -> frozenset[Who]:
    """Every class a visitor belongs to; a suspended organisation leaves only the account pages."""
    if actor is None:
        return PUBLIC
    classes = {Who.PUBLIC, Who.SIGNED_IN}
    if actor.is_suspended:
        return frozenset(classes)
    if actor.is_seller:
        classes.add(Who.SELLER)
    if actor.is_buyer:
        classes.add(Who.BUYER)
    if actor.is_partner:
        classes.add(Who.PARTNER)
    if actor.is_curator:
        classes.add(Who.CURATOR)
    if actor.is_operator:
        classes |= {Who.OPERATOR, Who.CURATOR}
    return frozenset(classes)
