"""What is wrong with a value and what would be right, as sentences to be translated."""

from collections.abc import Callable, Mapping

Translate = Callable[[str], str]
"""A gettext function: takes the English source text, gives the reader's."""


def N_(message: str) -> str:  # noqa: N802 - the usual mark for gettext
    """Mark a text for translation where it is kept, not shown."""
    return message


MESSAGES: Mapping[str, str] = {
    "number_missing": N_("A number is needed here."),
    "number_unreadable": N_("“%(text)s” is not a number. Write digits only, for example 12.5."),
    "number_ambiguous": N_(
        "“%(text)s” can mean %(whole)s or %(fraction)s. Write it without separators between thousands, "
        "or with two decimals."
    ),
    "number_too_long": N_("“%(text)s” has too many digits."),
    "number_out_of_range": N_("%(value)s is out of range. It must lie between %(lowest)s and %(highest)s %(unit)s."),
    "range_reversed": N_("A range runs from the lower to the higher value; %(low)s is above %(high)s."),
    "spec_unit_unknown": N_("“%(text)s” is not a unit used here. Give the value in %(unit)s."),
    "choice_missing": N_("Choose a value."),
    "choice_unknown": N_("“%(text)s” is not one of the choices: %(choices)s."),
    "choice_contradiction": N_("“%(none)s” cannot stand together with other choices."),
    "answer_missing": N_("Answer yes or no."),
    "answer_unreadable": N_("“%(text)s” is neither yes nor no."),
    "text_missing": N_("Some text is needed here."),
    "text_too_long": N_("The text has %(length)s characters. At most %(most)s are possible."),
    "date_missing": N_("A date is needed here."),
    "date_unreadable": N_("“%(text)s” is not a date. Write it as 2026-05-31."),
    "date_ambiguous": N_("“%(text)s” can mean two days. Write it as 2026-05-31."),
    "date_impossible": N_("There is no such day as “%(text)s”."),
    "months_missing": N_("The harvest months are needed here."),
    "months_unreadable": N_("“%(text)s” does not name months. Write a month or a span, for example May-August."),
    "crop_year_missing": N_("The crop year is needed here."),
    "crop_year_unreadable": N_("“%(text)s” is not a crop year. Write 2025, or 2025/2026 for a season."),
    "crop_year_impossible": N_("“%(text)s” is not a possible crop year. A season ends in the year after its start."),
    "field_foreign": N_("%(commodity)s has no field “%(field)s”."),
    "quantity_missing": N_("A quantity is needed here."),
    "quantity_unreadable": N_("“%(text)s” is not a quantity. Write a number and a unit, for example 500 kg."),
    "quantity_unit_missing": N_("“%(text)s” has no unit. Write, for example, %(text)s kg."),
    "quantity_negative": N_("“%(text)s” is less than nothing. A quantity is above zero."),
    "quantity_zero": N_("The quantity is zero. It must be above zero."),
    "quantity_too_fine": N_("“%(text)s” has more than %(places)s decimals."),
    "quantity_too_large": N_("%(amount)s is too large a quantity."),
    "quantity_unconvertible": N_("%(source)s cannot be counted in %(target)s without knowing what a package holds."),
    "unit_missing": N_("A unit is needed here, for example kg."),
    "unit_unknown": N_("“%(text)s” is not a known unit. Use, for example, kg, t, bag, carton, litre or piece."),
    "currency_missing": N_("A currency is needed here, for example USD or IDR."),
    "currency_unknown": N_("“%(text)s” is not a known currency. Use a code such as USD, EUR or IDR."),
    "currency_ambiguous": N_("“%(text)s” is the sign of several currencies. Write one of these codes: %(choices)s."),
    "currency_twice": N_("“%(text)s” names two different currencies."),
    "amount_too_fine": N_("%(amount)s %(currency)s has more than %(places)s decimals."),
    "price_negative": N_("“%(text)s” is less than nothing. A price is not below zero."),
    "price_unit_missing": N_("“%(text)s” does not say for which unit. Write, for example, USD 6.20/kg."),
    "price_too_fine": N_("%(amount)s has more than %(places)s decimals."),
    "price_too_large": N_("%(amount)s is too large a price."),
    "country_missing": N_("A country is needed here."),
    "country_unknown": N_("“%(text)s” is not a known country. Write its English name or its two-letter code."),
    "regency_missing": N_("A regency or city is needed here."),
    "regency_unknown": N_("“%(text)s” is not a regency or city of East Java."),
    "regency_ambiguous": N_("“%(text)s” is a regency and a city. Write Kabupaten %(name)s or Kota %(name)s."),
}


def sentence(code: str, params: Mapping[str, str], translate: Translate, messages: Mapping[str, str] = MESSAGES) -> str:
    """The sentence for a problem in the reader's language; ``translate`` is a gettext function."""
    return translate(messages[code]) % params
