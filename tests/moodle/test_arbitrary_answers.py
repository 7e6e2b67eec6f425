"""Any answer of Moodle leads to a result or a StewardpathError."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bridge.desired_state import build_desired_state
from bridge.errors import MoodleMisconfigured, StewardpathError
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.transport import Answer
from bridge.moodle.learners import account_creation, acknowledgements, change_feed, course_results
from bridge.moodle.learners import users as moodle_users
from bridge.moodle.learners.account_matching import MoodleUserData
from bridge.moodle.site import connection, core_writer
from bridge.moodle.site.companion_site import CompanionSite
from bridge.moodle.site.core_site import CoreSite
from bridge.plan import Change
from bridge.workflows.site_sync import apply
from tests.support.sample_curricula import small

RECORDED = Path(__file__).parents[1] / "contract" / "recorded"
PERSONS = [MoodleUserData(n, f"N{n}", f"kim{n}@example.org", "Kim", "E") for n in (1, 2)]
ODD: list[Any] = [[], {}, "ok", "", 0, 1, -1, None, True, False, 2**63, -(2**70), 1.5, 1e308]
MAX_CALLS = 60

leaves = st.sampled_from(ODD) | st.integers() | st.text(max_size=6)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "warnings", "exception", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def good_answers(function: str) -> list[Any]:
    file = RECORDED / f"{function}.json"
    if not file.exists():
        return [{"id": 1}]
    samples = json.loads(file.read_text("utf-8"))
    return [each["answer"] for name, each in samples.items() if name.startswith("good")]


class AnyMoodle(Moodle):
    """A site with generated answers: valid, slightly wrong or completely wrong."""

    def __init__(self, data: st.DataObject) -> None:
        super().__init__("https://moodle.example.org", "token", sleep=lambda _: None)
        self._data = data
        self._transport = self  # type: ignore[assignment]

    def post(self, _fields: list[tuple[str, str]], function: str) -> Answer:
        if self.calls.total() > MAX_CALLS:
            raise MoodleMisconfigured("There are too many calls.")
        answer = self._data.draw(st.one_of(anything, self._nearly(function)))
        return Answer(200, {}, json.dumps(answer).encode())

    def _nearly(self, function: str) -> st.SearchStrategy[Any]:
        good = good_answers(function)
        return st.builds(corrupt, st.sampled_from(good), st.lists(st.integers(0, 50)), leaves)


def corrupt(answer: Any, path: list[int], odd: Any) -> Any:
    """`answer` with the value at `path` replaced; unchanged for an empty path."""
    copy = node = deepcopy(answer)
    for place, step in enumerate(path):
        if not isinstance(node, dict | list) or not node:
            break
        key = sorted(node)[step % len(node)] if isinstance(node, dict) else step % len(node)
        inner = node[key]
        if place == len(path) - 1 or not isinstance(inner, dict | list):
            node[key] = odd
            break
        node = inner
    return copy


def every_change() -> Iterator[Change]:
    for resource in build_desired_state(small()):
        yield Change("create", resource, ())
        yield Change("change", resource, ())


def write_all(moodle: Moodle) -> None:
    """Write each change of the curriculum, even if an earlier one failed."""
    ids: core_writer.Ids = {}
    for change in every_change():
        if change.resource.kind in core_writer.KINDS:
            ids.setdefault(change.key, 7)
            expect_typed_errors(
                lambda change=change: core_writer.write(moodle, ids, change, scale=2)
            )


def expect_typed_errors(call: Callable[[], object]) -> None:
    """Allow only StewardpathErrors with a printable message."""
    message = ""
    try:
        call()
    except StewardpathError as error:
        message = str(error)
    assert message.isprintable()


CALLS: dict[str, Callable[[Moodle], object]] = {
    "find-companion": lambda moodle: moodle_users.find_users(moodle, PERSONS, companion=True),
    "find-core": lambda moodle: moodle_users.find_users(moodle, PERSONS, companion=False),
    "create": lambda moodle: moodle_users.create_batch(moodle, PERSONS, "manual"),
    "create_users": lambda moodle: account_creation.create_users(
        moodle,
        PERSONS,
        login="manual",
        find=partial(moodle_users.find_users, moodle, companion=True),
    ),
    "adopt": lambda moodle: moodle_users.set_member_numbers(moodle, {4: "N1", 5: "N2"}),
    "enrol": lambda moodle: moodle_users.enrol_users(moodle, 2, [4, 5], 5),
    "join_cohort": lambda moodle: acknowledgements.add_to_cohort(moodle, "stewardpath:c", [4, 5]),
    "plan_of": lambda moodle: acknowledgements.find_learning_plan(moodle, 4, 1, "Path"),
    "give_plan-companion": lambda moodle: acknowledgements.ensure_learning_plan(
        moodle, 4, 1, [1, 2], "Path", companion=True
    ),
    "give_plan-core": lambda moodle: acknowledgements.ensure_learning_plan(
        moodle, 4, 1, [1, 2], "Path", companion=False
    ),
    "rate": lambda moodle: acknowledgements.rate_competency(
        moodle, 4, 1, "x", plan=1, repeated=True
    ),
    "issue_badge": lambda moodle: acknowledgements.issue_badge(moodle, "stewardpath:b", 4),
    "revoke_badge": lambda moodle: acknowledgements.revoke_badge(moodle, "stewardpath:b", 4),
    "leave_cohort": lambda moodle: acknowledgements.remove_from_cohort(moodle, 3, [4]),
    "send_message": lambda moodle: acknowledgements.send_message(moodle, 3, 4, "x", repeated=True),
    "changes": lambda moodle: change_feed.changes(moodle, 0, [1, 2]),
    "completions": lambda moodle: list(change_feed.completions(moodle, 2)),
    "first_tries": lambda moodle: list(change_feed.first_attempts(moodle, 2, 0)),
    "missed": lambda moodle: change_feed.missed_questions(moodle, 2, 0),
    "feed-grades": lambda moodle: change_feed.grades(moodle, 2),
    "grades": lambda moodle: course_results.grades(moodle, 2, 4),
    "statuses": lambda moodle: course_results.statuses(moodle, 2, 4),
    "idnumber": lambda moodle: course_results.idnumber(moodle, 9),
    "connect": connection.connect,
    "write": write_all,
    "companion-read": lambda moodle: CompanionSite(moodle, 3).read(
        "path", build_desired_state(small())
    ),
    "core-read": lambda moodle: CoreSite(moodle, 3).read("path", build_desired_state(small())),
    "companion-apply": lambda moodle: apply(CompanionSite(moodle, 3), small(), max_share=1.0),
    "core-apply": lambda moodle: apply(CoreSite(moodle, 3), small(), max_share=1.0),
}


@pytest.mark.parametrize("name", sorted(CALLS))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_only_typed_errors_are_raised(name: str, data: st.DataObject) -> None:
    expect_typed_errors(lambda: CALLS[name](AnyMoodle(data)))
