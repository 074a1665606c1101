"""Names of the units of trade in the site's languages, for one and for several."""

from collections.abc import Mapping
from types import MappingProxyType

# ruff: noqa: E501 - a table reads better in one line per unit

# code: en one | en other | id | de one | de other | zh_Hans | zh_Hant. Indonesian and Chinese know no plural.
_TABLE = """
kg|kg|kg|kg|kg|kg|公斤|公斤
mt|t|t|ton|t|t|吨|噸
g|g|g|g|g|g|克|克
lb|lb|lb|lb|lb|lb|磅|磅
oz|oz|oz|oz|oz|oz|盎司|盎司
quintal|quintal|quintals|kuintal|Dezitonne|Dezitonnen|公担|公擔
bag60|bag of 60 kg|bags of 60 kg|karung 60 kg|Sack zu 60 kg|Säcke zu 60 kg|袋（60公斤）|袋（60公斤）
bag25|bag of 25 kg|bags of 25 kg|karung 25 kg|Sack zu 25 kg|Säcke zu 25 kg|袋（25公斤）|袋（25公斤）
bag50|bag of 50 kg|bags of 50 kg|karung 50 kg|Sack zu 50 kg|Säcke zu 50 kg|袋（50公斤）|袋（50公斤）
bag|bag|bags|karung|Sack|Säcke|袋|袋
litre|litre|litres|liter|Liter|Liter|升|升
ml|ml|ml|ml|ml|ml|毫升|毫升
drum|drum|drums|drum|Fass|Fässer|桶|桶
jerrycan|jerrycan|jerrycans|jeriken|Kanister|Kanister|方桶|方桶
carton|carton|cartons|karton|Karton|Kartons|箱|箱
box|box|boxes|kotak|Schachtel|Schachteln|盒|盒
pouch|pouch|pouches|kantong|Beutel|Beutel|包|包
sachet|sachet|sachets|saset|Portionsbeutel|Portionsbeutel|小袋|小袋
jar|jar|jars|stoples|Glas|Gläser|罐|罐
bottle|bottle|bottles|botol|Flasche|Flaschen|瓶|瓶
piece|piece|pieces|buah|Stück|Stück|件|件
set|set|sets|set|Set|Sets|套|套
dozen|dozen|dozen|lusin|Dutzend|Dutzend|打|打
score|score (20)|scores (20)|kodi (20)|Posten zu 20|Posten zu 20|廿件|廿件
gross|gross (144)|gross (144)|gros (144)|Gros (144)|Gros (144)|罗（144件）|籮（144件）
metre|metre|metres|meter|Meter|Meter|米|米
roll|roll|rolls|gulung|Rolle|Rollen|卷|卷
block|block|blocks|balok|Block|Blöcke|块|塊
bale|bale|bales|bal|Ballen|Ballen|捆|捆
tin|tin|tins|kaleng|Dose|Dosen|听|罐
pallet|pallet|pallets|palet|Palette|Paletten|托盘|卡板
fcl20|20 ft container|20 ft containers|kontainer 20 kaki|20-Fuß-Container|20-Fuß-Container|20尺货柜|20呎貨櫃
fcl40hc|40 ft high-cube container|40 ft high-cube containers|kontainer 40 kaki HC|40-Fuß-High-Cube-Container|40-Fuß-High-Cube-Container|40尺高柜|40呎高櫃
fcl40rf|40 ft reefer container|40 ft reefer containers|kontainer pendingin 40 kaki|40-Fuß-Kühlcontainer|40-Fuß-Kühlcontainer|40尺冷藏柜|40呎冷凍櫃
"""


def _names() -> dict[str, dict[str, tuple[str, str]]]:
    names = {}
    for line in _TABLE.strip().splitlines():
        code, one, other, indonesian, de_one, de_other, hans, hant = line.split("|")
        names[code] = {
            "en": (one, other),
            "id": (indonesian, indonesian),
            "de": (de_one, de_other),
            "zh_Hans": (hans, hans),
            "zh_Hant": (hant, hant),
        }
    return names


UNIT_NAMES: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(_names())


def unit_name(code: str, locale: str = "en", *, is_plural: bool = False) -> str:
    """The unit's name; English where the locale is not one of the site's."""
    names = UNIT_NAMES[code]
    return names.get(locale, names["en"])[is_plural]
