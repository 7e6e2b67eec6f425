"""What the API takes and answers of members."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate

from bridge.web.common.member_payload import MAX_RECORDS


class Number(fields.Field[str]):
    """A member number: a text, or a whole number."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if isinstance(value, str) or type(value) is int:
            return str(value)
        raise ValidationError("Not a text and no whole number.")


def _said(description: str = "") -> fields.String:
    return fields.String(allow_none=True, metadata={"description": description})


class MemberIn(Schema):
    """One person. What is missing, empty or null leaves what is stored."""

    number = Number(
        required=True,
        metadata={"type": ["string", "integer"], "description": "The union's member number."},
    )
    email = fields.String(required=True)
    first_name = _said()
    last_name = _said()
    region = _said("A region's key in the configuration.")
    language = _said("en or fr.")
    role = _said("For example steward.")
    role_since = _said("A day written like 2026-01-31.")


class MembersIn(Schema):
    members = fields.List(
        fields.Nested(MemberIn), required=True, validate=validate.Length(max=MAX_RECORDS)
    )


class Refused(Schema):
    index = fields.Integer(required=True, metadata={"description": "Place in the request, from 0."})
    reason = fields.String(required=True)


class MembersOut(Schema):
    """What became of the members; `ids` stand in the order of the request, null for refused."""

    created = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.List(fields.Nested(Refused), required=True)
    ids = fields.List(fields.Integer(allow_none=True), required=True)


class Wanted(Schema):
    number = Number(required=True, metadata={"type": ["string", "integer"]})


class MemberId(Schema):
    """A member's id here: it says nothing of the person, and is given to nobody else."""

    id = fields.Integer(required=True)
