"""A plan as FTS5 expressions; every word is quoted, so nothing that people type is syntax."""

from search.plan import Group

ANYWHERE = ("{title body}", "{concepts mentions}")
TITLED = ("title", "concepts")


def quoted(word: str) -> str:
    """A word as an FTS5 string."""
    return '"' + word.replace('"', '""') + '"'


def expression(group: Group, columns: tuple[str, str] = ANYWHERE) -> str:
    """Documents about one group, whatever field says so; with ``TITLED`` those whose title or data say so."""
    words, concepts = columns
    parts = [f"{words} : ({' AND '.join(map(quoted, dict.fromkeys(reading)))})" for reading in group.alternatives]
    parts += [f"{concepts} : {quoted(concept)}" for concept in group.concepts]
    if group.prefix:
        parts.append(f"codes : {quoted(group.prefix)} *")
    return "(" + " OR ".join(parts) + ")"
