"""Numbers, money, quantities, dates and lists as a reader of one language expects them.

Every function takes the locale by name (en, id, de, zh_Hans, zh_Hant) and remembers its answers: a list page shows the
same few dozen values again and again, and babel takes some 30 µs for each.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers

from marketplace.i18n.units import unit_name
from marketplace.kernel.countries import country_name
from marketplace.kernel.currencies import WRITTEN_WHOLE, iso_exponent
from marketplace.kernel.measures import UNITS, Dimension, Quantity
from marketplace.kernel.money import Money, UnitPrice

DateStyle = Literal["short", "medium", "long", "full"]

_SHOWN_PLACES = 3
_PLAIN = Decimal(10) ** 15  # beyond it, and below nought, Babel writes
_DIGITS = re.compile(r"\d(?:.*\d)?")


@lru_cache(maxsize=16)
def _locale(name: str) -> Locale:
    # Readers of English here sit in Hamburg, Dubai and Chicago: "22 Nov 2026" and 15:00 are plain to all of them.
    return Locale.parse("en_GB" if name == "en" else name)


@lru_cache(maxsize=16384)
def format_number(value: Decimal | int | float, locale: str = "en", places: int | None = None) -> str:
    """The number with the locale's signs; ``places`` fixes the decimals, otherwise at most three are shown."""
    amount = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if places is None:
        amount = amount.quantize(Decimal(1).scaleb(-_SHOWN_PLACES), ROUND_HALF_UP).normalize()
        if 0 <= amount < _PLAIN:
            return _digits(amount, locale, 0, _SHOWN_PLACES)
        return str(numbers.format_decimal(amount, "#,##0.###", locale=_locale(locale)))
    pattern = "#,##0" + ("." + "0" * places if places else "")
    amount = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return str(numbers.format_decimal(amount, pattern, locale=_locale(locale)))


@lru_cache(maxsize=4096)
def format_percent(value: Decimal | int | float, locale: str = "en", places: int = 0) -> str:
    """A value that already counts hundredths (12.5 is "12.5%") with the locale's percent sign."""
    share = Decimal(str(value)) / 100
    base = str(_locale(locale).percent_formats[None].pattern)
    if places:
        base = base.replace("#,##0", "#,##0." + "#" * places)
    share = share.quantize(Decimal(1).scaleb(-places - 2), ROUND_HALF_UP)
    return str(numbers.format_percent(share, base, locale=_locale(locale)))


@lru_cache(maxsize=16384)
def format_money(money: Money, locale: str = "en") -> str:
    """A payable amount with its sign. Rupiah and its like, written whole in practice, show decimals only when they have
    any."""
    places = iso_exponent(money.currency)
    amount = money.amount
    if money.currency in WRITTEN_WHOLE and amount == amount.to_integral_value():
        places = 0
    return _currency(amount, money.currency, locale, places, places)


@lru_cache(maxsize=16384)
def format_unit_price(price: UnitPrice, locale: str = "en") -> str:
    """A price for one unit, such as "US$6.20 / kg": at least the coin's decimals, at most six."""
    return stored_unit_price(price.amount, price.currency, price.unit, locale)


def stored_unit_price(amount: Decimal, currency: str, unit: str, locale: str) -> str:
    """The same from the columns of a row, which hold nothing but prices."""
    least, name = _price_writing(currency, unit, locale)
    return f"{_currency(amount, currency, locale, least, 6)} / {name}"


@lru_cache(maxsize=1024)
def _price_writing(currency: str, unit: str, locale: str) -> tuple[int, str]:
    """How many decimals a price shows at least, and the name of its unit."""
    return 0 if currency in WRITTEN_WHOLE else iso_exponent(currency), unit_name(unit, locale)


def _currency(amount: Decimal, currency: str, locale: str, least: int, most: int) -> str:
    if 0 <= amount < _PLAIN:
        before, behind = _round_digits(currency, locale, least, most)
        return f"{before}{_digits(amount, locale, least, most)}{behind}"
    return _by_pattern(amount, currency, locale, least, most)


@lru_cache(maxsize=1024)
def _round_digits(currency: str, locale: str, least: int, most: int) -> tuple[str, str]:
    """What a locale writes before and behind the digits of an amount, learnt from one that Babel wrote."""
    parts = _DIGITS.split(_by_pattern(Decimal(1), currency, locale, least, most), maxsplit=1)
    return parts[0], parts[1]


def _digits(amount: Decimal, locale: str, least: int, most: int) -> str:
    """A plain amount in groups of three, as all of our languages write them; Babel takes thirty times as long."""
    whole, _point, rest = f"{amount:,.{most}f}".partition(".")
    group, decimal = _symbols(locale)
    rest = rest.rstrip("0").ljust(least, "0")
    whole = whole.replace(",", group)
    return f"{whole}{decimal}{rest}" if rest else whole


@lru_cache(maxsize=16)
def _symbols(locale: str) -> tuple[str, str]:
    found = _locale(locale)
    return str(numbers.get_group_symbol(found)), str(numbers.get_decimal_symbol(found))


def _by_pattern(amount: Decimal, currency: str, locale: str, least: int, most: int) -> str:
    pattern, symbol, sign = _writing(currency, locale, least, most)
    found = _locale(locale)
    text = numbers.format_currency(amount, currency, pattern, locale=found, currency_digits=False)
    text = str(text).replace(symbol, sign, 1)
    # "CHF 5.10" reads better than "CHF5.10"; Indonesian spelling wants "Rp45.000" together.
    return _LETTER_BEFORE_DIGIT.sub("\xa0", text) if sign.isalpha() and locale != "id" else text


