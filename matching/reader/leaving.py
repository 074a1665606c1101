"""Whether a named day is the one on which the goods leave ("ETD 15 March") or arrive ("in Hamburg by 15 March")."""

import re

# What is said of the goods' leaving; "ship to Hamburg by ..." says where they must be by then.
_LEAVES_BEFORE = re.compile(
    r"(?:\b(?:etd|b/?l date|bill of lading date|latest (?:date of )?shipment|shipment date|date of shipment|"
    r"time of shipment|shipping (?:window|date|period)|shipment|shipping|shipped|ship(?!\w)|to be shipped|"
    r"dispatch(?:ed)?|despatch(?:ed)?|sail(?:ing|s)?|vessel|loading|loaded|load(?!\w)|on board|ex[- ]factory|"
    r"ready (?:to ship|for (?:shipment|collection|pick-?up))|leave(?:s|ing)?|departure|"
    r"verschiff\w*|verlad\w*|abgang|abfahrt|abgehend|versanddatum|versandtermin|versand|versandbereit|abholbereit|"
    r"abhol\w+|muat(?: kapal)?|pemuatan|pengapalan|dikapalkan|berangkat|keberangkatan|kapal|stuffing|siap kirim)|"
    r"[装裝](?:船|运|運|[货貨]|[柜櫃])|[发發出][货貨]|船期|[开開]船|[离離]港|起[运運])"
    r"(?P<between>[^.;!?\n。；！？]{0,34})$",
    re.IGNORECASE,
)
_LEAVES_AFTER = re.compile(
    r"\s{0,2}(?:\(?\s?etd\b|(?:latest )?(?:shipment|dispatch|sailing|loading|departure)\b|verschiff\w+|verlad\w+|"
    r"abgang\b|pengapalan\b|(?:之?前|以前|底前|底|内|內)?\s?(?:[装裝](?:船|运|運|[货貨]|[柜櫃])|[发發出][货貨]|[开開]船|[离離]港|起[运運]))",
    re.IGNORECASE,
)
# Between the leaving and the day: a place they go to, or that they are there by then.
_ARRIVES = re.compile(
    r"\b(?:to|into|nach|ke|tujuan|arriv\w*|arrival|eta|deliver\w*|reach\w*|land(?:s|ed)?\b(?! on board)|so it|"
    r"have it|in our|an(?:kunft|lieferung)|tiba|"
    r"sampai|until it)\b|[到达達抵送至]|so that|damit",
    re.IGNORECASE,
)


def is_of_leaving(text: str, start: int, end: int) -> bool:
    """Whether the words around ``text[start:end]`` tell that the goods leave on that day."""
    before = _LEAVES_BEFORE.search(text, max(0, start - 60), start)
    if before and not _ARRIVES.search(before["between"]):
        return True
    return _LEAVES_AFTER.match(text, end) is not None
