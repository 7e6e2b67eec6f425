"""`/files/<id>`: downloads a file, if its purpose gives the visitor a right to it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from io import BytesIO

from flask import Blueprint, Response, redirect, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.wrappers import Response as Answer

from bridge.foundations.files import rows
from bridge.foundations.files.file_types import FileStorageError, FileType
from bridge.foundations.files.rows import FileData
from bridge.foundations.files.storage import open_files
from bridge.logs import event
from bridge.store.members import profile
from bridge.store.operations import audit_log
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor, current_visitor

log = logging.getLogger(__name__)

MayRead = Callable[[Session, Visitor, FileData], bool]
"""Whether a signed-in visitor may read a file. The feature that the file belongs to decides."""
POLICY = "default-src 'none'; sandbox"


def blueprint(services: Services, rights: Mapping[str, MayRead]) -> Blueprint:
    """The download page. `rights`: who may read a file, by its purpose. Others are for no one."""
    pages = Blueprint("files", __name__)

    @pages.get("/files/<int:file_id>")
    def download(file_id: int) -> Answer:
        visitor = current_visitor()
        if not visitor.signed_in:
            return redirect(url_for("signin.form", next=request.path), 303)
        file = _find_readable(services, rights, visitor, file_id)
        own = visitor.member_id is not None and visitor.member_id == file.member_id
        actor = profile.audit_actor(visitor.member_id or 0) if own else visitor.email
        return send_stored_file(services, file, actor)

    return pages


def send_stored_file(services: Services, file: FileData, actor: str) -> Response:
    """The file as an attachment, after the audit entry that `actor` read it.

    The caller has checked that they may. Raises ServiceUnavailable if the file is damaged.
    """
    try:
        content = open_files(services.config, services.database).read(file)
    except FileStorageError as error:
        event(log, "file.unreadable", level=logging.ERROR, reason=str(error))
        raise ServiceUnavailable("The file can't be read.") from None
    _record(services, actor, file)
    return _attachment(file, content)


def _find_readable(
    services: Services, rights: Mapping[str, MayRead], visitor: Visitor, file_id: int
) -> FileData:
    """The file. Raises NotFound, also if the visitor may not know that it exists."""
    with services.database.reading() as session:
        file = rows.find_file(session, file_id, services.now())
        may_read = rights.get(file.purpose) if file else None
        if file is None or may_read is None or not may_read(session, visitor, file):
            raise NotFound
    return file


def _record(services: Services, actor: str, file: FileData) -> None:
    after = {"file": file.id, "purpose": file.purpose, "name": file.name}
    with services.database.transaction() as session:
        audit_log.write(
            session, actor, "file-read", file.member_id, {}, after, services.now(),
            person_id=file.person_id,
        )  # fmt: skip


def _attachment(file: FileData, content: bytes) -> Response:
    """The file, never shown within a page: a browser only saves it."""
    response = send_file(
        BytesIO(content), FileType(file.type).mime_type, as_attachment=True,
        download_name=file.name, conditional=False, etag=False,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
