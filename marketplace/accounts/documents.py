"""What an uploaded document really is: judged by its bytes, pictures drawn anew, everything else refused."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from marketplace.kernel.errors import DomainError
from marketplace.kernel.scanning import let_pass
from marketplace.kernel.text import cleaned

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
LONGEST_SIDE = 4000
PDF = "application/pdf"
_PICTURES = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}
# what makes a PDF act by itself
_ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


@dataclass(frozen=True)
class Document:
    """Clean bytes of a known kind, and the name to show."""

    data: bytes
    media_type: str
    ending: str
    name: str
    is_scanned: bool = True  # False: the virus scanner was silent, and has to look into it before anybody reads it


def read_document(upload: bytes, filename: str) -> Document:
    """The document in ``upload``: a PDF as it is, a picture drawn anew without its hidden data.

    Raises `DomainError` with what would be right. The file's own name and announced type decide nothing. The virus
    scanner sees what was sent, not what becomes of it.
    """
    if not upload:
        raise DomainError(_("The file is empty. Choose another one."))
    if len(upload) > MAX_BYTES:
        raise DomainError(_("The file is larger than 10 MB. Make it smaller or split it."))
    is_scanned = let_pass(upload)
    if upload.startswith(b"%PDF-"):
        return Document(_checked_pdf(upload), PDF, "pdf", display_name(filename, "pdf"), is_scanned)
    data, media_type, ending = _redrawn(upload)
    return Document(data, media_type, ending, display_name(filename, ending), is_scanned)


def display_name(filename: str, ending: str) -> str:
    """A harmless name for display and download, with the ending that is true."""
    last = re.split(r"[/\\]", cleaned(filename, 400))[-1]
    stem = re.sub(r"[^\w .,()+-]+", "_", last.rsplit(".", 1)[0] if "." in last else last).strip(" .")
    return f"{stem[:100] or 'document'}.{ending}"


def _checked_pdf(upload: bytes) -> bytes:
    if b"%%EOF" not in upload[-2048:]:
        raise DomainError(_("The PDF is not complete. Save it again and upload it once more."))
    if b"/Encrypt" in upload:
        raise DomainError(_("The PDF is locked with a password. Upload one that opens without."))
    if any(mark in upload for mark in _ACTIVE):
        raise DomainError(_("The PDF carries a programme or other files. Print it into a plain PDF and upload that."))
    return upload


def _redrawn(upload: bytes) -> tuple[bytes, str, str]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(upload), formats=list(_PICTURES)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise DomainError(_("The picture has more than 25 million points. Make it smaller."))
                media_type, ending = _PICTURES[picture.format or ""]
                upright = ImageOps.exif_transpose(picture)
                mode = "RGB" if ending == "jpg" or "A" not in upright.getbands() else "RGBA"
                drawn = upright.convert(mode)
        drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        out = io.BytesIO()
        if ending == "png":
            drawn.save(out, "PNG", optimize=False)
        else:
            drawn.save(out, "JPEG" if ending == "jpg" else "WEBP", quality=88)
    except DomainError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as failure:
        raise DomainError(_("The picture has more than 25 million points. Make it smaller.")) from failure
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError) as failure:
        raise DomainError(_("This is neither a PDF nor a picture that we can read (JPEG, PNG, WebP).")) from failure
    return out.getvalue(), media_type, ending
