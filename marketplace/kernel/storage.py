"""Files: one door to the local folder and to S3; keys are our own, never a person's file name."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

_KEY = re.compile(r"[a-z0-9][a-z0-9/_.-]{0,190}")


class Storage(Protocol):
    """Bytes under keys such as "photo/ab12….webp"."""

    def put(self, key: str, data: bytes) -> None: ...
    def get(self, key: str) -> bytes: ...
    def delete(self, key: str) -> None: ...
    def keys(self, prefix: str = "") -> list[str]: ...
    def written(self, prefix: str) -> Iterator[tuple[str, datetime]]: ...


class MissingFile(LookupError):
    """No file under this key."""


def new_key(folder: str, ending: str) -> str:
    """An unguessable key in ``folder``."""
    return f"{folder}/{secrets.token_hex(16)}.{ending}"


def checked(key: str) -> str:
    """``key`` if it is one of ours; ValueError otherwise."""
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError("not a storage key")
    return key


class FolderStorage:
    """Files below one folder, written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        path = self.root / checked(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with open(waiting, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(waiting, path)
        except OSError:
            waiting.unlink(missing_ok=True)  # on a full disk even a half would take room from others
            raise

    def get(self, key: str) -> bytes:
        try:
            return (self.root / checked(key)).read_bytes()
        except FileNotFoundError:
            raise MissingFile(key) from None

    def delete(self, key: str) -> None:
        (self.root / checked(key)).unlink(missing_ok=True)

    def keys(self, prefix: str = "") -> list[str]:
        if not self.root.is_dir():
            return []
        found = (path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())
        return sorted(key for key in found if key.startswith(prefix) and not Path(key).name.startswith("."))

    def written(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Every key with the moment it was written, halves of files that were never finished included."""
        for path in (self.root / prefix).rglob("*"):
            try:
                found = path.stat()
            except FileNotFoundError:  # deleted meanwhile
                continue
            if stat.S_ISREG(found.st_mode):
                yield path.relative_to(self.root).as_posix(), datetime.fromtimestamp(found.st_mtime, UTC)


class BucketStorage:
    """An S3 bucket through obstore; credentials and endpoint come from the usual AWS_… environment."""

    def __init__(self, url: str) -> None:
        import obstore.store

        self._store = obstore.store.from_url(url)

    def put(self, key: str, data: bytes) -> None:
        import obstore

        obstore.put(self._store, checked(key), data)

    def get(self, key: str) -> bytes:
        import obstore

        try:
            return bytes(obstore.get(self._store, checked(key)).bytes())
        except FileNotFoundError:
            raise MissingFile(key) from None

    def delete(self, key: str) -> None:
        import obstore

        obstore.delete(self._store, checked(key))

    def keys(self, prefix: str = "") -> list[str]:
        import obstore

        return sorted(
            item["path"] for batch in obstore.list(self._store) for item in batch if item["path"].startswith(prefix)
        )

    def written(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Every key with the moment it was written."""
        import obstore

        for batch in obstore.list(self._store, prefix):
            for item in batch:
                yield item["path"], item["last_modified"]


def open_storage(url: str) -> Storage:
    """The storage behind a ``file://`` or ``s3://`` address."""
    if url.startswith("s3://"):
        return BucketStorage(url)
    return FolderStorage(Path(urlsplit(url).path))
