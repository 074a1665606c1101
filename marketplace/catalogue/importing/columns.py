"""The columns that an import file may have, with their headings in Indonesian and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.lookup import folded
from marketplace.catalogue.registry.types import LOCALES

MOST_RUNGS = 5
MOST_CERTIFICATES = 3
SPEC_PREFIX = "spec."


class Kind(StrEnum):
    """What a column holds, which decides how its cells are read."""

    KEY = "key"
    COMMODITY = "commodity"
    TEXT = "text"
    LONG_TEXT = "long_text"
    LANGUAGE = "language"
    STAGE = "stage"
    HS = "hs"
    TARIFF = "tariff"
    COUNTRY = "country"
    COUNTRIES = "countries"
    QUANTITY = "quantity"
    AMOUNT = "amount"
    DAYS = "days"
    COUNT = "count"
    PACKAGE = "package"
    PRICE = "price"
    CURRENCY = "currency"
    UNIT = "unit"
    INCOTERM = "incoterm"
    ANSWER = "answer"
    DATE = "date"
    TEXTS = "texts"
    PHOTOS = "photos"
    CERTIFICATE = "certificate"
    SPEC = "spec"


@dataclass(frozen=True, slots=True)
class Column:
    """A column we know. Without a needed one no row can be taken; a listed one must be filled before publication."""

    name: str
    kind: Kind
    heading_en: str
    heading_id: str
    help_en: str
    help_id: str
    is_needed: bool = False
    is_for_listing: bool = False
    most: int = 0

    @property
    def heading(self) -> str:
        """The heading of the template: Indonesian, then English."""
        return f"{self.heading_id} / {self.heading_en}"


_LANGUAGES = {
    "en": ("English", "Inggris"),
    "id": ("Indonesian", "Indonesia"),
    "de": ("German", "Jerman"),
    "zh_Hans": ("Simplified Chinese", "Mandarin sederhana"),
    "zh_Hant": ("Traditional Chinese", "Mandarin tradisional"),
}


def _texts() -> list[Column]:
    found = []
    for locale in LOCALES:
        english, indonesian = _LANGUAGES[locale]
        found.append(
            Column(f"title_{locale}", Kind.TEXT, f"Title ({english})", f"Judul ({indonesian})",
                   "What a buyer reads first, without prices or contact data.",
                   "Yang pertama dibaca pembeli, tanpa harga atau kontak.", most=200)
        )  # fmt: skip
    for locale in LOCALES:
        english, indonesian = _LANGUAGES[locale]
        found.append(
            Column(f"description_{locale}", Kind.LONG_TEXT, f"Description ({english})", f"Deskripsi ({indonesian})",
                   "How it is grown or made, how it tastes or feels, what is special.",
                   "Cara tanam atau pembuatan, rasa atau tekstur, keunggulan.", most=5000)
        )  # fmt: skip
    return found


def _rungs() -> list[Column]:
    found = []
    for place in range(1, MOST_RUNGS + 1):
        suffix, count = ("", "") if place == 1 else (f"_{place}", f" {place}")
        found += [
            Column(f"price{suffix}", Kind.PRICE, f"Price{count}", f"Harga{count}",
                   "Amount, currency and unit: USD 6.20/kg.", "Jumlah, mata uang, satuan: Rp 45.000/kg.",
                   is_for_listing=place == 1),
            Column(f"price{suffix}_from", Kind.QUANTITY, f"Price{count} from quantity", f"Harga{count} mulai jumlah",
                   "The quantity from which the price holds: 1 t.", "Jumlah mulai harga ini berlaku: 1 ton."),
        ]  # fmt: skip
    return found


def _certificates() -> list[Column]:
    found = []
    for place in range(1, MOST_CERTIFICATES + 1):
        name, count = f"certificate_{place}", f" {place}"
        found += [
            Column(f"{name}_code", Kind.CERTIFICATE, f"Certificate{count}", f"Sertifikat{count}",
                   "Kind of certificate.", "Jenis sertifikat."),
            Column(f"{name}_issuer", Kind.TEXT, f"Certificate{count} issuer", f"Penerbit sertifikat{count}",
                   "Who issued it.", "Lembaga penerbit.", most=200),
            Column(f"{name}_number", Kind.TEXT, f"Certificate{count} number", f"Nomor sertifikat{count}",
                   "Its number.", "Nomornya.", most=80),
            Column(f"{name}_from", Kind.DATE, f"Certificate{count} valid from", f"Sertifikat{count} berlaku mulai",
                   "First day, as 2026-05-31.", "Hari pertama, misalnya 2026-05-31."),
            Column(f"{name}_to", Kind.DATE, f"Certificate{count} valid to", f"Sertifikat{count} berlaku sampai",
                   "Last day, as 2027-05-30.", "Hari terakhir, misalnya 2027-05-30."),
        ]  # fmt: skip
    return found


def _tariffs() -> list[Column]:
    """National customs codes, each with its source; see ``catalogue.rules.tariffs``."""
    found = []
    for market, english, indonesian, digits in (
        ("eu", "European Union (CN)", "Uni Eropa (CN)", 8),
        ("us", "United States (HTS)", "Amerika Serikat (HTS)", 10),
        ("hk", "Hong Kong (HKHS)", "Hong Kong (HKHS)", 8),
    ):
        found += [
            Column(f"tariff_{market}", Kind.TARIFF, f"Customs code, {english}", f"Kode pabean, {indonesian}",
                   f"{digits} digits that begin with the HS code.", f"{digits} angka yang diawali kode HS.",
                   most=digits),
            Column(f"tariff_{market}_source", Kind.TEXT, f"Source of the code, {english}",
                   f"Sumber kode, {indonesian}", "Where it was read: schedule and year, ruling, broker.",
                   "Di mana dibaca: daftar tarif dan tahun, ketetapan, pialang.", most=200),
        ]  # fmt: skip
    return found


# fmt: off
_FIXED_FIRST = [
    Column("external_key", Kind.KEY, "Item code", "Kode barang",
           "Your own code. A second import with the same code updates the product.",
           "Kode Anda sendiri. Impor ulang dengan kode sama memperbarui produk.", is_needed=True, most=120),
    Column("commodity", Kind.COMMODITY, "Commodity", "Komoditas",
           "One of the commodities in the list.", "Salah satu komoditas dalam daftar.", is_needed=True),
    Column("language", Kind.LANGUAGE, "Original language", "Bahasa asli",
           "Language in which the text was written: id, en, de, zh_Hans, zh_Hant.",
           "Bahasa asli teks: id, en, de, zh_Hans, zh_Hant."),
]
_FIXED_MIDDLE = [
    Column("stage", Kind.STAGE, "Stage", "Tahap", "petik, olah, kemas or jual.", "petik, olah, kemas, atau jual."),
    Column("hs_code", Kind.HS, "HS code", "Kode HS", "Six digits; empty takes the commodity's usual code.",
           "Enam angka; kosong berarti kode lazim komoditas."),
    *_tariffs(),
    Column("producer", Kind.TEXT, "Producer", "Produsen", "The pesantren that makes it, where another sells it.",
           "Pesantren pembuat, bila penjualnya lain.", most=120),
    Column("origin_country", Kind.COUNTRY, "Country of origin", "Negara asal", "Name or two-letter code.",
           "Nama atau kode dua huruf.", is_for_listing=True),
    Column("origin_region", Kind.TEXT, "Region of origin", "Daerah asal", "Regency or growing region.",
           "Kabupaten atau daerah tanam.", most=80),
    Column("moq", Kind.QUANTITY, "Minimum order", "Pesanan minimum", "Number and unit: 500 kg.",
           "Angka dan satuan: 500 kg.", is_for_listing=True),
    Column("moq_usual", Kind.ANSWER, "Usual minimum accepted", "Minimum lazim diterima",
           "Yes: without a minimum order, what is usual for these goods holds.",
           "Ya: tanpa pesanan minimum, yang lazim untuk barang ini berlaku."),
    Column("capacity_per_month", Kind.QUANTITY, "Capacity per month", "Kapasitas per bulan",
           "Number and unit: 5 t.", "Angka dan satuan: 5 ton.", is_for_listing=True),
    Column("lead_time_days", Kind.DAYS, "Lead time in days", "Waktu siap kirim (hari)",
           "Days from order to readiness for shipment.", "Hari dari pesanan sampai siap kirim.", is_for_listing=True),
    Column("packaging", Kind.TEXT, "Packaging", "Kemasan", "For example 60 kg jute bag.",
           "Misalnya karung goni 60 kg.", is_for_listing=True, most=200),
    Column("pack_unit", Kind.PACKAGE, "Packed in", "Dikemas dalam", "A package: bag, pouch, bottle, carton.",
           "Kemasan: karung, kantong, botol, karton."),
    Column("pack_net_weight", Kind.QUANTITY, "Net weight of one package", "Berat bersih per kemasan",
           "For example 60 kg or 250 g.", "Misalnya 60 kg atau 250 g."),
    Column("packs_per_carton", Kind.COUNT, "Packages in a carton", "Kemasan per karton",
           "A whole number; empty where nothing is put into cartons.", "Angka bulat; kosong bila tanpa karton."),
    Column("cartons_per_fcl20", Kind.COUNT, "Cartons in a 20 ft container", "Karton per kontainer 20 kaki",
           "Without cartons: packages.", "Tanpa karton: kemasan."),
    Column("cartons_per_fcl40", Kind.COUNT, "Cartons in a 40 ft container", "Karton per kontainer 40 kaki",
           "Without cartons: packages.", "Tanpa karton: kemasan."),
    Column("unit_weight", Kind.QUANTITY, "Net weight of one unit", "Berat bersih per satuan",
           "Where the unit is not a weight itself: 250 g.", "Bila satuan bukan berat: 250 g."),
    Column("units_per_fcl20", Kind.AMOUNT, "Units in a 20 ft container", "Satuan per kontainer 20 kaki",
           "In the unit of the minimum order.", "Dalam satuan pesanan minimum."),
    Column("units_per_fcl40", Kind.AMOUNT, "Units in a 40 ft container", "Satuan per kontainer 40 kaki",
           "In the unit of the minimum order.", "Dalam satuan pesanan minimum."),
    Column("incoterm", Kind.INCOTERM, "Incoterm", "Incoterm", "For example FOB.", "Misalnya FOB."),
    Column("price_place", Kind.TEXT, "Incoterm place", "Tempat Incoterm", "For example Tanjung Perak, Surabaya.",
           "Misalnya Tanjung Perak, Surabaya.", most=80),
    Column("price_currency", Kind.CURRENCY, "Price currency", "Mata uang harga", "Where the price has none: USD.",
           "Bila harga tanpa mata uang: USD."),
    Column("price_unit", Kind.UNIT, "Price unit", "Satuan harga", "Where the price has none: kg.",
           "Bila harga tanpa satuan: kg."),
]
_FIXED_LAST = [
    Column("sample_offered", Kind.ANSWER, "Samples offered", "Tersedia sampel", "Yes or no.", "Ya atau tidak."),
    Column("sample_free", Kind.ANSWER, "Samples free", "Sampel gratis", "Yes or no.", "Ya atau tidak."),
    Column("sample_days", Kind.DAYS, "Sample ready in days", "Sampel siap (hari)", "A number.", "Angka."),
    Column("sample_note", Kind.TEXT, "Sample note", "Catatan sampel", "For example 300 g, freight by buyer.",
           "Misalnya 300 g, ongkir pembeli.", most=200),
    Column("ports", Kind.TEXTS, "Ports", "Pelabuhan", "Names or UN/LOCODEs, separated by semicolons.",
           "Nama atau UN/LOCODE, pisahkan dengan titik koma.", most=80),
    Column("destinations", Kind.COUNTRIES, "Ships to", "Dikirim ke", "Countries; empty means everywhere.",
           "Negara; kosong berarti semua."),
    Column("private_label", Kind.ANSWER, "Private label", "Label pembeli", "Yes or no.", "Ya atau tidak."),
]
_PHOTOS = Column("photos", Kind.PHOTOS, "Photos", "Foto", "File names, separated by semicolons.",
                 "Nama berkas, pisahkan dengan titik koma.", most=120)
# fmt: on


@cache
def standard_columns() -> Mapping[str, Column]:
    """Every column by name: the fixed ones, then one for each field of a specification (``spec.moisture_pct``)."""
    fixed = [*_FIXED_FIRST, *_texts(), *_FIXED_MIDDLE, *_rungs(), *_FIXED_LAST, *_certificates(), _PHOTOS]
    found = {column.name: column for column in fixed}
    for field in load_registry().fields.values():
        unit_en = f" ({field.unit.labels['en']})" if field.unit else ""
        unit_id = f" ({field.unit.labels['id']})" if field.unit else ""
        choices = "; ".join(field.values)
        found[SPEC_PREFIX + field.key] = Column(
            SPEC_PREFIX + field.key,
            Kind.SPEC,
            field.name("en") + unit_en,
            field.name("id") + unit_id,
            choices,
            choices,
        )
    return MappingProxyType(found)


@cache
def _names_by_heading() -> Mapping[str, str]:
    """Column names by every heading that means them; headings that two columns share mean neither."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for column in standard_columns().values():
        headings = {column.name, column.heading, column.heading_en, column.heading_id}
        for heading in {folded(text) for text in headings}:
            if found.setdefault(heading, column.name) != column.name:
                shared.add(heading)
    names = {folded(name) for name in standard_columns()}
    return MappingProxyType({heading: name for heading, name in found.items() if heading not in shared - names})


def column_for(heading: str) -> Column | None:
    """The column a heading means: its name, its Indonesian or English heading, or both as in the template."""
    name = _names_by_heading().get(folded(heading).removesuffix("*").strip())
    return standard_columns()[name] if name else None
