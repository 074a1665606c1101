"""Numbers in texts that are part of no name."""

import re
from collections.abc import Iterable

from search.chinese import HAN

# A whole number as every reading takes it: beside signs of other scripts it may be a part of a longer one.
_NUMBER = re.compile(rf"(?<![0-9]|[^\x00-\x7f{HAN}])[0-9]++(?![^\x00-\x7f{HAN}])")
_NAMELESS = "\0"  # no name runs over it


class Numbers:
    """Knows the numbers in names, so that any other can be left out of what is read for names."""

    def __init__(self, names: Iterable[str]) -> None:
        """``names`` are written without spaces: any part of a run of digits in one may be a number of a text."""
        self._known = " ".join(sorted({run for name in names for run in re.findall("[0-9]+", name)}))

    def without(self, text: str) -> str:
        """The text with a mark in the place of every number that is part of no name."""
        return _NUMBER.sub(self._kept, text)

    def _kept(self, match: re.Match[str]) -> str:
        return match.group() if match.group() in self._known else _NAMELESS
