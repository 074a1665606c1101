"""A small market of invented goods in which every answer can be worked out by hand."""

from __future__ import annotations

from datetime import date

from search.document import Document

TODAY = date(2026, 11, 22)


def product(
    key: int,
    titles: dict[str, str],
    *,
    text: str = "",
    concepts: tuple[str, ...] = (),
    code: str = "",
    stage: str = "olah",
    incoterms: tuple[str, ...] = ("FOB",),
    price: float | None = None,
    certificates: dict[str, date | None] | None = None,
    score: float | None = None,
    process: tuple[str, ...] = (),
    listed: int = 0,
    completeness: float = 0.5,
) -> Document:
    """A document of kind product, version 1."""
    numbers: dict[str, float | None] = {"price_usd_kg": price, "listed_at": float(listed)}
    if score is not None:
        numbers["spec.cup_score"] = score
    keywords: dict[str, tuple[str, ...]] = {"stage": (stage,), "incoterm": incoterms}
    if process:
        keywords["spec.process"] = process
    return Document(
        kind="product",
        key=key,
        version=1,
        titles=titles,
        descriptions={"en": text} if text else {},
        original_language=next(iter(titles)),
        concepts=concepts,
        codes=(code,) if code else (),
        keywords=keywords,
        numbers=numbers,
        certificates=certificates or {},
        signals={"completeness": completeness},
    )


DOCUMENTS = [
    product(
        1,
        {"en": "Ijen arabica green coffee", "id": "Kopi arabika Ijen biji hijau", "de": "Arabica Rohkaffee vom Ijen"},
        text="Washed lots from small gardens; clean cup with citrus & <b>jasmine</b>.",
        concepts=("coffee-arabica-green",),
        code="090111",
        stage="petik",
        incoterms=("FOB", "EXW"),
        price=6.4,
        certificates={"halal": date(2027, 3, 1), "organic-eu": date(2026, 11, 22)},
        score=85.5,
        process=("washed",),
        listed=100,
        completeness=0.9,
    ),
    product(
        2,
        {"en": "Argopuro arabica green coffee, natural", "zh_Hans": "阿尔戈普罗阿拉比卡生豆"},
        text="Dried in the cherry.",
        concepts=("coffee-arabica-green",),
        code="090111",
        stage="petik",
        price=7.2,
        certificates={"organic-eu": date(2026, 11, 21)},
        score=83.0,
        process=("natural",),
        listed=200,
    ),
    product(
        3,
        {"en": "Roasted robusta coffee beans", "de": "Gerösteter Robusta-Kaffee"},
        concepts=("coffee-robusta-roasted",),
        code="090121",
        incoterms=("CIF",),
        price=9.0,
        certificates={"halal": None},
        listed=300,
    ),
    product(
        4,
        {"en": "Coconut sugar, fine", "id": "Gula kelapa halus", "zh_Hant": "椰糖 細粒"},
        text="From coconut blossom nectar, packed in 25 kg bags.",
        concepts=("coconut-sugar",),
        code="170290",
        price=2.1,
        certificates={"halal": date(2027, 1, 1)},
        listed=400,
        completeness=0.8,
    ),
    product(
        5,
        {"id": "Gula semut aren", "en": "Palm sugar granules"},
        concepts=("palm-sugar",),
        code="170290",
        stage="kemas",
        price=2.8,
        listed=500,
    ),
    product(
        6,
        {"en": "Coconut shell charcoal briquettes 26x26", "id": "Briket arang kelapa 26x26"},
        concepts=("coconut-charcoal-briquettes",),
        code="440220",
        incoterms=("FOB", "CIF"),
        price=1.1,
        listed=600,
    ),
    product(
        7,
        {"en": "Hand-drawn batik cloth", "de": "Handgezeichneter Batikstoff"},
        text="Made by students in the evening. Coffee brown on cream.",
        concepts=("batik-cloth",),
        code="520851",
        stage="jual",
        incoterms=("EXW",),
        price=None,
        listed=700,
    ),
    Document(
        kind="seller",
        key=1,
        version=1,
        titles={"en": "Pesantren Contoh Kopi Ijen"},
        keywords={"regency": ("bondowoso",)},
    ),
]
