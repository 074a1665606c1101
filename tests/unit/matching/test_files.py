"""Offers and requests from files, and the run that is written of them."""

import json
from datetime import date
from pathlib import Path

import pytest

from matching.files import FileFault, offer_from, rank_files, request_from
from matching.reader.request import read_request

TODAY = date(2026, 11, 22)


def lines(path: Path, entries: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in entries), encoding="utf-8")
    return path


def test_files_are_ranked_without_a_database(tmp_path: Path) -> None:
    offers = lines(
        tmp_path / "offers.jsonl",
        [
            {"offer_id": "O1", "supplier_id": "S1", "title": "Cloves", "unit": "kg", "moq": 100, "later_field": 1},
            {"offer_id": "O2", "supplier_id": "S2", "title": "Mangosteen", "lang": "en"},
        ],
    )
    requests = lines(
        tmp_path / "requests.jsonl",
        [
            {"request_id": "R1", "text": "Nelken 500 kg", "lang": "de"},
            {"request_id": "R2", "text": "Laptops", "lang": "en"},
        ],
    )
    out = tmp_path / "run.jsonl"
    assert rank_files(offers, requests, out, TODAY) == 2
    first, second = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert [each["offer_id"] for each in first["ranking"]] == ["O1"]
    assert first["ranking"][0]["id"] == "O1"
    assert (second["ranking"], second["confidence"]) == ([], 0.0)
    assert first["confidence"] > second["confidence"]


OFFER = '{"offer_id": "O1", "supplier_id": "S1", "title": "Kokosblütenzucker", "lang": "de"}\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "line 1: this is no JSON"),
        (b"[1, 2]", "line 1: this is no object"),
        (b"nonsense", "line 1: this is no JSON"),
        (OFFER.encode() + OFFER.encode("latin-1"), "line 2: this is not UTF-8"),
        (OFFER.encode("utf-16"), "line 1: this is not UTF-8"),
        (OFFER.encode("utf-16-le"), "line 1: this is no"),
        (b'{"title": "\\ud800"}', "line 1: this has half a character"),
        (b"\x00\xff\x00", "line 1: this is not UTF-8"),
        (b'{"a": ' * 100_000, "line 1: this is no JSON"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, told: str) -> None:
    offers = tmp_path / "offers.jsonl"
    offers.write_bytes(content)
    with pytest.raises(FileFault, match=rf"offers\.jsonl, {told}"):
        rank_files(offers, lines(tmp_path / "requests.jsonl", []), tmp_path / "run.jsonl")
    assert not (tmp_path / "run.jsonl").exists()


def test_a_mark_at_the_beginning_of_a_file_is_no_fault(tmp_path: Path) -> None:
    offers = tmp_path / "offers.jsonl"
    offers.write_bytes(b"\xef\xbb\xbf" + OFFER.encode())
    requests = lines(tmp_path / "requests.jsonl", [{"request_id": "R1", "text": "Kokosblütenzucker", "lang": "de"}])
    out = tmp_path / "run.jsonl"
    rank_files(offers, requests, out, TODAY)
    assert [each["id"] for each in json.loads(out.read_text(encoding="utf-8"))["ranking"]] == ["O1"]


def test_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    requests = lines(tmp_path / "requests.jsonl", [])
    with pytest.raises(FileFault, match="run: this cannot be written"):
        rank_files(requests, requests, tmp_path / "nowhere" / "run")


@pytest.mark.parametrize("amount", [10**400, 1e308 * 10, float("nan"), -5, 0, True, "many", None, [], {}])
def test_an_amount_that_is_none_stays_unknown(amount: object) -> None:
    entry = {"offer_id": "O1", "moq": amount, "monthly_capacity": amount, "lead_time_days": amount}
    read = offer_from({**entry, "export_years": amount, "price_breaks": [{"min_qty": amount, "usd": amount}]})
    assert (read.minimum, read.monthly_capacity, read.lead_days, read.export_years) == (None,) * 4
    assert read.prices == ()


@pytest.mark.parametrize("posted", ["9999-12-31", "0001-01-01", "9998-06-30"])
def test_a_request_of_another_age_is_read(posted: str) -> None:
    text = "5 t cloves within 90 days, by end of March, next month, before Ramadan, KW 5, Q1"
    read = request_from({"request_id": "R1", "text": text, "lang": "en", "posted": posted})
    assert (read.goods, read.quantity, read.posted) == (("clove",), 5000, None)
    assert read_request(text, lang="en", posted=date.fromisoformat(posted)).quantity == 5000


def test_a_run_shows_equals_in_turn(tmp_path: Path) -> None:
    offers = lines(
        tmp_path / "offers.jsonl",
        [{"offer_id": f"O{each}", "supplier_id": f"S{each}", "title": "Cloves", "lang": "en"} for each in (1, 2, 3)],
    )
    asked = [{"request_id": f"R{each}", "text": "Cloves", "lang": "en"} for each in range(6)]
    out = tmp_path / "run.jsonl"
    rank_files(offers, lines(tmp_path / "requests.jsonl", asked), out, TODAY)
    first = [json.loads(line)["ranking"][0]["id"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert sorted(first) == ["O1", "O1", "O2", "O2", "O3", "O3"]
