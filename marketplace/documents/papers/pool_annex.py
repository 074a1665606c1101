"""The annex of a pool: who makes how much, to which specification; for its members, so without buyer and prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from marketplace.documents.facts import ByLanguage
from marketplace.documents.papers import parts
from marketplace.documents.papers.voice import Voice
from marketplace.documents.sheet import Block, Cell, Column, Fact, Section, Sheet, Signature, Total
from marketplace.kernel.measures import Quantity


@dataclass(frozen=True, slots=True)
class AnnexFacts:
    """Agreed shares as they are frozen in the version that was sent at ``made_at``."""

    number: str  # of pool and version: "POOL-7-1"
    made_at: datetime
    coordinator: str
    goods: ByLanguage
    specification: str
    shares: Sequence[tuple[str, Quantity]]  # the coordinator's own part, if it makes one, stands first
    total: Quantity
    is_sample_data: bool = False


def pool_annex(facts: AnnexFacts, languages: tuple[str, ...] = ("en",)) -> Sheet:
    """One row a member, the sum below, the specification, and a line for each to sign."""
    voice = Voice(languages)
    name, *others = voice.pick(facts.goods)
    return Sheet(
        title=voice.say(lambda _locale: _("Annex: shares of the pool")),
        number=facts.number,
        language=voice.languages[0][:2],
        made_at=facts.made_at,
        head=(Fact(voice.say(lambda _locale: _("Date")), voice.date(facts.made_at.date())),),
        parties=(
            Block(voice.say(lambda _locale: _("Coordinator and seller of record")), (facts.coordinator,)),
            Block(voice.say(lambda _locale: _("Goods")), (name, *others)),
        ),
        columns=(
            Column(voice.say(lambda _locale: _("No.")), "right"),
            Column(voice.say(lambda _locale: _("Made by")), "left", "4fr"),
            Column(voice.say(lambda _locale: _("Quantity")), "right"),
        ),
        rows=tuple(
            (Cell(str(place)), Cell(who), Cell(voice.quantity(quantity)))
            for place, (who, quantity) in enumerate(facts.shares, 1)
        ),
        totals=(Total(voice.say(lambda _locale: _("Total")), voice.quantity(facts.total), is_strong=True),),
        facts=(),
        sections=(
            Section(voice.say(lambda _locale: _("Specification for all")), ((facts.specification,),)),
            Section(
                voice.say(lambda _locale: _("For the members of the pool")),
                (
                    voice.say(
                        lambda _locale: _(
                            "This annex is not for the buyer. What each member is paid stands on its own share alone."
                        )
                    ),
                ),
            ),
        ),
        bank=None,
        signatures=tuple(
            Signature(voice.say(lambda _locale: _("Member of the pool")), who) for who, _quantity in facts.shares
        ),
        foot=parts.foot_of_pool(voice),
        mark=parts.mark_of(voice, is_sample_data=facts.is_sample_data),
    )
