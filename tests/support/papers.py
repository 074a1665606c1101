"""An agreement as papers see it, with everything filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from marketplace.documents.facts import BankFacts, ContainerFacts, LineFacts, PartyFacts, TradeFacts
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import Money, UnitPrice


def an_agreement() -> TradeFacts:
    """Two lines of coconut goods from a fictitious pesantren to a fictitious buyer in Hamburg."""
    return TradeFacts(
        number="PSQ-2026-0042-1",
        reference="k7m2p9x4ta",
        made_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
        seller=PartyFacts(
            "Koperasi Contoh Sejahtera",
            "ID",
            ("Jl. Contoh Raya 12", "Banyuwangi 68400"),
            "NIB 0000000000000",
            "Siti Contoh",
        ),
        buyer=PartyFacts(
            "Muster Feinkost GmbH", "DE", ("Große Musterstraße 1", "20457 Hamburg"), "USt-IdNr. DE000000000"
        ),
        lines=(
            LineFacts(
                {
                    "en": "Organic coconut sugar, mesh 18",
                    "de": "Bio-Kokosblütenzucker, Körnung 18",
                    "zh_Hant": "有機椰糖",
                },
                Quantity(Decimal(18000), "kg"),
                UnitPrice(Decimal("2.35"), "USD", "kg"),
                Money(4230000, "USD"),
                hs="1702.90",
                origin="ID",
                net=Quantity(Decimal(18000), "kg"),
                gross=Quantity(Decimal(18360), "kg"),
                packages=Quantity(Decimal(720), "bag"),
                packing={"en": "Kraft bag of 25 kg with inner liner", "de": "Kraftpapiersack zu 25 kg mit Innenbeutel"},
                specifications=(
                    ({"en": "Moisture", "de": "Feuchte", "zh_Hant": "水分"}, {"en": "at most 2 %"}),
                    ({"en": "Colour", "de": "Farbe", "zh_Hant": "顏色"}, {"en": "golden brown", "de": "goldbraun"}),
                ),
                certificates=("EU organic ID-BIO-000", "Halal 0000-00"),
            ),
            LineFacts(
                {"en": "Virgin coconut oil", "de": "Natives Kokosöl"},
                Quantity(Decimal(1200), "litre"),
                UnitPrice(Decimal("4.125"), "USD", "litre"),
                Money(495000, "USD"),
                hs="1513.11",
                origin="ID",
                note="In place of the wanted 1,500 l: that much is ready in time.",
            ),
        ),
        currency="USD",
        total=Money(4725000, "USD"),
        deposit=Money(1417500, "USD"),
        incoterm="FOB",
        place="Tanjung Perak, Surabaya",
        port="Tanjung Perak (IDSUB)",
        destination="DE",
        valid_until=datetime(2026, 12, 6, 16, 59, 59, tzinfo=UTC),
        lead_time_days=35,
        payment_terms={
            "en": "30 % deposit, balance against copy of documents",
            "de": "30 % Anzahlung, Rest gegen Kopie der Dokumente",
        },
        packing_note="720 bags on 18 pallets",
        containers=(ContainerFacts("fcl20", 1, 0.92),),
        freight_payer="buyer",
        tracking="EXAMPLE-0001",
        bank=BankFacts(
            "Koperasi Contoh Sejahtera", "Bank Contoh", "0000 0000 0000", "EXMPIDJA", "USD", date(2026, 11, 10)
        ),
        note="Prices hold for the stated quantities.",
        producer="Pesantren Contoh Al-Hidayah",
        is_sample_data=True,
    )
