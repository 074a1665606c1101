"""The XLSX template: headings and choices in Indonesian and English, a guide, and no formula anywhere."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

from marketplace.catalogue.importing.columns import SPEC_PREFIX, Column, Kind, standard_columns
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import LOCALES, Commodity, FieldType, bilingual
from marketplace.kernel.countries import COUNTRIES, country_name
from marketplace.kernel.measures import UNITS, Dimension
from marketplace.marketaccess.rules import INCOTERMS

PRODUCTS_SHEET = "Produk - Products"
LISTS_SHEET = "Daftar - Lists"
GUIDE_SHEET = "Petunjuk - Guide"

_ROWS = 5000
_CURRENCIES = ("IDR", "USD", "EUR", "GBP", "HKD", "CNY", "SGD", "JPY", "AUD", "MYR", "AED", "SAR")
_LONGEST_HELP = 255


def write_template(stream: IO[bytes], commodities: Sequence[str] = ()) -> None:
    """Write the template for these commodities (all of them when none is named) to a binary stream.

    Raises ``CommodityUnknown``.
    """
    import xlsxwriter  # heavy, and only needed here

    registry = load_registry()
    chosen = [registry.commodity(key) for key in commodities] or list(registry)
    columns = _columns(chosen)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet, lists, guide = (book.add_worksheet(name) for name in (PRODUCTS_SHEET, LISTS_SHEET, GUIDE_SHEET))
        needed = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E7EFE4", "border": 1})
        other = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#F4F4F0", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 2)
        sheet.set_row(0, 48)
        place = 0
        for at, column in enumerate(columns):
            is_asked = column.is_needed or column.is_for_listing
            sheet.write_string(0, at, column.heading + (" *" if is_asked else ""), needed if is_asked else other)
            # Cells are text, or Excel turns "1/2" into a date and drops the zero of "090111".
            sheet.set_column(at, at, 34 if column.kind is Kind.LONG_TEXT else 22, text)
            choices = _choices(column, chosen)
            validation: dict[str, Any] = {
                "validate": "any",
                "input_title": column.heading_id[:32],
                "input_message": f"{column.help_id}\n{column.help_en}"[:_LONGEST_HELP],
            }
            if choices:
                lists.write_string(0, place, column.heading)
                for row, choice in enumerate(choices, 1):
                    lists.write_string(row, place, choice)
                letter = _letters(place)
                source = f"='{LISTS_SHEET}'!${letter}$2:${letter}${len(choices) + 1}"
                validation |= {"validate": "list", "source": source, "error_type": "warning"}
                place += 1
            sheet.data_validation(1, at, _ROWS, at, validation)
        _write_guide(guide, columns, book.add_format({"bold": True}), book.add_format({"text_wrap": True}))
        sheet.activate()


def _columns(chosen: Iterable[Commodity]) -> list[Column]:
    used = {SPEC_PREFIX + key for commodity in chosen for key in commodity.rules}
    return [column for column in standard_columns().values() if column.kind is not Kind.SPEC or column.name in used]


def _choices(column: Column, chosen: Sequence[Commodity]) -> list[str]:
    """What the drop-down offers; nothing where a cell may hold several values or any text."""
    registry = load_registry()
    match column.kind:
        case Kind.COMMODITY:
            return [bilingual(commodity.labels) for commodity in chosen]
        case Kind.LANGUAGE:
            return list(LOCALES)
        case Kind.STAGE:
            return [bilingual(labels) for key, labels in registry.terms.items() if key.startswith("stage:")]
        case Kind.ANSWER:
            return [bilingual(registry.terms[f"bool:{answer}"]) for answer in ("yes", "no")]
        case Kind.INCOTERM:
            return list(INCOTERMS)
        case Kind.CURRENCY:
            return list(_CURRENCIES)
        case Kind.PACKAGE:
            return [code for code, unit in UNITS.items() if unit.dimension is Dimension.PACKAGE or code == "piece"]
        case Kind.UNIT:
            return [code for code, unit in UNITS.items() if unit.is_trade]
        case Kind.COUNTRY:
            return ["Indonesia", *sorted(country_name(code, "en") for code in COUNTRIES if code != "ID")]
        case Kind.CERTIFICATE:
            return [bilingual(labels) for labels in registry.fields["certifications"].values.values()]
        case Kind.SPEC:
            field = registry.fields[column.name.removeprefix(SPEC_PREFIX)]
            if field.type is FieldType.ENUM:
                return [bilingual(labels) for labels in field.values.values()]
            if field.type is FieldType.BOOL:
                return [bilingual(registry.terms[f"bool:{answer}"]) for answer in ("yes", "no")]
    return []


def _write_guide(guide: Any, columns: Sequence[Column], bold: Any, wrapped: Any) -> None:
    guide.set_column(0, 1, 34)
    guide.set_column(2, 3, 60, wrapped)
    headings = ("Kolom / Column", "Nama / Name", "Penjelasan", "Explanation")
    for at, heading in enumerate(headings):
        guide.write_string(0, at, heading, bold)
    for row, column in enumerate(columns, 1):
        for at, text in enumerate((column.heading, column.name, column.help_id, column.help_en)):
            guide.write_string(row, at, text)
    last = len(columns) + 2
    guide.write_string(last, 2, "* Wajib diisi sebelum produk dapat ditayangkan. Sel boleh kosong di draf.")
    guide.write_string(last, 3, "* Must be filled before the product can be published. A draft may leave it empty.")


def _letters(place: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
