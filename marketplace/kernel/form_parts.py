"""Forms with room for files, as browsers send them: a small one is taken apart in one go.

Werkzeug reads them event by event and makes two patterns of each boundary, which browsers invent anew for each form:
that cost as much as everything else of a small page. Whatever is unusual is werkzeug's.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO, Any

from werkzeug.datastructures import FileStorage, Headers
from werkzeug.formparser import FormDataParser

_LONGEST = 200_000  # bytes; what is longer holds a file
# a field, or a place for a file that nobody has chosen
_FIELD = re.compile(
    rb'\r\nContent-Disposition: form-data; name="(?P<name>[A-Za-z0-9_.\-]+)"'
    rb'(?P<file>; filename=""\r\nContent-Type: (?P<kind>[a-z0-9/\-]+))?\r\n\r\n(?P<said>.*)',
    re.DOTALL,
)
_BOUNDARY = re.compile(r"[A-Za-z0-9\-_']{1,70}")
_Taken = tuple[list[tuple[str, str]], list[tuple[str, FileStorage]]]


class QuickForms(FormDataParser):
    """Werkzeug's parser of forms, with a short way for the usual ones."""

    def _parse_multipart(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> tuple[IO[bytes], Any, Any]:
        """Stream, fields and files."""
        boundary = options.get("boundary", "")
        if content_length is None or content_length > _LONGEST or not _BOUNDARY.fullmatch(boundary):
            return super()._parse_multipart(stream, mimetype, content_length, options)
        body = stream.read()
        taken = taken_apart(body, boundary.encode(), self.max_form_parts, self.max_form_memory_size)
        if taken is None:
            return super()._parse_multipart(BytesIO(body), mimetype, content_length, options)
        fields, files = taken
        return stream, self.cls(fields), self.cls(files)


def taken_apart(body: bytes, boundary: bytes, most: int | None, longest: int | None) -> _Taken | None:
    """Names and texts of the fields, names and empty files; None for what is not plainly written or too much."""
    parts = body.split(b"--" + boundary)
    if parts[0] or parts[-1] not in {b"--\r\n", b"--"} or len(parts) < 3:
        return None
    if (most is not None and len(parts) - 2 > most) or (longest is not None and len(body) > longest):
        return None
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, FileStorage]] = []
    for part in parts[1:-1]:
        found = _FIELD.fullmatch(part)
        if found is None:
            return None
        said: bytes = found["said"]
        if said[-2:] != b"\r\n":  # the boundary stands within a line: these are somebody's words
            return None
        name = found["name"].decode()
        if found["file"] is None:
            fields.append((name, said[:-2].decode("utf-8", "replace")))
        elif len(said) == 2:
            headers = Headers([
                ("Content-Disposition", f'form-data; name="{name}"; filename=""'),
                ("Content-Type", found["kind"].decode()),
            ])  # fmt: skip
            files.append((name, FileStorage(BytesIO(), "", name, headers=headers)))
        else:
            return None
    return fields, files
