"""Which papers there are, what each is made from, and in which languages."""

from __future__ import annotations

from enum import StrEnum


class PaperKind(StrEnum):
    QUOTATION = "quotation"
    PROFORMA_INVOICE = "proforma_invoice"
    PACKING_LIST = "packing_list"
    SALES_CONTRACT = "sales_contract"
    SPECIFICATION_SHEET = "specification_sheet"
    SAMPLE_INVOICE = "sample_invoice"


OF_QUOTE = (PaperKind.QUOTATION,)
OF_DEAL = (
    PaperKind.PROFORMA_INVOICE,
    PaperKind.PACKING_LIST,
    PaperKind.SALES_CONTRACT,
    PaperKind.SPECIFICATION_SHEET,
)
OF_SAMPLE = (PaperKind.SAMPLE_INVOICE,)
# English leads; one more language stands beside it
SECOND_LANGUAGES = ("id", "de", "zh_Hans", "zh_Hant")
WITH_BANK = frozenset({PaperKind.PROFORMA_INVOICE, PaperKind.SALES_CONTRACT, PaperKind.SAMPLE_INVOICE})


def languages_of(second: str) -> tuple[str, ...] | None:
    """The languages of a paper; None for a second language that is none of ours."""
    if not second:
        return ("en",)
    return ("en", second) if second in SECOND_LANGUAGES else None


def paper_number(seller_id: int, year: int, sequence: int) -> str:
    """The number on a paper: the seller's, the year's, and one more than the last."""
    return f"PSQ-{seller_id}-{year}-{sequence:04d}"
