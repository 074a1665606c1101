"""Rows of a quote, a deal or a sample as the facts that papers are made from; whoever calls has checked the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.packing import UNPACKED
from marketplace.catalogue.rules.specs import value_of
from marketplace.catalogue.rules.tariffs import SCHEDULES, TariffMarket, grouped, market_of
from marketplace.catalogue.spec_text import field_name, value_text
from marketplace.documents.facts import BankFacts, ByLanguage, ContainerFacts, LineFacts, PartyFacts, TradeFacts
from marketplace.i18n.locales import LOCALES
from marketplace.i18n.translations import speaking
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import Money, UnitPrice
from marketplace.marketaccess.facts import load_facts
from marketplace.orders.models import Sample
from marketplace.payments.queries import bank_details
from marketplace.quotes.guarded import guarded
from marketplace.quotes.models import Deal, QuoteVersion
from marketplace.quotes.queries.pooling import pool_behind, share_names
from marketplace.quotes.queries.sheets import Party, Sheet, SheetLine, sheet_of, sheet_of_deal
from marketplace.quotes.showing import payment_text
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.queries.contacts import guard_of
from marketplace.rfqs.rules import Side
from marketplace.rfqs.showing import certificate_names
from marketplace.sellers.models import Seller

Specifications = tuple[tuple[ByLanguage, ByLanguage], ...]


@dataclass(frozen=True)
class Gathered:
    """The facts but for the number, and whose paper it is."""

    facts: TradeFacts
    seller_id: int
    seller_organisation_id: int


def facts_of_version(session: Session, row: QuoteVersion, seller_id: int) -> Gathered:
    """A sent version of a quote, loaded with its lines and its quote."""
    assert row.sent_at is not None
    sheet = guarded(sheet_of(session, row), guard_of(session, row.quote.recipient_id))  # both sides get this paper
    return _with_pool(session, row, _traded(session, sheet, row.sent_at, seller_id, []))


def facts_of_deal(session: Session, deal: Deal) -> Gathered:
    """An agreement, loaded with its lines."""
    codes = [line.hs_code for line in deal.lines]
    gathered = _traded(session, sheet_of_deal(session, deal), deal.agreed_at, deal.seller_id, codes)
    return _with_pool(session, session.get_one(QuoteVersion, deal.version_id), gathered)


def facts_of_sample(session: Session, row: Sample) -> Gathered:
    """A sample that was approved."""
    assert row.decided_at is not None
    organisation = _organisation(session, row.seller_id)
    buyer = session.get_one(Organisation, row.buyer_id)
    rfq = session.get_one(Rfq, row.rfq_id)
    product = session.get(Product, row.product_id) if row.product_id is not None else None
    currency = row.currency or "USD"
    value = Money(row.price_minor, currency) if row.price_minor else None
    line = LineFacts(
        {"en": row.description},
        Quantity(row.quantity, row.unit) if row.quantity is not None else Quantity(Decimal(1), "piece"),
        amount=value,
        hs=row.hs_code,
        origin=product.origin_country if product is not None else "",
    )
    facts = TradeFacts(
        number="",
        reference=rfq.key.upper(),  # as people read it aloud
        made_at=row.shipped_at or row.decided_at,
        seller=_party(organisation),
        buyer=PartyFacts(buyer.name, buyer.country, tuple(row.address.splitlines()), buyer.registration_number),
        lines=(line,),
        currency=currency,
        total=row.amount if row.freight_minor and row.price_minor == 0 else value,
        destination=buyer.country,
        freight_payer="buyer" if row.freight_minor else "seller",
        tracking=" ".join(part for part in (row.carrier, row.tracking) if part),
        is_sample_data=organisation.is_sample,
    )
    return Gathered(facts, row.seller_id, organisation.id)


def bank_facts(session: Session, organisation_id: int, currency: str) -> BankFacts | None:
    """The confirmed account of the seller, with the day of a change that is young enough to warn of."""
    found = bank_details(session, organisation_id, currency)
    if found is None:
        return None
    return BankFacts(found.holder, found.bank, found.account, found.swift, found.currency, found.changed_on)


def _with_pool(session: Session, row: QuoteVersion, gathered: Gathered) -> Gathered:
    """The same with who makes the goods together, by the names that members allow, and their one specification."""
    shares = row.shares or []
    pool = pool_behind(session, shares)
    if pool is None:
        return gathered
    names, facts = share_names(session, shares), gathered.facts
    own = (facts.seller.name,) if pool.own else ()
    producers = (*own, *(names.get(one["seller_id"], "") for one in shares))
    return replace(gathered, facts=replace(facts, producers=producers, pool_specification=pool.specification))


def _traded(session: Session, sheet: Sheet, moment: datetime, seller_id: int, codes: Sequence[str]) -> Gathered:
    organisation = _organisation(session, seller_id)
    keys = [line.product_id for line in sheet.lines if line.product_id is not None]
    products = {
        product.id: product
        for product in session.scalars(
            select(Product)
            .where(Product.id.in_(keys))
            .options(selectinload(Product.specs), selectinload(Product.texts), selectinload(Product.tariff_codes))
        )
    }
    answered = [line for line in sheet.lines if line.is_answered and line.quantity is not None and line.unit]
    certificates = tuple(certificate_names(sheet.certificates, "en"))
    lines = tuple(
        _line(
            line,
            sheet,
            products.get(line.product_id or 0),
            codes[place] if place < len(codes) else "",
            certificates,
            is_alone=len(answered) == 1,
        )
        for place, line in enumerate(answered)
    )
    payment = {}
    for locale in LOCALES:
        with speaking(locale):
            payment[locale] = " ".join(part for part in (payment_text(sheet, locale), sheet.payment_note) if part)
    deposit = sheet.total.share(Decimal(sheet.deposit_percent)) if sheet.deposit_percent else None
    facts = TradeFacts(
        number="",
        reference=sheet.request_key.upper(),
        made_at=moment,
        seller=_party(organisation),
        buyer=_named(sheet.buyer),
        lines=lines,
        currency=sheet.currency,
        total=sheet.total,
        deposit=deposit,
        incoterm=sheet.incoterm,
        place=sheet.place,
        port=sheet.port,
        destination=sheet.destination,
        valid_until=sheet.valid_until,
        ship_by=sheet.ship_by,
        lead_time_days=sheet.lead_time_days,
        payment_terms=payment if any(payment.values()) else {},
        packing_note=sheet.packing,
        containers=_containers(sheet.loading),
        note=sheet.note,
        is_buyers_note=sheet.author_side == Side.BUYER,
        is_sample_data=organisation.is_sample,
    )
    return Gathered(facts, seller_id, organisation.id)


def _line(
    line: SheetLine, sheet: Sheet, product: Product | None, code: str, certificates: tuple[str, ...], *, is_alone: bool
) -> LineFacts:
    assert line.quantity is not None
    price = None
    if line.unit_price is not None and line.price_unit:
        price = UnitPrice(line.unit_price, sheet.currency, line.price_unit)
    packages = _packages(product, line.kilograms)
    if is_alone and "packages" in sheet.loading:
        packages = Quantity(Decimal(sheet.loading["packages"]), str(sheet.loading["package_unit"]))
    hs = code or (product.hs_code if product is not None else "")
    return LineFacts(
        _described(line, product),
        Quantity(line.quantity, line.unit),
        unit_price=price,
        amount=line.amount,
        hs=hs,
        national_codes=_national_codes(product, hs, sheet.destination),
        origin=product.origin_country if product is not None else "",
        net=Quantity(line.kilograms, "kg") if line.kilograms is not None else None,
        packages=packages,
        packing={"en": sheet.packing} if is_alone and sheet.packing else {},
        specifications=_specifications(product),
        certificates=certificates,
        note=line.reason,
    )


def _national_codes(product: Product | None, hs: str, destination: str) -> tuple[str, ...]:
    """The product's code in the destination's schedule, where it is known and belongs to the line's HS code."""
    if product is None or not destination:
        return ()
    market = market_of(destination, load_facts().blocs["EU"])
    return tuple(
        f"{SCHEDULES[TariffMarket(one.market)]} {grouped(one.market, one.code)}"
        for one in product.tariff_codes
        if one.market == market and one.code.startswith(hs)
    )


