"""Writes on WhatsApp: who agrees, what is sent, what comes in."""

from __future__ import annotations

from marketplace.whatsapp.services.agreeing import begin, end
from marketplace.whatsapp.services.filing import refuse, settle
from marketplace.whatsapp.services.sending import Leaving, begin_sending, finish_sending, reply, tell_of_lead
from marketplace.whatsapp.services.taking import forget_old, note_state, take_in

__all__ = [
    "Leaving",
    "begin",
    "begin_sending",
    "end",
    "finish_sending",
    "forget_old",
    "note_state",
    "refuse",
    "reply",
    "settle",
    "take_in",
    "tell_of_lead",
]
