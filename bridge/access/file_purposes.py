"""What an uploaded file is for decides who may read it.

Its owner always reads it. Others read a file once it is attached to something that was sent: a
draft is nobody else's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from bridge.access.rights import RIGHTS, Right


@dataclass(frozen=True, slots=True)
class FilePurpose:
    """What files are uploaded for.

    `key`: as stored with each file, at most 40 characters. `right`: what others need to read one.
    `attached_to`: the kind of subject, such as `submission`, from which on they may.
    """

    key: str
    right: Right
    attached_to: str

    def right_to_read(self, subject: str) -> Right | None:
        """The right that others need to read a file; None if nobody else may.

        `subject`: what it is attached to, such as `claim:12`.
        """
        return self.right if subject.partition(":")[0] == self.attached_to else None

    @property
    def content_right(self) -> Right | None:
        """The right that the activity log needs to show details; None if it is the log's own."""
        return self.right if RIGHTS[self.right].confidential else None
