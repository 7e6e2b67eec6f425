"""What the editor completes: the format's keys and words, and the names that can be referred to."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.curriculum.keys import RECORDS
from bridge.curriculum.model import Curriculum, Link, Page, Quiz
from bridge.curriculum.shapes import Shape, Word

ACTIVITIES = {"page": Page, "link": Link, "quiz": Quiz}


@dataclass(frozen=True, slots=True)
class Known:
    """One key: what it is about, the words it may be followed by, and names of the curriculum."""

    about: str
    options: tuple[str, ...]
    names: tuple[str, ...]


def known_words(path: Curriculum | None) -> dict[str, Known]:
    """Each key of the format. `path`: whose milestones, quizzes, pages and links are known."""
    about: dict[str, str] = {}
    options: dict[str, set[str]] = {}
    for record in RECORDS.values():
        for key in record.keys:
            about.setdefault(key.name, key.about)
            options.setdefault(key.name, set()).update(_options(key.shape))
    names = _names(path) if path else {}
    return {
        key: Known(what, tuple(sorted(options[key])), names.get(key, ()))
        for key, what in about.items()
    }


def _names(path: Curriculum) -> dict[str, tuple[str, ...]]:
    steps = tuple(step.key for step in path.milestones)
    activities = [each for step in path.milestones for each in step.course.activities]
    kinds = {
        key: tuple(each.key for each in activities if isinstance(each, kind))
        for key, kind in ACTIVITIES.items()
    }
    return {"after": steps, "milestones": steps, **kinds}


def _options(shape: Shape) -> tuple[str, ...]:
    return tuple(shape.options) if isinstance(shape, Word) else ()
