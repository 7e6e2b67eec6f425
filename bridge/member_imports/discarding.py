"""Deleting an uploaded file instead of recording it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.member_imports.reading import Office
from bridge.messages import Message
from bridge.store.batches import member_imports

GONE = Message("there is no such file any more.")
IMPORTED = Message("this file was imported, so it was not deleted.")
NOT_YOURS = Message(
    "someone else uploaded this file, so it was not deleted. Without being recorded, it is deleted "
    "after an hour."
)


def discard_import(session: Session, import_id: int, office: Office) -> None:
    """Delete a file that was not recorded. Raises MemberError if that can't be done."""
    found = member_imports.lock(session, import_id)
    if found is None:
        raise MemberError(GONE)
    if found.recorded_at is not None:
        raise MemberError(IMPORTED)
    if found.sent_by != office.actor:
        raise MemberError(NOT_YOURS)
    member_imports.discard(session, import_id)
