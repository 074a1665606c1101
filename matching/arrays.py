"""Arrays that stay in their files: read where they are needed, shared by all processes that read them."""

from hashlib import file_digest
from pathlib import Path
from typing import Any


def digest_of(file: Path) -> str:
    """The SHA-256 of a file's bytes; OSError where there is none."""
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def opened(folder: Path, name: str, kind: str, dimensions: int = 1) -> Any:
    """The array ``name`` of a folder, for reading; ValueError where it is of another kind, OSError where there is
    none."""
    import numpy

    found = numpy.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    if found.ndim != dimensions or found.dtype != numpy.dtype(kind):
        raise ValueError(f"{name} is not what it should be")
    return numpy.asarray(found)  # the same pages without what a memmap does at every look
