"""`souq match evaluate`: runs and graded pairs are read, or refused with file, line and fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marketplace.cli.match import command

RUN = b'{"request_id":"r","confidence":0.9,"ranking":[{"id":"s","offer_id":"o"}]}\n'
PAIRS = b'{"request_id":"r","offer_id":"o","supplier_id":"s","grade":3}\n'


def evaluate(folder: Path, run: bytes, pairs: bytes) -> Result:
    (folder / "run").write_bytes(run)
    (folder / "pairs").write_bytes(pairs)
    files = ["--run", str(folder / "run"), "--judgements", str(folder / "pairs")]
    return CliRunner().invoke(command, ["evaluate", *files, "--json"])


@pytest.mark.parametrize(
    ("run", "fault"),
    [
        (b"\n{", "run, line 2: this is no JSON"),
        (b"[]", "run, line 1: this is no object"),
        (RUN.decode().encode("utf-16"), "run, line 1: this is not UTF-8"),
        (RUN + RUN, "run, line 2: the request r comes twice"),
        (b'{"ranking":[]}', "run, line 1: request_id is missing"),
        (b'{"request_id":"r"}', "run, line 1: ranking is no list of objects"),
        (b'{"request_id":"r","ranking":{"id":"s"}}', "run, line 1: ranking is no list of objects"),
        (b'{"request_id":"r","ranking":["s"]}', "run, line 1: ranking is no list of objects"),
        (b'{"request_id":"r","ranking":[{"score":1}]}', "run, line 1: id is missing"),
        (b'{"request_id":"r","ranking":[{"id":[]}]}', "run, line 1: id is no text"),
    ],
)
def test_runs_that_cannot_be_read(tmp_path: Path, run: bytes, fault: str) -> None:
    done = evaluate(tmp_path, run, PAIRS)
    assert (done.exit_code, done.stdout) == (65, "")
    assert done.stderr.startswith(f"Nothing was done: {fault}")


@pytest.mark.parametrize("confidence", [b"NaN", b"null", b"5", b"-0.1", b"Infinity", b"true", b'"0.9"', b"[]"])
def test_confidences_that_are_none(tmp_path: Path, confidence: bytes) -> None:
    done = evaluate(tmp_path, RUN.replace(b"0.9", confidence), PAIRS)
    assert done.exit_code == 65
    assert done.stderr == "Nothing was done: run, line 1: the confidence is not a number from 0 to 1.\n"


@pytest.mark.parametrize(
    "grade", [b"9000", b"4", b"-1", b"1.5", b"NaN", b"true", b"null", b'"x"', b'"3"', b"[]", b"{}"]
)
def test_grades_that_are_none(tmp_path: Path, grade: bytes) -> None:
    done = evaluate(tmp_path, RUN, PAIRS + PAIRS.replace(b":3}", b":" + grade + b"}"))
    assert done.exit_code == 65
    assert done.stderr == "Nothing was done: pairs, line 2: the grade is not 0, 1, 2 or 3.\n"


@pytest.mark.parametrize(
    "pairs", [b'{"request_id":"r","grade":3}', b'{"offer_id":"o","grade":3}', b'{"request_id":"r","offer_id":{},"grade":3}']
)  # fmt: skip
def test_pairs_without_names(tmp_path: Path, pairs: bytes) -> None:
    done = evaluate(tmp_path, RUN, pairs)
    assert done.exit_code == 65
    assert "pairs, line 1: " in done.stderr


@pytest.mark.parametrize(
    ("run", "pairs"),
    [
        (RUN, PAIRS),
        (b"\xef\xbb\xbf" + RUN.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + PAIRS + b"\n"),
        (RUN.replace(b'"s"', '"s\u2028\x85"'.encode()), PAIRS.replace(b'"s"', '"s\u2028\x85"'.encode())),
        (RUN.replace(b'"s"', b"7"), PAIRS.replace(b'"s"', b'"7"')),
        (RUN.replace(b'"s"', b'"o"'), PAIRS),
        (RUN.replace(b'"s"', b'"o"'), PAIRS.replace(b'"supplier_id":"s",', b"")),
        (RUN.replace(b"0.9", b"1"), PAIRS.replace(b":3}", b":0}") + PAIRS),
        (RUN, PAIRS.replace(b":3}", b":3.0}")),
    ],
    ids=["plain", "marks", "separators", "numbers", "offers", "no sellers", "best grade", "decimal"],
)
def test_what_can_be_read_is_measured(tmp_path: Path, run: bytes, pairs: bytes) -> None:
    done = evaluate(tmp_path, run, pairs)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["requests"], told["ndcg10"], told["hit1"]) == (1.0, 1.0, 1.0)


def test_requests_of_one_file_alone_count(tmp_path: Path) -> None:
    other = PAIRS.replace(b'"r"', b'"q"')
    told = json.loads(evaluate(tmp_path, RUN, PAIRS + other).stdout)
    assert (told["requests"], told["ndcg10"]) == (2.0, 0.5)
    told = json.loads(evaluate(tmp_path, RUN + RUN.replace(b'"r"', b'"q"').replace(b"0.9", b"0.1"), PAIRS).stdout)
    assert (told["requests"], told["ndcg10"], told["no_match_auroc"]) == (2.0, 1.0, 1.0)
