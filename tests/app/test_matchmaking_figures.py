"""Figures of the listing form reach the matcher: what a request bounds is held against what the seller typed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.catalogue.registry.loading import load_registry
from marketplace.matchmaking.profiles import offer_profiles
from marketplace.matchmaking.rules import FIGURES
from marketplace.matchmaking.wording import obstacle_sentences
from matching.reader.offer import read_offer
from matching.serial import offer_from_json, offer_to_json
from search.analysis import lexicon
from tests.support.factories import a_listed_product
from tests.support.people import Cast


def test_every_figure_is_a_field_of_the_registry_and_known_to_the_lexicon() -> None:
    assert set(FIGURES) <= set(load_registry().fields)
    assert all("figure" in lexicon().concepts[figure].facts for figure in FIGURES.values())


def test_what_the_seller_typed_is_a_figure_of_the_offer(people: Cast, session: Session) -> None:
    specs = {"cup_score": Decimal("84.25"), "moisture_pct": Decimal("11.5"), "defect_value_300g": 9}
    specs["foreign_matter_pct"] = Decimal("0.5")
    product = a_listed_product(people.seller(), "coffee-arabica-green", title="Lot one", specs=specs)
    profile = next(offer_profiles(session, [product.id]))
    assert profile.figures == {"figure/cup-score": 84.25, "moisture": 11.5, "figure/defects": 9.0, "figure/broken": 0.5}
    completed, reading = read_offer(profile, lexicon())
    assert dict(reading.figures) == profile.figures
    assert "grade-specialty" in reading.attributes["grade"]
    assert offer_from_json(offer_to_json(completed)).figures == profile.figures


def test_of_a_range_the_end_counts_that_a_buyer_has_to_reckon_with(people: Cast, session: Session) -> None:
    specs = {"cup_score": Decimal(78), "moisture_pct": Decimal(11)}
    product = a_listed_product(people.seller(), "coffee-arabica-green", title="Lot two", specs=specs)
    for spec in product.specs:
        if spec.field in specs:
            spec.number_to = specs[spec.field] + 1
    session.flush()
    profile = next(offer_profiles(session, [product.id]))
    assert profile.figures["figure/cup-score"] == 78  # the more the better: at least this
    assert profile.figures["moisture"] == 12  # the less the better: at most this
    assert "grade" not in read_offer(profile, lexicon())[1].attributes


@pytest.mark.parametrize(("since", "text"), [(1, "ended on 21 Nov 2026"), (-1, "ends 30 days before you need")])
def test_a_certificate_that_has_ended_is_not_said_to_end(app: Flask, moment: datetime, since: int, text: str) -> None:
    until: date = moment.date() - timedelta(days=since)
    values = {"certificate": "organic-eu", "until": until.isoformat(), "days": 30}
    with app.app_context():
        (said,) = obstacle_sentences([{"code": "certificate_expiring", "values": values}], "en")
    assert text in said["text"]
