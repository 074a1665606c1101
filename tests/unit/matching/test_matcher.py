"""Ranking, reasons and the honest no."""

import gc
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import store
from matching.evaluate import auroc, evaluate, gini, hit_at_one, interval, ndcg, recall
from matching.explain import obstacles, open_questions, reasons, strengths
from matching.matcher import SupplierMatcher
from matching.profile import Held, OfferProfile, PriceBreak, RequestProfile
from matching.reader.request import read_request

TODAY = date(2026, 11, 22)
MADE = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Foreign:
    """A type that no model file may hold."""


def offer(key: str, title: str, lang: str = "en", **more: object) -> OfferProfile:
    return replace(OfferProfile(key=key, seller="s-" + key, titles={lang: title}), **more)  # type: ignore[arg-type]


OFFERS = [
    offer(
        "sugar", "Organic coconut sugar granulated", certificates=(Held("organic-eu", date(2028, 1, 1)),), minimum=500
    ),
    offer("sugar-plain", "Gula semut kelapa", "id", minimum=500),
    offer("sugar-block", "Gula kelapa cetak", "id"),
    offer("aren", "Arenga palm sugar granulated"),
    offer("cane", "Refined cane sugar ICUMSA 45"),
    offer("vco", "Natives Kokosöl, kaltgepresst", "de", prices=(PriceBreak(0, 5.0),)),
    offer("rbd", "RBD coconut oil"),
    offer("natural", "Robusta green beans, natural process"),
    offer("washed", "Robusta green beans, fully washed"),
    offer("silent", "Robusta green beans"),
    offer("roast", "Roasted robusta coffee beans"),
    offer("baskets", "藤编收纳篮", "zh_Hans", unit="pcs"),
]


@pytest.fixture(scope="module")
def matcher() -> SupplierMatcher:
    return SupplierMatcher().fit(OFFERS)


def ask(matcher: SupplierMatcher, text: str, lang: str = "en", n: int = 10) -> list[str]:
    request = read_request(text, lang=lang, posted=TODAY)
    return [each.offer for each in matcher.recommend(request, n).matches]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("coconut sugar", "en"),
        ("Kokosblütenzucker", "de"),
        ("gula semut kelapa", "id"),
        ("椰糖颗粒", "zh_Hans"),
        ("椰糖顆粒", "zh_Hant"),
    ],
)
def test_every_language_finds_the_same_goods(matcher: SupplierMatcher, text: str, lang: str) -> None:
    found = ask(matcher, text, lang)
    assert set(found[:2]) == {"sugar", "sugar-plain"}
    assert "cane" not in found


def test_look_alikes_are_not_the_same(matcher: SupplierMatcher) -> None:
    assert ask(matcher, "virgin coconut oil") == ["vco"]
    assert ask(matcher, "refined RBD coconut oil") == ["rbd"]


def test_a_missing_certificate_rules_out_and_is_told(matcher: SupplierMatcher) -> None:
    found = matcher.recommend(read_request("EU organic coconut sugar", lang="en", posted=TODAY))
    assert [each.offer for each in found.matches] == ["sugar"]
    assert "sugar-plain" in [each.offer for each in found.almost]
    told = obstacles(found.almost[0])
    assert ("certificate", "against") in [(each["code"], each["stance"]) for each in told]


def test_stated_comes_before_silent_before_wrong(matcher: SupplierMatcher) -> None:
    assert ask(matcher, "robusta green beans washed")[:3] == ["washed", "silent", "natural"]


def test_the_form_that_is_part_of_a_name_rules_nothing_out() -> None:
    powder = offer("powder", "Coconut sugar", attributes={"form": "powder"})
    assert ask(SupplierMatcher().fit([powder]), "gula semut kelapa", "id") == ["powder"]
    cinnamon = [offer("sticks", "Korintje cinnamon sticks"), offer("ground", "Korintje cinnamon powder")]
    assert ask(SupplierMatcher().fit(cinnamon), "cinnamon sticks")[0] == "sticks"


def test_refused_goods_never_come(matcher: SupplierMatcher) -> None:
    assert set(ask(matcher, "palm sugar, not coconut")) == {"aren"}


@pytest.mark.parametrize("text", ["industrial sewing machines", "frozen durian pulp 20 t", "", "blorptastic quxx"])
def test_an_honest_no(matcher: SupplierMatcher, text: str) -> None:
    found = matcher.recommend(read_request(text, lang="en", posted=TODAY))
    assert not found.is_served
    assert found.band == "none"
    assert found.confidence < 0.3


def test_a_served_request_is_sure_of_itself(matcher: SupplierMatcher) -> None:
    found = matcher.recommend(read_request("coconut sugar", lang="en", posted=TODAY))
    assert found.is_served
    assert found.band == "likely"


