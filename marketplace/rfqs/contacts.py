"""Ways round the marketplace in free text: which words are e-mail addresses, telephone numbers and web addresses."""

from __future__ import annotations

import re
from enum import StrEnum

HIDDEN = "•••"
_EMAIL = (
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|（at）)\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]{1,63}){1,5}"
)
_ADDRESS = r"(?:https?://|(?<!\w)www\.)[^\s<>\"']+"
# a bare name counts by its ending, so that "60.kg" stays; endings that are words count before a path alone
_ENDINGS = "com|net|org|info|biz|shop|store|online|asia|eu|id|de|ch|uk|nl|fr|ca|au|jp|cn|hk|tw|sg"
_WORDS = "me|in|it|at|us|my|ae|co|io|es|site"
_BARE = (
    r"(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,5}"
    rf"(?:(?:{_ENDINGS})(?![\w-])(?:/[^\s<>\"']*)?|(?:{_WORDS})/[^\s<>\"']+)"
)
_NAMED = (
    r"(?:(?<![a-z])(?:whats\s?app|wechat|weixin|wx|telegram|skype|viber|wa|tel|telp|telefon|telepon|telephone|phone|call"
    r"|hp|mobile|handy)|微信|电话|電話|手机|手機)"
)
# after such a word, with or without a sign between, seven digits are a number and a name is an account
_CALLED = rf"{_NAMED}(?:\s?(?:id|no|nr|number|nomor))?\.?\s?[:：]?\s?\+?\d[\d\s().\-/]{{5,20}}\d"
_ACCOUNT = r"(?:wechat|weixin|telegram|skype|微信)(?:\s?(?:id|号|號))?\s?[:：]\s?[@\w.-]{3,40}"
_FOREIGN = r"(?<![\w.,])(?:\+|00)\s?\d(?:[\s().\-/]{0,2}\d){8,14}(?!\w)"
# a national number begins with 0; a tariff code in groups of four and two does so, too, and a date is no number
_HOME = (
    r"(?<![\w.,])(?<!HS )(?<!HS: )(?<!code )\(?0(?!\d{3}\.\d{2}\b)(?!\d[/\- ]\d{1,2}[/\- ](?:19|20)\d\d\b)"
    r"(?:[\s()\-/]{0,2}\d){8,13}(?![\w.,]\d)(?!\w)"
)
_CONTACT = re.compile("|".join((_EMAIL, _ADDRESS, _BARE, _ACCOUNT, _CALLED, _FOREIGN, _HOME)), re.IGNORECASE)


# Chinese and Japanese keyboards write letters, digits and signs in full width, each for one of ours
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class WhyHidden(StrEnum):
    """Why contact details in messages are hidden from the other side."""

    UNVERIFIED = "unverified"  # nobody has looked at the buyer's papers yet
    FROZEN = "frozen"  # a serious report about one side waits for its decision


def without_contacts(text: str) -> str:
    """``text`` with `HIDDEN` in the place of every way to reach somebody; the same text where there is none."""
    narrow = text.translate(_NARROW)  # letter for letter, so that places stay
    if narrow == text:
        return _CONTACT.sub(HIDDEN, text)
    parts, end = [], 0
    for found in _CONTACT.finditer(narrow):
        parts += [text[end : found.start()], HIDDEN]
        end = found.end()
    return "".join([*parts, text[end:]])
