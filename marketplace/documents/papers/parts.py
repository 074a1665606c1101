"""Parts that several papers share: parties, lines of goods, conditions, bank details, the foot."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.catalogue.rules.trade import SEA_TERMS
from marketplace.documents.facts import BankFacts, ContainerFacts, LineFacts, PartyFacts, TradeFacts
from marketplace.documents.papers.voice import Voice
from marketplace.documents.sheet import Block, Cell, Column, Fact, Section, Sheet, Texts, Total
from marketplace.i18n.formats import format_country, format_date, format_number, format_percent
from marketplace.i18n.units import unit_name
from marketplace.kernel.ports import with_code


def parties(voice: Voice, facts: TradeFacts) -> tuple[Block, ...]:
    """Seller and buyer, side by side; the producing pesantren where another sells for it."""
    return (
        _party(voice, voice.say(lambda _locale: _("Seller")), facts.seller, _producer(voice, facts)),
        _party(voice, voice.say(lambda _locale: _("Buyer")), facts.buyer),
    )


def _party(voice: Voice, title: Texts, party: PartyFacts, more: tuple[str, ...] = ()) -> Block:
    country = " / ".join(voice.country(party.country)) if party.country else ""
    lines = (party.name, *party.address, country, party.registration, party.contact, *more)
    return Block(title, tuple(line for line in lines if line))


def _producer(voice: Voice, facts: TradeFacts) -> tuple[str, ...]:
    if not facts.producer or facts.producer == facts.seller.name:
        return ()
    return voice.say(lambda _locale: _("Produced by %(name)s", name=facts.producer))


def head(voice: Voice, facts: TradeFacts) -> tuple[Fact, ...]:
    """Date and reference beside the number."""
    return (
        Fact(voice.say(lambda _locale: _("Date")), voice.date(facts.made_at.date())),
        Fact(voice.say(lambda _locale: _("Request")), (facts.reference,)),
    )


def paper(voice: Voice, facts: TradeFacts, title: Texts, /, **own: Any) -> Sheet:
    """A sheet with what every paper has: number, language, moment, head, parties, foot; ``own`` is what this one adds.

    What a paper does not name it does not have: no rows, sums, conditions, sections, account or signatures.
    """
    empty: dict[str, Any] = {"totals": (), "facts": (), "sections": (), "bank": None, "signatures": ()}
    common: dict[str, Any] = {
        "head": head(voice, facts),
        "parties": parties(voice, facts),
        "foot": foot(voice),
        "mark": mark(voice, facts),
    }
    return Sheet(
        title=title,
        number=facts.number,
        language=voice.languages[0][:2],
        made_at=facts.made_at,
        **(empty | common | own),
    )


def priced_columns(voice: Voice) -> tuple[Column, ...]:
    return (
        Column(voice.say(lambda _locale: _("No.")), "right"),
        Column(voice.say(lambda _locale: _("Goods")), "left", "4fr"),
        Column(voice.say(lambda _locale: _("Quantity")), "right"),
        Column(voice.say(lambda _locale: _("Unit price")), "right"),
        Column(voice.say(lambda _locale: _("Amount")), "right"),
    )


def priced_row(voice: Voice, number: int, line: LineFacts) -> tuple[Cell, ...]:
    return (
        Cell(str(number)),
        goods(voice, line),
        Cell(voice.quantity(line.quantity)),
        Cell(voice.unit_price(line.unit_price)),
        Cell(voice.money(line.amount)),
    )


def goods(voice: Voice, line: LineFacts) -> Cell:
    """What it is, with HS code, origin, packing and certificates below."""
    name, *others = voice.pick(line.description)
    customs = " · ".join(
        part
        for part in (
            f"HS {line.hs}" if line.hs else "",
            *line.national_codes,
            " / ".join(voice.say(lambda locale: _("Origin: %(country)s", country=format_country(line.origin, locale))))
            if line.origin
            else "",
        )
        if part
    )
    packing = " / ".join(voice.pick(line.packing)) if line.packing else ""
    small = (*others, customs, packing, *line.certificates, line.note)
    return Cell(name, tuple(words for words in small if words))


def total(voice: Voice, facts: TradeFacts) -> tuple[Total, ...]:
    """The sum of the lines as it was agreed, and the deposit of it."""
    if facts.total is None:
        return ()
    rows = [Total(voice.say(lambda _locale: _("Total")), voice.money(facts.total), is_strong=True)]
    if facts.deposit is not None:
        rows.append(Total(voice.say(lambda _locale: _("of this, deposit")), voice.money(facts.deposit)))
        rows.append(Total(voice.say(lambda _locale: _("Balance")), voice.money(facts.total - facts.deposit)))
    return tuple(rows)


def delivery(voice: Voice, facts: TradeFacts) -> list[Fact]:
    """Incoterm and place, port, destination, time."""
    rows = []
    if facts.incoterm:
        label = voice.say(lambda _locale: _("Delivery term (Incoterms 2020)"))
        place = with_code(facts.place) if facts.incoterm in SEA_TERMS else facts.place
        rows.append(Fact(label, (f"{facts.incoterm} {place}".strip(),)))
    if facts.port and facts.port != facts.place:
        rows.append(Fact(voice.say(lambda _locale: _("Port of loading")), (with_code(facts.port),)))
    if facts.destination:
        rows.append(Fact(voice.say(lambda _locale: _("Destination")), voice.country(facts.destination)))
    if facts.ship_by:
        rows.append(Fact(voice.say(lambda _locale: _("Ready for shipment by")), voice.date(facts.ship_by)))
    elif facts.lead_time_days is not None:
        days = facts.lead_time_days
        label = voice.say(lambda _locale: _("Lead time"))
        rows.append(Fact(label, voice.say(lambda _locale: _("%(days)s days from receipt of the deposit", days=days))))
    return rows


def payment(voice: Voice, facts: TradeFacts) -> list[Fact]:
    if not facts.payment_terms:
        return []
    return [Fact(voice.say(lambda _locale: _("Payment")), voice.pick(facts.payment_terms))]


def packing_plan(voice: Voice, facts: TradeFacts) -> list[Fact]:
    """Packing in the seller's words, and the containers with how full the last one is."""
    rows = []
    if facts.packing_note:
        rows.append(Fact(voice.say(lambda _locale: _("Packing")), (facts.packing_note,)))
    if facts.containers:
        label = voice.say(lambda _locale: _("Containers"))
        rows.append(
            Fact(label, voice.say(lambda locale: "; ".join(_container(one, locale) for one in facts.containers)))
        )
    return rows


