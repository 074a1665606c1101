"""Words that say a buyer wants the goods soon, without a day."""

import re

from matching.profile import Source
from matching.reader.cues import Cued

_SOON = Cued(
    r"\b(?:asap|a\.s\.a\.p\.?|as soon as possible|as early as possible|urgent(?:ly)?|right away|immediate(?:ly)?|"
    r"prompt (?:shipment|delivery)|earliest (?:shipment|delivery|possible)|"
    r"secepatnya|secepat mungkin|segera|mendesak|"
    r"schnellstmöglich\w*|so (?:schnell|bald|rasch) wie möglich|baldmöglichst|umgehend|sofort|eilig|dringend|"
    r"ehestmöglich\w*)(?!\w)|尽快|盡快|儘快|尽早|盡早|儘早|急需|急要|加急|越快越好|马上要|馬上要",
    (
        *("asap", "a.s.a.p", "soon", "early", "urgent", "right away", "immediate", "prompt", "earliest", "secepat"),
        *("segera", "mendesak", "schnell", "bald", "rasch", "umgehend", "sofort", "eilig", "dringend", "ehest"),
        *"尽盡儘急快马馬",
    ),
)
# "pls quote asap", "reply urgently": the answer is wanted soon, not the goods
_ANSWER_BEFORE = re.compile(
    r"(?:quote|quotation|offer|reply|respond|answer|contact|advise|price|angebot|antwort\w*|melden|rückmeldung|"
    r"penawaran|balas|jawab|kabari|hubungi|报价|報價|回复|回覆|联系|聯繫)[\s,:]*(?:us |me |back |kami |saya |bitte )?$",
    re.IGNORECASE,
)
_ANSWER_AFTER = re.compile(
    r"\s*(?:quote|quotation|offer|reply|answer|um (?:ein )?angebot|ein angebot|anbieten|melden|penawaran|balas|"
    r"报价|報價|回复|回覆|联系|聯繫)",
    re.IGNORECASE,
)


def read_urgency(text: str) -> Source | None:
    """The words that ask for the goods as soon as possible, None when there are none."""
    for hit in _SOON.finditer(text):
        start, end = hit.span()
        if not _ANSWER_BEFORE.search(text[max(0, start - 32) : start]) and not _ANSWER_AFTER.match(text, end):
            return Source(start, end, hit.group())
    return None
