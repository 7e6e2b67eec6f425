"""`/files/<id>`: downloads a file, if its purpose gives the visitor a right to it."""

from __future__ import annotations

import logging
from io import BytesIO

from flask import Blueprint, Response, send_file
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.wrappers import Response as Answer

from bridge.access.file_purposes import FilePurpose
from bridge.features.registers import all_file_purposes
from bridge.foundations.files import rows
from bridge.foundations.files.file_types import FileStorageError, FileType
from bridge.foundations.files.rows import FileData
from bridge.foundations.files.storage import open_files
from bridge.foundations.owners import Owner, owner_of_member
from bridge.logs import event
from bridge.store.members import profile
from bridge.store.operations import audit_log
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.subjects import may_for
from bridge.web.common.visitor import Visitor, current_visitor

log = logging.getLogger(__name__)

POLICY = "default-src 'none'; sandbox"


def blueprint(services: Services) -> Blueprint:
    """The download page."""
    pages = Blueprint("files", __name__)

    @pages.get("/files/<int:file_id>")
    @open_to("files")
    def download(file_id: int) -> Answer:
        visitor = current_visitor()
        file = _find_readable(services, visitor, file_id)
        return send_stored_file(services, file, _audit_actor(services, visitor, file))

    return pages


def _audit_actor(services: Services, visitor: Visitor, file: FileData) -> str:
    """The visitor's name in the activity log: of the file's owner, one that it can leave out."""
    with services.database.reading() as session:
        own = _owns(session, visitor, file)
    return profile.audit_actor(visitor.member_id or 0) if own else visitor.email


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


def _find_readable(services: Services, visitor: Visitor, file_id: int) -> FileData:
    """The file. Raises NotFound, also if the visitor may not know that it exists."""
    with services.database.reading() as session:
        file = rows.find_file(session, file_id, services.now())
        if file is None or not _may_read(services, session, visitor, file):
            raise NotFound
    return file


def _may_read(services: Services, session: Session, visitor: Visitor, file: FileData) -> bool:
    purpose = _purpose(services, file)
    if purpose is None:
        return False
    if _owns(session, visitor, file):
        return True
    right = purpose.right_to_read(file.subject)
    return right is not None and may_for(session, visitor, right, file.subject)


def _owns(session: Session, visitor: Visitor, file: FileData) -> bool:
    """Whether the file is the visitor's, also from before they were a member."""
    owner = owner_of_member(session, visitor.member_id) if visitor.member_id else Owner()
    return owner.owns(file.member_id, file.person_id)


def _purpose(services: Services, file: FileData) -> FilePurpose | None:
    """None if no feature has it any more: then the file is for no one, also not for its owner."""
    return all_file_purposes(services.features).get(file.purpose)


def _record(services: Services, actor: str, file: FileData) -> None:
    purpose = _purpose(services, file)
    after = {"file": file.id, "purpose": file.purpose, "name": file.name}
    with services.database.transaction() as session:
        audit_log.write(
            session, actor, "file-read", file.member_id, {}, after, services.now(),
            person_id=file.person_id, needs=purpose.content_right if purpose else None,
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
