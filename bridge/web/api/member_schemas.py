"""Request and response schemas for members."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate

from bridge.membership.status import STATUSES
from bridge.web.common.member_payload import MAX_RECORDS


class Number(fields.Field[str]):
    """A member number: a string or an integer."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if isinstance(value, str) or type(value) is int:
            return str(value)
        raise ValidationError("Not a string or an integer.")


def _optional_string(description: str = "") -> fields.String:
    return fields.String(allow_none=True, metadata={"description": description})


class RoleIn(Schema):
    """A role that the member holds from `since` through `until`."""

    role = fields.String(
        required=True, metadata={"description": "For example steward. Alone, `*` keeps the others."}
    )
    region = _optional_string("The key of a region, if the role is for one only.")
    unit = _optional_string("The bargaining unit, if the role is for one only.")
    program = _optional_string("The programme, if the role is for one only.")
    since = _optional_string("The first day, such as 2026-01-31.")
    until = _optional_string("The last day.")


class MemberIn(Schema):
    """A member. Missing, empty and null fields keep the stored value.

    `-` clears the region, the role and the fields from `status` on.
    """

    number = Number(
        required=True,
        metadata={"type": ["string", "integer"], "description": "The union's member number."},
    )
    email = fields.String(required=True)
    first_name = _optional_string()
    last_name = _optional_string()
    region = _optional_string("The key of a region in the configuration.")
    language = _optional_string("en or fr.")
    role = _optional_string(
        "One role, for example steward; `steward;*` keeps those sent before. Or send `roles`."
    )
    role_since = _optional_string("The first day in the role, such as 2026-01-31.")
    roles = fields.List(
        fields.Nested(RoleIn),
        allow_none=True,
        metadata={"description": "All roles that the sender knows of. Others of its roles end."},
    )
    status = _optional_string(f"One of {', '.join(STATUSES)}.")
    unit = _optional_string("The bargaining unit.")
    classification = _optional_string("The job classification.")
    job_class = _optional_string("The class or grade of the job.")
    payroll_number = _optional_string()
    supervisor_name = _optional_string()
    supervisor_email = _optional_string()


class MembersIn(Schema):
    members = fields.List(
        fields.Nested(MemberIn), required=True, validate=validate.Length(max=MAX_RECORDS)
    )


class Refused(Schema):
    index = fields.Integer(
        required=True, metadata={"description": "Position in the request, starting at 0."}
    )
    reason = fields.String(required=True)


class Warned(Schema):
    index = fields.Integer(required=True, metadata={"description": "Position in the request."})
    warning = fields.String(required=True)


class MembersOut(Schema):
    """The result. `ids` are in the order of the request, null for refused members."""

    created = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.List(fields.Nested(Refused), required=True)
    warnings = fields.List(
        fields.Nested(Warned),
        required=True,
        metadata={"description": "What may be a mistake in a member that was accepted."},
    )
    ids = fields.List(fields.Integer(allow_none=True), required=True)


class MemberLookup(Schema):
    number = Number(required=True, metadata={"type": ["string", "integer"]})


class MemberId(Schema):
    """A member's ID in Stewardpath. It contains no personal data and is never reused."""

    id = fields.Integer(required=True)
