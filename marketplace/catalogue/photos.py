"""Pictures: judged by content, stripped of everything but the image, kept in three widths as AVIF and WebP."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from marketplace.kernel.errors import DomainError
from marketplace.kernel.scanning import let_pass
from marketplace.kernel.storage import Storage

WIDTHS = (320, 640, 1280)
FORMATS = {"avif": "image/avif", "webp": "image/webp"}
MOST_BYTES = 15 * 1024 * 1024
_STEM = re.compile(r"[0-9a-f]{32}|i[0-9a-f]{31}")


class PictureRefused(DomainError):
    """The upload is no picture we can show; the sentence says what would be one."""


@dataclass(frozen=True)
class PreparedPhoto:
    """A picture ready to be kept; ``files`` maps storage keys to bytes."""

    stem: str
    width: int
    height: int
    files: Mapping[str, bytes]


def is_illustration(stem: str) -> bool:
    """Whether the stem belongs to a generated illustration (an SVG), not to a photograph."""
    return stem.startswith("i")


def is_stem(text: str) -> bool:
    """Whether ``text`` can be the stem of one of our pictures."""
    return _STEM.fullmatch(text) is not None


def stem_of(key: str) -> str:
    """The stem of the picture that a storage key is a file of; empty for any other key."""
    stem = key.removeprefix("photo/").partition(".")[0].partition("-")[0]
    return stem if is_stem(stem) else ""


def photo_path(stem: str, width: int = 320, ending: str = "webp") -> str:
    """The local address of one size of a picture; an illustration has one file for all."""
    return f"/media/{stem}.svg" if is_illustration(stem) else f"/media/{stem}-{width}.{ending}"


def drawing_path(commodity: str) -> str:
    """The local address of the drawing that stands in for a missing photo."""
    return f"/drawings/{commodity}.svg"


def prepare_photo(data: bytes) -> PreparedPhoto:
    """The picture in ``data``, re-encoded; raises `PictureRefused`.

    At most 15 MB and 25 megapixels, JPEG, PNG or WebP by content. Nothing of the original file survives but its
    pixels: no EXIF, no place, no appended bytes. The virus scanner sees the file first.
    """
    if not data:
        raise PictureRefused(_("The file is empty. Choose a photo."))
    if len(data) > MOST_BYTES:
        raise PictureRefused(_("The photo is larger than 15 MB. Choose a smaller one."))
    let_pass(data)  # nothing is looked into later: what was sent is not kept, only a drawing anew of what it shows
    from marketplace.catalogue import imaging  # Pillow costs 15 MB, and most workers never need it

    stem = secrets.token_hex(16)
    size, files = imaging.re_encoded(data, f"photo/{stem}")
    return PreparedPhoto(stem, size[0], size[1], files)


def prepare_illustration(svg: str, width: int = 1280, height: int = 960) -> PreparedPhoto:
    """A generated drawing; the same drawing gives the same stem."""
    data = svg.encode()
    stem = "i" + hashlib.sha256(data).hexdigest()[:31]
    return PreparedPhoto(stem, width, height, {f"photo/{stem}.svg": data})


def keep_files(storage: Storage, photo: PreparedPhoto) -> None:
    """Write the files; done before the row that names them, so that no row ever points to nothing."""
    for key, data in photo.files.items():
        storage.put(key, data)


def delete_files(storage: Storage, stem: str) -> None:
    """Delete every file of a picture; safe to repeat."""
    if not is_stem(stem):
        return
    if is_illustration(stem):
        return  # others may show the same drawing
    for width in WIDTHS:
        for ending in FORMATS:
            storage.delete(f"photo/{stem}-{width}.{ending}")
