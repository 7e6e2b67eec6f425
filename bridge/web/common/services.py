"""The services that pages use. `create_app` creates them once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, Protocol, TypeVar, cast

from flask import current_app
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.library.reloading import Library
from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import Language
from bridge.foundations.feature import Context, Feature
from bridge.store.database import Database
from bridge.web.common.metrics import Metrics

EXTENSION_KEY = "stewardpath"
P = ParamSpec("P")
R = TypeVar("R")


class Limit(Protocol):
    """A decorator that limits how often a page may be requested."""

    def __call__(self, view: Callable[P, R], /) -> Callable[P, R]: ...


class TriggerJob(Protocol):
    """Runs a job now: `outbox`, `pull`, `refresh`, `plan-requests` or `files`."""

    def __call__(self, job: str = "outbox", /) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """`trigger_job` starts a job now; `limiter` and `csrf` belong to this application.

    `features`: what the features give. `now`: the current time in the union's time zone, so that
    its date is the union's day.
    """

    config: Config
    database: Database
    curricula: Sequence[Curriculum]
    now: Callable[[], datetime]
    metrics: Metrics
    trigger_job: TriggerJob
    limiter: Limiter
    csrf: CSRFProtect
    features: Sequence[Feature]

    def context(self, session: Session, language: Language) -> Context:
        """What the functions of a feature are given, for a reader of this language."""
        return Context(session, self.config, tuple(self.curricula), language, self.now())


def current_services() -> Services:
    """The services of the current application."""
    return cast(Services, current_app.extensions[EXTENSION_KEY])


def curricula_have_errors(services: Services) -> bool:
    """Whether the curriculum files have errors, so that the last valid version is in use."""
    curricula = services.curricula
    return isinstance(curricula, Library) and bool(curricula.current_problems())
