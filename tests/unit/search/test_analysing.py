"""Documents are analysed in other processes as they are here: the same terms, in the same order, a few ahead."""

from __future__ import annotations

import pytest

from search.analysis import find_concepts, words
from search.document import Document
from search.engines.analysing import BATCH, analysed
from search.engines.sqlite.tables import prepare
from search.plan import analysis_of, indexable
from search.terms import terms_of

TEXTS = {
    "en": "Washed arabica from Ijen, 84 points. Packed in 25 kg bags; FOB Surabaya (sample free). The rest: 9.5 % moisture!",
    "de": "Rohkaffee vom Ijen, gewaschen. Kokosblütenzucker und Holzkohlebriketts: ab 500 kg.",
    "id": "Biji kopi arabika Ijen, 25 kg per karung. Dan juga gula semut.",
    "zh_Hans": "阿拉比卡生豆，水洗，25公斤。椰糖；有机（免费样品）。",
}


def documents(count: int) -> list[Document]:
    return [
        Document("product", key, 1, {"en": f"Green coffee {key}"}, descriptions=TEXTS, facts={"en": "Grade 1. Ijen"})
        for key in range(count)
    ]


def test_reading_by_clauses_is_reading_the_whole() -> None:
    found = terms_of(documents(1)[0])
    for language, text in TEXTS.items():
        whole = indexable(words(text, language))
        assert [*found.body[analysis_of(language)]][: len(whole)] == list(whole)
    meant = {hit.concept for language, text in TEXTS.items() for hit in find_concepts(text, language)}
    assert meant <= set(found.concepts) | set(found.mentions)


@pytest.mark.parametrize("processes", [0, 2])
def test_every_batch_in_order(processes: int) -> None:
    every = documents(3 * BATCH + 7)
    made = list(analysed(every, prepare, processes=processes))
    assert [len(batch) for batch in made] == [BATCH, BATCH, BATCH, 7]
    assert [each for batch in made for each in batch] == prepare(every)


def test_only_a_few_batches_are_read_ahead() -> None:
    read = 0

    def source() -> object:
        nonlocal read
        for document in documents(40 * BATCH):
            read += 1
            yield document

    batches = analysed(source(), prepare, processes=0)  # type: ignore[arg-type]
    next(batches)
    assert read <= 3 * BATCH
    batches.close()  # type: ignore[attr-defined]
