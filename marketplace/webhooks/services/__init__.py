"""Writes on endpoints and deliveries."""

from __future__ import annotations

from marketplace.webhooks.services.delivering import Try, begin_try, finish_try, tidy_up
from marketplace.webhooks.services.managing import (
    add_endpoint,
    change_endpoint,
    check_address,
    delete_endpoint,
    new_secret_for,
    send_again,
    send_test,
    switch_endpoint,
)
from marketplace.webhooks.services.telling import Lead, lead_of, tell, tell_of_request

__all__ = [
    "Lead",
    "Try",
    "add_endpoint",
    "begin_try",
    "change_endpoint",
    "check_address",
    "delete_endpoint",
    "finish_try",
    "lead_of",
    "new_secret_for",
    "send_again",
    "send_test",
    "switch_endpoint",
    "tell",
    "tell_of_request",
    "tidy_up",
]
