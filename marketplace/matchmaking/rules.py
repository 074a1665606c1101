"""Figures and codes of matchmaking; plain values only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

MOST_SUGGESTED = 12
MOST_ALMOST = 6
# Candidates whose rows are read again before they are ranked for good.
LOOKED_AT = 60
MOST_UNKNOWN_WORDS = 20
LONGEST_TEXT = 8000
REFIT_EVERY = timedelta(days=1)
LOOKED_AFTER_EVERY = timedelta(minutes=5)
TOLD_EVERY = timedelta(minutes=1)
# A day of edits ends in one refit, not in hundreds.
REFIT_DELAY = timedelta(minutes=10)
KEPT_MODELS = 5
# More offers than these are fitted by the worker alone: a second or two is what a visitor can be asked to wait once.
MOST_FITTED_HERE = 1000
# From so many offers on, and with Elasticsearch, a shortlist comes from an index: fewer are ranked in memory in 30 ms.
NEAR_FROM = 150_000
NEAR_SHORTLIST = 300
# Offers of the goods wanted that something rules out: a few of them are told.
NEAR_OTHERS = 100
# After so long the words of new offers are learnt, too.
NEAR_KEPT = timedelta(weeks=4)
NEAR_LOOKED_AFTER_EVERY = timedelta(hours=1)
NEAR_AGAIN = timedelta(minutes=1)
NEAR_FILLED_WITHIN = timedelta(hours=12)
# How far back exposure, drift and missed requests are counted.
LOOKED_BACK = timedelta(days=28)
WEEK = timedelta(days=7)
# Sellers whose fit with a sent request is kept.
MOST_FITS = 200
LONGEST_WANTING = 80
NOT_FOR_ME = "not_for_me"
RESTING = "resting"
# What is suggested while the matcher cannot work is found by its commodity alone.
BY_SEARCH = "search"


class SideOfMatch(StrEnum):
    """Who was shown a match."""

    BUYER = "buyer"
    SELLER = "seller"


class AlertFrequency(StrEnum):
    """How often a person hears of suppliers for their requests, or of open requests that fit their goods."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


# However often things happen, nobody gets more than so many of these notices in a week: what is over waits.
MOST_NOTICES_A_WEEK = 5
NAMED_IN_A_NOTICE = 3
_PERIODS = {AlertFrequency.DAILY: timedelta(days=1), AlertFrequency.WEEKLY: WEEK}


def next_alert(frequency: AlertFrequency, last: datetime | None) -> datetime | None:
    """The earliest moment of the next notice after ``last``; None where it may go out at once."""
    period = _PERIODS.get(frequency)
    return None if period is None or last is None else last + period


# Units the matcher counts in, and ours.
UNIT_OF_SITE: Mapping[str, str] = MappingProxyType({"kg": "kg", "litre": "litre", "pcs": "piece", "metre": "metre"})
BASE_UNITS = ("kg", "litre", "piece", "metre")
UNIT_OF_MATCHER: Mapping[str, str] = MappingProxyType({"kg": "kg", "litre": "litre", "piece": "pcs", "metre": "metre"})

# What the lexicon calls a registration, by the catalogue's code for it.
REGISTRATION: Mapping[str, str] = MappingProxyType(
    {
        "fda": "registration-fda",
        "gacc": "registration-gacc",
        "eudr": "registration-eudr",
        "eu_approval": "registration-eu-approval",
    }
)
# A certificate in general, as buyers ask for it, and the one of the registry that proves it here.
CERTIFICATE_OF_REGISTRY: Mapping[str, str] = MappingProxyType({"halal": "halal-bpjph"})
# Specification with a number to the figure that requests put bounds on.
FIGURES = {
    "moisture_pct": "moisture", "ash_pct": "figure/ash", "so2_ppm": "figure/so2", "brix": "figure/brix",
    "ph": "figure/ph", "mesh_size": "figure/mesh", "defect_value_300g": "figure/defects",
    "cup_score": "figure/cup-score", "ffa_pct": "figure/ffa", "lauric_acid_pct": "figure/lauric",
    "fat_content_pct": "figure/fat", "fixed_carbon_pct": "figure/fixed-carbon",
    "calorific_value_kcalkg": "figure/calories", "piperine_pct": "figure/piperine", "vanillin_pct": "figure/vanillin",
    "curcumin_pct": "figure/curcumin", "patchouli_alcohol_pct": "figure/patchoulol", "eugenol_pct": "figure/eugenol",
    "citronellal_pct": "figure/citronellal", "geraniol_total_pct": "figure/geraniol", "hmf_mgkg": "figure/hmf",
    "diastase_dn": "figure/diastase", "salt_content_pct": "figure/salinity", "foreign_matter_pct": "figure/broken",
    "volatile_oil_mlper100g": "figure/volatile-oil",
}  # fmt: skip
# Specifications that are no attributes in the matcher's sense: claims are judged by certificates, "dark" is no roast.
NOT_ATTRIBUTES = frozenset({
    "certifications", "organic_status", "colour", "production_date", "crop_year", "harvest_month", "lot_number",
    "botanical_name", "origin_region", "additives",
})  # fmt: skip
