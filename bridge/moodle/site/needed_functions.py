"""The functions of Moodle's web service that Stewardpath calls. This is the only list of them.

`doctor` compares it with what the token may call, and docs/moodle.md shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """Functions that belong together, and what doesn't work if the token may not call them.

    `always`: needed with and without the companion plugin. `without_companion`: only without it.
    `is_essential` is False if everything else works without them.
    """

    purpose: str
    otherwise: str
    always: tuple[str, ...] = ()
    without_companion: tuple[str, ...] = ()
    is_essential: bool = True

    def functions(self, *, companion: bool) -> tuple[str, ...]:
        """The functions that are needed with the plugin, or without it."""
        return self.always if companion else (*self.always, *self.without_companion)


@dataclass(frozen=True, slots=True)
class Missing:
    """Functions of one need that the token may not call."""

    need: Need
    functions: tuple[str, ...]


NEEDS = (
    Need(
        "connection",
        "nothing works",
        always=("core_webservice_get_site_info",),
    ),
    Need(
        "language packs",
        "Stewardpath doesn't know Moodle's languages, so members don't get theirs in Moodle",
        without_companion=("core_get_string",),
        is_essential=False,
    ),
    Need(
        "category and courses",
        "courses are not created or updated",
        always=(
            "core_course_create_categories",
            "core_course_update_categories",
            "core_course_create_courses",
            "core_course_update_courses",
        ),
        without_companion=("core_course_get_categories", "core_course_get_courses_by_field"),
    ),
    Need(
        "sections and activities",
        "sections are not created, and activities made by hand are not found",
        without_companion=(
            "core_course_get_contents",
            "core_course_get_course_module",
            "core_courseformat_update_course",
            "core_update_inplace_editable",
        ),
    ),
    Need(
        "accounts",
        "members get no Moodle account, and corrected names and emails don't reach Moodle",
        always=(
            "core_user_get_users_by_field",
            "core_user_create_users",
            "core_user_update_users",
        ),
    ),
    Need(
        "enrolments",
        "members are not enrolled in courses",
        always=("enrol_manual_enrol_users",),
    ),
    Need(
        "results",
        "results don't arrive, so nothing is awarded",
        without_companion=("gradereport_user_get_grade_items",),
    ),
    Need(
        "check now",
        "a member who presses “Check now” gets no result",
        always=(
            "gradereport_user_get_grade_items",
            "core_completion_get_activities_completion_status",
            "core_course_get_course_module",
        ),
        is_essential=False,
    ),
    Need(
        "cohorts",
        "members are not added to the cohorts of their milestones",
        always=(
            "core_cohort_create_cohorts",
            "core_cohort_update_cohorts",
            "core_cohort_add_cohort_members",
            "core_cohort_delete_cohort_members",
        ),
        without_companion=("core_cohort_search_cohorts",),
    ),
    Need(
        "competencies and learning plans",
        "members get no learning plan, and milestones are not rated as reached",
        always=(
            "core_competency_create_competency_framework",
            "core_competency_update_competency_framework",
            "core_competency_create_competency",
            "core_competency_update_competency",
            "core_competency_create_template",
            "core_competency_update_template",
            "core_competency_list_templates",
            "core_competency_add_competency_to_template",
            "core_competency_grade_competency",
            "core_competency_list_user_plans",
            "core_competency_list_plan_competencies",
        ),
        without_companion=(
            "core_competency_get_scale_values",
            "core_competency_list_competency_frameworks",
            "core_competency_list_competencies",
            "core_competency_list_competencies_in_template",
            "core_competency_create_plan",
            "core_competency_add_competency_to_plan",
        ),
    ),
    Need(
        "calendar",
        "live sessions don't appear in Moodle's calendar",
        always=("core_calendar_get_calendar_events", "core_calendar_delete_calendar_events"),
        without_companion=("core_calendar_create_calendar_events",),
        is_essential=False,
    ),
    Need(
        "messages",
        "members get no message about their milestone in Moodle",
        always=("core_message_send_instant_messages", "core_message_get_messages"),
    ),
    Need(
        "nightly check",
        "nobody notices what members lose in Moodle",
        without_companion=("core_enrol_get_enrolled_users", "core_cohort_get_cohort_members"),
    ),
)


def needed(*, companion: bool) -> frozenset[str]:
    """All functions that are needed with the plugin, or without it."""
    return frozenset(name for need in NEEDS for name in need.functions(companion=companion))


def missing(allowed: Collection[str], *, companion: bool) -> Iterator[Missing]:
    """What the token may not call, by need. `allowed`: the functions that it may call."""
    for need in NEEDS:
        lacking = tuple(name for name in need.functions(companion=companion) if name not in allowed)
        if lacking:
            yield Missing(need, lacking)
