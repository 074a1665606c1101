"""A seller makes and changes a product, section by section."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Certificate, Product, ProductCertificate, ProductSpec, ProductText
from marketplace.catalogue.policies import may_curate
from marketplace.catalogue.queries.own import (
    any_product,
    own_product,
    paused_commodities,
    producers_of,
    seller_of,
    slug_is_taken,
)
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.lookup import CommodityUnknown
from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.rules import ListingState, Stage, TextSource
from marketplace.catalogue.rules.specs import columns_of
from marketplace.catalogue.services.drafts import OriginDraft, ProductStart, TextDraft
from marketplace.catalogue.services.editing import editing
from marketplace.catalogue.services.problems import Unfit
from marketplace.catalogue.services.tariffs import cleaned_codes, drop_foreign_codes, put_codes, tariff_problems
from marketplace.i18n.locales import LOCALES
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, OrganisationKind, require
from marketplace.kernel.text import cleaned
from marketplace.kernel.text import slug as slug_of
from marketplace.sellers.rules import CurationState

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 8000
LARGEST_SPEC = Decimal(10) ** 12
# a person lists by hand; files go through the import
MOST_DRAFTS = 500


def create_product(session: Session, actor: Actor, start: ProductStart) -> Product:
    """A new draft of the actor's seller."""
    seller = seller_of(session, actor)
    if seller.curation == CurationState.PAUSED:
        raise Conflict(_("Your place on the market is paused. Write to your curator before you add products."))
    try:
        commodity = load_registry().commodity(start.commodity)
    except CommodityUnknown:
        raise Unfit({"commodity": _("Choose a commodity from the list.")}) from None
    refuse_paused(session, commodity.key)
    producers = producers_of(session, seller.id)
    producer_id = start.producer_id if start.producer_id is not None else (producers[0].id if producers else None)
    producer = next((one for one in producers if one.id == producer_id), None)
    if producer_id is not None and producer is None:
        raise NotFound
    title, language = checked_title(start.title), checked_language(start.language)
    product = Product(
        slug=free_slug(session, title),
        seller_id=seller.id,
        producer_id=producer_id,
        commodity=commodity.key,
        category=commodity.category,
        hs_code=commodity.hs,
        stage=Stage.JUAL,
        state=ListingState.DRAFT,
        original_language=language,
        unit=commodity.moq_unit,
        ports=[],
        destinations=[],
        origin_country=producer.country if producer else "ID",
        origin_region=producer.regency if producer else "",
        is_sample=seller.organisation.is_sample,
        card_titles={language: title},
        card_certificates=[],
        filled_in=[],
        created_at=now(),
        changed_at=now(),
    )
    description = cleaned(start.description, DESCRIPTION_LENGTH)
    product.texts = [ProductText(language=language, title=title, description=description, source=TextSource.ORIGINAL)]
    product.specs = _origin_specs(commodity.key, product.origin_region)
    session.add(product)
    session.flush()  # the event needs the key
    record(session, ProductChanged(product.id))
    return product


def free_slug(session: Session, title: str) -> str:
    """An address for a product with this title that nobody has."""
    plain = slug_of(title, "product")
    candidate = plain
    while slug_is_taken(session, candidate):
        candidate = f"{plain}-{secrets.token_hex(3)}"
    return candidate


def refuse_paused(session: Session, commodity: str) -> None:
    """Raise when operators have paused the commodity; their note says why."""
    paused = paused_commodities(session, [commodity])
    if commodity in paused:
        reason = paused[commodity]
        if reason:
            raise DomainError(_("The programme does not offer this commodity at present: %(reason)s", reason=reason))
        raise DomainError(_("The programme does not offer this commodity at present."))


def edit_texts(
    session: Session, actor: Actor, slug: str, version: int, original: TextDraft, translations: Sequence[TextDraft]
) -> Product:
    """Replace the texts: the seller's own words, and what people translated; empty translations go."""
    languages = [original.language, *(text.language for text in translations)]
    with editing(session, actor, slug, version) as product:
        if len(set(languages)) != len(languages):
            raise Unfit({"language": _("Each language can have one text.")})
        kept = {row.language: row for row in product.texts}
        wanted: dict[str, tuple[TextDraft, str]] = {}
        wanted[checked_language(original.language)] = (original, TextSource.ORIGINAL)
        for text in translations:
            if cleaned(text.title) or cleaned(text.description):
                wanted[checked_language(text.language)] = (text, TextSource.HUMAN)
        rows = []
        for language, (text, source) in wanted.items():
            title = checked_title(text.title)
            description = cleaned(text.description, DESCRIPTION_LENGTH)
            row = kept.get(language) or ProductText(language=language)
            row.title, row.description, row.source = title, description, source
            rows.append(row)
        product.texts = rows
        product.original_language = original.language
    return product


