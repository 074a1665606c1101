"""Documents, handed out through the owner check as what they were judged to be."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.documents import PDF
from marketplace.accounts.services.files import content_of, note_reading, readable_file
from marketplace.accounts.views.blueprint import bp
from marketplace.kernel.database import db
from marketplace.kernel.http import current_actor
from marketplace.kernel.uow import transaction


@bp.get("/files/<int:file_id>")
def file(file_id: int) -> ResponseReturnValue:
    """The document, never run by the browser: a PDF only as a download, everything with nosniff."""
    actor = current_actor()
    row = readable_file(db.session(), actor, file_id)
    data = content_of(row)
    name, media_type = row.name, row.media_type
    if row.organisation_id != actor.organisation_id and request.method == "GET":
        with transaction() as session:  # short and of its own, before the answer
            note_reading(session, actor, row)
    shown = "inline" if media_type != PDF and "download" not in request.args else "attachment"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return Response(
        data,
        mimetype=media_type,
        headers={
            "Content-Disposition": f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
