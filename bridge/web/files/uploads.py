"""Receives files from forms.

Mark the page's function with `accepts_files`, pass the form's file to `receive_file`, and show a
FileRefused at the field, with everything else that was typed. The file is kept for a day. Attach
it (`rows.attach`) in the transaction that saves the form; until then, its ID can travel in a
hidden field.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request
from werkzeug.datastructures import FileStorage

from bridge.access.file_purposes import FilePurpose
from bridge.foundations.files.file_types import MAX_FILE_BYTES, check_size
from bridge.foundations.files.isolation import verify_isolated
from bridge.foundations.files.storage import open_files
from bridge.foundations.owners import Owner
from bridge.web.common.services import current_services

MAX_UPLOAD_BODY = 3 * MAX_FILE_BYTES
"""Largest body of a form with files. A file that is too large still gets its form back, with a
message; a body above this limit does not."""

MAX_TEXT = 2 * 1024 * 1024
"""Largest size of all other fields of such a form together, in bytes."""

P = ParamSpec("P")
R = TypeVar("R")


def init_app(app: Flask) -> None:
    """Read larger bodies on pages that accept files. Call it before forms are read."""

    @app.before_request
    def accept_larger_body() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        has_files = request.mimetype == "multipart/form-data"
        if has_files and getattr(view, "accepts_files", False):
            request.max_content_length = MAX_UPLOAD_BODY
            request.max_form_memory_size = MAX_TEXT


def accepts_files(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a page whose form has files."""
    view.accepts_files = True  # type: ignore[attr-defined]
    return view


def receive_file(
    sent: FileStorage, owner: Owner, purpose: FilePurpose, instead_of: Collection[int] = ()
) -> int:
    """Check and store a file that its owner sent; return its ID.

    `instead_of`: files that don't count because they are about to be removed.
    Raises FileRefused with a message for the owner, FileStorageError if it can't be stored now.
    """
    services = current_services()
    content = sent.stream.read(MAX_FILE_BYTES + 1)
    check_size(len(content))
    accepted = verify_isolated(content)
    return open_files(services.config, services.database).store(
        content[: accepted.size], accepted.type, sent.filename or "",
        owner=owner, purpose=purpose, now=services.now(), instead_of=instead_of,
    )  # fmt: skip
