"""One row of an import, read as a file's row is read."""

from collections.abc import Mapping
from pathlib import Path

from marketplace.catalogue.importing.fieldrules import ColumnMapping
from marketplace.catalogue.importing.mapping import standard_mapping
from marketplace.catalogue.importing.reading import Cell, RawRow
from marketplace.catalogue.importing.rows import RowReader, RowResult

DOCS = Path(__file__).parents[2] / "docs"


def read_row(cells: Mapping[str, Cell], mapping: ColumnMapping | None = None) -> RowResult:
    """What the second line of a file with these cells becomes."""
    chosen = mapping or standard_mapping(tuple(cells))
    return RowReader(chosen, cells).read(RawRow(2, cells))