def _container(one: ContainerFacts, locale: str) -> str:
    if one.count == 1:
        alone: str = _(
            "1 × %(container)s, %(share)s full",
            container=unit_name(one.unit, locale),
            share=format_percent(one.fullness * 100, locale),
        )
        return alone
    words: str = _(
        "%(count)s × %(container)s, the last one %(share)s full",
        count=format_number(one.count, locale),
        container=unit_name(one.unit, locale),
        share=format_percent(one.fullness * 100, locale),
    )
    return words


def bank(voice: Voice, account: BankFacts | None) -> Block | None:
    """The verified company's account, with a warning while a change of it is young."""
    if account is None:
        return None
    lines = [account.holder, account.bank, f"{account.account} ({account.currency})"]
    if account.swift:
        lines.append(f"SWIFT/BIC {account.swift}")
    if account.changed_on is not None:
        changed = account.changed_on
        lines += voice.say(
            lambda locale: _(
                "These details changed on %(date)s. Before you pay, ask the seller by a telephone number "
                "that you already know.",
                date=format_date(changed, locale, "long"),
            )
        )
    return Block(
        voice.say(lambda _locale: _("Bank details of the seller")), tuple(line for line in lines if line.strip())
    )


def mark(voice: Voice, facts: TradeFacts) -> Texts:
    """A band across the top of whatever the sample marketplace makes."""
    return mark_of(voice, is_sample_data=facts.is_sample_data)


def mark_of(voice: Voice, *, is_sample_data: bool) -> Texts:
    """The band itself; nothing on papers of real companies."""
    if not is_sample_data:
        return ()
    return voice.say(lambda _locale: _("Sample data: these companies and goods do not exist"))


def foot(voice: Voice) -> Texts:
    return voice.say(lambda _locale: _("Made from the data that both sides see on Pesantren Souq."))


def foot_of_pool(voice: Voice) -> Texts:
    """The foot of what the buyer does not see."""
    return voice.say(lambda _locale: _("Made from the data that the members of the pool see on Pesantren Souq."))


def made_together(voice: Voice, facts: TradeFacts) -> tuple[Section, ...]:
    """Who makes the goods of a pool and to which one specification; no shares and no prices of members."""
    if not facts.producers:
        return ()
    unnamed = sum(1 for name in facts.producers if not name)
    names = [name for name in facts.producers if name]
    lines: list[Texts] = [("; ".join(names),)] if names else []
    if unnamed:
        lines.append(
            voice.say(
                lambda _locale: (
                    ngettext("%(num)s further seller", "%(num)s further sellers", unnamed)
                    if names
                    else ngettext("%(num)s seller", "%(num)s sellers", unnamed)
                )
            )
        )
    answering = voice.say(
        lambda _locale: _("%(name)s is the one seller and answers for all of it.", name=facts.seller.name)
    )
    sections = [Section(voice.say(lambda _locale: _("Made together by")), (*lines, answering))]
    if facts.pool_specification:
        title = voice.say(lambda _locale: _("Specification for all"))
        sections.append(Section(title, ((facts.pool_specification,),)))
    return tuple(sections)
