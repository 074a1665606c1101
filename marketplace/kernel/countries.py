"""Countries by ISO 3166-1 code: names in the site's languages, and codes for the names people write."""

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale

from marketplace.kernel.numerals import ParseError

NAME_LOCALES = ("en", "id", "de", "zh_Hans", "zh_Hant")

# Sovereign states and the territories that have customs or trade statistics of their own (Hong Kong, Taiwan, Macao …).
_CODES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
    CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB
    GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG
    KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB
    SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US
    UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"""
COUNTRIES = frozenset(_CODES.split())

# Spellings that CLDR does not list: formal names, former names, trade usage. Chinese and Indonesian CLDR names are read
# from babel; here are the others that buyers and spreadsheets use.
_ALIASES = {
    "AE": "UAE; Emirates; Uni Emirat Arab; VAE; 阿联酋; 阿聯酋",
    "BO": "Bolivia Plurinational State of; Plurinational State of Bolivia",
    "BN": "Brunei Darussalam",
    "CD": "DR Congo; Democratic Republic of the Congo; DRC; Congo Kinshasa; Zaire",
    "CG": "Republic of the Congo; Congo; Congo Brazzaville",
    "CI": "Cote d'Ivoire; Ivory Coast; Elfenbeinküste; Pantai Gading",
    "CN": "PRC; PR China; People's Republic of China; Mainland China; RRT; Republik Rakyat Tiongkok; Cina; VR China; "
    "中华人民共和国; 中華人民共和國",
    "CV": "Cape Verde",
    "CZ": "Czech Republic; Tschechische Republik",
    "DE": "Federal Republic of Germany; Bundesrepublik Deutschland; BRD; Deutschland",
    "FM": "Micronesia Federated States of; Federated States of Micronesia",
    "GB": "UK; Great Britain; Britain; England; Scotland; Wales; United Kingdom of Great Britain and Northern Ireland; "
    "Inggris; Inggris Raya; Großbritannien; 英國; 英国",
    "HK": "Hong Kong; HongKong; Hong Kong SAR; Hong Kong SAR China; Hong Kong China; 香港",
    "ID": "Republic of Indonesia; Republik Indonesia; RI; Indonesien; 印尼",
    "IR": "Iran Islamic Republic of; Islamic Republic of Iran",
    "KP": "North Korea; Korea Democratic People's Republic of; Democratic People's Republic of Korea; DPRK",
    "KR": "South Korea; Korea; Korea Republic of; Republic of Korea; Korea Selatan; 韩国; 韓國",
    "LA": "Lao; Lao PDR; Laos; Lao People's Democratic Republic",
    "MD": "Moldova Republic of; Republic of Moldova",
    "MK": "Macedonia; North Macedonia",
    "MM": "Burma; Myanmar; Birma; Myanmar Burma",
    "MO": "Macau; Macao; Macau SAR; 澳门; 澳門",
    "MY": "Malaysia",
    "NL": "Holland; The Netherlands; Netherlands; Belanda",
    "PG": "PNG; Papua New Guinea; Papua Nugini",
    "PS": "Palestine; State of Palestine; Palestine State of; Palestina",
    "RU": "Russia; Russian Federation; Rusia",
    "SA": "KSA; Kingdom of Saudi Arabia; Saudi; Arab Saudi",
    "SY": "Syrian Arab Republic; Syria",
    "SZ": "Swaziland; Eswatini",
    "TL": "East Timor; Timor Leste; Timor Timur",
    "TR": "Turkey; Türkiye; Turkiye; Republic of Türkiye; Turki",
    "TW": "Taiwan; Taiwan Province of China; Chinese Taipei; Taiwan ROC; 台湾; 臺灣; 台灣",
    "TZ": "Tanzania; Tanzania United Republic of; United Republic of Tanzania",
    "US": "USA; U.S.A.; U.S.; United States of America; America; Amerika Serikat; AS; Amerika; 美国; 美國",
    "VA": "Holy See; Vatican",
    "VE": "Venezuela Bolivarian Republic of; Bolivarian Republic of Venezuela",
    "VN": "Viet Nam; Vietnam; Socialist Republic of Vietnam",
    "ZA": "South Africa; RSA; Afrika Selatan",
}
_ALPHA3 = (
    "USA US CHN CN DEU DE GBR GB IDN ID JPN JP KOR KR HKG HK TWN TW SGP SG MYS MY ARE AE SAU SA AUS AU ITA IT FRA FR "
    "NLD NL ESP ES THA TH VNM VN PHL PH IND IN BRA BR MEX MX COL CO GTM GT HND HN CRI CR ETH ET KEN KE UGA UG TZA TZ "
    "PER PE NIC NI SLV SV CAN CA CHE CH AUT AT BEL BE DNK DK SWE SE NOR NO FIN FI POL PL TUR TR EGY EG QAT QA KWT KW"
)


@lru_cache(maxsize=2048)
def country_name(code: str, locale: str = "en") -> str:
    """The country's name in one of the site's languages; the code itself where the language has no name for it."""
    return str(Locale.parse(locale).territories.get(code, code))


@lru_cache(maxsize=2048)
def find_country(text: str) -> str:
    """The ISO code for a code or name as written, in any of the site's languages, with or without accents.

    Raises ``ParseError`` with the code ``country_missing`` or ``country_unknown``.
    """
    word = text.strip()
    if not word:
        raise ParseError("country_missing")
    if word.upper() in COUNTRIES:
        return word.upper()
    code = _codes_by_name().get(_folded(word))
    if code is None and "," in word:
        # Registers write "Korea, Republic of"; turned round it is a name that people use.
        head, _, tail = word.partition(",")
        code = _codes_by_name().get(_folded(f"{tail} {head}"))
    if code is None:
        raise ParseError("country_unknown", text=word)
    return code


@cache
def _codes_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, names in _ALIASES.items():
        for name in names.split(";"):
            found[_folded(name)] = code
    for alpha3, code in _pairs(_ALPHA3):
        found[_folded(alpha3)] = code
    for locale in NAME_LOCALES:
        territories = Locale.parse(locale).territories
        for code in COUNTRIES:
            local = territories.get(code)
            if local:
                found.setdefault(_folded(str(local)), code)
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


def _folded(text: str) -> str:
    """Letters and digits of the name in lower case without accents: "Côte d?Ivoire" and "cote d'ivoire" are one."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    words = re.sub(r"[^\w]+", " ", "".join(char for char in plain if not unicodedata.combining(char))).split()
    return " ".join(word for word in words if word not in {"the", "of", "and", "und", "dan"})
