"""What is wrong with a file or a row, and what would be right."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.catalogue.registry.messages import MESSAGES as VALUE_MESSAGES
from marketplace.catalogue.registry.messages import N_, Translate, sentence


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something in one row cannot be taken.

    ``column`` is the file's own heading. ``is_fatal`` tells whether the row is lost, or only this value left out.
    """

    row: int
    column: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    is_fatal: bool = True

    def sentence(self, translate: Translate) -> str:
        """What was wrong and what would be right, in the reader's language; ``translate`` is a gettext function."""
        return sentence(self.code, self.params, translate, MESSAGES)


class FileProblem(Exception):
    """The file as a whole cannot be read; ``code`` and ``params`` become a sentence."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def sentence(self, translate: Translate) -> str:
        """What is wrong and what to do, in the reader's language."""
        return sentence(self.code, self.params, translate, MESSAGES)


MESSAGES: Mapping[str, str] = {
    **VALUE_MESSAGES,
    # files
    "file_empty": N_("The file has no rows below a heading."),
    "file_kind": N_("This is not a file we can read. Send CSV, XLSX or JSON lines."),
    "file_old_excel": N_("This is an old Excel file. Save it as .xlsx and send that."),
    "file_encoding": N_("The letters of the file cannot be read. Save it as CSV UTF-8."),
    "file_damaged": N_("The workbook is damaged or protected. Save it again without a password."),
    "file_too_large": N_("Unpacked, the workbook is larger than %(most)s MB. Send it as CSV or in parts."),
    "file_too_formatted": N_(
        "The workbook holds more formatting or wider rows than we can read. "
        "Copy the values into a new workbook, or send CSV."
    ),
    "file_too_many_parts": N_("The workbook has more than %(most)s parts. Copy the table into a new workbook."),
    "file_too_wide": N_("The file has more than %(most)s columns."),
    "sheet_missing": N_("The workbook has no sheet “%(sheet)s”. It has: %(sheets)s."),
    "headings_twice": N_("The heading “%(column)s” stands there twice."),
    "headings_missing": N_("These columns are missing: %(columns)s."),
    "headings_unknown": N_("No column of the file is known. Use the template, or a mapping."),
    # rows
    "row_too_long": N_("The row has more cells than the heading."),
    "row_unreadable": N_("The row cannot be read: %(reason)s."),
    "json_unreadable": N_("The line is not a JSON object."),
    "cell_missing": N_("A value is needed here."),
    "cell_too_long": N_("The value has %(length)s characters. At most %(most)s are possible."),
    "cell_error": N_("The cell holds the spreadsheet error %(text)s."),
    "key_twice": N_("The item code “%(text)s” already stands in an earlier row."),
    "value_unmapped": N_("“%(text)s” is not in the mapping's list for this column."),
    "pattern_missed": N_("“%(text)s” does not look as the mapping expects."),
    "value_implausible": N_("%(value)s is not plausible here. It should lie between %(lowest)s and %(highest)s."),
    "product_of_two_units": N_("Two quantities with units cannot be multiplied: %(text)s."),
    "commodity_missing": N_("A commodity is needed here."),
    "commodity_unknown": N_("“%(text)s” is not a known commodity. Choose one from the list in the template."),
    "commodity_ambiguous": N_("“%(text)s” can mean several commodities: %(choices)s."),
    "language_unknown": N_("“%(text)s” is not one of the languages: %(choices)s."),
    "stage_unknown": N_("“%(text)s” is not a stage. Write petik, olah, kemas or jual."),
    "hs_unreadable": N_("“%(text)s” is not an HS code. Write six digits, for example %(example)s."),
    "tariff_unreadable": N_("“%(text)s” is not a customs code of %(digits)s digits."),
    "tariff_other_goods": N_("The customs code %(text)s does not begin with the HS code %(hs)s. It is left out."),
    "tariff_source_missing": N_("Say where the customs code was read; without that it is left out."),
    "count_unreadable": N_("“%(text)s” is not a whole number above zero."),
    "package_unknown": N_("“%(text)s” is not a package. Write for example bag, pouch, bottle or carton."),
    "days_unreadable": N_("“%(text)s” is not a number of days between 1 and 730."),
    "incoterm_unknown": N_("“%(text)s” is not an Incoterm 2020. Use one of: %(choices)s."),
    "incoterm_missing": N_("A price needs its Incoterm, for example FOB."),
    "place_missing": N_("A price needs the place that belongs to %(incoterm)s, for example Surabaya."),
    "price_zero": N_("The price is zero. Leave the cell empty if there is no price yet."),
    "price_from_missing": N_("Each further price needs the quantity from which it holds."),
    "price_from_twice": N_("Two prices hold from the same quantity."),
    "certificate_unknown": N_("“%(text)s” is not a known certificate: %(choices)s."),
    "certificate_incomplete": N_("A certificate needs its issuer and its number."),
    "certificate_reversed": N_("The certificate ends before it begins."),
    "title_missing": N_("A title in at least one language is needed."),
    "title_original_missing": N_("There is no title in the original language, %(language)s."),
    "moq_above_capacity": N_("The minimum order, %(moq)s, is more than a month's capacity, %(capacity)s."),
    "photo_unreadable": N_("“%(text)s” is not the name of a picture file."),
}
