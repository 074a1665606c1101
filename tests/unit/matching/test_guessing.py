"""Requests in words that nobody knows find what offers in the same words are."""

from matching.matcher import SupplierMatcher
from matching.profile import OfferProfile
from matching.reader.request import read_request


def _offer(key: str, title: str, commodity: str) -> OfferProfile:
    return OfferProfile(key, f"s{key}", titles={"en": title}, commodity=commodity)


def _matcher() -> SupplierMatcher:
    return SupplierMatcher().fit(
        [
            _offer("1", "zzgrub wwlarvae for hedgehogs", "maggot-bsf"),
            _offer("2", "Schwarze Fliege", "maggot-bsf"),
            _offer("3", "Kakaobutter", "cocoa-butter"),
            _offer("4", "coconut zzbricks pressed", "cocopeat"),
            _offer("5", "Low EC washed blocks", "cocopeat"),
            _offer("6", "Coconut milk 400 ml", "coconut-milk-liquid"),
        ]
    )


def _sellers(matcher: SupplierMatcher, text: str) -> list[str]:
    return sorted(each.seller for each in matcher.recommend(read_request(text, lang="en")).matches)


def test_unknown_words_find_the_goods_of_offers_that_use_them() -> None:
    assert _sellers(_matcher(), "zzgrub wwlarvae, 5 t") == ["s1", "s2"]


def test_a_family_with_an_unknown_head_is_what_offers_call_so() -> None:
    assert _sellers(_matcher(), "zzbricks of coconut, 3 t") == ["s4", "s5"]


def test_guessed_goods_are_less_sure() -> None:
    matcher = _matcher()
    known = matcher.recommend(read_request("cocopeat, 3 t", lang="en"))
    guessed = matcher.recommend(read_request("zzbricks of coconut, 3 t", lang="en"))
    assert {each.offer for each in guessed.matches} == {each.offer for each in known.matches}
    assert guessed.confidence < known.confidence


def test_goods_that_are_offered_are_not_guessed_at() -> None:
    assert _sellers(_matcher(), "cocoa butter for a zzgrub wwlarvae shop") == ["s3"]


def test_words_of_no_offer_find_nobody() -> None:
    matcher = _matcher()
    assert _sellers(matcher, "qqfoo bbar 5 t") == []
    matcher.forget("1")
    assert _sellers(matcher, "zzgrub wwlarvae, 5 t") == []


def test_an_offer_is_explained_as_it_was_found() -> None:
    told = _matcher().explain(read_request("zzgrub wwlarvae, 5 t", lang="en"), "2")
    assert told is not None
    assert told.likeness.identity == 3
