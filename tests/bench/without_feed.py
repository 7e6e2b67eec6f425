"""Reading results without a feed: samples, with exact numbers of calls."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from bridge.moodle.client.transport import DEFAULT_LIMITS
from bridge.moodle.learners import change_feed
from bridge.moodle.sandbox.server import TOKEN
from bridge.moodle.schemas.core import SiteInfo
from tests.bench.site import client, curriculum, fresh, served
from tests.bench.support import many_members
from tests.bench.support.subprocess_run import measured
from tests.bench.support.targets import Figure

CALLS = 300
MEMBERS = 2_000
STATUS = "core_completion_get_activities_completion_status"


def per_member(url: str, members: int) -> list[Figure]:
    """One call for each member and the one course that each is in."""
    with closing(client(url)) as moodle:
        course = _course(url)
        started = time.perf_counter()
        for user in range(many_members.FIRST_USER, many_members.FIRST_USER + CALLS):
            moodle.call(STATUS, {"courseid": course, "userid": user}, object)
        each = (time.perf_counter() - started) / CALLS
    note = f"extrapolated from {CALLS} calls of {1000 * each:.1f} ms"
    return [
        Figure("a call a member: calls", members, "calls", note="each is in one course"),
        Figure("a call a member: time", each * members, "s", note=note),
    ]


def per_course(members: int) -> list[Figure]:
    """One grade report for each course. All members are in the first course."""
    with TemporaryDirectory() as folder:
        state = fresh(Path(folder))
        many_members.fill_site(state, MEMBERS, 0)
        with served(state) as url:
            course = _course(url)
            run = measured("without_feed:report", url, course)
            size = _size(url, course) * members / MEMBERS / 1e6
    seconds = run.result["seconds"] * members / MEMBERS
    note = f"extrapolated from {MEMBERS:,} members"
    limit = DEFAULT_LIMITS.answer_size / 1e6
    over = f"; an answer is refused above {limit:.0f} MB" if size > limit else ""
    courses = len(curriculum().milestones)
    return [
        Figure("a grade report a course: calls", courses, "calls", note="without pages and links"),
        Figure("a grade report a course: time", seconds, "s", note=note + ", one course"),
        Figure("a grade report a course: one answer", size, "MB", note=note + over),
    ]


def report(url: str, course: int) -> dict[str, float]:
    """One report, in the process whose memory is measured."""
    with closing(client(url)) as moodle:
        moodle.call("core_webservice_get_site_info", {}, SiteInfo)
        started = time.perf_counter()
        found = len(change_feed.grades(moodle, course).usergrades)
        assert found == MEMBERS, found
        return {"seconds": time.perf_counter() - started}


def _course(url: str) -> int:
    with closing(client(url)) as moodle:
        params = {"field": "idnumber", "value": many_members.first_course()}
        found = moodle.call("core_course_get_courses_by_field", params, dict[str, list[object]])
        first = found["courses"][0]
        assert isinstance(first, dict)
        return int(first["id"])


def _size(url: str, course: int) -> int:
    fields = {
        "wstoken": TOKEN,
        "wsfunction": "gradereport_user_get_grade_items",
        "moodlewsrestformat": "json",
        "courseid": str(course),
    }
    return len(requests.post(f"{url}/webservice/rest/server.php", fields, timeout=60).content)
