"""`souq docs`: reference pages drawn from the code, so that they cannot drift."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Set
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from marketplace.catalogue.rules import LISTING_MOVES
from marketplace.meetings.rules import MEETING_MOVES
from marketplace.moderation.rules import REPORT_MOVES
from marketplace.orders.rules import ORDER_MOVES, SAMPLE_MOVES
from marketplace.partners.rules import APPLICATION_MOVES, INTRODUCTION_MOVES, OPPORTUNITY_MOVES
from marketplace.quotes.rules import QUOTE_MOVES, SHARE_MOVES
from marketplace.reviews.rules import REVIEW_MOVES
from marketplace.rfqs.rules import RECIPIENT_MOVES, RFQ_MOVES
from marketplace.sellers.rules import CURATION_MOVES
from marketplace.webhooks.rules import DELIVERY_MOVES

Moves = Mapping[Any, Set[Any]]
LIFE_CYCLES: tuple[tuple[str, str, Moves], ...] = (
    ("Listing", "A product on its way to the market. A changed claim sends it back to review.", LISTING_MOVES),
    ("Seller", "Where a seller stands with the programme.", CURATION_MOVES),
    ("Request (RFQ)", "A buyer's request; an inquiry is one with a single recipient.", RFQ_MOVES),
    ("Recipient (lead)", "One seller's side of a request.", RECIPIENT_MOVES),
    (
        "Quote",
        "One version of a quote, the seller's or the buyer's counter-offer. Once sent, only this label moves.",
        QUOTE_MOVES,
    ),
    ("Share of a pool", "One member of a pool of sellers. Who said no, or left, may be asked again.", SHARE_MOVES),
    ("Sample", "One sample from the asking to the score sheet. Money moves it from due to paid.", SAMPLE_MOVES),
    ("Deal", "An agreement on its way; a dispute that is withdrawn goes back to where it stood.", ORDER_MOVES),
    ("Distributor", "Onboarding by a chapter.", APPLICATION_MOVES),
    ("Introduction", "A distributor and a seller, brought together by a chapter; both answer.", INTRODUCTION_MOVES),
    ("Opportunity", "Business that a distributor with a grade has found by itself.", OPPORTUNITY_MOVES),
    (
        "Delivery of an event",
        "One event for one endpoint of a member. What has ended goes out again only when somebody asks for it.",
        DELIVERY_MOVES,
    ),
    ("Report", "A report of a listing, seller, message, request or review, with appeal.", REPORT_MOVES),
    ("Review", "A buyer's word on goods or a seller, read by a curator first.", REVIEW_MOVES),
    ("Meeting", "Two participants of a fair; only what is set has a time and a table.", MEETING_MOVES),
)
PAGE = Path(__file__).parent.parent.parent / "docs" / "ref-states.md"


def states_page() -> str:
    """Every life cycle as a diagram and a table of its moves."""
    parts = [
        "# Life cycles\n",
        "Drawn by `souq docs write` from the transition tables in the domains' `rules`. A move that is not listed is",
        "refused, and a test walks every pair.\n",
    ]
    for title, about, moves in LIFE_CYCLES:
        parts += [f"## {title}\n", about + "\n", "```mermaid", "stateDiagram-v2"]
        states: list[StrEnum] = list(moves)
        parts += [f"  {state} --> {target}" for state in states for target in sorted(moves[state])]
        parts += [f"  {state} --> [*]" for state in states if not moves[state]]
        parts += ["```\n"]
    return "\n".join(parts)


@click.group("docs")
def command() -> None:
    """Write or check the reference pages drawn from the code."""


@command.command()
def write() -> None:
    """Write docs/ref-states.md."""
    PAGE.write_text(states_page(), encoding="utf-8")
    click.echo(f"{PAGE.name} is written.")


@command.command()
def check() -> None:
    """Exit 1 when a page on disk differs from the code."""
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != states_page():
        click.echo(f"{PAGE.name} is out of date; run souq docs write.")
        sys.exit(1)
    click.echo("The reference pages are up to date.")
