"""Ways round the marketplace in free text: which words are e-mail addresses, telephone numbers, accounts and web
addresses, also where somebody spells them so that a machine may overlook them.

It is a fence, not a wall: who wants to say a number in a riddle can. It must leave every figure of trade alone.
"""

from __future__ import annotations

import re
from enum import StrEnum
from unicodedata import category, digit

HIDDEN = "•••"

# Figures that begin like a telephone number and are none; they are tried first and stay
_PAPER = (
    r"(?:halal|mui|lppom|bpjph|certificate|certification|cert|sertifikat|sertifikasi|zertifikat|证书|證書|编号|編號)"
)
_LOT = r"(?:lot|batch|charge|los|partie|kode produksi|no\. produksi|批号|批號|批次)"
_TRADE = "|".join(
    (
        r"(?<![a-z])hs(?:[\s-]?code|[\s-]?kode)?\W{0,3}\d{4}(?:[. ]?\d{2}){1,3}(?!\d)",
        r"(?:海关编码|海關編碼|kode hs|zolltarifnummer|tariff code)\W{0,3}\d{4}(?:[. ]?\d{2}){1,3}(?!\d)",
        rf"(?<![a-z]){_PAPER}[^\d\n]{{0,24}}\d{{14,20}}(?!\d)",  # fourteen digits, the first two of them often 00
        # its year or its letters tell a lot, unless it begins an e-mail address
        rf"(?<![a-z]){_LOT}[^\w\n]{{0,3}}(?:(?:no|nr|nomor|number)\b[^\w\n]{{0,3}})?"
        r"(?=[\d./-]{0,20}(?:[a-z/]|20[23]\d))\d[\w./-]{3,30}(?![\w.+-]{0,64}\s?@)",
        r"(?<!\d)\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}(?!\d)",  # Indonesian tax number
        r"(?<![a-z])nib\W{0,3}\d{13}(?!\d)",  # Indonesian company number
        r"(?<![a-z])(?:ean|gtin|upc|barcode)\W{0,4}\d{8,14}(?!\d)",
        r"(?<![a-z])awb\W{0,3}\d{3}[- ]?\d{8}(?!\d)",
        r"(?<![\w.,])[+-]?(?:1[0-7]|[1-9])?\d\.\d{4,7}(?![\d.])",  # a place on the map, or a small number
        r"(?<!\d)[0-2]?\d[.:][0-5]\d\s?[-–]\s?[0-2]?\d[.:][0-5]\d(?![.\d])",  # hours of a day
        r"(?<![\d.])\d{1,2}(?P<cut>[./-])\d{1,2}(?P=cut)(?:(?:19|20)\d\d|\d\d)(?!\d|(?P=cut)\d)",  # a day
    )
)

