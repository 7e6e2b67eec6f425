"""Request and response schemas of the API."""

from __future__ import annotations

from typing import Self, get_args

import marshmallow
from marshmallow import fields, validate

from bridge.curriculum.model import Access
from bridge.curriculum.requirements.facts import CreditKind
from bridge.curriculum.requirements.register import KIND_NAMES

MAX_CURSOR = 2**63 - 1
"""The largest ID that the database can store."""


class Schema(marshmallow.Schema):
    """A schema that nothing changes after it was created."""

    def __deepcopy__(self, memo: object) -> Self:
        """Itself: flask_smorest copies all schemas of an operation for each of its responses."""
        return self


class Problem(Schema):
    """An error (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.Dict(metadata={"description": "With 422: the errors by field."})


class MilestoneCount(Schema):
    curriculum = fields.String(required=True)
    milestone = fields.String(required=True)
    people = fields.Integer(required=True)


class DeliveryCount(Schema):
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["owed", "done", "failed"]))
    count = fields.Integer(required=True)


class Status(Schema):
    """Counts, and when Moodle was last read."""

    version = fields.String(required=True)
    counted_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    members = fields.Integer(required=True)
    milestones = fields.List(fields.Nested(MilestoneCount), required=True)
    deliveries = fields.List(fields.Nested(DeliveryCount), required=True)
    moodle_differences = fields.Integer(required=True)
    pulled_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    pull_failed = fields.Boolean(required=True)


class Requirement(Schema):
    """A requirement of a milestone. `at-least` requires `count` of the requirements in `of`."""

    kind = fields.String(required=True, validate=validate.OneOf(KIND_NAMES))
    key = fields.String(
        metadata={"description": "The key of the activity, the sign-off, the credit or the role."}
    )
    text = fields.String(
        required=True,
        metadata={
            "description": "What a member must do, in English, with titles in the curriculum's "
            "first language."
        },
    )
    credit = fields.String(
        metadata={
            "description": f"What the credit is for: {', '.join(get_args(CreditKind))}, or a kind "
            "of a feature."
        },
    )
    within_months = fields.Integer(
        metadata={"description": "How many months ago the credit may be; any time if missing."}
    )
    count = fields.Integer()
    of = fields.List(fields.Nested(lambda: Requirement()))


class MilestoneProgress(Schema):
    milestone = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["earned", "open", "later"]))
    earned_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    missing = fields.List(fields.Nested(Requirement), required=True)


class CurriculumProgress(Schema):
    curriculum = fields.String(required=True)
    revision = fields.String(required=True)
    milestones = fields.List(fields.Nested(MilestoneProgress), required=True)


class Progress(Schema):
    """A member's progress. `pulled_at`: when completions were last read from Moodle."""

    id = fields.Integer(required=True)
    pulled_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    curricula = fields.List(fields.Nested(CurriculumProgress), required=True)


class AwardsQuery(Schema):
    after = fields.Integer(
        load_default=0,
        validate=validate.Range(0, MAX_CURSOR),
        metadata={"description": "`next` of the previous page; 0 to start from the beginning."},
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class Award(Schema):
    """An earned milestone. A person can withdraw it; nothing does so automatically."""

    id = fields.Integer(required=True)
    member = fields.Integer(required=True, metadata={"description": "The member's ID."})
    curriculum = fields.String(required=True)
    milestone = fields.String(required=True)
    revision = fields.String(required=True)
    earned_at = fields.AwareDateTime(required=True, format="iso")
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")


class Awards(Schema):
    """A page of awards. Send `next` as `after` to get the following page.

    If `more` is true, there is another page now.
    """

    awards = fields.List(fields.Nested(Award), required=True)
    next = fields.Integer(required=True)
    more = fields.Boolean(required=True)


class MilestoneOut(Schema):
    milestone = fields.String(required=True)
    title = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    audience = fields.String(required=True, validate=validate.OneOf(["members", "stewards"]))
    conditions = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What else the audience asks for, such as a role or a unit."},
    )
    access = fields.String(required=True, validate=validate.OneOf(get_args(Access)))
    after = fields.List(fields.String(), required=True)
    role = fields.String(required=True)
    requirements = fields.List(fields.Nested(Requirement), required=True)


class CurriculumOut(Schema):
    """A curriculum. Titles are by language code."""

    curriculum = fields.String(required=True)
    title = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    languages = fields.List(fields.String(), required=True)
    revision = fields.String(required=True)
    milestones = fields.List(fields.Nested(MilestoneOut), required=True)


class Curricula(Schema):
    curricula = fields.List(fields.Nested(CurriculumOut), required=True)
