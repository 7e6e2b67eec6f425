"""Which right opens an uploaded file, by the purpose it was uploaded for.

Members always read their own files. Others read a file once it is attached to something that was
sent: a draft is nobody else's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.access.form_readers import FORM_RIGHTS
from bridge.access.rights import RIGHTS, Right


@dataclass(frozen=True, slots=True)
class FilePurpose:
    """`right`: what others need. `attached_to`: the kind of subject from which on they may."""

    right: Right
    attached_to: str


FILE_PURPOSES: Mapping[str, FilePurpose] = {
    "form": FilePurpose("sent-forms", "submission"),
    **{right: FilePurpose(right, "submission") for right in FORM_RIGHTS},
    "application": FilePurpose("applications", "application"),
    "claim": FilePurpose("claims", "claim"),
    "review": FilePurpose("reviews", "review"),
    "grievance": FilePurpose("grievance-files", "grievance"),
}
"""A file with a purpose that isn't here is for no one, also not for its owner."""


def right_to_read(purpose: str, subject: str) -> Right | None:
    """The right that others need to read a file; None if nobody else may.

    `subject`: what it is attached to, such as `claim:12`.
    """
    known = FILE_PURPOSES.get(purpose)
    kind = subject.partition(":")[0]
    return known.right if known and kind == known.attached_to else None


def content_right(purpose: str) -> Right | None:
    """The right that the activity log needs to show details of a file; None if it is the log's."""
    known = FILE_PURPOSES.get(purpose)
    return known.right if known and RIGHTS[known.right].confidential else None