# after a text of another script, which has no spaces, it begins with its own letters
_LOCAL = r"(?:(?<![\w.+-])[\w.+-]{1,64}|(?<=[\u0e00-\uffff])[a-z0-9_.+-]{1,64})"
_AT = r"(?:@|[(\[{<（]\s?(?:at|ät|a|et)\s?[)\]}>）])"
_DOT = r"(?:[.。]|[(\[{<（]\s?(?:dot|punkt|titik|点|點|\.)\s?[)\]}>）])"
_SAID_AT = r"(?:\s(?:at|ät|et|di|bei|chez|klammeraffe)\s|\s?(?:艾特|在)\s?)"
_SAID_DOT = r"(?:\s(?:dot|punkt|titik)\s|\s?[点點]\s?)"
_MAILERS = r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|icloud|protonmail|proton|gmx|qq|163|126|foxmail)"
# a bare name counts by its ending, so that "60.kg" stays; endings that are words count before a path alone
_ENDINGS = "com|net|org|info|biz|shop|store|online|asia|eu|id|de|ch|uk|nl|fr|ca|au|jp|cn|hk|tw|sg"
_WORDS = "me|in|it|at|us|my|ae|co|io|es|site|ly|gl|gg|cc|link|page|app|chat|xyz|top|vip"
_LABEL = r"[\w-]{1,63}"
# without the signs that stand for dots: a row of them could be cut into labels in more ways than anybody can try
_SAID_LABEL = r"(?:(?![点點])[\w-]){1,63}"
_EMAIL = "|".join(
    (
        # written together it may end in anything of letters; "t @ 6.20" does not
        rf"{_LOCAL}\s?{_AT}\s?(?:{_LABEL}\.){{1,5}}[^\W\d_]{{2,24}}(?![\w-])",
        rf"(?<![\w.+-])[\w.+-]{{1,64}}\s?{_AT}\s?{_LABEL}(?:\s?{_DOT}\s?{_LABEL}){{0,4}}\s?{_DOT}\s?"
        rf"(?:{_ENDINGS}|co|me|io)(?![\w-])",
        # said aloud
        rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:\s?{_AT}\s?|{_SAID_AT}){_SAID_LABEL}"
        rf"(?:(?:\s?{_DOT}\s?|{_SAID_DOT}){_SAID_LABEL}){{0,3}}"
        rf"(?:\s?{_DOT}\s?|{_SAID_DOT})(?:{_ENDINGS}|co|me|io)(?![\w-])",
        rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:\s?{_AT}\s?|{_SAID_AT}){_MAILERS}(?!\w)",
    )
)
_ADDRESS = r"(?:https?://|(?<!\w)www\.)[^\s<>\"']+"
_BARE = (
    r"(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,5}"
    rf"(?:(?:{_ENDINGS})(?![\w-])(?:/[^\s<>\"']*)?|(?:{_WORDS})/[^\s<>\"']+)"
)
_SAID_BARE = (
    rf"(?<![\w.@-])[\w-]{{2,63}}(?:{_SAID_DOT}|\s?[(\[{{]\s?(?:dot|punkt|titik|点|點)\s?[)\]}}]\s?)"
    rf"(?:{_ENDINGS})(?![\w-])|(?<!\w)wa[\s.]{{0,2}}me\s?/\s?\+?\d[\d\s-]{{5,20}}\d"
)

