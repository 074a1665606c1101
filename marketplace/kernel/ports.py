"""Sea ports by name: FOB, FAS, CFR and CIF mean nothing at a place where no ship loads or unloads."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class SeaPort:
    """A port with container or general cargo traffic; ``country`` is ISO 3166-1."""

    name: str
    country: str


# country: name = other names, cities it serves; ports of origin first, then those of the usual destinations
_TABLE = """
ID: Tanjung Perak = Surabaya, Surabaya Port, Tg. Perak, Tg Perak, Tanjung Perak Surabaya | Tanjung Priok = Jakarta, Tg. Priok, Tg Priok | Tanjung Emas = Semarang, Tg. Emas | Teluk Lamong = Terminal Teluk Lamong | Gresik | Tanjung Wangi = Banyuwangi, Ketapang | Probolinggo | Tanjung Tembaga | Belawan = Medan | Makassar = Ujung Pandang | Panjang = Lampung, Bandar Lampung | Teluk Bayur = Padang | Palembang = Boom Baru | Pontianak | Balikpapan | Banjarmasin = Trisakti | Bitung | Benoa = Bali | Batam = Batu Ampar | Kuala Tanjung | Patimban | Krueng Geukueh = Lhokseumawe | Sorong | Ambon | Kendari | Kupang
SG: Singapore = Singapura
MY: Port Klang = Pelabuhan Klang, Klang | Penang = George Town | Tanjung Pelepas | Johor = Pasir Gudang | Kota Kinabalu | Kuching
TH: Laem Chabang | Bangkok = Klong Toey | Songkhla
VN: Ho Chi Minh City = Cat Lai, Saigon, HCMC | Hai Phong = Haiphong | Da Nang = Danang | Qui Nhon | Cai Mep
PH: Manila | Cebu | Davao | Subic
MM: Yangon = Rangoon
KH: Sihanoukville
LK: Colombo
IN: Nhava Sheva = Jawaharlal Nehru, Mumbai, JNPT | Chennai = Madras | Mundra | Cochin = Kochi | Kolkata = Calcutta | Mangalore = New Mangalore | Tuticorin | Visakhapatnam
PK: Karachi | Port Qasim
BD: Chittagong = Chattogram
CN: Shanghai = 上海, Yangshan | Ningbo = 宁波 | Shenzhen = Yantian, Shekou, 深圳 | Guangzhou = Nansha, Huangpu, 广州 | Qingdao = 青岛 | Xiamen = 厦门 | Tianjin = Xingang, 天津 | Dalian = 大连 | Fuzhou | Lianyungang | Qinzhou
HK: Hong Kong = Hongkong, Kwai Chung, 香港
TW: Kaohsiung = 高雄 | Keelung = 基隆 | Taichung = 台中 | Taipei
JP: Tokyo | Yokohama | Kobe | Osaka | Nagoya | Hakata = Fukuoka | Shimizu | Moji
KR: Busan = Pusan | Incheon = Inchon | Gwangyang
AU: Melbourne | Sydney = Port Botany | Brisbane | Fremantle = Perth | Adelaide
NZ: Auckland | Tauranga | Lyttelton = Christchurch | Wellington
PG: Lae | Port Moresby
TL: Dili
AE: Jebel Ali = Dubai | Abu Dhabi = Khalifa Port | Sharjah = Khor Fakkan
SA: Jeddah = Jiddah | Dammam
QA: Hamad = Doha | Hamad Port
OM: Sohar | Salalah
KW: Shuwaikh = Kuwait, Shuaiba
BH: Khalifa Bin Salman = Bahrain
JO: Aqaba
IL: Haifa | Ashdod
LB: Beirut
YE: Aden | Hodeidah
TR: Ambarli = Istanbul | Mersin | Izmir = Aliaga | Gemlik
EG: Alexandria | Port Said | Damietta | Sokhna = Ain Sokhna
MA: Casablanca | Tanger Med = Tangier
DZ: Algiers
TN: Rades = Tunis
DJ: Djibouti
KE: Mombasa
TZ: Dar es Salaam | Tanga
MZ: Maputo | Beira | Nacala
ZA: Durban | Cape Town | Ngqura = Port Elizabeth, Coega
MG: Toamasina = Tamatave
MU: Port Louis
AO: Luanda
NG: Lagos = Apapa, Tin Can Island
GH: Tema
CI: Abidjan
SN: Dakar
CM: Douala
DE: Hamburg | Bremerhaven = Bremen | Wilhelmshaven
NL: Rotterdam | Amsterdam | Vlissingen
BE: Antwerp = Antwerpen, Antwerp-Bruges | Zeebrugge
GB: Felixstowe | Southampton | London Gateway = London, Tilbury | Liverpool | Grangemouth | Immingham
IE: Dublin | Cork
FR: Le Havre | Marseille = Fos, Marseille-Fos | Dunkirk = Dunkerque
ES: Barcelona | Valencia | Algeciras | Bilbao
PT: Lisbon = Lisboa | Leixoes = Porto, Leixões | Sines
IT: Genoa = Genova, Genua | Trieste = Triest | La Spezia | Livorno | Naples = Napoli | Venice = Venezia | Ravenna | Gioia Tauro | Salerno
GR: Piraeus = Athens | Thessaloniki
SI: Koper
HR: Rijeka
MT: Marsaxlokk
CY: Limassol
PL: Gdansk = Gdańsk, Danzig | Gdynia
SE: Gothenburg = Göteborg | Stockholm = Norvik | Helsingborg
DK: Aarhus = Århus | Copenhagen = Kopenhagen
NO: Oslo | Bergen
FI: Helsinki = Vuosaari | Kotka
EE: Tallinn = Muuga
LV: Riga
LT: Klaipeda = Klaipėda
RO: Constanta = Constanța
BG: Varna | Burgas
UA: Odesa = Odessa
GE: Poti | Batumi
RU: Saint Petersburg = St. Petersburg | Novorossiysk | Vladivostok
IS: Reykjavik
US: New York = New York and New Jersey, Newark, Port Newark | Los Angeles = LA | Long Beach | Oakland | Seattle | Tacoma | Houston | New Orleans | Savannah | Charleston | Norfolk | Baltimore | Philadelphia | Boston | Miami | Jacksonville | Honolulu = Hawaii | San Francisco | Portland | Kawaihae | San Juan
CA: Vancouver | Montreal | Halifax | Prince Rupert | Toronto
MX: Veracruz | Manzanillo | Lazaro Cardenas | Altamira | Ensenada
GT: Puerto Quetzal | Santo Tomas de Castilla = Santo Tomás de Castilla | Puerto Barrios
HN: Puerto Cortes = Puerto Cortés
SV: Acajutla
NI: Corinto
CR: Puerto Limon = Limón, Moin | Caldera
PA: Colon = Colón, Cristobal | Balboa
CO: Cartagena | Buenaventura | Santa Marta
EC: Guayaquil
PE: Callao = Lima | Paita
CL: Valparaiso = Valparaíso | San Antonio
BR: Santos | Rio de Janeiro | Vitoria = Vitória | Paranagua = Paranaguá | Salvador | Itajai
AR: Buenos Aires
UY: Montevideo
VE: La Guaira | Puerto Cabello
HT: Port-au-Prince
DO: Caucedo = Santo Domingo | Haina
JM: Kingston
TT: Port of Spain
"""  # noqa: E501 - one line per country


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).replace(",", " ").split())


@cache
def _by_name() -> Mapping[str, SeaPort]:
    found: dict[str, SeaPort] = {}
    for line in _TABLE.strip().splitlines():
        country, _, ports = line.partition(": ")
        for entry in ports.split("|"):
            name, _, others = entry.partition("=")
            port = SeaPort(name.strip(), country)
            for spelling in (name, *others.split(",")):
                if spelling.strip():
                    found.setdefault(_folded(spelling), port)
    return MappingProxyType(found)


def sea_ports(country: str | None = None) -> tuple[SeaPort, ...]:
    """Every port, or those of one country, in the table's order."""
    ports = dict.fromkeys(_by_name().values())
    return tuple(port for port in ports if country in (None, port.country))


@lru_cache(maxsize=1024)
def find_sea_port(text: str) -> SeaPort | None:
    """The port with this name, also when written with "port of", its city or its country's code behind it."""
    plain = _folded(text)
    for word in ("port of ", "pelabuhan ", "hafen ", "seaport "):
        plain = plain.removeprefix(word)
    names = _by_name()
    if plain in names:
        return names[plain]
    shorter = plain.removesuffix(" port")
    # "Tanjung Perak, Surabaya", "Hamburg, Germany": the first part names the port
    first = _folded(text.split(",", maxsplit=1)[0]) if "," in text else shorter
    return names.get(shorter) or names.get(first)
