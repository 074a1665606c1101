"""What a seller says about itself: the business unit, and the pesantren with its story."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from marketplace.accounts.models import Organisation
from marketplace.accounts.services.organisations import OrganisationDraft, change_organisation
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.text import cleaned, slug
from marketplace.sellers.events import SellerChanged, SellerRegistered
from marketplace.sellers.models import Producer, ProducerText, Seller, SellerProducer
from marketplace.sellers.policies import may_change_seller
from marketplace.sellers.queries import own_producer, own_seller
from marketplace.sellers.rules import CurationState, SellerForm


@dataclass(frozen=True)
class SellerProfile:
    """What a registration tells of a seller beyond the organisation."""

    pesantren_name: str
    regency: str = ""
    form: SellerForm = SellerForm.BUSINESS_UNIT
    nib: str = ""
    whatsapp: str = ""

    @classmethod
    def from_payload(cls, payload: dict[str, Any], organisation: Organisation, phone: str) -> SellerProfile:
        """The profile that waits in a link."""
        return cls(
            pesantren_name=payload.get("pesantren_name") or organisation.name,
            regency=payload.get("regency", ""),
            form=SellerForm(payload.get("form") or SellerForm.BUSINESS_UNIT),
            nib=payload.get("nib", ""),
            whatsapp=payload.get("whatsapp") or phone,
        )


@dataclass(frozen=True)
class SellerDraft:
    """The business unit's answers."""

    organisation: OrganisationDraft
    form: SellerForm
    nib: str
    whatsapp: str
    port: str
    export_years: int | None
    languages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ProducerDraft:
    """The pesantren's answers; ``story`` is in ``language``, in their own words."""

    name: str
    regency: str
    address: str
    santri_count: int | None
    founded_year: int | None
    language: str
    story: str


def register_seller(session: Session, organisation: Organisation, profile: SellerProfile) -> Seller:
    """A seller that has applied, and the pesantren it sells for."""
    producer = Producer(
        slug=_free_slug(session, Producer, profile.pesantren_name),
        name=cleaned(profile.pesantren_name, 200),
        country=organisation.country,
        regency=cleaned(profile.regency, 80),
        created_at=now(),
    )
    seller = Seller(
        organisation_id=organisation.id,
        slug=_free_slug(session, Seller, organisation.name),
        form=profile.form,
        curation=CurationState.APPLIED,
        nib=profile.nib,
        whatsapp=profile.whatsapp,
        languages=["id"],
        created_at=now(),
    )
    session.add_all([producer, seller])
    session.flush()  # the link between both needs their keys
    session.add(SellerProducer(seller_id=seller.id, producer_id=producer.id))
    record(session, SellerRegistered(seller.id))
    return seller


def change_seller(session: Session, actor: Actor, draft: SellerDraft, version: int) -> Seller:
    """Keep the business unit's answers; `Conflict` if somebody changed them after ``version`` was shown."""
    seller = own_seller(session, actor)
    require(may_change_seller(actor, seller))
    _refuse_stale(seller, version)
    flag_modified(seller, "form")  # every saved page is a new version
    claims_changed = seller.nib != draft.nib
    change_organisation(session, actor, seller.organisation, draft.organisation, claims_changed=claims_changed)
    seller.form = draft.form
    seller.nib = draft.nib
    seller.whatsapp = draft.whatsapp
    seller.port = cleaned(draft.port, 80)
    seller.languages = list(draft.languages)
    seller.export_years = draft.export_years
    record(session, SellerChanged(seller.id))
    return seller


def change_producer(session: Session, actor: Actor, producer_id: int, draft: ProducerDraft, version: int) -> Producer:
    """Keep the pesantren's answers. The story is kept in its language and marked as the original one."""
    producer = own_producer(session, actor, producer_id)
    seller = own_seller(session, actor)
    require(may_change_seller(actor, seller))
    _refuse_stale(seller, version)
    flag_modified(seller, "form")  # the page's version is the seller's
    producer.name = cleaned(draft.name, 200)
    producer.regency = cleaned(draft.regency, 80)
    producer.address = cleaned(draft.address, 200)
    producer.santri_count = draft.santri_count
    producer.founded_year = draft.founded_year
    _keep_story(producer, draft)
    for seller_id in session.scalars(select(SellerProducer.seller_id).where(SellerProducer.producer_id == producer.id)):
        record(session, SellerChanged(seller_id))
    return producer


def _refuse_stale(seller: Seller, version: int) -> None:
    if seller.version != version:
        raise Conflict(_("A colleague has changed this page meanwhile. Reload it and enter your changes again."))


def _keep_story(producer: Producer, draft: ProducerDraft) -> None:
    present = next((text for text in producer.texts if text.language == draft.language), None)
    story = cleaned(draft.story)
    if not story:
        if present is not None:
            producer.texts.remove(present)
        return
    for text in producer.texts:
        text.is_original = False
    if present is None:
        present = ProducerText(language=draft.language, story=story, is_original=True)
        producer.texts.append(present)
    present.story, present.is_original = story, True


def _free_slug(session: Session, model: type[Producer] | type[Seller], name: str) -> str:
    base = slug(name, "pesantren")
    taken = set(session.scalars(select(model.slug).where(model.slug.startswith(base, autoescape=True))))
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
