"""A plan as FTS5 expressions; every word is quoted, so nothing that people type is syntax."""

from collections.abc import Callable

from search.plan import Group

ANYWHERE = ("{title body}", "{concepts mentions}")
TITLED = ("title", "concepts")


def quoted(word: str) -> str:
    """A word as an FTS5 string."""
    return '"' + word.replace('"', '""') + '"'


def expression(
    group: Group, columns: tuple[str, str] = ANYWHERE, is_known: Callable[[str], bool] = lambda _word: True
) -> str:
    """Documents about one group, whatever field says so; with ``TITLED`` those whose title or data say so.

    Readings that no document can have are left out where others remain: each costs as much as one that many have.
    """
    words, concepts = columns
    readings = list(group.alternatives)
    named = [concept for concept in group.concepts if is_known(concept)]
    held = [reading for reading in readings if all(map(is_known, reading))]
    if held or named:
        readings = held
    else:
        named = list(group.concepts)
    parts = [f"{words} : ({' AND '.join(map(quoted, dict.fromkeys(reading)))})" for reading in readings]
    parts += [f"{concepts} : {quoted(concept)}" for concept in named]
    if group.prefix:
        parts.append(f"codes : {quoted(group.prefix)} *")
    return "(" + " OR ".join(parts) + ")"