_NAMED = (
    r"(?:(?<![a-z])(?:whats\s?app|wechat|weixin|wx|vx|telegram|skype|viber|zalo|kakao(?:talk)?|wa|tel|telp|telefon"
    r"|telepon|telephone|phone|call|hp|mobile|handy|hubungi)|微信|薇信|威信|加微|电话|電話|手机|手機|致电|致電)"
)
# an o may stand for a nought
_FIGURE = r"[\do]"
# after such a word, with or without a sign between, seven digits are a number and a name is an account
_CALLED = (
    rf"{_NAMED}(?:\s?(?:id|no|nr|number|nomor|me|us|saya|kami))?\.?\s?[:：]?\s?\+?\d"
    rf"(?:[\s().\-/_]{{0,3}}{_FIGURE}){{6,20}}(?!\w)"
)
_APPS = (
    r"(?:(?<![a-z])(?:whats\s?app|wechat|weixin|telegram|skype|viber|zalo|kakao(?:talk)?|instagram|facebook|tiktok"
    r"|linkedin|snapchat|twitter)|微信|薇信|威信|电报|電報|钉钉|釘釘|飞书|飛書|脸书|臉書|抖音|小红书|小紅書)"
)
_WHOSE = r"(?:[\s-]?(?:id|account|akun|konto|name|nama|user(?:name)?|handle|号|號|号码|號碼|账号|帳號))?"
_NAME = r"[a-z][\w.-]{2,39}"
_MARKED = r"(?=[\w.-]{0,39}[\d_])[a-z][\w.-]{2,39}"  # a name that no word of a sentence is
_ACCOUNT = "|".join(
    (
        rf"{_APPS}{_WHOSE}\s?[:：=]\s?[@\w.-]{{3,40}}",
        rf"{_APPS}{_WHOSE}\s?@\s?{_NAME}",
        rf"{_APPS}{_WHOSE}\s?(?:is|ist|lautet|adalah|yaitu|是|为|為)?\s?{_MARKED}",
        rf"(?<![a-z])(?:line|signal|ig|insta|fb|tg|wx|vx|imo)\s?(?:id|account|akun|konto|号|號)\s?[:：=]?\s?@?{_NAME}",
        rf"(?<![a-z])(?:line|signal|ig|insta|fb|tg|wx|vx|dm)\s?[:：]?\s?@{_NAME}",
        rf"(?<![a-z])(?:ig|tg|wx|vx)\s?[:：]\s?{_NAME}",
        r"(?<![a-z])qq(?:\s?(?:号|號))?\s?[:：]?\s?\d{5,12}(?!\d)",
        rf"(?<![\w@.])@(?!(?:us|usd|eur|idr|rp|cny|rmb|gbp|sgd|myr)[\d$.]){_MARKED}",
    )
)
_FOREIGN = rf"(?<![\w.,])(?:\+|00)\s?\d(?:[\s().\-/_]{{0,2}}{_FIGURE}){{8,14}}(?!\w)"
# a national number begins with 0; a tariff code in groups of four and two does so, too, and a date is no number
_HOME = (
    r"(?<![\w.,])\(?[0o](?!\d{3}\.\d{2}\b)(?!\d{3}\.\d{4}\.\d{2}(?![\d.]))(?!\.\d+(?![\d.\-_]))"
    r"(?!\d[/\-. ]\d{1,2}[/\-. ](?:19|20)\d\d\b)"
    rf"(?=(?:[\s()\-/._]{{0,2}}o?){{1,3}}\d)(?:[\s()\-/._]{{0,2}}{_FIGURE}){{8,13}}(?![\w.,]\d)(?!\w)"
)
# Chinese mobiles in one piece or as they are spoken, Indonesian ones without their nought, American ones
_MOBILE = (
    r"(?<![\w.,+])(?:1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4}|8[1-9]\d[ .\-_]\d{4}[ .\-_]\d{3,5}"
    r"|\([2-9]\d\d\)\s?[2-9]\d\d[-. ]\d{4})(?![\w.,]\d)(?!\w)"
)
_WORD_FIGURES = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun"
    "|nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan"
)
_SPOKEN = (
    rf"(?<!\w)(?:{_WORD_FIGURES})(?:[\s,.-]{{1,2}}(?:{_WORD_FIGURES})(?!\w)){{6,20}}|[〇零一二三四五六七八九幺]{{8,16}}"
)
_CONTACT = re.compile(
    f"(?P<trade>{_TRADE})|"
    + "|".join((_EMAIL, _ADDRESS, _BARE, _SAID_BARE, _CALLED, _ACCOUNT, _FOREIGN, _MOBILE, _HOME, _SPOKEN)),
    re.IGNORECASE,
)

# Chinese and Japanese keyboards write letters, digits and signs in full width, each for one of ours; other scripts have
# digits of their own, and telephones put long dashes between figures
_NARROW = (
    {sign: str(digit(chr(sign))) for sign in range(0x80, 0x1FC00) if category(chr(sign)) == "Nd"}
    | {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
    | {0x3000: 0x20}
    | dict.fromkeys((*range(0x2010, 0x2015), 0x2212), 0x2D)
)
# signs without width, which are put between letters and figures to part them
_THIN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


class WhyHidden(StrEnum):
    """Why contact details in messages are hidden from the other side."""

    UNVERIFIED = "unverified"  # nobody has looked at the buyer's papers yet
    FROZEN = "frozen"  # a serious report about one side waits for its decision


def without_contacts(text: str) -> str:
    """``text`` with `HIDDEN` in the place of every way to reach somebody; the same text where there is none."""
    narrow = text.translate(_NARROW)  # letter for letter, so that places stay
    places: list[int] | None = None
    if _THIN.search(narrow):
        places = [place for place, sign in enumerate(narrow) if not _THIN.match(sign)]
        narrow = "".join([narrow[place] for place in places])
    parts, end = [], 0
    for found in _CONTACT.finditer(narrow):
        if found["trade"] is None:
            first, last = found.start(), found.end() - 1
            if places is not None:
                first, last = places[first], places[last]
            parts += [text[end:first], HIDDEN]
            end = last + 1
    return "".join([*parts, text[end:]]) if parts else text
