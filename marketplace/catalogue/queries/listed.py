"""One product read for its page: two statements, whatever it holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import (
    Certificate,
    MarketRegistration,
    MonthPlan,
    Photo,
    PriceRung,
    Product,
    ProductCertificate,
    ProductSpec,
    ProductTariffCode,
    ProductText,
)
from marketplace.catalogue.photos import is_illustration
from marketplace.catalogue.policies import is_public, readable_by
from marketplace.catalogue.queries.product_view import (
    CertificateView,
    LadderView,
    MonthView,
    PhotoView,
    ProducerView,
    ProductView,
    RegistrationView,
    RungView,
    SellerView,
    SpecView,
    TariffCodeView,
    TextView,
)
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.specs import value_of
from marketplace.catalogue.rules.trade import Incoterm
from marketplace.kernel.database import Exact, Moment
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import On, Prepared, Raw
from marketplace.sellers.models import Producer, ProducerText, Seller

_Partner = aliased(Organisation)
_HIDDEN_COLUMNS = frozenset({
    "card_titles", "card_certificates", "external_key", "import_digest", "created_at", "seller_id", "producer_id",
    "market_partner_id",
})  # fmt: skip
_PRODUCT = [column for column in Product.__table__.c if column.name not in _HIDDEN_COLUMNS]
_NAMES = [column.name for column in _PRODUCT]
_SELLER = (
    Seller.id, Seller.organisation_id, Seller.slug, Organisation.name, Seller.form, Organisation.country,
    Organisation.city, Organisation.verification_level, Organisation.verified_until, Seller.export_years,
    Seller.languages, Seller.lead_count, Seller.answered_count, Seller.answer_minutes,
)  # fmt: skip
_PRODUCER = (
    Producer.id, Producer.slug, Producer.name, Producer.country, Producer.regency, Producer.santri_count,
    Producer.founded_year,
)  # fmt: skip
_TUPLES = frozenset({"ports", "destinations", "filled_in"})


# Kinds of parts share these columns, so that one statement reads them all.
_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("id", BigInteger()), ("a", String()), ("b", String()), ("c", String()), ("d", String()), ("e", String()),
    ("m", Exact()), ("n", Exact()), ("since", Date()), ("until", Date()), ("j", JSON()), ("x", BigInteger()),
    ("y", BigInteger()), ("z", BigInteger()), ("at", Moment()),
)  # fmt: skip


def _branch(kind: str, source: Any, where: ColumnElement[bool], **columns: Any) -> Select[*tuple[Any, ...]]:
    picked = [columns.get(name, cast(null(), type_)).label(name) for name, type_ in _COLUMNS]
    return select(literal(kind, String()).label("kind"), *picked).select_from(source).where(where)


class _Part(NamedTuple):
    """A part's columns by the names above."""

    id: Any
    a: Any
    b: Any
    c: Any
    d: Any
    e: Any
    m: Any
    n: Any
    since: Any
    until: Any
    j: Any
    x: Any
    y: Any
    z: Any
    at: Any