def test_reasons_are_codes_with_values(matcher: SupplierMatcher) -> None:
    request = read_request("washed robusta green beans 2 t to Hamburg", lang="en", posted=TODAY)
    best = matcher.recommend(request).matches[0]
    assert [each["code"] for each in strengths(best)][:2] == ["same_goods", "attribute"]
    assert len(strengths(best)) <= 3
    assert json.loads(json.dumps(reasons(best))) == reasons(best)
    assert {"code": "capacity", "stance": "unknown", "values": {}} in open_questions(best)
    assert "washed" in " ".join(best.terms) or "wash" in best.terms


def test_among_limits_the_choice(matcher: SupplierMatcher) -> None:
    request = read_request("coconut sugar", lang="en", posted=TODAY)
    assert [each.offer for each in matcher.recommend(request, among={"sugar-plain"}).matches] == ["sugar-plain"]


def test_one_offer_a_seller() -> None:
    twins = [replace(OFFERS[0], key="a", seller="x"), replace(OFFERS[0], key="b", seller="x")]
    found = SupplierMatcher().fit(twins).recommend(read_request("coconut sugar", lang="en", posted=TODAY))
    assert [each.offer for each in found.matches] == ["a"]


def test_a_changed_offer_counts_at_once(matcher: SupplierMatcher) -> None:
    own = SupplierMatcher().fit(OFFERS)
    own.update(offer("new", "Coconut sugar, 1 kg pouch"))
    assert "new" in ask(own, "coconut sugar")
    own.forget("new")
    own.forget("never-there")
    assert "new" not in ask(own, "coconut sugar")


def test_one_offer_can_be_explained(matcher: SupplierMatcher) -> None:
    request = read_request("EU organic coconut sugar", lang="en", posted=TODAY)
    found = matcher.explain(request, "cane")
    assert found is not None
    assert found.grade == 0
    assert matcher.explain(request, "nothing") is None


def test_an_empty_market_answers() -> None:
    found = SupplierMatcher().fit([]).recommend(RequestProfile(goods=("clove",)))
    assert (found.matches, found.confidence) == ((), 0.0)


@settings(max_examples=30)
@given(st.permutations(OFFERS))
def test_order_of_learning_does_not_matter(shuffled: list[OfferProfile]) -> None:
    request = read_request("coconut sugar 1 t", lang="en", posted=TODAY)
    expected = [each.offer for each in SupplierMatcher().fit(OFFERS).recommend(request).matches]
    assert [each.offer for each in SupplierMatcher().fit(shuffled).recommend(request).matches] == expected


def test_a_stored_matcher_comes_back_the_same(matcher: SupplierMatcher, tmp_path: Path) -> None:
    name = store.save(matcher, tmp_path, MADE, {"ndcg10": 0.9})
    read = store.load(tmp_path)
    assert store.current(tmp_path) == name
    assert read.card["figures"] == {"ndcg10": 0.9}
    request = read_request("washed robusta", lang="en", posted=TODAY)
    assert read.matcher.recommend(request) == matcher.recommend(request)


def test_a_model_that_is_replaced_goes_at_once_with_the_files_that_it_has_open(
    matcher: SupplierMatcher, tmp_path: Path
) -> None:
    store.save(matcher, tmp_path, MADE)
    request = read_request("washed robusta 2 t to Germany, FOB", lang="en", posted=TODAY)
    gc.disable()  # a process that serves has what it loaded set aside from collection
    try:
        read = store.load(tmp_path).matcher
        assert read.recommend(request).matches
        parts = [ref(each) for each in (read, read.known_, read.columns_, read.table_)]
        del read
        assert [each() for each in parts] == [None] * len(parts)
    finally:
        gc.enable()


def test_the_pointer_moves_and_moves_back(matcher: SupplierMatcher, tmp_path: Path) -> None:
    first = store.save(matcher, tmp_path, MADE)
    second = store.save(matcher, tmp_path, MADE.replace(hour=4))
    assert store.versions(tmp_path) == [first, second]
    store.promote(tmp_path, first)
    assert store.current(tmp_path) == first
    with pytest.raises(store.UnusableModel):
        store.promote(tmp_path, "20300101T000000")


@pytest.mark.parametrize("part", ["card.json", "words.skops", "words/data.npy", "offers.npy", "columns/pools.json",
                                  "columns/codes.npy", "offers.jsonl"])  # fmt: skip
