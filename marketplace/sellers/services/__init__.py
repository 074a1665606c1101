"""Writes about sellers: the profile, and their place on the market."""

from marketplace.sellers.services.curation import (
    add_note,
    assign_mentor,
    curate_seller,
    keep_answer_statistics,
)
from marketplace.sellers.services.profile import (
    ProducerDraft,
    SellerDraft,
    SellerProfile,
    change_producer,
    change_seller,
    register_seller,
)

__all__ = [
    "ProducerDraft",
    "SellerDraft",
    "SellerProfile",
    "add_note",
    "assign_mentor",
    "change_producer",
    "change_seller",
    "curate_seller",
    "keep_answer_statistics",
    "register_seller",
]