def _parts() -> CompoundSelect[*tuple[Any, ...]]:
    key, maker = bindparam("product_id", type_=BigInteger()), bindparam("producer_id", type_=BigInteger())
    covered = ProductCertificate.__table__.join(
        Certificate.__table__, ProductCertificate.certificate_id == Certificate.id
    )
    return union_all(
        _branch("certificate", covered, ProductCertificate.product_id == key, id=Certificate.id, a=Certificate.code,
                b=Certificate.issuer, c=Certificate.number, d=Certificate.scope, e=Certificate.verified_method,
                since=Certificate.valid_from, until=Certificate.valid_to, x=Certificate.file_id,
                at=Certificate.verified_at),
        _branch("text", ProductText, ProductText.product_id == key, id=ProductText.id, a=ProductText.language,
                b=ProductText.title, c=ProductText.description, d=ProductText.source),
        _branch("spec", ProductSpec, ProductSpec.product_id == key, id=ProductSpec.id, a=ProductSpec.field,
                m=ProductSpec.number, n=ProductSpec.number_to, j=ProductSpec.values),
        _branch("rung", PriceRung, PriceRung.product_id == key, id=PriceRung.id, a=PriceRung.incoterm,
                b=PriceRung.place, c=PriceRung.unit, d=PriceRung.currency, m=PriceRung.min_quantity,
                n=PriceRung.unit_price),
        _branch("photo", Photo, Photo.product_id == key, id=Photo.id, a=Photo.stem, x=Photo.width,
                y=Photo.height, z=Photo.position, j=Photo.alt),
        _branch("month", MonthPlan, MonthPlan.product_id == key, id=MonthPlan.id, a=MonthPlan.kind,
                since=MonthPlan.month, m=MonthPlan.quantity),
        _branch("registration", MarketRegistration, MarketRegistration.product_id == key, id=MarketRegistration.id,
                a=MarketRegistration.kind, b=MarketRegistration.number, until=MarketRegistration.valid_to),
        _branch("tariff", ProductTariffCode, ProductTariffCode.product_id == key, id=ProductTariffCode.id,
                a=ProductTariffCode.market, b=ProductTariffCode.code, c=ProductTariffCode.source,
                since=ProductTariffCode.stated_on, x=cast(cast(ProductTariffCode.is_by_staff, Integer), BigInteger())),
        _branch("story", ProducerText, ProducerText.producer_id == maker, id=ProducerText.id, a=ProducerText.language,
                b=ProducerText.story, x=cast(cast(ProducerText.is_original, Integer), BigInteger())),
    )  # fmt: skip


_ONE = (
    select(*_PRODUCT, *_SELLER, *_PRODUCER, _Partner.id, _Partner.name)
    .join(Seller, Seller.id == Product.seller_id)
    .join(Organisation, Organisation.id == Seller.organisation_id)
    .outerjoin(Producer, Producer.id == Product.producer_id)
    .outerjoin(_Partner, _Partner.id == Product.market_partner_id)
)
_PARTS = Prepared(_parts())
_LISTED = Prepared(_ONE.where(Product.slug == bindparam("slug"), is_public()))
_BY_KEY = Prepared(_ONE.where(Product.id == bindparam("key")))
_ID, _SLUG, _COMMODITY, _CATEGORY = (_NAMES.index(name) for name in ("id", "slug", "commodity", "category"))
_MAKER = len(_PRODUCT) + len(_SELLER)


@dataclass(frozen=True, slots=True)
class ProductRows:
    """Everything a product page shows as the driver gave it: cheap to read, and equal as long as nothing changed."""

    one: Raw
    parts: tuple[Raw, ...]
    read_by: Prepared

    @property
    def id(self) -> int:
        return int(self.one[_ID])

    @property
    def slug(self) -> str:
        return str(self.one[_SLUG])

    @property
    def seller_id(self) -> int:
        return int(self.one[len(_PRODUCT)])

    @property
    def commodity(self) -> str:
        return str(self.one[_COMMODITY])

    @property
    def category(self) -> str:
        return str(self.one[_CATEGORY])


def listed_rows(session: On, slug: str) -> ProductRows:
    """The rows of the product that everyone may see at this address, in two statements; `NotFound` otherwise."""
    return _rows(session, _LISTED, slug=slug)


def listed_product(session: Session, slug: str) -> ProductView:
    """The product that everyone may see at this address; `NotFound` otherwise."""
    return view_of(session, listed_rows(session, slug))


def readable_product(session: Session, actor: Actor | None, slug: str) -> ProductView:
    """The product as ``actor`` may see it: sellers their own drafts, staff every state."""
    key = session.scalar(
        select(Product.id)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Product.slug == slug, readable_by(actor))
    )
    if key is None:
        raise NotFound
    return product_by_id(session, key)


def product_rows(session: Session, product_id: int) -> ProductRows:
    """The rows of a product in any state; whoever asks judges access."""
    return _rows(session, _BY_KEY, key=product_id)


