"""Prints the golden set's figures: all requests, each language, and the requests that went worst."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, time
from pathlib import Path

from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from matching.reliability import expected_error, reliability
from tests.golden.matching.judging import LANGUAGES, POSTED, odd_requests
from tests.golden.matching.market import sample_offers
from tests.golden.matching.measuring import Answer, Figures, answers, figures
from tests.support.application import build, home_settings, prepared_database


def main() -> None:
    """Load the sample's goods into a database of their own, rank, print."""
    with tempfile.TemporaryDirectory() as home:
        prepared_database(Path(home))
        with build(home_settings(Path(home))).app_context(), frozen(datetime.combine(POSTED, time(12), UTC)):
            offers = sample_offers(db.session())
            found, evened = answers(offers), answers(offers, is_evened=True)
            odd = answers(offers, asked=odd_requests())
            db.session.remove()
            db.engine.dispose()
    _print("all", figures(found))
    for language in LANGUAGES:
        _print(language, figures(each for each in found if each.request.language == language))
    _print("evened", figures(evened))
    _print("odd", figures(odd))
    for each in odd:
        if not each.is_answerable or each.ndcg < 0.97:
            _print_one(each)
    bands = [
        ("sure" if each.confidence >= 0.6 else "unsure" if each.is_served else "none", *each.told) for each in found
    ]
    for band in reliability(("sure", "unsure", "none"), bands):
        sys.stdout.write(
            f"{band.band:8} {band.cases} requests, told {band.told:.2f}, came {band.came:.2f} "
            f"[{band.low:.2f}, {band.high:.2f}]\n"
        )
    sys.stdout.write(f"expected calibration error {expected_error([each.told for each in found]):.3f}\n")
    worst = sorted((each for each in found if each.is_answerable), key=lambda each: each.ndcg)[:25]
    for each in [*worst, *(each for each in found if not each.is_answerable and each.shown)]:
        _print_one(each)


def _print(name: str, of: Figures) -> None:
    low, high = of.ndcg_interval
    first, last = of.hit_interval
    sys.stdout.write(
        f"{name:8} nDCG@10 {of.ndcg:.3f} [{low:.3f}, {high:.3f}]  hit@1 {of.hit:.3f} [{first:.3f}, {last:.3f}]  "
        f"recall@20 {of.recall:.3f}  violations {of.violations:.3f}  off-product {of.strangers:.3f}  "
        f"no-match AUROC {of.no_match:.3f}  told so {of.honest:.3f}\n"
    )


def _print_one(answer: Answer) -> None:
    score = f"{answer.ndcg:.2f}" if answer.is_answerable else "none"
    shown = " ".join(f"{key}:{each.grade}{'!' if each.broken else ''}" for key, each in answer.shown[:8])
    sys.stdout.write(f"{answer.request.key} {score} {answer.confidence:.2f} best {answer.best[:6]} shown {shown}\n")


if __name__ == "__main__":
    main()
