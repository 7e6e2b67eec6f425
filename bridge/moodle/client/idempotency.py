"""Which Moodle functions are idempotent. This is the only list."""

from __future__ import annotations

PLUGIN = "local_stewardpath_"

_PLUGIN_READS = (
    "get_site_state",
    "get_course_state",
    "get_changes",
    "get_completions",
    "get_first_tries",
    "get_missed_questions",
    "get_member_states",
    "find_users",
)

READS = frozenset(PLUGIN + name for name in _PLUGIN_READS) | {
    "core_calendar_get_calendar_events",
    "core_webservice_get_site_info",
    "core_get_string",
    "core_course_get_categories",
    "core_course_get_courses_by_field",
    "core_course_get_contents",
    "core_course_get_course_module",
    "core_user_get_users_by_field",
    "core_enrol_get_enrolled_users",
    "core_cohort_get_cohorts",
    "core_cohort_search_cohorts",
    "core_cohort_get_cohort_members",
    "core_message_get_messages",
    "core_competency_list_competency_frameworks",
    "core_competency_list_competencies",
    "core_competency_search_competencies",
    "core_competency_list_templates",
    "core_competency_list_competencies_in_template",
    "core_competency_list_user_plans",
    "core_competency_list_plan_competencies",
    "core_competency_get_scale_values",
    "gradereport_user_get_grade_items",
    "core_completion_get_activities_completion_status",
}
"""Functions that write nothing."""

SITE_WIDE = frozenset({PLUGIN + "get_site_state", PLUGIN + "get_changes"}) | {
    "core_webservice_get_site_info",
    "core_course_get_categories",
    "core_course_get_courses_by_field",
    "core_cohort_search_cohorts",
    "core_competency_list_competency_frameworks",
    "core_competency_list_competencies",
    "core_competency_list_templates",
    "core_competency_list_competencies_in_template",
}
"""Functions that don't concern any member, so an error of theirs never does either."""

_PLUGIN_IDEMPOTENT = (
    "save_section",
    "save_page",
    "save_link",
    "save_quiz",
    "import_questions",
    "arrange_course",
    "set_visibility",
    "rename",
    "save_badge",
    "issue_badge",
    "revoke_badge",
    "save_plan",
    "save_event",
    "delete_event",
)

IDEMPOTENT = frozenset(PLUGIN + name for name in _PLUGIN_IDEMPOTENT) | {
    "core_course_update_categories",
    "core_course_update_courses",
    "core_user_update_users",
    "core_update_inplace_editable",
    "enrol_manual_enrol_users",
    "enrol_manual_unenrol_users",
    "core_cohort_add_cohort_members",
    "core_cohort_delete_cohort_members",
    "core_cohort_update_cohorts",
    "core_competency_update_competency",
    "core_competency_update_competency_framework",
    "core_competency_update_template",
    "core_competency_add_competency_to_template",
    "core_competency_add_competency_to_plan",
}
"""Idempotent writes: upserts, settings, memberships."""


def is_repeatable(function: str) -> bool:
    """Whether `function` may be called again if the outcome of the first call is unknown.

    A function in neither table counts as a write that must not be repeated: core's create_*,
    messages, and grading a competency, which adds a line of evidence each time.
    """
    return function in READS or function in IDEMPOTENT