def edit_specs(session: Session, actor: Actor, slug: str, version: int, values: Mapping[str, SpecValue]) -> Product:
    """Replace the specifications by typed values (see `registry.specs.check_spec`); fields left out are gone.

    The region of origin is part of the origin and stays as it is there.
    """
    with editing(session, actor, slug, version) as product:
        commodity = load_registry().commodity(product.commodity)
        foreign = [key for key in values if key not in commodity.rules]
        if foreign:
            raise Unfit({key: _("This commodity does not have this specification.") for key in foreign})
        kept = {row.field: row for row in product.specs}
        rows = [row for row in product.specs if row.field == "origin_region"]
        for key, value in values.items():
            if key == "origin_region":
                continue
            columns = columns_of(value)
            if any(n is not None and abs(n) > LARGEST_SPEC for n in (columns.number, columns.number_to)):
                raise Unfit({f"spec-{key}": _("This number is too large.")})
            row = kept.get(key) or ProductSpec(field=key)
            row.number, row.number_to, row.values = columns.number, columns.number_to, list(columns.values)
            rows.append(row)
        product.specs = rows
        crop = values.get("crop_year")
        product.crop_year = crop[:20] if isinstance(crop, str) else ""
    return product


def edit_origin(session: Session, actor: Actor, slug: str, version: int, draft: OriginDraft) -> Product:
    """Set producer, HS code with the national codes it begins, stage and origin."""
    with editing(session, actor, slug, version) as product:
        commodity = load_registry().commodity(product.commodity)
        producers = {one.id for one in producers_of(session, product.seller_id)}
        if draft.producer_id is not None and draft.producer_id not in producers:
            raise NotFound
        problems: dict[str, object] = {}
        if draft.hs_code not in commodity.hs_codes:
            problems["hs_code"] = _("Choose one of the HS codes of this commodity.")
        if draft.stage not in set(Stage):
            problems["stage"] = _("Choose a stage of the value chain.")
        if draft.country not in COUNTRIES:
            problems["country"] = _("Choose a country.")
        codes = None if draft.tariff_codes is None else cleaned_codes(draft.tariff_codes)
        problems |= tariff_problems(codes or (), draft.hs_code)
        if problems:
            raise Unfit(problems)
        product.producer_id, product.hs_code, product.stage = draft.producer_id, draft.hs_code, draft.stage
        if codes is None:
            drop_foreign_codes(product)
        else:
            put_codes(product, codes, is_by_staff=False)
        product.origin_country, product.origin_region = draft.country, cleaned(draft.region, 80)
        others = [row for row in product.specs if row.field != "origin_region"]
        held = next((row for row in product.specs if row.field == "origin_region"), None)
        wanted = _origin_specs(commodity.key, product.origin_region)
        if held is not None and wanted:
            held.values = wanted[0].values
            wanted = [held]
        product.specs = others + wanted
    return product


def link_certificates(
    session: Session, actor: Actor, slug: str, version: int | None, certificate_ids: Sequence[int]
) -> Product:
    """Say which of the seller's certificates cover the product; a foreign key is `NotFound`."""
    with editing(session, actor, slug, version) as product:
        wanted = set(certificate_ids)
        found = {
            row.id: row
            for row in session.scalars(
                select(Certificate).where(Certificate.id.in_(wanted), Certificate.seller_id == product.seller_id)
            )
        }
        if wanted - set(found):
            raise NotFound
        kept = {link.certificate_id: link for link in product.certificates}
        product.certificates = [
            kept.get(key) or ProductCertificate(certificate_id=key, certificate=found[key]) for key in sorted(wanted)
        ]
    return product


def delete_draft(session: Session, actor: Actor, slug: str, version: int) -> list[str]:
    """Delete a draft that was never on the market; gives the stems of its pictures."""
    with editing(session, actor, slug, version) as product:
        if product.state != ListingState.DRAFT or product.listed_at is not None:
            raise Conflict(_("Only a draft that was never on the market can be deleted. Withdraw this one instead."))
        stems = [photo.stem for photo in product.photos]
        key = product.id
    session.delete(own_product(session, actor, slug))
    audit(session, actor, "product.deleted", f"product:{key}")
    session.flush()  # handlers must find it gone
    return stems


def assign_market_partner(session: Session, actor: Actor, product_id: int, organisation_id: int | None) -> Product:
    """Staff name the chapter that represents the product abroad, or nobody."""
    require(may_curate(actor))
    product = any_product(session, product_id)
    if organisation_id is not None:
        chapter = session.get(Organisation, organisation_id)
        if chapter is None or chapter.kind != OrganisationKind.CHAPTER:
            raise NotFound
    product.market_partner_id, product.changed_at = organisation_id, now()
    audit(session, actor, "product.market_partner", f"product:{product_id}", organisation_id=organisation_id)
    record(session, ProductChanged(product.id))
    return product


def checked_title(text: str) -> str:
    """The title, trimmed; `Unfit` when it is too short or too long."""
    title = " ".join(cleaned(text, TITLE_LENGTH + 1).split())
    if len(title) < 3:
        raise Unfit({"title": _("Give a title of at least three letters.")})
    if len(title) > TITLE_LENGTH:
        raise Unfit({"title": _("The title can have at most 200 characters.")})
    return title


def checked_language(language: str) -> str:
    """The language if it is one of the site's; `Unfit` otherwise."""
    if language not in LOCALES:
        raise Unfit({"language": _("Choose one of the site's languages.")})
    return language


def _origin_specs(commodity: str, region: str) -> list[ProductSpec]:
    """The specification that repeats the region, where the commodity asks for it."""
    if not region or "origin_region" not in load_registry().commodity(commodity).rules:
        return []
    return [ProductSpec(field="origin_region", values=[region_name(region)])]


def region_name(region: str) -> str:
    """A regency's full name for its key; other regions as they were written."""
    from marketplace.kernel.regions import REGENCIES

    return REGENCIES[region].full_name if region in REGENCIES else region
