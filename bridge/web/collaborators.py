"""What the pages work with, made once by `create_app` and handed to each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.store.database import Database
from bridge.web.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Collaborators:
    config: Config
    database: Database
    curricula: Sequence[Curriculum]
    now: Callable[[], datetime]
    metrics: Metrics
