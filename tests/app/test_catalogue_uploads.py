"""Hostile uploads, pictures that leak nothing, and exports that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.catalogue import services
from marketplace.catalogue.models import Photo, Product
from marketplace.catalogue.photos import PictureRefused, keep_files, prepare_illustration, prepare_photo
from marketplace.catalogue.tables import as_csv, as_xlsx
from marketplace.kernel.outside import storage
from marketplace.kernel.sheets import inert
from marketplace.kernel.uow import transaction
from tests.support.factories import a_draft, a_listed_product
from tests.support.people import Cast, guards
from tests.support.pictures import a_jpeg, a_png

pytestmark = pytest.mark.usefixtures("moment")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def a_png_that_claims(width: int, height: int) -> bytes:
    """A small file whose header promises a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")


def a_zip(inside: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in inside.items():
            archive.writestr(name, data)
    return out.getvalue()


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "green")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def a_gif() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300)).save(out, "GIF")
    return out.getvalue()


JPEG, PNG = a_jpeg(600, 450).getvalue(), a_png(600, 450).getvalue()
HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "blanks": b" " * 4096,
    "svg with a script": SVG,
    "svg behind a byte order mark": b"\xef\xbb\xbf" + SVG,
    "html": b"<!doctype html><script>alert(1)</script>",
    "html with a JPEG's first bytes": b"\xff\xd8\xff\xe0<script>alert(1)</script>" + b"x" * 500,
    "html with a PNG's first bytes": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>" + b"x" * 500,
    "pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj",
    "zip": a_zip({"a.txt": b"x"}),
    "zip bomb": a_zip({"a": b"\0" * 5_000_000}),
    "gif": a_gif(),
    "tiff": b"II*\0" + b"\0" * 500,
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 400 300\n",
    "executable": b"MZ" + b"\0" * 500,
    "php": b"<?php system($_GET['c']);",
    "truncated jpeg": JPEG[: len(JPEG) // 2],
    "truncated png": PNG[: len(PNG) // 2],
    "broken webp": b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 20,
    "pixel bomb": a_png_that_claims(20_000, 20_000),
    "just too many pixels": a_png_that_claims(5_001, 5_000),
    "negative looking size": a_png_that_claims(2**31 - 1, 2**31 - 1),
    "text bomb": PNG[:33] + png_chunk(b"zTXt", b"x\0\0" + zlib.compress(b"\0" * 80_000_000, 9)) + PNG[33:],
    "tiny": a_jpeg(20, 20).getvalue(),
    "a line": a_jpeg(3000, 210).getvalue(),
    "animation": animated(),
    "too heavy": JPEG + b"\0" * (15 * 1024 * 1024),
}


def test_there_are_at_least_24_kinds() -> None:
    assert len(HOSTILE) >= 24


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused_with_a_sentence(kind: str, app: Flask) -> None:
    with pytest.raises(PictureRefused) as refused:
        prepare_photo(HOSTILE[kind])
    assert str(refused.value.sentence).endswith(".")


@pytest.mark.parametrize("kind", ["svg with a script", "truncated jpeg", "pixel bomb", "empty"])
def test_a_refused_upload_leaves_everything_as_it_was(kind: str, people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_draft(seller, has_photo=False)
    page = f"/selling/products/{product.slug}/photos"
    files = {"photos": (io.BytesIO(HOSTILE[kind]), "../../x.jpg")}
    answer = seller.client.post(page, data={**guards(seller.client, page), **files}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "field-error" in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Photo)) == 0
    assert storage().keys("photo/") == []


GOOD: dict[str, Callable[[], io.BytesIO]] = {
    "jpeg": lambda: a_jpeg(3000, 2000),
    "png": lambda: a_png(900, 700),
    "png with transparency": lambda: a_png(900, 700, "RGBA"),
    "png with a palette": lambda: a_png(900, 700, "P"),
    "grey": lambda: a_png(900, 700, "L"),
    "ink": lambda: io.BytesIO(_cmyk()),
    "small": lambda: a_jpeg(260, 220),
}


def _cmyk() -> bytes:
    out = io.BytesIO()
    Image.new("CMYK", (800, 600), (10, 20, 30, 0)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("kind", GOOD)
def test_every_picture_is_made_anew_in_three_widths(kind: str, app: Flask) -> None:
    photo = prepare_photo(GOOD[kind]().getvalue())
    assert len(photo.files) == 6
    for key, data in photo.files.items():
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == ("AVIF" if key.endswith("avif") else "WEBP")
            assert image.width <= int(key.rsplit("-", 1)[1].split(".")[0])
            assert not image.info.get("exif")
            assert not image.info.get("icc_profile")


def test_nothing_of_the_original_survives_but_pixels(app: Flask) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Telepon Bu Marker"
    exif[0x8825] = {1: "S", 2: (7.0, 58.0, 0.0)}
    exif[0x0112] = 6  # lies on its side
    data = a_jpeg(800, 600, exif=exif, comment=b"marker-comment").getvalue() + b"<script>marker-tail</script>"
    photo = prepare_photo(data)
    assert (photo.width, photo.height) == (600, 800), "turned upright"
    for content in photo.files.values():
        assert b"arker" not in content
        assert b"Exif" not in content


def upload(people: Cast) -> tuple[object, Product, str]:
    """A seller, their product, and the stem of its one picture."""
    seller = people.seller()
    product = a_listed_product(seller, has_photo=False)
    photo = prepare_photo(a_jpeg().getvalue())
    keep_files(storage(), photo)
    with transaction() as session:
        services.add_photo(session, seller.actor, product.slug, photo, {"en": "Beans", "xx": "no"})
    return seller, product, photo.stem


def test_pictures_of_the_market_are_for_everyone_and_kept_long(people: Cast, app: Flask) -> None:
    seller, product, stem = upload(people)
    visitor = app.test_client()
    answer = visitor.get(f"/media/{stem}-320.webp")
    assert (answer.status_code, answer.content_type) == (200, "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert visitor.get(f"/media/{stem}-640.avif").content_type == "image/avif"
    for name in (
        f"{stem}-321.webp",
        f"{stem}-320.svg",
        f"{stem}.webp",
        f"{stem}",
        "..%2f..%2fsecret_key",
        f"{'0' * 32}-320.webp",
    ):
        assert visitor.get(f"/media/{name}").status_code == 404, name


def test_pictures_of_drafts_are_for_their_seller_and_staff(people: Cast, app: Flask, session: Session) -> None:
    seller, product, stem = upload(people)
    with transaction() as inside:
        services.withdraw_listing(inside, seller.actor, product.slug)  # type: ignore[attr-defined]
    path = f"/media/{stem}-320.webp"
    assert app.test_client().get(path).status_code == 404
    assert people.seller().client.get(path).status_code == 404
    assert people.buyer().client.get(path).status_code == 404
    own = seller.client.get(path)  # type: ignore[attr-defined]
    assert own.status_code == 200
    assert "no-store" in own.headers["Cache-Control"]
    assert people.curator().client.get(path).status_code == 200


def test_an_illustration_is_a_drawing_that_can_run_nothing(people: Cast, app: Flask) -> None:
    seller = people.seller()
    product = a_listed_product(seller, has_photo=False)
    drawing = prepare_illustration(SVG.decode())
    keep_files(storage(), drawing)
    with transaction() as session:
        services.add_photo(session, seller.actor, product.slug, drawing)
    answer = app.test_client().get(f"/media/{drawing.stem}.svg")
    assert answer.content_type.startswith("image/svg+xml")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_a_removed_picture_loses_its_files_after_the_commit(people: Cast, session: Session) -> None:
    from marketplace.kernel import jobs

    seller, product, stem = upload(people)
    page = f"/selling/products/{product.slug}/photos"
    key = session.scalars(select(Photo.id)).one()
    second = prepare_photo(a_jpeg().getvalue())
    keep_files(storage(), second)
    with transaction() as inside:
        services.add_photo(inside, seller.actor, product.slug, second)  # type: ignore[attr-defined]
    answer = seller.post(page, {"remove": str(key)}, page=page)  # type: ignore[attr-defined]
    assert answer.status_code == 303
    jobs.run_due()
    assert [key for key in storage().keys("photo/") if stem in key] == []
    last = session.scalars(select(Photo.id)).one()
    assert seller.post(page, {"remove": str(last)}, page=page).status_code == 422, "a listing keeps its last photo"  # type: ignore[attr-defined]


PREFIXES = [
    "=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "\ufeff=", "\u200b=", "\u200e=", "\u2060=", "\u00ad=",
    "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫", "\t", "\r", "|", "%", "\x00=",
]  # fmt: skip


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_exported_cell_is_live(prefix: str) -> None:
    text = prefix + "cmd|' /C calc'!A0"
    assert inert(text).startswith("'")
    rows = [{"external_key": "K1", "commodity": "copra", "title_en": text, "packaging": text}]
    cells = [cell for row in csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"), newline="")) for cell in row]
    assert sum(cell.startswith("'") for cell in cells) == 2
    if "\x00" not in text:  # a workbook cannot hold it at all
        book = openpyxl.load_workbook(as_xlsx(rows))
        sheet = book.active
        assert sheet is not None
        live = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert live == []
        book.close()


def test_ordinary_cells_stay_as_they_are() -> None:
    for text in ("Kopi", "6.2", "üb=er", "a-b", "咖啡", "", "'tis"):
        assert inert(text) == text


BAD_TABLES = {
    "empty.csv": b"", "pdf.csv": b"%PDF-1.7", "binary.csv": bytes(range(256)) * 20, "zip.xlsx": a_zip({"a.txt": b"x"}),
    "bomb.xlsx": a_zip({"xl/worksheets/sheet1.xml": b"\0" * 60_000_000}), "html.csv": b"<script>alert(1)</script>",
    "words.csv": b"just,some,words\n1,2,3\n", "prog.exe": b"MZ", "broken.jsonl": b'{"external_key": ',
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_TABLES)
def test_bad_tables_are_told_and_change_nothing(name: str, people: Cast, session: Session) -> None:
    seller = people.seller()
    page = "/selling/import"
    data = {**guards(seller.client, page), "file": (io.BytesIO(BAD_TABLES[name]), name)}
    answer = seller.client.post(page, data=data, content_type="multipart/form-data")
    if answer.status_code == 303:
        answer = seller.client.get(answer.location)
    text = answer.get_data(as_text=True)
    assert answer.status_code in {200, 422}
    assert "field-error" in text or "Cannot be taken" in text
    assert session.scalar(select(func.count()).select_from(Product)) == 0


def test_a_table_is_looked_at_first_and_brought_in_after(people: Cast, session: Session) -> None:
    seller, other = people.seller(), people.seller()
    table = b"external_key,commodity,title_en,moq\nA,copra,White copra,10 t\nB,gold,Gold,1 kg\n"
    page = "/selling/import"
    data = {**guards(seller.client, page), "file": (io.BytesIO(table), "mine.csv")}
    sent = seller.client.post(page, data=data, content_type="multipart/form-data")
    look = seller.client.get(sent.location).get_data(as_text=True)
    assert "gold" in look
    assert session.scalar(select(func.count()).select_from(Product)) == 0
    assert other.client.get(sent.location).status_code == 404
    assert other.post(sent.location, {"skip": "yes"}, page=page).status_code == 404
    assert seller.post(sent.location, {}, page=sent.location).status_code == 422
    done = seller.post(sent.location, {"skip": "yes"}, page=sent.location)
    assert done.status_code == 303
    session.rollback()
    assert session.scalars(select(Product.external_key)).all() == ["A"]
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
    table = seller.client.get("/selling/export.csv").get_data(as_text=True)
    assert "White copra" in table
    assert seller.client.get("/selling/export.doc").status_code == 404
    assert seller.client.get("/selling/import/template.xlsx?commodity=copra").get_data()[:2] == b"PK"
    assert seller.client.get("/selling/import/template.xlsx?commodity=gold").status_code == 404
