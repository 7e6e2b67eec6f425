"""Acknowledges a milestone in Moodle: cohort, learning plan, rating, badge, message.

With `repeated`, an earlier try may have succeeded, so each function first checks whether its
effect is already there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from types import NoneType

from bridge.errors import MoodleMisconfigured, MoodleRefused
from bridge.messages import Message, Quote
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.failures import unexpected_answer
from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.client.protocol import Params
from bridge.moodle.schemas.companion import BadgeIssued, BadgeRevoked, Saved
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
    """Add users to the cohort with this idnumber; return the reason for each refused user.

    Raises MoodleMisconfigured if the cohort is missing, which isn't an error of a member.
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
            raise unexpected_answer("a warning about another user", function, "warnings")
        refused |= dict.fromkeys(named, warning.message)
    return refused


def leaving_params(cohort: int, user: int) -> Params:
    """One row of `core_cohort_delete_cohort_members`."""
    return {"cohortid": cohort, "userid": user}


def remove_from_cohort(moodle: Moodle, cohort: int, users: Sequence[int]) -> None:
    """Remove users from the cohort with this id. Those who are not in it change nothing."""
    members = [leaving_params(cohort, user) for user in users]
    moodle.call("core_cohort_delete_cohort_members", {"members": members}, NoneType)


def _no_cohort(message: str, cohort: str) -> MoodleMisconfigured:
    todo = Message("Run `stewardpath apply`.")
    return MoodleMisconfigured(Quote(message), where=cohort, todo=todo)


def find_learning_plan(moodle: Moodle, user: int, template: int, name: str) -> LearningPlan | None:
    """The user's learning plan from `template` or with this name; None if there is none."""
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
    """Create the user's learning plan of the curriculum, unless it exists.

    With the plugin, the plan follows its template. Core functions can only create a separate plan
    with the same competencies.
    """
    if companion:
        params: Params = {"userid": user, "templateid": template}
        moodle.call(PLUGIN + "save_plan", params, Saved)
        return
    found = find_learning_plan(moodle, user, template, name)
    plan = found.id if found else _create_plan(moodle, user, name)
    for competency in competencies:
        pair = {"planid": plan, "competencyid": competency}
        moodle.change("core_competency_add_competency_to_plan", pair)


def _create_plan(moodle: Moodle, user: int, name: str) -> int:
    plan: Params = {"name": name, "userid": user, "status": ACTIVE, "duedate": 0}
    return moodle.call("core_competency_create_plan", {"plan": plan}, Created).id


def rate_competency(
    moodle: Moodle, user: int, competency: int, note: str, *, plan: int | None, repeated: bool
) -> None:
    """Rate a competency as proficient. With `repeated`, check the `plan` first."""
    if repeated and plan and competency in _proficient_competencies(moodle, plan):
        return
    params: Params = {"userid": user, "competencyid": competency, "grade": 2, "note": note}
    moodle.call("core_competency_grade_competency", params, Evidence)


def _proficient_competencies(moodle: Moodle, plan: int) -> set[int]:
    rows = moodle.call("core_competency_list_plan_competencies", {"id": plan}, list[PlanCompetency])
    return {
        row.competency.id for row in rows if row.usercompetency and row.usercompetency.proficiency
    }


def issue_badge(moodle: Moodle, badge: str, user: int) -> None:
    """Issue the badge with this idnumber, unless the user has it."""
    params: Params = {"idnumber": badge, "userid": user}
    function = PLUGIN + "issue_badge"
    answer = moodle.call(function, params, BadgeIssued)
    if not answer.issued and not answer.already:
        raise unexpected_answer("the badge was not issued", function)


def revoke_badge(moodle: Moodle, badge: str, user: int) -> None:
    """Revoke the badge with this idnumber, if the user has it. Plugins before 1.3.0 can't."""
    params: Params = {"idnumber": badge, "userid": user}
    moodle.call(PLUGIN + "revoke_badge", params, BadgeRevoked)


def send_message(moodle: Moodle, sender: int, user: int, text: str, *, repeated: bool) -> None:
    """Send an HTML message from the service user. Raises MoodleRefused if it isn't sent."""
    if repeated and _has_message(moodle, sender, user, text):
        return
    message: Params = {"touserid": user, "text": text, "textformat": HTML}
    function = "core_message_send_instant_messages"
    (sent,) = moodle.call(function, {"messages": [message]}, tuple[SentMessage])
    if sent.msgid == NOT_SENT:
        raise MoodleRefused(sent.errormessage or "the message was not accepted.", where=function)
    if sent.msgid < 1:
        raise unexpected_answer("no message id", function, "msgid")


def _has_message(moodle: Moodle, sender: int, user: int, text: str) -> bool:
    params: Params = {"useridto": user, "useridfrom": sender, "type": "conversations", "read": 2}
    messages = moodle.call("core_message_get_messages", params, Messages).messages
    return any(_normalized(message.text) == _normalized(text) for message in messages)


def _normalized(text: str) -> str:
    """Keep only letters and digits, because Moodle may reformat a message."""
    return re.sub(r"\W+", "", html.unescape(re.sub(r"<[^>]*>", "", text)))
