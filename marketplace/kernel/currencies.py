"""Currencies: how many decimals their smallest unit has, and how people write them."""

from marketplace.kernel.numerals import ParseError

# Exponents as Stripe takes amounts (https://docs.stripe.com/currencies), which differs from ISO 4217 in three places:
# MGA has none there, ISK and UGX are sent with two although nothing smaller than one krona or shilling can be charged.
_EXPONENT = dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"), 0
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
_ISO_EXPONENT = {"MGA": 2, "ISK": 0, "UGX": 0}
_STEP = {"ISK": 100, "UGX": 100} | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 10)

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
    VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"""
CURRENCIES = frozenset(_CODES.split())

# Amounts in these are written without decimals in practice, so "45.000" and "45,000" are thousands.
WRITTEN_WHOLE = frozenset({"IDR", "JPY", "KRW", "VND", "CLP", "PYG", "XAF", "XOF", "RWF", "UGX", "ISK", "HUF", "MMK"})

_SIGNS = {
    "rp": "IDR", "rp.": "IDR", "€": "EUR", "euro": "EUR", "£": "GBP", "us$": "USD", "usd$": "USD", "u$": "USD",
    "hk$": "HKD", "s$": "SGD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "nt$": "TWD",
    "rm": "MYR", "rmb": "CNY", "cn¥": "CNY", "jp¥": "JPY", "元": "CNY", "人民币": "CNY", "人民幣": "CNY", "円": "JPY",
    "美元": "USD", "欧元": "EUR", "歐元": "EUR", "港元": "HKD", "港币": "HKD", "港幣": "HKD", "₹": "INR", "₩": "KRW",
    "₫": "VND", "฿": "THB", "₱": "PHP", "sr": "SAR", "dh": "AED", "dhs": "AED", "rupiah": "IDR", "dolar as": "USD",
}  # fmt: skip
_SHARED_SIGNS = {
    "$": frozenset({"USD", "AUD", "SGD", "HKD", "CAD", "NZD", "TWD"}),
    "¥": frozenset({"JPY", "CNY"}),
    "dollar": frozenset({"USD", "AUD", "SGD", "HKD", "CAD", "NZD", "TWD"}),
}


def exponent(currency: str) -> int:
    """Decimals of the integer amounts we keep and send to Stripe in this currency."""
    return _EXPONENT.get(currency, 2)


def iso_exponent(currency: str) -> int:
    """Decimals of the currency by ISO 4217: what may be written on a paper."""
    return _ISO_EXPONENT.get(currency, exponent(currency))


def charge_step(currency: str) -> int:
    """Smallest payable difference in our integer amounts: 100 for ISK and UGX, 10 where there are three decimals."""
    return _STEP.get(currency, 1)


def find_currency(text: str, default: str | None = None) -> str:
    """The ISO code for a code or sign as written; a shared sign such as "$" needs ``default`` to settle it.

    Raises ``ParseError`` with the code ``currency_missing``, ``currency_unknown`` or ``currency_ambiguous``.
    """
    word = text.strip()
    if not word:
        if default:
            return default
        raise ParseError("currency_missing")
    if word.upper() in CURRENCIES:
        return word.upper()
    folded = word.casefold()
    if folded in _SIGNS:
        return _SIGNS[folded]
    shared = _SHARED_SIGNS.get(folded)
    if shared is None:
        raise ParseError("currency_unknown", text=word)
    if default in shared:
        return default
    raise ParseError("currency_ambiguous", text=word, choices=", ".join(sorted(shared)))
