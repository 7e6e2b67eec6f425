"""What the committee's page of a member shows of the facts from the membership system.

The payroll number and the supervisor are for payroll and for reviews, so they aren't shown here.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from bridge.membership.status import participation
from bridge.store.tables.members import Member
from bridge.web.layout.formatting import status_name


def shown(member: Member) -> Sequence[tuple[str, str]]:
    """The labels and values of the facts that are known."""
    facts = (
        (gettext("Membership"), status_name(member.status)),
        (gettext("Unit"), member.unit),
        (gettext("Classification"), member.classification),
        (gettext("Job class"), member.job_class),
    )
    return [(str(label), value) for label, value in facts if value]


def stopped(status: str) -> str:
    """What a status stops, as a sentence; '' if nothing."""
    rights = participation(status)
    if not rights.served:
        return str(gettext(
            "Their results and milestones stay. Until the membership system says that they are "
            "back, they get no new courses, milestones or emails."
        ))  # fmt: skip
    if not rights.stewards:
        return str(gettext("Courses for stewards are closed to them until they are a member."))
    return ""
