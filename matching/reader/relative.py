"""Days told from the day of the request on: next week, anfangs nächsten Monats, akhir bulan depan, 下周五, 本月内."""

import re
from calendar import monthrange
from datetime import date, timedelta

from matching.reader.cues import Cued

MOVED = (
    r"delivery|delivered|shipment|shipping|ship|arrival|arriving|eta|etd|lieferung|anlieferung|liefertermin|"
    r"liefermonat|ankunft|versand|verladung|verschiffung|pengiriman|pengapalan|kirim|dikirim|tiba|kedatangan"
)
_PART = (
    r"(?:(?P<early>early|beginning of|start of|awal|anfangs?|初)|"
    r"(?P<mid>mid(?:dle of)?|pertengahan|mitte|中旬?)|(?P<late>late|(?:the )?end of|akhir|ende|底|末))"
)
_WEEK = Cued(
    r"(?<![^\W\d_])(?:(?P<next>(?:next|the coming|coming|following) week|(?:nächste|kommende|folgende)[rn]? woche|"
    r"naechste[rn]? woche|(?:minggu|pekan) depan)|(?P<this>this week|diese[rn]? woche|(?:minggu|pekan) ini)|"
    r"(?P<later>the week after next|übernächste[rn]? woche|dua (?:minggu|pekan) lagi))(?![^\W\d_])|"
    r"(?:(?P<zhlater>下下)|(?P<zhnext>下)|(?P<zhthis>[本这這]))[个個]?(?:[周週]|星期|[礼禮]拜)(?P<day>[一二三四五六日天])?",
    ("week", "woche", "minggu", "pekan", "周", "週", "星期", "礼拜", "禮拜"),
)
_MONTH = Cued(
    rf"(?<![^\W\d_])(?:{_PART}[\s-]{{0,2}})?(?:(?:the )?(?P<next>(?:next|coming|following) month|"
    r"(?:nächste|kommende|folgende)[nsm]? monat(?:s|es)?|naechste[nsm]? monat(?:s|es)?|(?:bulan|bln) depan)|"
    r"(?P<this>this month|diese[nsm]? monat(?:s|es)?|(?:bulan|bln) ini))(?![^\W\d_])|"
    r"(?:(?P<zhnext>下[个個]?)|(?P<zhthis>本|[这這][个個]))月份?(?:(?P<zhearly>初|上旬)|(?P<zhmid>中旬?)|[底末])?",
    ("month", "monat", "bulan", "bln", "月"),
)
_YEAR = Cued(
    r"(?<![^\W\d_])(?:(?:early|beginning of|start of) (?:the )?(?:next|coming|new) year|"
    r"anfang (?:des )?(?:nächsten|kommenden|neuen) jahre?s|anfang kommendes jahr|awal tahun depan)(?![^\W\d_])|"
    r"明年年?初",
    ("year", "jahr", "tahun", "年"),
)
_HAN_DAYS = "一二三四五六日"
_EARLY, _MID = 10, 15
# "will pay next week", "reply by next week": another day than that of the goods
_OTHER_ACT = re.compile(
    r"\b(?:reply|replies|respond|response|answer|quote|quotation|offer|call|meet|visit|pay|payment|feedback|decide|"
    r"decision|antwort|rückmeldung|angebot|treffen|melden|bezahl|zahl|messe|balas|jawab|bayar|pembayaran|rapat|bertemu|"
    r"penawaran|kunjung|pameran|discuss|talk|confirm|finali[sz]e|besprech|bahas)\w*|确认|確認|讨论|討論|回复|回覆|报价|報價|付款|开会|開會|见面|見面|拜访|拜訪",
    re.IGNORECASE,
)
_OTHER_ACT_AFTER = re.compile(
    r"[前内內]?(?:回复|回覆|报价|報價|付款|开会|開會|见面|見面|拜访|拜訪|确认|確認|讨论|討論)"
)
_GOODS_MOVE = re.compile(rf"\b(?:{MOVED})|[发發到交出][货貨]|运|運", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.;!?\n。；！？](?!\d)")

# "We buy this month" is no day by which goods must be there; "needed this week", "noch diesen Monat", 本月内 are.
_WANTED_BEFORE = re.compile(
    rf"(?:\b(?:within|by|before|during|until|in|needed|required|bis|innerhalb|binnen|noch|im|benötigt|dalam|sebelum|"
    rf"butuh|dibutuhkan|{MOVED})|到|交|[发發]货)\s*(?:the |de[rns] )?$",
    re.IGNORECASE,
)
_WANTED_AFTER = re.compile(r"\s*(?:[内內之前底末要到交发發]|delivery|shipment|lieferbar|lieferung)", re.IGNORECASE)

Found = list[tuple[date | None, tuple[int, int]]]


def relative_days(text: str, posted: date) -> Found:
    """Last days of the weeks and months told from ``posted`` on, with their places, in the order of the text."""
    found: Found = []
    monday = posted - timedelta(days=posted.weekday())
    for hit in _WEEK.finditer(text):
        ahead = 2 if hit["later"] or hit["zhlater"] else 1 if hit["next"] or hit["zhnext"] else 0
        weekday = _HAN_DAYS.index("日" if hit["day"] == "天" else hit["day"]) if hit["day"] else 6
        if ahead or _is_wanted(text, *hit.span()):
            found.append((monday + timedelta(days=7 * ahead + weekday), hit.span()))
    for hit in _MONTH.finditer(text):
        first = posted.replace(day=1)
        if hit["next"] or hit["zhnext"]:
            first = (first + timedelta(days=31)).replace(day=1)
        elif hit.group() == (hit["this"] or hit["zhthis"] + "月") and not _is_wanted(text, *hit.span()):
            continue
        early, mid = hit["early"] or hit["zhearly"], hit["mid"] or hit["zhmid"]
        day = _EARLY if early else _MID if mid else monthrange(first.year, first.month)[1]
        found.append((first.replace(day=day), hit.span()))
    found += [(date(posted.year + 1, 1, 31), hit.span()) for hit in _YEAR.finditer(text)]
    return sorted((each for each in found if not _is_of_another_act(text, *each[1])), key=lambda each: each[1])


def _is_wanted(text: str, start: int, end: int) -> bool:
    return bool(_WANTED_BEFORE.search(text, max(0, start - 24), start) or _WANTED_AFTER.match(text, end))


def _is_of_another_act(text: str, start: int, end: int) -> bool:
    """Whether the words around tell of an answer, a payment or a meeting, and of no goods that move."""
    if _OTHER_ACT_AFTER.match(text, end):
        return True
    before = _CLAUSE_END.split(text[max(0, start - 40) : start])[-1]
    acts = list(_OTHER_ACT.finditer(before))
    return bool(acts) and not _GOODS_MOVE.search(before, acts[-1].end())
