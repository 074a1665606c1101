"""How the matcher answers requests it was not made with: the tuning half and the half that is held out."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from matching.matcher import SupplierMatcher
from matching.profile import RequestProfile
from matching.reader.request import read_request
from tests.golden.matching.judging import POSTED, Judged, judged, verdict
from tests.golden.matching.measuring import FAR, Answer, Figures, figures
from tests.golden.matching.unseen.market import stalls

LANGUAGES = ("en", "id", "de", "zh")
_FOLDER = Path(__file__).parent


def requests() -> list[Judged]:
    """All requests, language by language."""
    return [
        judged(language, entry)
        for language in LANGUAGES
        for entry in yaml.safe_load((_FOLDER / f"{language}.yaml").read_text("utf-8"))
    ] + [
        judged(entry["id"].split("-")[1], entry)
        for entry in yaml.safe_load((_FOLDER / "fresh.yaml").read_text("utf-8"))
    ]


def is_fresh(request: Judged) -> bool:
    """Whether a request was written after the tuning."""
    return request.key.startswith("f-")


def is_held_out(request: Judged) -> bool:
    """Whether a request is kept aside: even numbers are."""
    return int(request.key.rsplit("-", 1)[1]) % 2 == 0


def answers() -> list[Answer]:
    """Every request answered by a matcher fitted on the unseen offers."""
    market = stalls()
    matcher = SupplierMatcher().fit([each.offer for each in market])
    known = {each.offer.key: each.known for each in market}
    found = []
    for request in requests():
        answer = matcher.recommend(read(request), FAR, today=POSTED)
        shown = tuple((each.offer, verdict(request, known[each.offer])) for each in answer.matches)
        grades = sorted((grade for offer in known.values() if (grade := verdict(request, offer).grade)), reverse=True)
        found.append(Answer(request, shown, answer.confidence, answer.is_served, tuple(grades)))
    return found


def read(request: Judged) -> RequestProfile:
    """A request as the matcher reads it."""
    return read_request(request.text, lang=request.language, posted=POSTED)


def misread(request: Judged) -> dict[str, object]:
    """Fields that were not read as labelled, with what was read."""
    got = read(request)
    wrong: dict[str, object] = {}
    if request.amount != (None if got.quantity is None else round(got.quantity, 3)) and request.amount is not None:
        wrong["quantity"] = (got.quantity, got.unit)
    if request.amount is not None and request.unit != got.unit:
        wrong["unit"] = (got.quantity, got.unit)
    if request.destination and request.destination not in got.destinations:
        wrong["to"] = got.destinations
    if request.target is None and got.price is not None and request.goods:
        wrong["price"] = got.price
    if request.target is not None and got.price is None:
        wrong["price"] = None
    if set(request.incoterms) != set(got.incoterms):
        wrong["incoterms"] = got.incoterms
    held = {each for group in got.certificates for each in group}
    if set(request.certificates) != held and not (request.certificates and set(request.certificates) <= held):
        wrong["certificates"] = got.certificates
    return wrong


def main() -> None:
    """Print the figures of both halves; single answers only of the half that is for tuning."""
    found = answers()
    for name, half in (
        ("tuning", [each for each in found if not is_held_out(each.request)]),
        ("held out", [each for each in found if is_held_out(each.request) and not is_fresh(each.request)]),
        ("fresh", [each for each in found if is_fresh(each.request)]),
    ):
        _print(name, figures(half))
        for language in LANGUAGES:
            _print(f"  {language}", figures(each for each in half if each.request.language == language))
        wrong = sum(len(misread(each.request)) for each in half)
        sys.stdout.write(f"  fields misread: {wrong} in {len(half)} requests\n")
    tuning = [each for each in found if not is_held_out(each.request)]
    for each in sorted((each for each in tuning if each.is_answerable), key=lambda each: each.ndcg):
        wrong_fields = misread(each.request)
        if each.ndcg < 0.97 or wrong_fields:
            _print_one(each, wrong_fields)
    for each in (each for each in tuning if not each.is_answerable and each.shown):
        _print_one(each, {})


def _print(name: str, of: Figures) -> None:
    sys.stdout.write(
        f"{name:9} nDCG@10 {of.ndcg:.3f} hit@1 {of.hit:.3f} recall@20 {of.recall:.3f} violations {of.violations:.3f} "
        f"off-product {of.strangers:.3f} no-match AUROC {of.no_match:.3f} told so {of.honest:.3f}\n"
    )


def _print_one(answer: Answer, wrong: dict[str, object]) -> None:
    goods = read(answer.request).goods
    score = f"{answer.ndcg:.2f}" if answer.is_answerable else "none"
    shown = " ".join(f"{each.grade}/{each.identity}" for _key, each in answer.shown[:6])
    sys.stdout.write(
        f"{answer.request.key} {score} {answer.confidence:.2f} {goods} best {answer.best[:5]} shown {shown} {wrong}\n"
        f"    {answer.request.text}\n"
    )


if __name__ == "__main__":
    main()
