"""What tells a serious buyer, as signs with their evidence: nothing is bought, nothing is ranked by it.

A sign of which nothing is known yet says neither yes nor no, so that a new buyer is not called a bad one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from marketplace.accounts.rules import VerificationLevel


class Sign(StrEnum):
    """One sign, in the order in which they are shown."""

    CHECKED = "checked"  # the programme looked at the company
    ENDED = "ended"  # most requests that ended were agreed or closed with a word, and did not just run out
    SAMPLES = "samples"  # most samples that arrived got their feedback
    PAID = "paid"  # most of what was asked for was paid


@dataclass(frozen=True, slots=True)
class BuyerRecord:
    """A buyer's earlier dealings, counted; the request they are shown with is left out."""

    requests: int = 0
    answered: int = 0  # by at least one seller
    agreed: int = 0
    closed: int = 0  # without an agreement, with a reason
    ran_out: int = 0
    samples_arrived: int = 0
    samples_judged: int = 0
    payments_asked: int = 0  # samples, deposits and balances; not what was cancelled
    payments_made: int = 0

    @property
    def ended(self) -> int:
        """Requests that came to an end by themselves or by the buyer's word."""
        return self.agreed + self.closed + self.ran_out


def signs(level: VerificationLevel, record: BuyerRecord) -> dict[Sign, bool | None]:
    """Each sign: given, not given, or None where nothing is known yet."""
    return {
        Sign.CHECKED: level in {VerificationLevel.REVIEWED, VerificationLevel.VERIFIED},
        Sign.ENDED: _most(record.agreed + record.closed, record.ended),
        Sign.SAMPLES: _most(record.samples_judged, record.samples_arrived),
        Sign.PAID: _most(record.payments_made, record.payments_asked),
    }


def _most(some: int, of_all: int) -> bool | None:
    return some * 2 >= of_all if of_all else None
