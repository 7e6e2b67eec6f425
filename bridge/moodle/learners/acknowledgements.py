"""What Moodle shows a member of a milestone: cohort, learning plan, rating, badge, message.

Each function looks whether its effect is there already when `repeated` says that an earlier try
may have succeeded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from bridge.errors import MoodleMisconfigured, MoodleRefused
from bridge.messages import Message, Quote
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.failures import unexpected
from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.client.protocol import Params
from bridge.moodle.schemas.companion import BadgeIssued, Saved
from bridge.moodle.schemas.core import (
    Created,
    Evidence,
    LearningPlan,
    Messages,
    PlanCompetency,
    SentMessage,
    Warnings,
)

ALREADY_IN_COHORT = "3"
ACTIVE = 1
"""Moodle's plan::STATUS_ACTIVE."""
HTML = 1
NOT_SENT = -1


def cohort_params(cohort: str, user: int) -> Params:
    """One row of `core_cohort_add_cohort_members`."""
    return {
        "cohorttype": {"type": "idnumber", "value": cohort},
        "usertype": {"type": "id", "value": str(user)},
    }


def add_to_cohort(moodle: Moodle, cohort: str, users: Sequence[int]) -> dict[int, str]:
    """Add users to the cohort with that idnumber; for each user refused, the reason.

    Raises MoodleMisconfigured when the cohort is not there: that is no member's error.
    """
    members = [cohort_params(cohort, user) for user in users]
    function = "core_cohort_add_cohort_members"
    answer = moodle.call(function, {"members": members}, Warnings)
    refused: dict[int, str] = {}
    for warning in answer.warnings:
        if warning.warningcode == ALREADY_IN_COHORT:
            continue
        if f"idnumber={cohort} " in warning.message:
            raise _no_cohort(warning.message, cohort)
        named = [user for user in users if f"id={user} " in warning.message + " "]
        if not named:
            raise unexpected("a warning about a user that was not named", function, "warnings")
        refused |= dict.fromkeys(named, warning.message)
    return refused


def _no_cohort(message: str, cohort: str) -> MoodleMisconfigured:
    todo = Message("Run `stewardpath apply`.")
    return MoodleMisconfigured(Quote(message), where=cohort, todo=todo)


def find_learning_plan(moodle: Moodle, user: int, template: int, name: str) -> LearningPlan | None:
    """The user's learning plan from `template`, or the one of that name; None if there is none."""
    plans = moodle.call("core_competency_list_user_plans", {"userid": user}, list[LearningPlan])
    fitting = [plan for plan in plans if plan.templateid == template or plan.name == name]
    return fitting[0] if fitting else None


def ensure_learning_plan(
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
    found = find_learning_plan(moodle, user, template, name)
    plan = found.id if found else _make_plan(moodle, user, name)
    for competency in competencies:
        pair = {"planid": plan, "competencyid": competency}
        moodle.change("core_competency_add_competency_to_plan", pair)


def _make_plan(moodle: Moodle, user: int, name: str) -> int:
    plan: Params = {"name": name, "userid": user, "status": ACTIVE, "duedate": 0}
    return moodle.call("core_competency_create_plan", {"plan": plan}, Created).id


def rate_competency(
    moodle: Moodle, user: int, competency: int, note: str, *, plan: int | None, repeated: bool
) -> None:
    """Rate a competency as reached; `plan` is looked at first when this was tried before."""
    if repeated and plan and competency in _reached(moodle, plan):
        return
    params: Params = {"userid": user, "competencyid": competency, "grade": 2, "note": note}
    moodle.call("core_competency_grade_competency", params, Evidence)


def _reached(moodle: Moodle, plan: int) -> set[int]:
    rows = moodle.call("core_competency_list_plan_competencies", {"id": plan}, list[PlanCompetency])
    return {
        row.competency.id for row in rows if row.usercompetency and row.usercompetency.proficiency
    }


def issue_badge(moodle: Moodle, badge: str, user: int) -> None:
    """Issue the badge with that idnumber; nothing if the user has it."""
    params: Params = {"idnumber": badge, "userid": user}
    function = PLUGIN + "issue_badge"
    answer = moodle.call(function, params, BadgeIssued)
    if not answer.issued and not answer.already:
        raise unexpected("the badge was not issued", function)


def send_message(moodle: Moodle, sender: int, user: int, text: str, *, repeated: bool) -> None:
    """Send an HTML message from the service's user. Raises MoodleRefused if Moodle does not."""
    if repeated and _has_message(moodle, sender, user, text):
        return
    message: Params = {"touserid": user, "text": text, "textformat": HTML}
    function = "core_message_send_instant_messages"
    (sent,) = moodle.call(function, {"messages": [message]}, tuple[SentMessage])
    if sent.msgid == NOT_SENT:
        raise MoodleRefused(sent.errormessage or "the message was not accepted.", where=function)
    if sent.msgid < 1:
        raise unexpected("no id of a message", function, "msgid")


def _has_message(moodle: Moodle, sender: int, user: int, text: str) -> bool:
    params: Params = {"useridto": user, "useridfrom": sender, "type": "conversations", "read": 2}
    messages = moodle.call("core_message_get_messages", params, Messages).messages
    return any(_bare(message.text) == _bare(text) for message in messages)


def _bare(text: str) -> str:
    """Moodle may format what it stored: compare letters and digits alone."""
    return re.sub(r"\W+", "", html.unescape(re.sub(r"<[^>]*>", "", text)))
