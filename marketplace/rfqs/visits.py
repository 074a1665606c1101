"""What pages of requests and leads share: is somebody really reading, papers of a form, refusals beside the form."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from marketplace.accounts.documents import Document, read_document
from marketplace.kernel.errors import DomainError, NotFound, TooMany
from marketplace.kernel.forms import GuardedForm
from marketplace.rfqs.forms import MAX_FILES

Headers = dict[str, str]


def is_read_by_a_person() -> bool:
    """Whether this page is shown to somebody: not asked for its head only, nor fetched ahead by a browser."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"))
    return request.method == "GET" and not any(
        word in purpose.lower() for purpose in purposes for word in ("prefetch", "preview", "prerender")
    )


def read_papers(uploads: Sequence[object] | None) -> list[Document]:
    """The papers of a message, checked by content; `DomainError` says which cannot be taken and why.

    Called before the transaction opens: a picture that is drawn anew keeps nobody else from writing.
    """
    given = [one for one in uploads or () if isinstance(one, FileStorage) and one.filename]
    if len(given) > MAX_FILES:
        raise DomainError(_("Send at most %(count)s documents with one message.", count=MAX_FILES))
    return [read_document(one.stream.read(), one.filename or "") for one in given]


def refused_beside(form: GuardedForm, fault: DomainError) -> tuple[int, Headers]:
    """Put a refusal into the form's summary, so that what was typed stays; gives status and headers.

    What one may not know of stays a page of its own.
    """
    if isinstance(fault, NotFound):
        raise fault
    form.form_errors.append(str(fault.sentence))
    return fault.status, {"Retry-After": str(fault.retry_after)} if isinstance(fault, TooMany) else {}
