"""Writes on meetings at fairs."""

from marketplace.meetings.services.booking import accept, ask, cancel, cancel_kept, decline, drop_open, move, schedule
from marketplace.meetings.services.clockwork import ask_outcomes, end_impossible, remind
from marketplace.meetings.services.following import note_kept, note_outcome, send_what_was_agreed
from marketplace.meetings.services.joining import leave, take_part
from marketplace.meetings.services.planning import add_session, change_session, remove_session, save_plan

__all__ = [
    "accept", "add_session", "ask", "ask_outcomes", "cancel", "cancel_kept", "change_session", "decline", "drop_open",
    "end_impossible", "leave", "move", "note_kept", "note_outcome", "remind", "remove_session", "save_plan", "schedule",
    "send_what_was_agreed", "take_part",
]  # fmt: skip