def _packages(product: Product | None, kilograms: Decimal | None) -> Quantity | None:
    """How many packages, or cartons of them, a line makes by the product's packing; the last one may be part full."""
    packing = product.packing if product is not None else UNPACKED
    if kilograms is None or not packing.is_stated or not packing.outer_kg:
        return None
    return Quantity((kilograms / packing.outer_kg).to_integral_value(ROUND_CEILING), packing.outer)


def _described(line: SheetLine, product: Product | None) -> dict[str, str]:
    """The words of the agreement, and the product's own titles in other languages where these are the same goods."""
    texts = {text.language: text.title for text in product.texts} if product is not None else {}
    own = line.description in texts.values()
    return ({**texts} if own else {}) | {"en": texts.get("en", line.description) if own else line.description}


def _specifications(product: Product | None) -> Specifications:
    if product is None:
        return ()
    rules = load_registry().commodity(product.commodity).rules
    kept = {row.field: row for row in product.specs}
    found = []
    for key, rule in rules.items():
        row = kept.get(key)
        value = value_of(rule.field, row.number, row.number_to, row.values) if row is not None else None
        if value is None or key == "certifications":
            continue
        names = {locale: field_name(key, locale) for locale in LOCALES}
        texts = {}
        for locale in LOCALES:
            with speaking(locale):
                texts[locale] = str(value_text(key, value, locale))
        found.append((names, texts))
    return tuple(found)


def _containers(plan: Any) -> tuple[ContainerFacts, ...]:
    """The last one's part out of how full all of them are together."""
    if "container" not in plan:
        return ()
    count, percent = int(plan["containers"]), Decimal(plan["percent"])
    last = percent * count / 100 - (count - 1)
    return (ContainerFacts(str(plan["container"]), count, float(max(last, Decimal("0.01")))),)


def _organisation(session: Session, seller_id: int) -> Organisation:
    return session.scalars(
        select(Organisation).join(Seller, Seller.organisation_id == Organisation.id).where(Seller.id == seller_id)
    ).one()


def _party(row: Organisation) -> PartyFacts:
    return PartyFacts(row.name, row.country, (row.city,) if row.city else (), row.registration_number)


def _named(party: Party) -> PartyFacts:
    return PartyFacts(party.name, party.country, (party.city,) if party.city else (), party.registration_number)
