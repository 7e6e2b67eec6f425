"""Models of the answers about what members have in Moodle."""

from __future__ import annotations

from bridge.moodle.schemas.base import Id, MoodleModel, Text


class EnrolmentState(MoodleModel):
    """An enrolment in a managed course; `suspended` if no way of enrolling is active."""

    courseid: Id
    suspended: bool


class CompetencyState(MoodleModel):
    """The rating of a managed competency."""

    competencyid: Id
    proficient: bool


class MemberState(MoodleModel):
    """An account with its managed objects (ids). A deleted one has nothing."""

    userid: Id
    deleted: bool
    suspended: bool
    email: Text
    firstname: Text
    lastname: Text
    enrolments: tuple[EnrolmentState, ...]
    cohorts: tuple[Id, ...]
    templates: tuple[Id, ...]
    badges: tuple[Id, ...]
    competencies: tuple[CompetencyState, ...]


class MemberStates(MoodleModel):
    """local_stewardpath_get_member_states. Users that never existed are left out."""

    members: tuple[MemberState, ...]


class CohortMembers(MoodleModel):
    """core_cohort_get_cohort_members: list[CohortMembers]."""

    cohortid: Id
    userids: tuple[Id, ...]
