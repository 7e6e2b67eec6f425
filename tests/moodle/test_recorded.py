"""What a real Moodle 4.5.6 answered, read by the protocol and the models that the code uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Any

import pytest

from bridge.errors import MoodleError
from bridge.moodle import answers, by_core, core_answers, people, sitewide
from bridge.moodle.functions import PLUGIN
from bridge.moodle.protocol import decode, expect

RECORDED = Path(__file__).parents[1] / "contract" / "recorded"
JSON = {"Content-Type": "application/json; charset=utf-8"}

MODELS: dict[str, Any] = {
    PLUGIN + "get_site_state": answers.SiteState,
    PLUGIN + "get_course_state": answers.CourseState,
    PLUGIN + "get_changes": answers.Changes,
    PLUGIN + "get_completions": answers.Completions,
    PLUGIN + "get_first_tries": answers.FirstTries,
    PLUGIN + "get_missed_questions": answers.MissedQuestions,
    PLUGIN + "find_users": answers.Matches,
    PLUGIN + "save_section": answers.Saved,
    PLUGIN + "save_page": answers.Saved,
    PLUGIN + "save_link": answers.Saved,
    PLUGIN + "save_quiz": answers.Saved,
    PLUGIN + "save_badge": answers.Saved,
    PLUGIN + "save_plan": answers.Saved,
    PLUGIN + "set_visibility": answers.Saved,
    PLUGIN + "rename": answers.Saved,
    PLUGIN + "arrange_course": answers.Arranged,
    PLUGIN + "import_questions": answers.Imported,
    PLUGIN + "issue_badge": answers.BadgeIssued,
    "core_webservice_get_site_info": core_answers.SiteInfo,
    "core_course_get_categories": list[core_answers.Category],
    "core_course_create_categories": list[sitewide.Created],
    "core_course_create_courses": list[sitewide.Created],
    "core_course_get_courses_by_field": by_core.CourseRows,
    "core_course_get_contents": list[by_core.SectionRow],
    "core_course_get_course_module": core_answers.CourseModuleAnswer,
    "core_user_create_users": list[people.NewUser],
    "core_user_get_users_by_field": list[core_answers.User],
    "core_cohort_create_cohorts": list[sitewide.Created],
    "core_cohort_search_cohorts": core_answers.Cohorts,
    "core_cohort_add_cohort_members": core_answers.Warnings,
    "core_cohort_update_cohorts": NoneType,
    "core_course_update_categories": NoneType,
    "enrol_manual_enrol_users": NoneType,
    "core_user_update_users": core_answers.Warnings,
    "core_update_inplace_editable": core_answers.Renamed,
    "core_competency_grade_competency": core_answers.Evidence,
    "core_competency_update_competency": bool,
    "core_competency_update_competency_framework": bool,
    "core_competency_update_template": bool,
    "core_competency_add_competency_to_plan": bool,
    "core_competency_add_competency_to_template": bool,
    "core_message_send_instant_messages": list[core_answers.SentMessage],
    "core_message_get_messages": core_answers.Messages,
    "core_competency_create_competency_framework": sitewide.Created,
    "core_competency_create_competency": sitewide.Created,
    "core_competency_create_template": sitewide.Created,
    "core_competency_create_plan": sitewide.Created,
    "core_competency_list_competency_frameworks": list[core_answers.Framework],
    "core_competency_list_competencies": list[core_answers.Competency],
    "core_competency_list_templates": list[core_answers.Template],
    "core_competency_list_user_plans": list[core_answers.LearningPlan],
    "core_competency_list_plan_competencies": list[core_answers.PlanCompetency],
    "core_competency_get_scale_values": list[core_answers.ScaleValue],
    "gradereport_user_get_grade_items": core_answers.GradeReport,
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
def test_good_answers_are_what_the_models_say(function: str, answer: object) -> None:
    found = read(function, answer)
    assert (found is None) == (answer is None)


@pytest.mark.parametrize(("function", "answer"), list(samples("bad")))
def test_bad_answers_are_typed_errors_with_moodles_code(function: str, answer: Any) -> None:
    with pytest.raises(MoodleError) as raised:
        read(function, answer)
    assert answer.get("errorcode", answer["exception"]) in str(raised.value)
    assert function in str(raised.value)
    assert "debuginfo" not in str(raised.value)


def test_every_function_with_a_model_was_recorded() -> None:
    recorded = {file.stem for file in RECORDED.glob("*.json")}
    assert set(MODELS) <= recorded
