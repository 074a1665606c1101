"""Sample goods as rows: products with everything a listing shows, certificates and illustrations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import (
    Certificate,
    ListingReview,
    MarketRegistration,
    MonthPlan,
    Photo,
    PriceRung,
    Product,
    ProductCertificate,
    ProductSpec,
    ProductText,
)
from marketplace.catalogue.photos import prepare_illustration
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.specs import Problem, check_spec
from marketplace.catalogue.rules import CapacityKind, ListingState, ReviewState, TextSource, VerifiedBy
from marketplace.catalogue.rules.specs import columns_of
from marketplace.catalogue.services.card import refresh_card
from marketplace.catalogue.services.trade import packing_columns
from marketplace.cli.sample.goods import SampleProduct, SampleSchool
from marketplace.cli.sample.packing import sample_basis, sample_codes, sample_packing
from marketplace.cli.sample.people import SampleSeller
from marketplace.kernel.clock import now, today
from marketplace.kernel.text import slug

PICTURE = (480, 360)


class ListingMaker:
    """Makes products one by one; ``draw`` gives the SVG of an illustration, ``keep`` stores it under its stem."""

    def __init__(
        self,
        session: Session,
        curator: int,
        draw: Callable[[str, str, int], str],
        keep: Callable[[str, bytes], None],
    ) -> None:
        self.session = session
        self.curator = curator
        self.draw = draw
        self.keep = keep
        self.certificates: dict[tuple[int, str], Certificate] = {}

    def add_certificates(self, school: SampleSchool, seller: SampleSeller) -> None:
        """The certificates of one school's business unit, checked by a curator."""
        for one in school.certificates:
            row = Certificate(
                seller_id=seller.seller_id,
                producer_id=seller.producer_id,
                code=one.code,
                issuer=one.issuer,
                number=one.number,
                scope="",
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                verified_at=now(),
                verified_by_id=self.curator,
                verified_method=VerifiedBy.DOCUMENT,
                created_at=now(),
            )
            self.session.add(row)
            self.certificates[school.number, one.code] = row
        self.session.flush()  # products link to them

    def load_certificates(self, schools: dict[int, int]) -> None:
        """The certificates that an earlier batch made, by the school of their seller."""
        for row in self.session.scalars(select(Certificate)):
            self.certificates[schools[row.seller_id], row.code] = row

    def add(self, sample: SampleProduct, seller: SampleSeller, regency: str, number: int) -> Product:
        """One product in the state the sample asks for."""
        commodity = load_registry().commodity(sample.commodity)
        moment = now() - timedelta(days=number % 90, hours=number % 24)
        is_out = sample.state in {"listed", "withdrawn"}
        product = Product(
            slug=f"{slug(sample.titles['en'])[:60].strip('-')}-{number + 1}",
            seller_id=seller.seller_id,
            producer_id=seller.producer_id,
            external_key=sample.key,
            commodity=commodity.key,
            category=commodity.category,
            hs_code=commodity.hs,
            stage=sample.stage,
            state=sample.state,
            original_language="id",
            unit=sample.unit,
            moq=sample.moq,
            moq_basis=sample_basis(commodity, sample.unit, sample.moq, number),
            capacity_per_month=sample.capacity,
            lead_time_days=sample.lead_time_days,
            packaging=sample.packaging,
            unit_weight_kg=sample.unit_kg,
            **packing_columns(sample_packing(commodity, sample.packaging, sample.unit, sample.unit_kg)),
            ports=["Tanjung Perak"],
            destinations=list(sample.destinations),
            has_private_label=sample.has_private_label,
            sample_is_offered=True,
            sample_is_free=sample.sample_is_free,
            sample_days=7,
            sample_note="",
            origin_country="ID",
            origin_region=regency,
            crop_year=sample.crop_year,
            is_sample=True,
            listed_at=moment if is_out else None,
            created_at=moment - timedelta(days=10),
            changed_at=moment,
        )
        product.texts = [
            ProductText(
                language=language,
                title=title[:200],
                description=sample.descriptions[language],
                source=TextSource.ORIGINAL if language == "id" else TextSource.MACHINE,
            )
            for language, title in sample.titles.items()
        ]
        for key, raw in sample.specs.items():
            value = check_spec(commodity, key, raw, "en")
            if isinstance(value, Problem):
                raise ValueError(f"sample {sample.key}: {key} = {raw!r} is not valid: {value.code}")
            columns = columns_of(value)
            product.specs.append(
                ProductSpec(field=key, number=columns.number, number_to=columns.number_to, values=list(columns.values))
            )
        product.prices = [
            PriceRung(
                incoterm=rung.incoterm,
                place=rung.place,
                unit=sample.unit,
                currency=rung.currency,
                min_quantity=rung.min_quantity,
                unit_price=rung.unit_price,
            )
            for rung in sample.rungs
        ]
        product.certificates = [
            ProductCertificate(certificate=self.certificates[sample.school, code]) for code in sample.certificates
        ]
        for linked in product.certificates:
            _cover(linked.certificate, commodity.hs)
        product.tariff_codes = sample_codes(commodity, sample.certificates, number, moment.date())
        product.registrations = [
            MarketRegistration(kind=kind, number=f"SAMPLE-{kind.upper()}", valid_to=date(today().year + 1, 6, 30))
            for kind in sample.registrations
        ]
        product.months = [
            MonthPlan(month=date(1, month, 1), kind=CapacityKind.HARVEST, quantity=None) for month in sample.harvest
        ] + self._free_months(sample)
        drawing = prepare_illustration(self.draw(commodity.key, commodity.category, number), *PICTURE)
        for key, data in drawing.files.items():
            self.keep(key, data)
        product.photos = [
            Photo(
                stem=drawing.stem,
                width=drawing.width,
                height=drawing.height,
                position=0,
                alt=dict(sample.titles),
                is_illustration=True,
                created_at=moment,
            )
        ]
        refresh_card(product)
        self.session.add(product)
        self.session.flush()  # reviews name it
        self._review(product, seller, moment)
        return product

    def _free_months(self, sample: SampleProduct) -> list[MonthPlan]:
        rows = []
        for step in range(6):
            year, month = divmod(today().year * 12 + today().month - 1 + step, 12)
            share = Decimal((int(sample.key[-4:]) * 7 + step * 3) % 10) / 10
            rows.append(
                MonthPlan(
                    month=date(year, month + 1, 1),
                    kind=CapacityKind.FREE,
                    quantity=(sample.capacity * share).quantize(Decimal(1)),
                )
            )
        return rows

    def _review(self, product: Product, seller: SampleSeller, moment: object) -> None:
        if product.state == ListingState.IN_REVIEW:
            self.session.add(
                ListingReview(
                    product_id=product.id,
                    state=ReviewState.WAITING,
                    submitted_at=product.changed_at,
                    submitted_by_id=seller.user_id,
                    changed_claims=[],
                    checklist={},
                    field_notes={},
                )
            )
        elif product.state == ListingState.DRAFT and product.id % 2:
            self.session.add(
                ListingReview(
                    product_id=product.id,
                    state=ReviewState.RETURNED,
                    submitted_at=product.created_at,
                    submitted_by_id=seller.user_id,
                    changed_claims=[],
                    decided_at=product.changed_at,
                    decided_by_id=self.curator,
                    checklist={},
                    note="Mohon lengkapi uraian kemasan dan kadar air, lalu ajukan lagi.",
                    field_notes={"packaging": "Sebutkan berat bersih per kemasan."},
                )
            )


def _cover(certificate: Certificate, hs_code: str) -> None:
    """Name the goods in the scope by their HS headings, which read alike in every language."""
    headings = {*certificate.scope.removeprefix("HS ").split(), hs_code[:4]}
    certificate.scope = "HS " + " ".join(sorted(headings))
