"""What forms hand to the services."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.saved.rules import Frequency


@dataclass(frozen=True)
class SearchDraft:
    """A search to save: its name, its address and the language in which it was typed."""

    name: str
    address: str
    locale: str
    frequency: Frequency
