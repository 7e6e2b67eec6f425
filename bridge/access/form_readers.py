"""Who reads what was sent with a form: the `readers` in its YAML, and the right of each.

The right is stored with each draft and submission, so that a later change of the YAML shows nobody
what was sent to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.access.file_purposes import FilePurpose
from bridge.access.rights import Right
from bridge.curriculum.forms.form import Readers
from bridge.messages import Message


@dataclass(frozen=True, slots=True)
class FormReaders:
    """`needs`: the confidential right that reading takes; None if `sent-forms` is enough.

    `title`: what people who fill in the form are told.
    """

    needs: Right | None
    title: Message


FORM_READERS: Mapping[Readers, FormReaders] = {
    "committee": FormReaders(None, Message("the education committee and its auditors")),
    "reviewers": FormReaders("reviewers-forms", Message("the reviewers")),
    "approvers": FormReaders("approvers-forms", Message("the approvers of benefits")),
    "payroll": FormReaders("payroll-forms", Message("the people who work on payroll")),
    "grievance": FormReaders("grievance-forms", Message("the grievance committee")),
}

FORM_RIGHTS: tuple[Right, ...] = tuple(
    each.needs for each in FORM_READERS.values() if each.needs is not None
)
"""The confidential rights. Each is also the purpose of the files of such forms."""
SUBMISSION = "submission"
"""The kind of subject of what was sent with a form."""
FORM_FILES: tuple[FilePurpose, ...] = (
    FilePurpose("form", "sent-forms", SUBMISSION),
    *(FilePurpose(right, right, SUBMISSION) for right in FORM_RIGHTS),
)
"""The purposes of all files of forms."""
FORM_PURPOSES: tuple[str, ...] = tuple(each.key for each in FORM_FILES)


def file_purpose(needs: str) -> FilePurpose:
    """The purpose of the files of a form whose submissions take this right, '' for none.

    Raises KeyError if it isn't a right of the readers of forms.
    """
    return {each.key: each for each in FORM_FILES}[needs or "form"]
