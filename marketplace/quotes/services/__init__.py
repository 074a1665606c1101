"""Writes on quotes and agreements."""

from marketplace.quotes.services.answering import (
    accept_counter,
    accept_quote,
    counter_quote,
    decline_counter,
    decline_quote,
    is_standing,
)
from marketplace.quotes.services.clockwork import close_quotes, mark_viewed, relabel_expired, remind_of_ending
from marketplace.quotes.services.coordinating import (
    agree_to_coordinate,
    hand_back,
    known_parties,
    name_coordinator,
    take_over,
    write_specification,
)
from marketplace.quotes.services.pooling import (
    PoolDraft,
    answer_share,
    leave_pool,
    offer_share,
    start_pool,
    take_back_share,
)
from marketplace.quotes.services.sending import (
    approve_quote,
    foreseen_refusal,
    return_quote,
    send_quote,
    withdraw_quote,
)
from marketplace.quotes.services.writing import drop_draft, save_quote

__all__ = [
    "PoolDraft",
    "accept_counter",
    "accept_quote",
    "agree_to_coordinate",
    "answer_share",
    "approve_quote",
    "close_quotes",
    "counter_quote",
    "decline_counter",
    "decline_quote",
    "drop_draft",
    "foreseen_refusal",
    "hand_back",
    "is_standing",
    "known_parties",
    "leave_pool",
    "mark_viewed",
    "name_coordinator",
    "offer_share",
    "relabel_expired",
    "remind_of_ending",
    "return_quote",
    "save_quote",
    "send_quote",
    "start_pool",
    "take_back_share",
    "take_over",
    "withdraw_quote",
    "write_specification",
]
