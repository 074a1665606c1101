"""The database: declarative base, column types, naming, and what SQLite needs to be safe.

SQLite runs in WAL mode with full synchronisation; a transaction that will write says
BEGIN IMMEDIATE from its start, so that a read can never turn into a lost update.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    event,
    text,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.orm import registry as Registry  # noqa: N812 - a class of the library in lower case
from sqlalchemy.types import TypeDecorator

from marketplace.kernel.light_session import LightSession
from marketplace.kernel.lines import BEGUN, LOCKED_MILLISECONDS, WRITES, Line, is_heard
from marketplace.kernel.numbering import number_for_good

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

event.listen(Table, "after_parent_attach", number_for_good)  # before the first model, and for migrations as well


class Moment(TypeDecorator[datetime]):
    """A UTC moment; SQLite keeps it without a zone, Python always sees one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """SQLite's text is written in one go: taking a moment apart was a tenth of what an inserted row cost."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@lru_cache(maxsize=64)  # an action says the same few moments in many rows
def _as_text(value: datetime | None) -> str | None:
    """A moment as SQLAlchemy writes it into SQLite."""
    if value is None:
        return None
    if value.tzinfo is UTC:  # as every moment of the clock; what is cut off is its zone
        return value.isoformat(" ", "microseconds")[:26]
    if value.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class Exact(TypeDecorator[Decimal]):
    """An exact decimal with six places; SQLite keeps whole millionths, PostgreSQL a NUMERIC."""

    impl = Numeric(20, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        kind = BigInteger() if dialect.name == "sqlite" else Numeric(20, 6)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = Decimal(value).quantize(Decimal("0.000001"))
        return int(exact.scaleb(6)) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-6) if dialect.name == "sqlite" else Decimal(value)


Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Text20 = Annotated[str, mapped_column(String(20))]
Text40 = Annotated[str, mapped_column(String(40))]
Text80 = Annotated[str, mapped_column(String(80))]
Text200 = Annotated[str, mapped_column(String(200))]
Text500 = Annotated[str, mapped_column(String(500))]
LongText = Annotated[str, mapped_column(String(20000))]


class Base(DeclarativeBase):
    """Plain declarative base; a registry of its own, since the extension derives its model class from this one."""

    registry = Registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: Moment,
            Decimal: Exact,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            list[str]: JSON,
            list[int]: JSON,
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "class_": LightSession})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def reference(target: str, *, index: bool = True, nullable: bool = False, cascade: bool = False) -> Any:
    """A foreign key column; ``cascade`` deletes the child with its parent."""
    from sqlalchemy import ForeignKey

    key = ForeignKey(target, ondelete="CASCADE" if cascade else None)
    return mapped_column(BigInteger().with_variant(Integer, "sqlite"), key, index=index, nullable=nullable)


def named_index(name: str, column: str) -> Index:
    """An index of the rows in which an optional column names something; the others, nearly all, are not written."""
    names = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=names, postgresql_where=names)


@contextmanager
def reading() -> Iterator[Connection]:
    """A read transaction for pages that read rows with prepared statements and hold no objects.

    On SQLite all its statements see one state of the database, on PostgreSQL each that of its moment. A session for the
    same costs more than most of them.
    """
    with db.engine.connect() as connection:
        connection.begin()  # leaving the block rolls it back
        yield connection


@contextmanager
def one_read() -> Iterator[Line | Connection]:
    """For a single prepared statement, which needs no transaction to see one state of the database."""
    engine = db.engine
    line: Line | Connection = engine.connect() if is_heard(engine) else Line(engine)
    try:
        yield line
    finally:
        line.close()


def prepare_engine(engine: Engine) -> None:
    """Set up connections of ``engine``: SQLite's pragmas and its explicit BEGIN, an end to waiting for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        from marketplace.kernel.patience import watch

        watch(engine)
        return

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below, not the driver's guess
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={LOCKED_MILLISECONDS}",
            "foreign_keys=ON",
            "secure_delete=ON",
            "temp_store=MEMORY",
            "cache_size=-8000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if BEGUN in options:
            return
        writes = options.get(WRITES)
        # the driver is asked directly: as a statement of SQLAlchemy it cost every request a twentieth of a page
        cursor, words = connection.connection.cursor(), "BEGIN IMMEDIATE" if writes else "BEGIN"
        try:
            cursor.execute(words)
        except Exception as fault:
            connection._handle_dbapi_exception(fault, words, (), cursor, None)  # raised as SQLAlchemy's own
        cursor.close()
