"""Tells a limit on what goods cost from one on something else that money is named for: a carton, freight, an order."""

import re

# Right behind the amount: a range goes on, a number of unknown size, or a unit that prices are not compared in.
_GOES_ON = re.compile(
    r"[a-zß-ÿ]"
    r"|\s*(?:[-–—~]|to\b|bis\b|sampai\b|hingga\b|[至到])?\s*\d"
    r"|\s*(?:mn?|bn|billion\w*|miliar\w*|milyar\w*|mrd|milliarden?|ratus\w*|ribuan|jutaan)\b"
    r"|\s*(?:kgs?|kilos?|kilogramm?|t|mt|tons?|tonnen?|tonnes?|lbs?|pounds?|g|gr|grams?|gramm)\b"
    r"|\s*(?:/|千克|公斤|[斤磅吨噸箱袋盒包瓶罐桶])"
)
# Anywhere: said of a unit, or of a number of them.
_BY = re.compile(
    r"\b(?:per|pro|je|each|every|setiap)\b"
    r"|每|[一两兩整]\s*[箱袋盒包瓶罐桶柜櫃件套打批单單组組磅斤吨噸]|[一两兩整]\s*[个個](?!月)"
    r"|\d\s*(?:[克斤磅箱袋盒包瓶罐桶柜櫃件套打升]|个(?!月)|個(?!月)|公斤|千克|毫升|吨|噸)"
    r"|\d\s*(?:kgs?|kilos?|kilogramm?s?|kuintal|t|mt|tons?|tonnen?|tonnes?|lbs?|pounds?|g|gr|grams?|gramm|oz|ml|l"
    r"|lit(?:er|re)s?|pcs?|pieces?|units?|buah|biji|st(?:ü|ue)ck|stk|sets?|dozen)\b"
)
# Anywhere: packings and loads that are no goods themselves, other costs, and the worth of an order or of a business.
_OF_OTHERS = re.compile(
    r"\b(?:cartons?|containers?|pallets?|dozen|fcl|lcl|karton\w*|kontainer|peti kemas|palet|lusin|palette\w*|dutzend"
    r"|freight|shipping|shipment|delivery(?! time)|postage|courier|insurance|ongkir|ongkos|biaya|pengiriman"
    r"|versand\w*|fracht\w*|porto|lieferkosten|lieferung"
    r"|samples?|sampel|contoh|muster\w*|proben?"
    r"|moq|orders?|pesanan|mindest(?:menge|bestell\w*|abnahme|auftrag\w*)"
    r"|bestell(?:ung|wert)\w*|auftrag(?:s\w+)?|budget|anggaran|total|altogether|insgesamt|gesamt\w*"
    r"|turnover|revenue|om[sz]et|umsatz)\b"
    r"|集装箱|集裝箱|货柜|貨櫃|整柜|整櫃|托盘|托盤|运费|運費|邮费|郵費|快递|快遞|物流|样品|樣品|起订|起訂|订单|訂單|订货|訂貨|预算|預算|总|總"
    r"|营业额|營業額|年销售|年銷售"
)
# Goods that are sold by the piece may be bags and boxes themselves.
_PACKINGS = re.compile(
    r"\b(?:box(?:es)?|bags?|sacks?|drums?|bottles?|jars?|pouch(?:es)?|sachets?|packs?|packets?|packages?"
    r"|dus|kardus|kotak|karung|sak|kantong|bungkus|botol|toples|jerigen|paket\w*"
    r"|kisten?|s[aä]cken?|beuteln?|tüten?|flaschen?|dosen?|packung(?:en)?)\b"
)


def is_of_something_else(text: str, start: int, end: int, *, is_by_mass: bool) -> bool:
    """Whether the limit without a unit at ``start`` to ``end`` of a text in small letters is for another thing than one
    unit of the goods; ``is_by_mass`` says whether these are priced by mass. In doubt it is."""
    if _GOES_ON.match(text, end):
        return True
    rest = f"{text[:start]} | {text[end:]}"
    return any(each.search(rest) for each in (_BY, _OF_OTHERS, *([_PACKINGS] if is_by_mass else ())))
