"""Onboarding of distributors and the chapter's own data."""

from marketplace.partners.services.chapters import create_chapter, mark_of, represent, update_chapter
from marketplace.partners.services.onboarding import (
    ApplicationDraft,
    answer_question,
    apply_as_distributor,
    approve,
    ask_for_more,
    invite_distributor,
    refuse,
    withdraw,
)

__all__ = [
    "ApplicationDraft",
    "answer_question",
    "apply_as_distributor",
    "approve",
    "ask_for_more",
    "create_chapter",
    "invite_distributor",
    "mark_of",
    "refuse",
    "represent",
    "update_chapter",
    "withdraw",
]
