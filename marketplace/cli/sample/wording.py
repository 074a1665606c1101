"""Texts of the sample goods, put together from the registry's names. They are marked as machine-made where translated."""

from __future__ import annotations

# {name} the commodity, {mark} what sets this one apart, {place} the regency, {pack} the packaging
TITLES = {
    "en": "{name}, {mark}, {place}",
    "id": "{name}, {mark}, {place}",
    "de": "{name}, {mark}, {place}",
    "zh_Hans": "{name}（{mark}），{place}",
    "zh_Hant": "{name}（{mark}），{place}",
}
MARKS: tuple[dict[str, str], ...] = (
    {"en": "main harvest", "id": "panen raya", "de": "Haupternte", "zh_Hans": "主产季", "zh_Hant": "主產季"},
    {"en": "export grade", "id": "mutu ekspor", "de": "Exportqualität", "zh_Hans": "出口级", "zh_Hant": "出口級"},
    {"en": "small lots", "id": "lot kecil", "de": "Kleinpartien", "zh_Hans": "小批量", "zh_Hant": "小批量"},
    {
        "en": "for private label",
        "id": "untuk merek pembeli",
        "de": "für Eigenmarken",
        "zh_Hans": "可贴牌",
        "zh_Hant": "可貼牌",
    },
    {"en": "hand sorted", "id": "sortasi tangan", "de": "handverlesen", "zh_Hans": "人工分拣", "zh_Hant": "人手分揀"},
    {
        "en": "farm group lot",
        "id": "lot kelompok tani",
        "de": "Erzeugergruppe",
        "zh_Hans": "农户小组批次",
        "zh_Hant": "農戶小組批次",
    },
    {"en": "year round", "id": "sepanjang tahun", "de": "ganzjährig", "zh_Hans": "全年供应", "zh_Hant": "全年供應"},
)
MADE_MARKS: tuple[dict[str, str], ...] = (
    {
        "en": "made by students' workshop",
        "id": "buatan bengkel santri",
        "de": "aus der Schulwerkstatt",
        "zh_Hans": "学生工坊制作",
        "zh_Hant": "學生工坊製作",
    },
    {
        "en": "made to order",
        "id": "sesuai pesanan",
        "de": "auf Bestellung",
        "zh_Hans": "按单制作",
        "zh_Hant": "按單製作",
    },
    {
        "en": "classic series",
        "id": "seri klasik",
        "de": "klassische Serie",
        "zh_Hans": "经典系列",
        "zh_Hant": "經典系列",
    },
    {
        "en": "for private label",
        "id": "untuk merek pembeli",
        "de": "für Eigenmarken",
        "zh_Hans": "可贴牌",
        "zh_Hant": "可貼牌",
    },
    {"en": "gift series", "id": "seri hadiah", "de": "Geschenkserie", "zh_Hans": "礼品系列", "zh_Hant": "禮品系列"},
    {"en": "export grade", "id": "mutu ekspor", "de": "Exportqualität", "zh_Hans": "出口级", "zh_Hant": "出口級"},
)
DESCRIPTIONS = {
    "en": (
        "{name} from {place}, East Java, packed as {pack}. The unit buys from farmer groups around the pesantren, "
        "checks every lot before packing and keeps a retained sample for six months. {mark_sentence}. "
        "This listing belongs to the sample marketplace: the figures are examples."
    ),
    "id": (
        "{name} dari {place}, Jawa Timur, dikemas {pack}. Unit usaha membeli dari kelompok tani di sekitar pesantren, "
        "memeriksa setiap lot sebelum dikemas, dan menyimpan contoh lot selama enam bulan. {mark_sentence}. "
        "Listing ini bagian dari pasar contoh: angka-angkanya hanya contoh."
    ),
    "de": (
        "{name} aus {place}, Ostjava, verpackt als {pack}. Der Betrieb kauft bei Erzeugergruppen rund um das Pesantren, "
        "prüft jede Partie vor dem Verpacken und bewahrt sechs Monate lang ein Rückstellmuster auf. {mark_sentence}. "
        "Dieses Angebot gehört zum Beispiel-Marktplatz: Die Angaben sind Beispiele."
    ),
    "zh_Hans": (
        "{name}，产自东爪哇{place}，包装：{pack}。经营单位向习经院周边的农户小组收购，装袋前逐批检验，留样保存六个月。"
        "{mark_sentence}。本条目属于示例市场，数据仅为示例。"
    ),
    "zh_Hant": (
        "{name}，產自東爪哇{place}，包裝：{pack}。經營單位向習經院周邊的農戶小組收購，裝袋前逐批檢驗，留樣保存六個月。"
        "{mark_sentence}。本條目屬於範例市場，數據僅為範例。"
    ),
}
STORIES = {
    "id": (
        "{school} adalah pesantren contoh di {place} dengan {count} santri. Unit usahanya mengolah hasil kebun warga "
        "sekitar bersama para santri: dari memetik, mengolah, mengemas, sampai menjual. Semua yang tertulis di sini "
        "adalah contoh."
    ),
    "en": (
        "{school} is an example pesantren in {place} with {count} students. Its business unit works with what the "
        "neighbourhood grows, from picking and processing to packing and selling. Everything written here is an example."
    ),
    "de": (
        "{school} ist ein Beispiel-Pesantren in {place} mit {count} Lernenden. Sein Geschäftsbetrieb verarbeitet, was in "
        "der Nachbarschaft wächst: vom Ernten und Verarbeiten bis zum Verpacken und Verkaufen. Alles hier ist ein Beispiel."
    ),
    "zh_Hans": "{school}是位于{place}的示例习经院，有{count}名学生。其经营单位与周边乡邻合作，从采收、加工到包装、销售。此处内容均为示例。",
    "zh_Hant": "{school}是位於{place}的範例習經院，有{count}名學生。其經營單位與周邊鄉鄰合作，從採收、加工到包裝、銷售。此處內容均為範例。",
}
