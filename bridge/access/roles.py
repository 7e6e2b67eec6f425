"""The roles that people have towards Stewardpath itself.

They are not the roles of the membership system (steward, trustee), which say what somebody is in
the union and open nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bridge.messages import Message

Role = Literal[
    "visitor",
    "link",
    "program",
    "member",
    "leader",
    "mentor",
    "reviewer",
    "approver",
    "payroll",
    "grievance",
    "chair",
    "committee",
    "auditor",
]


@dataclass(frozen=True, slots=True)
class RoleData:
    """What a role is called, and where it comes from. Nobody gets one from what they can type.

    `setting`: the setting that lists the addresses of those who have it, '' for other roles.
    `per_object`: a feature says for which objects a visitor has it. A role with a setting too
    needs both.
    """

    title: Message
    source: Message
    setting: str = ""
    per_object: bool = False


ROLES: Mapping[Role, RoleData] = {
    "visitor": RoleData(Message("Visitor"), Message("Everyone, also without signing in.")),
    "link": RoleData(
        Message("Person with a personal link"),
        Message("A person who opens a link that was sent to them, until it is used or expires."),
        per_object=True,
    ),
    "program": RoleData(
        Message("Program"),
        Message("A program with an API token or the secret of the webhook."),
    ),
    "member": RoleData(
        Message("Member"),
        Message("A member who signed in with a link sent to the address in the member record."),
    ),
    "leader": RoleData(
        Message("Session leader"),
        Message("The people who are named as leaders of a session, for that session."),
        per_object=True,
    ),
    "mentor": RoleData(
        Message("Mentor"), Message("The mentor of a pair, for that pair."), per_object=True
    ),
    "reviewer": RoleData(
        Message("Reviewer"),
        Message("The setting `reviewers`, or the page *Team*."),
        "reviewers",
        per_object=True,
    ),
    "approver": RoleData(
        Message("Approver"),
        Message("The setting `approvers`, or the page *Team*."),
        "approvers",
        per_object=True,
    ),
    "payroll": RoleData(
        Message("Payroll"), Message("The setting `payroll`, or the page *Team*."), "payroll"
    ),
    "grievance": RoleData(
        Message("Grievance committee"),
        Message("The setting `grievance`, or the page *Team*."),
        "grievance",
    ),
    "chair": RoleData(
        Message("Regional chair"),
        Message("The `chair` of a region, or the page *Team*, for that region."),
    ),
    "committee": RoleData(
        Message("Committee"), Message("The setting `committee`, or the page *Team*."), "committee"
    ),
    "auditor": RoleData(
        Message("Auditor"), Message("The setting `auditors`, or the page *Team*."), "auditors"
    ),
}
"""Every role, in the order of the documentation."""