def product_by_id(session: Session, product_id: int) -> ProductView:
    """A product in any state, for staff pages, jobs and projections, which judge access themselves."""
    return view_of(session, product_rows(session, product_id))


def _rows(session: On, one: Prepared, **which: Any) -> ProductRows:
    found = one.raw(session, **which)
    if not found:
        raise NotFound
    row = found[0]
    return ProductRows(row, tuple(_PARTS.raw(session, product_id=row[_ID], producer_id=row[_MAKER])), one)


def view_of(session: On, rows: ProductRows) -> ProductView:
    """The rows as typed values; asks the database nothing."""
    row = rows.read_by.typed(session, [rows.one])[0]
    own = len(_PRODUCT)
    producer = _MAKER + len(_PRODUCER)
    values: dict[str, Any] = dict(zip(_NAMES, row[:own], strict=True))
    for name in _TUPLES:
        values[name] = tuple(values[name])
    sold_by, made_by, partner = row[own:_MAKER], row[_MAKER:producer], row[producer:]
    parts: dict[str, list[_Part]] = defaultdict(list)
    for part in _PARTS.typed(session, rows.parts):
        parts[part[0]].append(_Part(*part[1:]))
    stories = {part.a: part.b for part in parts["story"]}
    original = next((part.a for part in parts["story"] if part.x), "")
    return ProductView(
        **values,
        seller=SellerView(*(*sold_by[:10], tuple(sold_by[10]), *sold_by[11:])),
        producer=ProducerView(*(*made_by, stories, original)) if made_by[0] is not None else None,
        market_partner=(partner[0], partner[1]) if partner[0] is not None else None,
        texts={part.a: TextView(part.a, part.b, part.c, part.d) for part in parts["text"]},
        specs=_specs(values["commodity"], parts["spec"]),
        ladders=_ladders(parts["rung"]),
        certificates=tuple(
            CertificateView(p.id, p.a, p.b, p.c, p.d, p.since, p.until, p.at, p.e, p.x is not None)
            for p in sorted(parts["certificate"], key=lambda p: (p.a, p.id))
        ),
        registrations=tuple(RegistrationView(p.a, p.b, p.until) for p in sorted(parts["registration"], key=_by_a)),
        tariff_codes=tuple(
            TariffCodeView(p.a, p.b, p.c, p.since, bool(p.x)) for p in sorted(parts["tariff"], key=_by_a)
        ),
        photos=tuple(
            PhotoView(p.id, p.a, p.x, p.y, p.j, is_illustration(p.a))
            for p in sorted(parts["photo"], key=lambda p: (p.z, p.id))
        ),
        months=tuple(MonthView(p.since, p.a, p.m) for p in sorted(parts["month"], key=lambda p: (p.since, p.a))),
    )


def _specs(commodity: str, rows: list[Any]) -> tuple[SpecView, ...]:
    """The specifications, those by which buyers decide first; what the registry knows no more is left out."""
    found = {}
    known = load_registry().commodity(commodity)
    rules = known.rules
    for row in rows:
        rule = rules.get(row.a)
        value = value_of(rule.field, row.m, row.n, row.j or ()) if rule else None
        if value is not None:
            found[row.a] = SpecView(row.a, value)
    return tuple(found[key] for key in known.by_weight if key in found)


def _ladders(rows: list[Any]) -> tuple[LadderView, ...]:
    steps: dict[tuple[str, str, str, str], list[RungView]] = defaultdict(list)
    for row in rows:
        steps[(row.a, row.b, row.c, row.d)].append(RungView(row.m, row.n))
    order = {term: place for place, term in enumerate(Incoterm)} | {"FOB": -1}
    return tuple(
        LadderView(*key, tuple(sorted(rungs, key=lambda rung: rung.min_quantity)))
        for key, rungs in sorted(steps.items(), key=lambda item: (order.get(item[0][0], 99), item[0]))
    )


def _by_a(row: Any) -> str:
    return str(row.a)
