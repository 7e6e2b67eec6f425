"""The registry of web service functions: name, parameter shape, handler."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from bridge.moodle.sandbox.webservice.params import Args, Shape

PLUGIN = "local_stewardpath_"

_MODULES = (
    "companion.arrange",
    "companion.badges",
    "companion.calendar",
    "companion.change_feed",
    "companion.content",
    "companion.first_attempts",
    "companion.member_states",
    "companion.question_import",
    "companion.site_state",
    "competency.competencies",
    "competency.frameworks",
    "competency.grading",
    "competency.learning_plans",
    "competency.plan_templates",
    "core.calendar",
    "core.categories",
    "core.cohorts",
    "core.course_contents",
    "core.courses",
    "core.enrolments",
    "core.grades",
    "core.messages",
    "core.quizzes",
    "core.site_info",
    "core.users",
)


@dataclass(frozen=True, slots=True)
class Call:
    """The context of a call: the open transaction, the caller, and the time (Unix seconds).

    `functions` are the names of the functions that this token may call.
    """

    db: sqlite3.Connection
    userid: int
    now: int
    url: str
    max_input_vars: int
    functions: tuple[str, ...]


Handler = Callable[[Call, Args], object]


@dataclass(frozen=True, slots=True)
class Function:
    """One web service function; `learner`: Moodle's mobile service has it too."""

    name: str
    shape: Mapping[str, Shape]
    handler: Handler
    learner: bool


_FUNCTIONS: dict[str, Function] = {}


def function(
    name: str, shape: Mapping[str, Shape], *, learner: bool = False
) -> Callable[[Handler], Handler]:
    """Register the handler of a web service function."""

    def register(handler: Handler) -> Handler:
        _FUNCTIONS[name] = Function(name, shape, handler, learner)
        return handler

    return register


def functions(*, companion: bool) -> dict[str, Function]:
    """All functions by name; the plugin's functions only with `companion`."""
    for module in _MODULES:
        import_module(f"bridge.moodle.sandbox.functions.{module}")
    return {
        name: known
        for name, known in _FUNCTIONS.items()
        if companion or not name.startswith(PLUGIN)
    }
