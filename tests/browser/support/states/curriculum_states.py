"""The pages of the editor, and of plans for Moodle."""

from __future__ import annotations

from bridge.store.curricula import plan_requests
from tests.browser.support.editing import CURRICULUM
from tests.browser.support.states import page_setup
from tests.browser.support.states.page_setup import (
    APPLY,
    SHEET,
    open_page,
    planned,
    sentence,
    submit_editor,
    submit_form,
)
from tests.browser.support.states.page_state import PageState

TOPICS, FORMS = f"{CURRICULUM}/sessions.yaml", f"{CURRICULUM}/forms.yaml"
MISTAKE = "sessions:\n  - session: one\n    title: One\n    minutes: 3\n"
DONE = APPLY | {"made": 3, "refused": []}
UNDER_WAY = APPLY | {"place": 3, "count": 9, "doing": sentence("quiz What you know")}
FAILED = APPLY | {"error": sentence("Moodle did not answer.")}
REFUSED = DONE | {"refused": [{"kind": "page", "key": "a-page", "why": sentence("It may not.")}]}
WRONG = "milestone: new-member\nminutes: 30\n"
DELETE_OLDER = submit_form(f"{SHEET}/file", "form[action$=delete]", base="0" * 64)

MILESTONE_STATES = (
    PageState("curricula.index", open_page("/committee/curricula"), "committee"),
    PageState("curricula.new_curriculum", open_page("/committee/curricula/new"), "committee"),
    PageState(
        "curricula.new_curriculum",
        submit_form("/committee/curricula/new"),
        "committee",
        "POST",
        422,
    ),
    PageState("curricula.new_milestone", open_page(f"{CURRICULUM}/new"), "committee"),
    PageState(
        "curricula.new_milestone", submit_form(f"{CURRICULUM}/new"), "committee", "POST", 422
    ),
    PageState("curricula.deleted_files", open_page(f"{CURRICULUM}/deleted"), "auditor"),
    PageState("curricula.file_actions", open_page(f"{SHEET}/file"), "committee"),
    PageState(
        "curricula.rename",
        submit_form(f"{SHEET}/file", "form[action$=rename]", name="a/b"),
        "committee",
        "POST",
        422,
    ),
    PageState("curricula.delete", DELETE_OLDER, "committee", "POST", 409),
    PageState("curricula.edit", open_page(SHEET), "committee"),
    PageState("curricula.edit", open_page(SHEET), "auditor", state="to-read"),
    PageState("curricula.check", submit_editor("/check", text=WRONG), "committee", "POST"),
    PageState("curricula.save_file", submit_editor("", text=WRONG), "committee", "POST", 422),
    PageState("curricula.save_file", page_setup.save_too_late, "committee", "POST", 409),
    PageState("curricula.preview", submit_editor("/preview"), "committee", "POST"),
    PageState("curricula.preview", submit_editor("/preview", text=WRONG), "committee", "POST", 422),
    PageState("curricula.history", open_page(f"{SHEET}/history"), "committee"),
    PageState(
        "curricula.history",
        open_page(f"{CURRICULUM}/curriculum.yaml/history"),
        "auditor",
        state="empty",
    ),
    PageState("curricula.version", open_page(f"{SHEET}/history/{{version}}"), "committee"),
    PageState("curricula.restore", page_setup.go_back_too_late, "committee", "POST", 409),
    PageState("curricula.plan", planned(), "committee"),
    PageState("curricula.plan", planned(plan_requests.PLAN, None), "committee", state="asked"),
    PageState("curricula.plan", planned(plan_requests.PLAN), "committee", state="made"),
    PageState(
        "curricula.plan", planned(plan_requests.PLAN, False, FAILED), "committee", state="no-plan"
    ),
    PageState(
        "curricula.plan",
        planned(plan_requests.APPLY, None, UNDER_WAY),
        "committee",
        state="applying",
    ),
    PageState(
        "curricula.plan", planned(plan_requests.APPLY, True, DONE), "committee", state="applied"
    ),
    PageState(
        "curricula.plan", planned(plan_requests.APPLY, False, REFUSED), "committee", state="refused"
    ),
)
TOPIC_AND_FORM_STATES = (
    PageState("curricula.edit", open_page(TOPICS), "committee", state="topics"),
    PageState(
        "curricula.check", submit_editor("/check", TOPICS, text=MISTAKE), "committee", "POST",
        state="topics",
    ),
    PageState(
        "curricula.preview", submit_editor("/preview", TOPICS), "committee", "POST", state="topics"
    ),
    PageState(
        "curricula.preview", submit_editor("/preview", FORMS), "committee", "POST", state="forms"
    ),
    PageState("curricula.file_actions", open_page(f"{TOPICS}/file"), "committee", state="topics"),
    PageState("curricula.image_list", open_page(f"{CURRICULUM}/images"), "committee"),
)  # fmt: skip

CURRICULUM_STATES = (*MILESTONE_STATES, *TOPIC_AND_FORM_STATES)

CURRICULUM_REDIRECTS = (
    ("curricula.find", "GET"),
    ("curricula.request_plan", "POST"),
    ("curricula.new_file", "POST"),
    ("curricula.upload_image", "POST"),
    ("curricula.delete_image", "POST"),
)
