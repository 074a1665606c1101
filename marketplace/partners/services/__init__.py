"""Onboarding of distributors and the chapter's own data."""

from marketplace.partners.services.chapters import create_chapter, mark_of, represent, update_chapter
from marketplace.partners.services.introductions import (
    Found,
    Refusal,
    answer_introduction,
    end_unanswered,
    introduce,
    withdraw_introduction,
)
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
from marketplace.partners.services.opportunities import OpportunityDraft, close_opportunity, register_opportunity
from marketplace.partners.services.partnerships import (
    PartnershipDraft,
    end_territory,
    grant_territory,
    remind_of_reviews,
    state_partnership,
)

__all__ = [
    "ApplicationDraft",
    "Found",
    "OpportunityDraft",
    "PartnershipDraft",
    "Refusal",
    "answer_introduction",
    "answer_question",
    "apply_as_distributor",
    "approve",
    "ask_for_more",
    "close_opportunity",
    "create_chapter",
    "end_territory",
    "end_unanswered",
    "grant_territory",
    "introduce",
    "invite_distributor",
    "mark_of",
    "refuse",
    "register_opportunity",
    "remind_of_reviews",
    "represent",
    "state_partnership",
    "update_chapter",
    "withdraw",
    "withdraw_introduction",
]