@pytest.mark.parametrize("damage", [b"", b"\x80\x04garbage", None])
def test_a_spoiled_model_is_refused(matcher: SupplierMatcher, tmp_path: Path, part: str, damage: bytes | None) -> None:
    name = store.save(matcher, tmp_path, MADE)
    if damage is None:
        (tmp_path / name / part).unlink()
    else:
        (tmp_path / name / part).write_bytes(damage)
    with pytest.raises(store.UnusableModel):
        store.load(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"), [("format", 99), ("libraries", {"scikit-learn": "0.1"}), ("lexicon", "other")]
)
def test_a_model_of_another_make_is_refused(
    matcher: SupplierMatcher, tmp_path: Path, field: str, value: object
) -> None:
    name = store.save(matcher, tmp_path, MADE)
    card = tmp_path / name / "card.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), field: value}))
    with pytest.raises(store.UnusableModel):
        store.load(tmp_path)


def test_foreign_types_are_refused(matcher: SupplierMatcher, tmp_path: Path) -> None:
    from skops.io import dump

    name = store.save(matcher, tmp_path, MADE)
    dump({"vectorizer": Foreign(), "matrix": None, "keys": []}, tmp_path / name / "words.skops")
    with pytest.raises(store.UnusableModel, match="not those that it was stored as"):
        store.load(tmp_path)
    with pytest.raises(store.UnusableModel, match="not trusted"):
        store.estimator(tmp_path, name)


def test_what_learnt_is_kept_beside_what_serves(matcher: SupplierMatcher, tmp_path: Path) -> None:
    name = store.save(matcher, tmp_path, MADE)
    learnt = store.estimator(tmp_path, name)
    weights = store.load(tmp_path).matcher.table_.weights(["robusta", "bean", "bean"])  # type: ignore[union-attr]  # None fails
    row = learnt.transform([["robusta", "bean", "bean"]])
    assert {column: share for column, _telling, share in weights.values()} == pytest.approx(
        dict(zip(row.indices.tolist(), row.data.tolist(), strict=True)), abs=1e-6
    )
    (tmp_path / name / "words.skops").write_bytes(b"spoiled")
    with pytest.raises(store.UnusableModel, match="cannot be read"):
        store.estimator(tmp_path, name)


def test_a_process_that_only_ranks_does_without_scikit_learn(matcher: SupplierMatcher, tmp_path: Path) -> None:
    store.save(matcher, tmp_path, MADE)
    told = (
        "import sys; from pathlib import Path; from matching import store; from matching.profile import RequestProfile\n"
        f"found = store.load(Path({str(tmp_path)!r})).matcher\n"
        "assert found.recommend(RequestProfile(text='robusta', goods=('coffee-robusta-green',))).matches[0].terms\n"
        "print(sorted({'sklearn', 'skops', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", told], text=True).strip() == "[]"


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe2\x000\x00", b"\x00" * 15, b"../elsewhere", b"20300101T000000"])
def test_a_spoiled_pointer_is_refused_until_a_model_is_promoted(
    matcher: SupplierMatcher, tmp_path: Path, damage: bytes
) -> None:
    name = store.save(matcher, tmp_path, MADE)
    (tmp_path / "current").write_bytes(damage)
    assert store.current(tmp_path) not in (None, name)
    with pytest.raises(store.UnusableModel):
        store.load(tmp_path, store.current(tmp_path))
    with pytest.raises(store.UnusableModel):
        store.load(tmp_path)
    store.promote(tmp_path, name)
    assert store.load(tmp_path).card["version"] == name


def test_no_model_is_an_answer(tmp_path: Path) -> None:
    assert store.versions(tmp_path / "none") == []
    with pytest.raises(store.UnusableModel):
        store.load(tmp_path)
    with pytest.raises(store.UnusableModel):
        store.load(tmp_path, "../elsewhere")


def test_figures() -> None:
    assert ndcg(["a", "b"], {"a": 3, "b": 1}) == 1.0
    assert ndcg(["b", "a"], {"a": 3, "b": 1}) == pytest.approx((1 + 7 / 1.58496) / (7 + 1 / 1.58496), abs=1e-4)
    assert ndcg(["a"], {}) is None
    assert recall(["a"], {"a": 2, "b": 3}) == 0.5
    assert hit_at_one(["x", "a"], {"a": 3}) == 0.0
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert gini([1, 1, 1]) == pytest.approx(0)
    assert gini([0, 0, 1]) > 0.6
    low, high = interval([0.2, 0.4, 0.9])
    assert 0.2 <= low <= 0.5 <= high <= 0.9
    found = evaluate({"q": ["a"], "n": []}, {"q": {"a": 3}, "n": {}}, {"q": 0.8, "n": 0.1})
    assert (found["ndcg10"], found["no_match_auroc"]) == (1.0, 1.0)
