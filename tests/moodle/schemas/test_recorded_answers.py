"""Recorded answers of a real Moodle 4.5.6, decoded and validated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Any

import pytest

from bridge.errors import MoodleError
from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.client.protocol import decode, expect
from bridge.moodle.learners import users as moodle_users
from bridge.moodle.schemas import companion, companion_feed, core
from bridge.moodle.schemas import core as core_schemas
from bridge.moodle.site import core_site

RECORDED = Path(__file__).parents[2] / "contract" / "recorded"
JSON = {"Content-Type": "application/json; charset=utf-8"}

MODELS: dict[str, Any] = {
    PLUGIN + "get_site_state": companion.SiteState,
    PLUGIN + "get_course_state": companion.CourseState,
    PLUGIN + "get_changes": companion_feed.Changes,
    PLUGIN + "get_completions": companion_feed.Completions,
    PLUGIN + "get_first_tries": companion_feed.FirstAttempts,
    PLUGIN + "get_missed_questions": companion_feed.MissedQuestions,
    PLUGIN + "find_users": companion_feed.Matches,
    PLUGIN + "save_section": companion.Saved,
    PLUGIN + "save_page": companion.Saved,
    PLUGIN + "save_link": companion.Saved,
    PLUGIN + "save_quiz": companion.Saved,
    PLUGIN + "save_badge": companion.Saved,
    PLUGIN + "save_plan": companion.Saved,
    PLUGIN + "set_visibility": companion.Saved,
    PLUGIN + "rename": companion.Saved,
    PLUGIN + "arrange_course": companion.Arranged,
    PLUGIN + "import_questions": companion.Imported,
    PLUGIN + "issue_badge": companion.BadgeIssued,
    PLUGIN + "revoke_badge": companion.BadgeRevoked,
    "core_webservice_get_site_info": core_schemas.SiteInfo,
    "core_course_get_categories": list[core_schemas.Category],
    "core_course_create_categories": list[core.Created],
    "core_course_create_courses": list[core.Created],
    "core_course_get_courses_by_field": core_site.CourseRows,
    "core_course_get_contents": list[core_site.SectionRow],
    "core_course_get_course_module": core_schemas.CourseModuleAnswer,
    "core_user_create_users": list[moodle_users.NewUser],
    "core_user_get_users_by_field": list[core_schemas.User],
    "core_cohort_create_cohorts": list[core.Created],
    "core_cohort_search_cohorts": core_schemas.Cohorts,
    "core_cohort_add_cohort_members": core_schemas.Warnings,
    "core_cohort_delete_cohort_members": NoneType,
    "core_cohort_update_cohorts": NoneType,
    "core_course_update_categories": NoneType,
    "enrol_manual_enrol_users": NoneType,
    "core_user_update_users": core_schemas.Warnings,
    "core_update_inplace_editable": core_schemas.Renamed,
    "core_competency_grade_competency": core_schemas.Evidence,
    "core_competency_update_competency": bool,
    "core_competency_update_competency_framework": bool,
    "core_competency_update_template": bool,
    "core_competency_add_competency_to_plan": bool,
    "core_competency_add_competency_to_template": bool,
    "core_message_send_instant_messages": list[core_schemas.SentMessage],
    "core_message_get_messages": core_schemas.Messages,
    "core_competency_create_competency_framework": core.Created,
    "core_competency_create_competency": core.Created,
    "core_competency_create_template": core.Created,
    "core_competency_create_plan": core.Created,
    "core_competency_list_competency_frameworks": list[core_schemas.Framework],
    "core_competency_list_competencies": list[core_schemas.Competency],
    "core_competency_list_templates": list[core_schemas.Template],
    "core_competency_list_user_plans": list[core_schemas.LearningPlan],
    "core_competency_list_plan_competencies": list[core_schemas.PlanCompetency],
    "core_competency_get_scale_values": list[core_schemas.ScaleValue],
    "gradereport_user_get_grade_items": core_schemas.GradeReport,
}


def samples(kind: str) -> Iterator[Any]:
    for file in sorted(RECORDED.glob("*.json")):
        for name, sample in json.loads(file.read_text("utf-8")).items():
            if name.startswith(kind):
                yield pytest.param(file.stem, sample["answer"], id=f"{file.stem}-{name}")


def read(function: str, answer: object) -> object:
    body = json.dumps(answer, ensure_ascii=False).encode()
    data = decode(200, JSON, body, function)
    return expect(MODELS[function], data, function) if function in MODELS else data


@pytest.mark.parametrize(("function", "answer"), list(samples("good")))
def test_good_answers_match_the_models(function: str, answer: object) -> None:
    found = read(function, answer)
    assert (found is None) == (answer is None)


@pytest.mark.parametrize(("function", "answer"), list(samples("bad")))
def test_errors_have_moodles_code(function: str, answer: Any) -> None:
    with pytest.raises(MoodleError) as raised:
        read(function, answer)
    assert answer.get("errorcode", answer["exception"]) in str(raised.value)
    assert function in str(raised.value)
    assert "debuginfo" not in str(raised.value)


def test_every_function_with_a_model_was_recorded() -> None:
    recorded = {file.stem for file in RECORDED.glob("*.json")}
    assert set(MODELS) <= recorded