@lru_cache(maxsize=1024)
def _writing(currency: str, locale: str, least: int, most: int) -> tuple[numbers.NumberPattern, str, str]:
    """How a locale writes a currency, read once: the pattern, the sign that Babel puts into it, and the one we want."""
    found = _locale(locale)
    base = str(found.currency_formats["standard"].pattern)
    digits = "#,##0" + ("." + "0" * least + "#" * (most - least) if most else "")
    # A bare "$" or "¥" is doubtful on a site with readers in Hong Kong, Singapore, Tokyo and Chicago.
    sign = _SIGNS.get(currency, currency if currency != "EUR" else "€")
    pattern = numbers.parse_pattern(base.replace("#,##0.00", digits))
    return pattern, str(numbers.get_currency_symbol(currency, found)), sign


_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
_SIGNS = {"USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "SGD": "S$", "AUD": "A$", "CNY": "CN¥", "JPY": "JP¥",
          "IDR": "Rp", "TWD": "NT$", "CAD": "CA$", "NZD": "NZ$", "MYR": "RM"}  # fmt: skip


@lru_cache(maxsize=16384)
def format_quantity(quantity: Quantity, locale: str = "en") -> str:
    """The amount and its unit's name in the right number: "300 bags", "1 Sack", "18 吨"."""
    number = format_number(quantity.amount, locale)
    dimension = UNITS[quantity.unit].dimension
    if dimension is Dimension.CONTAINER:  # their names begin with a number
        return f"{number} × {unit_name(quantity.unit, locale)}"
    name = unit_name(quantity.unit, locale, is_plural=quantity.amount != 1)
    # The short names of mass must not break off at a line's end.
    is_short = dimension in (Dimension.MASS, Dimension.VOLUME) and len(name) <= 3
    return f"{number}\xa0{name}" if is_short else f"{number} {name}"


def format_unit(code: str, locale: str = "en", *, is_plural: bool = False) -> str:
    """The unit's name alone."""
    return unit_name(code, locale, is_plural=is_plural)


@lru_cache(maxsize=4096)
def format_date(day: date, locale: str = "en", style: DateStyle = "medium") -> str:
    """The day as the locale writes it."""
    return str(dates.format_date(day, style, locale=_locale(locale)))


@lru_cache(maxsize=1024)
def format_days(first: date, last: date, locale: str = "en") -> str:
    """The days from first to last, no part said twice: "24–26 Nov 2026", "24.–26. Nov. 2026"; one day stands alone."""
    span = str(dates.format_interval(first, last, "yMMMd", locale=_locale(locale)))
    return span.replace("\u2009", " ")  # fonts of printed papers lack the thin space


@lru_cache(maxsize=4096)
def format_month(day: date, locale: str = "en") -> str:
    """Month and year: "November 2026", "2026年11月"."""
    return str(dates.format_skeleton("yMMMM", day, locale=_locale(locale)))


@lru_cache(maxsize=256)
def month_name(month: int, locale: str = "en", *, is_short: bool = False) -> str:
    """The name of month 1 to 12, as it stands alone."""
    width = "abbreviated" if is_short else "wide"
    return str(_locale(locale).months["stand-alone"][width][month])


@lru_cache(maxsize=4096)
def format_datetime(moment: datetime, locale: str = "en", zone: str = "UTC", style: DateStyle = "medium") -> str:
    """The moment in a zone, with the zone's short name, because buyer and seller rarely share one.

    ``moment`` must be aware; a naive one is refused with ``ValueError``.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    there = moment.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    found = _locale(locale)
    day = dates.format_date(there.date(), style, locale=found)
    time = dates.format_time(there, "short", tzinfo=there.tzinfo, locale=found)
    joint = " " if locale.startswith("zh") else ", "
    return f"{day}{joint}{time} {_zone_name(there, zone)}"


def day_of(moment: datetime, zone: str) -> date:
    """The day a moment falls on in a zone."""
    return moment.astimezone(UTC if zone == "UTC" else ZoneInfo(zone)).date()


@lru_cache(maxsize=256)
def zone_city(zone: str, locale: str = "en") -> str:
    """The city whose clock a zone (IANA) goes by: "Berlin", "柏林"; UTC stays UTC."""
    return str(dates.get_timezone_location(zone, _locale(locale), return_city=True)).rpartition("/")[2]


def _zone_name(moment: datetime, zone: str) -> str:
    # CLDR calls Jakarta's zone "GMT+7" in most languages; people there and their buyers know it as WIB, WITA and WIT.
    name = _INDONESIAN_ZONES.get(zone) or moment.tzname() or zone
    return name if name[0].isalpha() else f"UTC{name}"


_INDONESIAN_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def format_country(code: str, locale: str = "en") -> str:
    """The country's name in the reader's language."""
    return country_name(code, locale)


ListStyle = Literal["and", "or", "names", "facts"]
# commas without a closing word: Chinese keeps one for things of a kind and one for parts of a sentence (GB/T 15834)
_COMMAS = {"names": "、", "facts": "，"}


def format_list(items: Iterable[str], locale: str = "en", style: ListStyle = "and") -> str:
    """The items joined as the language does: "A, B and C", "A、B和C"; an empty string for none.

    ``names`` and ``facts`` only put commas between: things of one kind, or statements about one thing.
    """
    return _joined(tuple(items), locale, style)


@lru_cache(maxsize=4096)
def _joined(items: tuple[str, ...], locale: str, style: ListStyle) -> str:
    if not items:
        return ""
    if style in _COMMAS:
        return (_COMMAS[style] if locale.startswith("zh") else ", ").join(items)
    return str(lists.format_list(list(items), "standard" if style == "and" else "or", locale=_locale(locale)))
