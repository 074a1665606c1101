"""Names of the sample marketplace. Every one says that it is an example; none belongs to anyone."""

from __future__ import annotations

# "Contoh" is Indonesian for example; the second part is a plant, stone or star, never a person or a real school
PESANTREN = ["Melati", "Kembang", "Padma", "Kenanga", "Cendana", "Anggrek", "Seruni", "Flamboyan", "Teratai", "Dahlia", "Kemuning", "Mawar", "Cempaka", "Nusa", "Samudra", "Kartika", "Lintang", "Surya", "Purnama", "Fajar", "Senja", "Embun", "Pelangi", "Mutiara", "Safir", "Zamrud", "Akik", "Intan", "Permata", "Kencana", "Tirta", "Bayu", "Angkasa", "Bahari", "Lembah", "Bukit", "Ngarai", "Telaga", "Rimba", "Padang", "Sawah", "Ladang", "Kebun", "Taman", "Ranting", "Akar", "Daun", "Bunga", "Buah", "Biji", "Tunas", "Pucuk", "Serat", "Anyam", "Tenun", "Ukir", "Gerabah", "Rempah", "Gula", "Madu", "Garam", "Aren", "Kelapa", "Kopi", "Kakao", "Vanili", "Cengkih"]
FAMILY = ["Amin", "Budiman", "Cahyono", "Darmawan", "Effendi", "Firdaus", "Gunadi", "Hidayat", "Iskandar", "Junaidi", "Kusuma", "Lestari", "Mahfud"]
GIVEN = (
    ["Aminah", "Budi", "Citra", "Dewi", "Eko", "Fatimah", "Gita", "Hasan", "Indah", "Joko", "Khadijah", "Lukman", "Maryam", "Nur", "Omar", "Putri", "Rahmat", "Siti"]
)

BUYERS: tuple[tuple[str, str, str, str, str], ...] = (
    # name, country, city, trade, language
    ("Muster-Rösterei Alsterblick (Beispiel)", "DE", "Hamburg", "roaster", "de"),
    ("Beispiel Naturkost Großhandel", "DE", "München", "wholesaler", "de"),
    ("Musterhaus Gewürzmühle (Beispiel)", "DE", "Bremen", "manufacturer", "de"),
    ("Beispiel Grillbedarf Rhein", "DE", "Köln", "retailer", "de"),
    ("Muster Kosmetikmanufaktur (Beispiel)", "DE", "Leipzig", "manufacturer", "de"),
    ("Sample Lakeshore Imports", "US", "Chicago", "importer", "en"),
    ("Example Pantry Wholesale", "US", "Houston", "wholesaler", "en"),
    ("Sample Bay Roasters", "US", "Oakland", "roaster", "en"),
    ("Example Halal Foods Distribution", "US", "Dearborn", "distributor", "en"),
    ("Sample Garden Supply", "US", "Portland", "retailer", "en"),
    ("Example Hookah Supply", "US", "Tampa", "wholesaler", "en"),
    ("樣本海港批發 Sample Harbour Wholesale", "HK", "Hong Kong", "wholesaler", "zh_Hant"),
    ("範例南洋食品 Example Nanyang Foods", "HK", "Hong Kong", "importer", "zh_Hant"),
    ("樣本咖啡行 Sample Coffee House", "HK", "Hong Kong", "roaster", "zh_Hant"),
    ("範例燕窩莊 Example Nest House", "HK", "Hong Kong", "retailer", "zh_Hant"),
    ("示例广州进出口 Sample Guangzhou Trading", "CN", "Guangzhou", "importer", "zh_Hans"),
    ("样本椰业 Example Coconut Industries", "CN", "Haikou", "manufacturer", "zh_Hans"),
    ("示例上海咖啡 Sample Shanghai Coffee", "CN", "Shanghai", "roaster", "zh_Hans"),
    ("样本香料行 Example Spice Company", "CN", "Foshan", "wholesaler", "zh_Hans"),
    ("Example Thames Ingredients", "GB", "London", "importer", "en"),
    ("Sample Midlands Halal Grocers", "GB", "Birmingham", "wholesaler", "en"),
    ("Example Highland Tea Merchants", "GB", "Edinburgh", "manufacturer", "en"),
    ("Esempio Torrefazione Ligure", "IT", "Genova", "roaster", "en"),
    ("Esempio Arredi Naturali", "IT", "Milano", "retailer", "en"),
    ("Esempio Spezie del Porto", "IT", "Trieste", "importer", "en"),
    ("Voorbeeld Havenhandel", "NL", "Rotterdam", "importer", "en"),
    ("Voorbeeld Bio Ingrediënten", "NL", "Utrecht", "manufacturer", "en"),
    ("Sample Creek General Trading", "AE", "Dubai", "importer", "en"),
    ("Example Oud and Incense House", "AE", "Sharjah", "retailer", "en"),
    ("Example Desert Hospitality Supply", "AE", "Abu Dhabi", "hospitality", "en"),
    ("Sample Hijaz Trading", "SA", "Jeddah", "importer", "en"),
    ("Example Pilgrim Goods", "SA", "Medina", "retailer", "en"),
    ("Contoh Niaga Selangor", "MY", "Shah Alam", "wholesaler", "en"),
    ("Contoh Herba Pulau Pinang", "MY", "George Town", "manufacturer", "en"),
    ("Sample Straits Provisions", "SG", "Singapore", "importer", "en"),
    ("Example Lion City Coffee", "SG", "Singapore", "roaster", "en"),
    ("Mihon Shokuhin Example Foods", "JP", "Kobe", "importer", "en"),
    ("Mihon Coffee Sample", "JP", "Yokohama", "roaster", "en"),
    ("Sample Southern Wholefoods", "AU", "Melbourne", "wholesaler", "en"),
    ("Example Reef Homewares", "AU", "Brisbane", "retailer", "en"),
)

CHAPTERS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    # name, slug, city, countries
    ("Connect Souq United States (sample chapter)", "us", "Chicago", ("US",)),
    ("Connect Souq United Kingdom (sample chapter)", "uk", "London", ("GB",)),
    ("Connect Souq Deutschland (sample chapter)", "de", "Berlin", ("DE", "AT")),
    ("Connect Souq Italia (sample chapter)", "it", "Milano", ("IT",)),
    ("Connect Souq Hong Kong (sample chapter)", "hk", "Hong Kong", ("HK", "CN")),
)

DISTRIBUTORS: tuple[str, ...] = (
    "Example Bridge Distribution",
    "Sample Harvest Partners",
    "Example Crescent Trade",
    "Sample Meridian Foods",
    "Example Lantern Supply",
    "Sample Orchard Imports",
)
