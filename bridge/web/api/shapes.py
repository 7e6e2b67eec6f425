"""What the API takes and answers, field by field: the document's schemas."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class Problem(Schema):
    """An error (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.Dict(metadata={"description": "With 422: what is wrong, by field."})


class MilestoneCount(Schema):
    curriculum = fields.String(required=True)
    milestone = fields.String(required=True)
    people = fields.Integer(required=True)


class DeliveryCount(Schema):
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["owed", "done", "failed"]))
    count = fields.Integer(required=True)


class Status(Schema):
    """Counts, and how old the knowledge of Moodle is."""

    version = fields.String(required=True)
    members = fields.Integer(required=True)
    milestones = fields.List(fields.Nested(MilestoneCount), required=True)
    deliveries = fields.List(fields.Nested(DeliveryCount), required=True)
    pulled_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    pull_failed = fields.Boolean(required=True)
