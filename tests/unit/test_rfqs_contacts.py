"""What counts as a way to reach somebody, and what is trade."""

from __future__ import annotations

import time

import pytest

from marketplace.rfqs.contacts import HIDDEN, without_contacts


@pytest.mark.parametrize(
    "text",
    [
        "anna.muster@example.com",
        "anna (at) example.com",
        "anna[at]example[dot]com",
        "https://example.com/catalogue?x=1",
        "www.example.de/angebot",
        "example.co.id",
        "t.me/kopi",
        "+62 812-3456-7890",
        "0812 3456 7890",
        "081234567890",
        "0049 40 1234567",
        "(040) 123 456 78",
        "WhatsApp: 812 3456 789",
        "WA 8123456789",
        "微信：kopi_88",
        "电话 13800138000",
        "Telefon 40 1234567",
        "wechat id: kopi88",
        "０８１２３４５６７８９０",
        "ＷｈａｔｓＡｐｐ： ８１２ ３４５６ ７８９",
        "anna＠example．com",
    ],
)
def test_ways_to_reach_somebody_are_hidden(text: str) -> None:
    assert without_contacts(f"Write to {text} please") == f"Write to {HIDDEN} please"
    assert without_contacts(text) == HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        "18,000 kg FOB Tanjung Perak at US$ 6.20 per kg",
        "HS 0901.11.10 and 0901.11.10.00",
        "HS 0901111000",
        "from 2026-12-01 to 2027-01-15, 01/12/2026",
        "Moisture 12.5 %, screen 15-18, e.g. 60.kg bags, i.e. 320 bags",
        "on 01/12/2026 10:30 and 05 12 2026 18 t, costs +10 000 000 IDR",
        "300 x 60 kg = 18.000 kg, lot 2026/11/0042",
        "ISO 9001:2015, HACCP, halal 12345678901234567",
        "1.000.000 IDR, Rp 12.500.000,00",
        "container 1x20' FCL, 0.5 kg sample, 0,5 kg",
        "No. 4, 10:30 to 11:45, @ 6.20 USD",
        "Hotel 1234567 bags, Call us late, the phone is broken. 12 t then 24 t.",
        "我们需要 18 吨，每公斤 6.20 美元。",
        "我们需要１８吨（咖啡豆），每公斤６.２０美元！",
    ],
)
def test_figures_of_trade_stay(text: str) -> None:
    assert without_contacts(text) == text


def test_long_texts_take_no_long_time() -> None:
    begun = time.process_time()
    for text in ("a." * 10_000, "0" * 20_000, "tel " * 5_000, "1 " * 10_000, "a@" * 10_000, "+1-" * 7_000):
        without_contacts(text)
    assert time.process_time() - begun < 5
