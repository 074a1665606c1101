"""Pictures read and written by Pillow; imported only when a picture arrives."""

from __future__ import annotations

import io
import warnings

from flask_babel import lazy_gettext as _
from PIL import Image, ImageCms, ImageFile, ImageOps

from marketplace.catalogue.photos import WIDTHS, PictureRefused

MOST_PIXELS = 25_000_000
LEAST_SIDE = 200
_READABLE = ("JPEG", "PNG", "WEBP")
# What Pillow cannot read whole is refused, not patched up with grey.
assert not ImageFile.LOAD_TRUNCATED_IMAGES


def re_encoded(data: bytes, key: str) -> tuple[tuple[int, int], dict[str, bytes]]:
    """Size of the largest version, and every version under ``key``; raises `PictureRefused`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # odd metadata, which is dropped anyhow
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = _read(data)
    except PictureRefused:
        raise
    except Exception as failure:
        # Pillow's readers raise a dozen kinds of errors on broken files; all mean the same to the person.
        raise PictureRefused(_("This file is not a photo we can read. Use a JPEG, PNG or WebP picture.")) from failure
    files: dict[str, bytes] = {}
    size = image.size
    for width in sorted(WIDTHS, reverse=True):
        if image.width > width:
            image = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
        if width == max(WIDTHS):
            size = image.size
        files[f"{key}-{width}.webp"] = _encoded(image, "WEBP", quality=78, method=4)
        files[f"{key}-{width}.avif"] = _encoded(image, "AVIF", quality=60, speed=8)
    return size, files


def _read(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=_READABLE) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise PictureRefused(_("The photo has more than 25 megapixels. Save it smaller and try again."))
        # phones put a second image (depth, brightness) into a JPEG; that is no animation
        if opened.format in {"PNG", "WEBP"} and getattr(opened, "n_frames", 1) > 1:
            raise PictureRefused(_("This is an animation. Use a photo that stands still."))
        if opened.format in {"JPEG", "MPO"}:
            opened.draft("RGB", (max(WIDTHS), max(WIDTHS)))  # large photos are read at a fraction of their size
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        short, long = sorted(upright.size)
        if short < LEAST_SIDE:
            raise PictureRefused(_("The photo is too small. Each side needs at least 200 pixels."))
        if long > 5 * short:
            raise PictureRefused(_("The photo is too narrow. One side can be at most five times the other."))
        return _plain(upright)


def _plain(image: Image.Image) -> Image.Image:
    """The picture in sRGB without transparency."""
    profile = image.info.get("icc_profile")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        ground = Image.new("RGB", with_alpha.size, "white")
        ground.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return ground
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile costs a shade of colour, not the photo
    return image.convert("RGB")


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    clean = Image.new("RGB", image.size)
    clean.paste(image)  # pixels alone: no profile, no comment, no EXIF
    out = io.BytesIO()
    clean.save(out, kind, **options)
    return out.getvalue()
