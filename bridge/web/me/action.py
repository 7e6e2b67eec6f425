"""The one thing to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import gettext

from bridge.config import Config, Contact
from bridge.curriculum.model import ActivityDone, Curriculum, Milestone, idnumber
from bridge.web.me.steps import Part, Step


@dataclass(frozen=True, slots=True)
class Action:
    """`words` says what to do for `step`; `address` leads there ('' if nowhere), named `label`.

    `hint`: a sentence more, or ''.
    """

    step: Step
    words: str
    address: str
    label: str
    hint: str = ""


def next_action(
    config: Config, curriculum: Curriculum, steps: Sequence[Step], region: str
) -> Action | None:
    """What brings the first open step on; None where no step is open."""
    step = next((each for each in steps if each.state == "now"), None)
    if step is None:
        return None
    study = next((p for p in _open(step.missing) if isinstance(p.requirement, ActivityDone)), None)
    if study:
        hint = "" if step.enrolled else _on_its_way()
        label = str(gettext("Open the course in Moodle"))
        return Action(step, study.words, course(config, curriculum, step.milestone), label, hint)
    words = step.missing[0].words if step.missing else step.title
    hint = str(gettext("Your education committee records this. Ask when it is time."))
    asked = _whom_to_ask(config, region)
    if asked is None:
        return Action(step, words, "", "", hint)
    label = str(gettext("Write to %(name)s", name=asked.name))
    return Action(step, words, f"mailto:{quote(asked.email, safe='@')}", label, hint)


def course(config: Config, curriculum: Curriculum, milestone: Milestone) -> str:
    """A milestone's course in Moodle, which finds it by its idnumber."""
    wanted = quote(idnumber(curriculum.key, milestone.key), safe="")
    return f"{config.site.url}/course/view.php?idnumber={wanted}"


def _open(parts: Sequence[Part]) -> Iterator[Part]:
    """What is missing, down to the single requirements."""
    for part in parts:
        if part.met:
            continue
        if part.parts:
            yield from _open(part.parts)
        else:
            yield part


def _on_its_way() -> str:
    return str(gettext("Your place in the course is being made ready; it comes by itself."))


def _whom_to_ask(config: Config, region: str) -> Contact | None:
    known = config.regions.get(region)
    return (known.chair or known.director) if known else None
