"""Introductions: what their steps tell the seller, the distributor and the chapter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import member_ids
from marketplace.catalogue.models import Product
from marketplace.kernel.events import on
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify
from marketplace.partners.events import IntroductionMade, IntroductionProposed, IntroductionRefused
from marketplace.partners.models import Application, Chapter, Introduction
from marketplace.sellers.models import Seller

_SELLER, _BUYER, _CHAPTER = "/selling/introductions", "/distributor/introductions", "/partner/introductions"


@dataclass(frozen=True, slots=True)
class _Named:
    """An introduction with the organisations it is about."""

    seller: Organisation
    distributor: Organisation
    chapter: Organisation
    country: str
    commodity: str

    def context(self, *names: str) -> dict[str, Any]:
        """Those values that a notice says, by name."""
        known = {
            "seller": self.seller.name,
            "distributor": self.distributor.name,
            "chapter": self.chapter.name,
            "country": self.country,
            "commodity": self.commodity,
        }
        return {name: known[name] for name in names}


@on(IntroductionProposed)
def ask_both(session: Session, event: IntroductionProposed) -> None:
    """Either side is asked; the seller does not learn yet who the distributor is."""
    of = _named(session, event.introduction_id)
    about = f"introduction:{event.introduction_id}"
    to_seller = of.context("chapter", "country", "commodity")
    notify(session, Kind.INTRODUCTION_TO_SELLER, about, member_ids(session, of.seller.id), to_seller, _SELLER)
    to_buyer = of.context("chapter", "seller", "commodity")
    notify(session, Kind.INTRODUCTION_TO_BUYER, about, member_ids(session, of.distributor.id), to_buyer, _BUYER)


@on(IntroductionMade)
def say_made(session: Session, event: IntroductionMade) -> None:
    """Both said yes: all three learn it."""
    of = _named(session, event.introduction_id)
    about = f"introduction:{event.introduction_id}"
    for kind, house, names, href in (
        (Kind.INTRODUCED_SELLER, of.seller, ("distributor",), _SELLER),
        (Kind.INTRODUCED_BUYER, of.distributor, ("seller",), _BUYER),
        (Kind.INTRODUCTION_MADE, of.chapter, ("seller", "distributor"), _CHAPTER),
    ):
        notify(session, kind, about, member_ids(session, house.id), of.context(*names), href)


@on(IntroductionRefused)
def say_refused(session: Session, event: IntroductionRefused) -> None:
    """The chapter learns that it did not come about; who refused is not told to the other."""
    of = _named(session, event.introduction_id)
    about = f"introduction:{event.introduction_id}"
    context = of.context("seller", "distributor")
    notify(session, Kind.INTRODUCTION_REFUSED, about, member_ids(session, of.chapter.id), context, _CHAPTER)


def _named(session: Session, key: int) -> _Named:
    seller, distributor, chapter = aliased(Organisation), aliased(Organisation), aliased(Organisation)
    row = session.execute(
        select(seller, distributor, chapter, Application.country, Product.commodity)
        .select_from(Introduction)
        .join(Seller, Seller.id == Introduction.seller_id)
        .join(seller, seller.id == Seller.organisation_id)
        .join(distributor, distributor.id == Introduction.organisation_id)
        .join(Chapter, Chapter.id == Introduction.chapter_id)
        .join(chapter, chapter.id == Chapter.organisation_id)
        .join(Application, Application.id == Introduction.application_id)
        .join(Product, Product.id == Introduction.product_id)
        .where(Introduction.id == key)
    ).one()
    return _Named(*row)
