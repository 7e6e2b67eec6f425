"""What Moodle shows a member of a milestone: cohort, learning plan, rating, badge, message.

Each function looks whether its effect is there already when `repeated` says that an earlier try
may have succeeded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from bridge.errors import MoodleRefused
from bridge.moodle.answers import BadgeIssued, Saved
from bridge.moodle.client import Moodle
from bridge.moodle.core_answers import (
    LearningPlan,
    Messages,
    PlanCompetency,
    SentMessage,
    Warnings,
)
from bridge.moodle.functions import PLUGIN
from bridge.moodle.protocol import Params
from bridge.moodle.sitewide import Created

ALREADY_IN_COHORT = "3"
ACTIVE = 1
"""Moodle's plan::STATUS_ACTIVE."""
HTML = 1


def cohort_params(cohort: str, user: int) -> Params:
    """One row of `core_cohort_add_cohort_members`."""
    return {
        "cohorttype": {"type": "idnumber", "value": cohort},
        "usertype": {"type": "id", "value": str(user)},
    }


def join_cohort(moodle: Moodle, cohort: str, users: Sequence[int]) -> dict[int, str]:
    """Add users to the cohort with that idnumber; for each user refused, the reason."""
    members = [cohort_params(cohort, user) for user in users]
    answer = moodle.call("core_cohort_add_cohort_members", {"members": members}, Warnings)
    refused: dict[int, str] = {}
    for warning in answer.warnings:
        if warning.warningcode != ALREADY_IN_COHORT:
            named = [user for user in users if f"id={user} " in warning.message + " "]
            refused |= dict.fromkeys(named or users, warning.message)
    return refused


def plan_of(moodle: Moodle, user: int, template: int, name: str) -> LearningPlan | None:
    """The user's learning plan from `template`, or the one of that name; None if there is none."""
    plans = moodle.call("core_competency_list_user_plans", {"userid": user}, list[LearningPlan])
    fitting = [plan for plan in plans if plan.templateid == template or plan.name == name]
    return fitting[0] if fitting else None


def give_plan(
    moodle: Moodle,
    user: int,
    template: int,
    competencies: Sequence[int],
    name: str,
    *,
    companion: bool,
) -> None:
    """Give the user the learning plan that shows the whole path; nothing if it is there.

    With the companion the plan follows its template; core services can only make a plan of its
    own with the same competencies.
    """
    if companion:
        params: Params = {"userid": user, "templateid": template}
        moodle.call(PLUGIN + "save_plan", params, Saved)
        return
    found = plan_of(moodle, user, template, name)
    plan = found.id if found else _make_plan(moodle, user, name)
    for competency in competencies:
        pair = {"planid": plan, "competencyid": competency}
        moodle.call("core_competency_add_competency_to_plan", pair, bool)


def _make_plan(moodle: Moodle, user: int, name: str) -> int:
    plan: Params = {"name": name, "userid": user, "status": ACTIVE, "duedate": 0}
    return moodle.call("core_competency_create_plan", {"plan": plan}, Created).id


def rate(
    moodle: Moodle, user: int, competency: int, note: str, *, plan: int | None, repeated: bool
) -> None:
    """Rate a competency as reached; `plan` is looked at first when this was tried before."""
    if repeated and plan and competency in _reached(moodle, plan):
        return
    params: Params = {"userid": user, "competencyid": competency, "grade": 2, "note": note}
    moodle.call("core_competency_grade_competency", params, object)


def _reached(moodle: Moodle, plan: int) -> set[int]:
    rows = moodle.call("core_competency_list_plan_competencies", {"id": plan}, list[PlanCompetency])
    return {
        row.competency.id for row in rows if row.usercompetency and row.usercompetency.proficiency
    }


def issue_badge(moodle: Moodle, badge: str, user: int) -> None:
    """Issue the badge with that idnumber; nothing if the user has it."""
    params: Params = {"idnumber": badge, "userid": user}
    moodle.call(PLUGIN + "issue_badge", params, BadgeIssued)


def send_message(moodle: Moodle, sender: int, user: int, text: str, *, repeated: bool) -> None:
    """Send an HTML message from the service's user. Raises MoodleRefused if Moodle does not."""
    if repeated and _has_message(moodle, sender, user, text):
        return
    message: Params = {"touserid": user, "text": text, "textformat": HTML}
    function = "core_message_send_instant_messages"
    sent = moodle.call(function, {"messages": [message]}, list[SentMessage])
    if sent[0].msgid < 0:
        raise MoodleRefused(sent[0].errormessage or "the message was not accepted.")


def _has_message(moodle: Moodle, sender: int, user: int, text: str) -> bool:
    params: Params = {"useridto": user, "useridfrom": sender, "type": "conversations", "read": 2}
    messages = moodle.call("core_message_get_messages", params, Messages).messages
    return any(_bare(message.text) == _bare(text) for message in messages)


def _bare(text: str) -> str:
    """Moodle may format what it stored: compare letters and digits alone."""
    return re.sub(r"\W+", "", html.unescape(re.sub(r"<[^>]*>", "", text)))
