"""Judged sets of any origin are read or refused with file, line and fault; odd ones do not end in a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marketplace.cli.search import command
from search.evaluation.sets import Documents, SetFault, read_judgements, read_queries

DOCUMENTS = b'{"id":"a","title":"steel bottle"}\n{"id":"b","title":"oak table"}\n'
QUERIES = b'{"id":"q","text":"bottle"}\n'
JUDGEMENTS = b'{"query_id":"q","document_id":"a","grade":1}\n'


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"[1]\n", "documents, line 1: this is no object"),
        (b'\n{"id":', "documents, line 2: this is no JSON"),
        (b"[" * 100_000, "documents, line 1: this is no JSON"),
        ('{"id":"a","title":"Stück"}'.encode("latin-1"), "documents, line 1: this is not UTF-8"),
        (DOCUMENTS.decode().encode("utf-16"), "documents, line 1: this is not UTF-8"),
        (b'{"id":"a","title":"\\ud800"}', "documents, line 1: this has half a character"),
        (b'{"id":"a","title":"x"}\n' * 2, "documents, line 2: the document a comes twice"),
        (b'{"title":"x"}', "documents, line 1: id is missing"),
        (b'{"id":"a","title":["x"]}', "documents, line 1: title is no text"),
    ],
)
def test_documents_that_cannot_be_read(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "documents"
    path.write_bytes(content)
    with pytest.raises(SetFault) as told:
        list(Documents(path))
    assert str(told.value).startswith(fault)


@pytest.mark.parametrize("grade", [b"2", b"-1", b"NaN", b"true", b'"1"', b"null"])
def test_grades_that_are_none(tmp_path: Path, grade: bytes) -> None:
    path = tmp_path / "judgements"
    path.write_bytes(b'{"query_id":"q","document_id":"a","grade":' + grade + b"}")
    with pytest.raises(SetFault, match="the grade is not a number from 0 to 1"):
        read_judgements(path)


def test_several_grades_for_one_document_count_with_their_mean(tmp_path: Path) -> None:
    path = tmp_path / "judgements"
    path.write_bytes(JUDGEMENTS + JUDGEMENTS.replace(b":1}", b":0.5}"))
    assert read_judgements(path) == {"q": {"a": 0.75}}


def test_a_mark_at_the_beginning_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "queries"
    path.write_bytes(b"\xef\xbb\xbf" + QUERIES.replace(b"\n", b"\r\n"))
    assert [each.text for each in read_queries(path)] == ["bottle"]


def evaluate(folder: Path, documents: bytes, queries: bytes, judgements: bytes, *more: str) -> Result:
    for name, content in (("documents", documents), ("queries", queries), ("judgements", judgements)):
        (folder / name).write_bytes(content)
    files = [part for name in ("documents", "queries", "judgements") for part in (f"--{name}", str(folder / name))]
    return CliRunner().invoke(command, ["evaluate", *files, *more])


@pytest.mark.parametrize(
    ("documents", "ndcg"),
    [(DOCUMENTS, 1.0), (DOCUMENTS[:34], 1.0), (b"", 0.0), (b'{"id":"a"}', 0.0), (b'{"id":"a","description":"a bottle"}', 1.0)],
    ids=["two", "one", "none", "nothing said", "no title"],
)  # fmt: skip
def test_few_documents_are_judged_like_many(tmp_path: Path, documents: bytes, ndcg: float) -> None:
    done = evaluate(tmp_path, documents, QUERIES, JUDGEMENTS, "--against", "baseline", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["overall"]["ndcg@10"] == ndcg


@pytest.mark.parametrize(
    ("queries", "judgements"),
    [(b"", JUDGEMENTS), (QUERIES, b""), (QUERIES, JUDGEMENTS.replace(b'"q"', b'"z"')), (QUERIES, JUDGEMENTS.replace(b":1}", b":0}"))],
    ids=["no query", "no judgement", "of another query", "only zeros"],
)  # fmt: skip
def test_where_nothing_can_be_judged_nothing_is_printed(tmp_path: Path, queries: bytes, judgements: bytes) -> None:
    done = evaluate(tmp_path, DOCUMENTS, queries, judgements)
    assert done.exit_code == 65
    assert "no judgement has a grade above 0 for any of these queries" in done.output


def test_addresses_and_files_that_are_none(tmp_path: Path) -> None:
    done = evaluate(tmp_path, DOCUMENTS, QUERIES, JUDGEMENTS, "--engine", "nonsense:")
    assert done.exit_code == 2
    assert "a search address starts with" in done.output
    files = ["--documents", str(tmp_path / "documents"), "--queries", str(tmp_path / "queries")]
    done = CliRunner().invoke(command, ["rank", *files, "--out", str(tmp_path / "nowhere" / "run")])
    assert done.exit_code == 2
    assert "cannot be written" in done.output


def test_vectors_fused_in_are_compared_with_the_ranking_of_the_site(tmp_path: Path) -> None:
    made = [f'{{"id":"t{number}","title":"oak table number {number}"}}\n' for number in range(60)]
    documents = DOCUMENTS + "".join(made).encode()
    alone = evaluate(tmp_path, documents, QUERIES, JUDGEMENTS, "--against", "words", "--json")
    assert json.loads(alone.stdout)["against"]["gain"] == 0.0
    done = evaluate(tmp_path, documents, QUERIES, JUDGEMENTS, "--dense", "0.5", "--against", "words", "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["overall"]["ndcg@10"] == 1.0
    assert report["against"].keys() >= {"gain", "low", "high", "is_significant"}
    ranked = CliRunner().invoke(
        command,
        ["rank", "--documents", str(tmp_path / "documents"), "--queries", str(tmp_path / "queries"), "--dense", "0.5",
         "--out", str(tmp_path / "run")],
    )  # fmt: skip
    assert ranked.exit_code == 0, ranked.output
    first = json.loads((tmp_path / "run").read_text())["hits"][0]
    assert first == {"id": "a", "score": round(1.5 / 61, 6)}
