"""Reads what accounts are and have in Moodle, many in one call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from bridge.delivery_check import AccountState
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.failures import unexpected_answer
from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.client.protocol import Params
from bridge.moodle.learners.users import users_by_ids
from bridge.moodle.schemas.core import User
from bridge.moodle.schemas.member_states import CohortMembers, MemberState, MemberStates

ACCOUNT_BATCH_SIZE = 500
"""Accounts in one call: fewer than the 1,000 form fields that PHP accepts by default."""
ENROLLED_PAGE_SIZE = 2_000
MEMBER_STATES = PLUGIN + "get_member_states"

ReadAccounts = Callable[[Sequence[int]], Mapping[int, AccountState]]
"""Reads up to ACCOUNT_BATCH_SIZE accounts (ids). Those that don't exist are left out."""


def by_companion(moodle: Moodle) -> ReadAccounts:
    """Read everything with the plugin (1.4.0 or newer): one call for each batch."""

    def read(accounts: Sequence[int]) -> Mapping[int, AccountState]:
        answer = moodle.call(MEMBER_STATES, {"userids": list(accounts)}, MemberStates)
        if {each.userid for each in answer.members} - set(accounts):
            raise unexpected_answer("another user", MEMBER_STATES, "members.userid")
        return {each.userid: _account(each) for each in answer.members if not each.deleted}

    return read


def _account(each: MemberState) -> AccountState:
    return AccountState(
        each.email,
        each.firstname,
        each.lastname,
        each.suspended,
        enrolments={one.courseid: one.suspended for one in each.enrolments},
        cohorts=frozenset(each.cohorts),
        templates=frozenset(each.templates),
        badges=frozenset(each.badges),
        competencies={one.competencyid: one.proficient for one in each.competencies},
    )


def by_core(moodle: Moodle, courses: Collection[int], cohorts: Collection[int]) -> ReadAccounts:
    """Read accounts, enrolments and cohorts with core functions alone; nothing else is visible.

    First one call for all cohorts, and one for each 2,000 enrolments of a course; then one for
    each batch. Core functions don't show which enrolments are suspended.
    """
    enrolled = {course: _enrolled(moodle, course) for course in courses}
    members = _cohort_members(moodle, cohorts)

    def read(accounts: Sequence[int]) -> Mapping[int, AccountState]:
        users = users_by_ids(moodle, accounts).values()
        return {
            user.id: AccountState(
                user.email,
                user.firstname,
                user.lastname,
                bool(user.suspended),
                enrolments={course: False for course in enrolled if user.id in enrolled[course]},
                cohorts=frozenset(cohort for cohort in members if user.id in members[cohort]),
            )
            for user in users
        }

    return read


def _enrolled(moodle: Moodle, course: int) -> frozenset[int]:
    found: set[int] = set()
    while True:
        options = {"userfields": "id", "limitfrom": len(found), "limitnumber": ENROLLED_PAGE_SIZE}
        rows: list[Any] = [{"name": name, "value": str(v)} for name, v in options.items()]
        params: Params = {"courseid": course, "options": rows}
        page = moodle.call("core_enrol_get_enrolled_users", params, list[User])
        before = len(found)
        found.update(user.id for user in page)
        if len(page) < ENROLLED_PAGE_SIZE or len(found) == before:
            return frozenset(found)


def _cohort_members(moodle: Moodle, cohorts: Iterable[int]) -> Mapping[int, frozenset[int]]:
    ids = sorted(cohorts)
    if not ids:
        return {}
    params: Params = {"cohortids": ids}
    rows = moodle.call("core_cohort_get_cohort_members", params, list[CohortMembers])
    found = {row.cohortid: frozenset(row.userids) for row in rows}
    if missing := set(ids) - found.keys():
        where = "core_cohort_get_cohort_members"
        raise unexpected_answer(f"no members of cohort {min(missing)}", where, "cohortid")
    return found
