"""Which of several amounts is wanted now: the first lot of a larger need, a trial before further orders."""

import re

# "first lot 8 t", "zunächst 500 kg", "pengiriman pertama 5 ton", "coba dulu 300 kg", 首批25吨
_BEFORE = re.compile(
    r"(?:\b(?:(?:first|initial|opening|1st) (?:lot|batch|shipment|order|delivery|consignment|container|purchase|qty|"
    r"quantity)|trial(?: order| lot| shipment)?|to (?:start|begin) with|for a start|initially|start(?:ing)? with|"
    r"erste(?:n|r)? (?:partie|lieferung|charge|bestellung|sendung|menge|los)|erst(?:bestellung|lieferung|menge)|"
    r"probe(?:bestellung|auftrag|lieferung|partie)|zunächst|vorerst|fürs erste|für den anfang|zum (?:start|einstieg)|"
    r"(?:pengiriman|order|pesanan|pembelian|tahap|lot|batch) (?:pertama|awal)|(?:coba|percobaan|trial)(?: dulu)?|"
    r"awalnya|untuk awal)\b|首[批单單次][先订訂]?|第一批|先[试試来來要订訂买買做拿][购購]?|"
    r"[试試][单單订訂]|起初)"
    r"(?P<between>[^.;!?\n。；！？]{0,18})$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[^.;,!?\n\d。；，！？]{0,24}?(?:\b(?:to (?:start|begin)(?: with)?|for a start|"
    r"as (?:a )?(?:first|trial|initial) \w+|"
    r"zum (?:start|anfang|einstieg)|für den anfang|vorerst|dulu|untuk (?:awal|percobaan|coba))\b|[试試][单單订訂]|"
    r"(?<![优優首])先)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;,!?\n。；，！？]")
_NO_LOT = re.compile(r"\d|\b(?:sampl|muster|sampel|contoh)\w*|样|樣", re.IGNORECASE)


def is_first_lot(text: str, start: int, end: int) -> bool:
    """Whether the words around an amount say that it is what is wanted first, of more to come."""
    before = _BEFORE.search(text, max(0, start - 60), start)
    if before and not _NO_LOT.search(before["between"]):
        return True
    after = _AFTER.match(text, end)
    if _NO_LOT.search(_CLAUSE.split(text[max(0, start - 24) : start])[-1]):
        return False
    return bool(after and not _NO_LOT.search(after.group()))
