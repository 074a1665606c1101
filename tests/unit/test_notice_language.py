"""Goods in a notice are named in the language of whoever reads it."""

from __future__ import annotations

from marketplace.notifications.services import ByLanguage, in_language


def test_each_reader_is_told_the_title_in_their_language() -> None:
    context = {"country": "DE", "product": ByLanguage({"id": "Kopi robusta", "de": "Robusta-Rohkaffee"}, "id")}
    assert in_language(context, "de") == {"country": "DE", "product": "Robusta-Rohkaffee"}
    assert in_language(context, "id")["product"] == "Kopi robusta"
    assert in_language(context, "zh_Hant")["product"] == "Kopi robusta", "the original where there is no other"
