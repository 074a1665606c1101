"""Index marks: which documents differ from the rows, and how searches went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, Model, Text20, Text80, Text200, reference


class StaleDocument(Model):
    """One document to re-index; ``version`` grows with every further change."""

    __tablename__ = "stale_document"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    marked_at: Mapped[datetime] = mapped_column(index=True)


class DocumentVersion(Model):
    """The last version a document was written with; it only grows, also across deletion."""

    __tablename__ = "document_version"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)


class SearchLog(Model):
    """Searches without a person: what was asked, in which language, with how many results, per day.

    ``country`` is that of the asking organisation, empty for visitors.
    """

    __tablename__ = "search_log"
    id: Mapped[Key]
    day: Mapped[Text20] = mapped_column(index=True)
    language: Mapped[Text20]
    country: Mapped[str] = mapped_column(String(2), default="", server_default="")
    text: Mapped[Text200]
    results: Mapped[int]
    count: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]


class LexiconChange(Model):
    """One edit of the lexicon by an operator: a name given to a concept, or taken back. Rows are only ever added.

    What holds is what all rows say in order; the key of the last one is the version of the overlay.
    """

    __tablename__ = "lexicon_change"
    id: Mapped[Key]
    concept: Mapped[Text80]
    language: Mapped[Text20]
    name: Mapped[Text80]
    is_added: Mapped[bool]
    by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    at: Mapped[datetime]
