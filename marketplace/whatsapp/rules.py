"""Words that people write, how far a message came, and how long things count."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

CODE_LIFE = timedelta(days=1)
CHOICE_LIFE = timedelta(days=1)  # the number of a lead answers the last question only
OLDEST = timedelta(days=7)  # WhatsApp delivers again for a week; ids are kept for longer
KEPT = timedelta(days=30)
MOST_CHOICES = 9
MOST_IN_AN_HOUR = 30  # of one person; more is nobody who types
START = "start"
STOP_WORDS = frozenset({"stop", "stopp", "berhenti", "unsubscribe", "cancel", "batal", "停止", "退订"})


class MessageState(StrEnum):
    """How far a message came that we sent."""

    QUEUED = "queued"
    STOPPED = "stopped"  # the person said stop before it left
    UNSURE = "unsure"  # it may have left: it is not sent twice, the notice tells the same
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


# words about one message come in any order: only a higher one counts
_RANKS = {
    MessageState.QUEUED: 0,
    MessageState.STOPPED: 0,
    MessageState.UNSURE: 0,
    MessageState.SENT: 1,
    MessageState.FAILED: 2,
    MessageState.DELIVERED: 3,
    MessageState.READ: 4,
}


class Outcome(StrEnum):
    """What became of a message that came in."""

    WAITING = "waiting"
    TAKEN = "taken"
    ASKED = "asked"  # which lead it is for
    CHOSEN = "chosen"  # it was the answer to that
    AGREED = "agreed"
    STOPPED = "stopped"
    STRANGER = "stranger"
    NO_LEAD = "no_lead"
    NO_TEXT = "no_text"
    REFUSED = "refused"


def is_further(old: str, new: str) -> bool:
    """Whether a word about a message tells more than what is known."""
    return new in set(MessageState) and _RANKS[MessageState(new)] > _RANKS[MessageState(old)]


def code_in(text: str) -> str:
    """The code after the word START; empty for any other text."""
    words = text.lower().split()
    return words[1] if len(words) == 2 and words[0] == START else ""


def is_stop(text: str) -> bool:
    """Whether somebody wants no more messages: one word, in any of our languages."""
    return text.strip().strip(".!").lower() in STOP_WORDS


def choice_in(text: str) -> int:
    """The number of a choice; 0 for any other text."""
    plain = text.strip().strip(".)")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) == 1 else 0
