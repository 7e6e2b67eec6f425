"""The next step that a member's page suggests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never, get_args
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext

from bridge.config import Config
from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import (
    Activity,
    Curriculum,
    Link,
    Milestone,
    Page,
    Quiz,
    Text,
    idnumber,
)
from bridge.curriculum.requirements.requirement import RecordedBy
from bridge.store.curricula.course_modules import ActivityKey
from bridge.web.layout.region import contact_address, regional_contact
from bridge.web.me.milestones import MilestoneView, RequirementView

ORDER = get_args(RecordedBy)


@dataclass(frozen=True, slots=True)
class Reading:
    """Something to read before a quiz."""

    title: Text
    address: str


@dataclass(frozen=True, slots=True)
class NextAction:
    """What to do next for the milestone `step`.

    `words` says what to do, `address` and `label` are the button, `hint` is another sentence or ''.
    `reading` comes before a quiz. `account`: which account the address asks for, '' if none.
    """

    step: MilestoneView
    words: str
    address: str
    label: str
    hint: str = ""
    reading: tuple[Reading, ...] = ()
    account: str = ""


def next_action(
    config: Config,
    curriculum: Curriculum,
    steps: Sequence[MilestoneView],
    region: str,
    cmids: Mapping[ActivityKey, int],
) -> NextAction | None:
    """The next step for the first milestone in progress, or what opens the next milestone.

    None if every milestone is reached. `cmids`: Moodle's course module ids, as far as known.
    """
    step = next((each for each in steps if each.state == "now"), None)
    if step is None:
        step = next((each for each in steps if each.state == "later"), None)
        return _contact_committee(config, step, step.waits_for[0], region) if step else None
    if not step.missing:  # withdrawn, and not to be earned again yet
        return _contact_committee(config, step, step.title, region)
    recorded_by, part = min(_unmet(step.missing), key=lambda found: ORDER.index(found[0]))
    match recorded_by:
        case "moodle":
            hint = _enrolment_hint(step)
            address, label = _moodle_link(config, curriculum, step.milestone, part.activity, cmids)
            action = NextAction(step, part.words, address, label, hint)
            reading = _reading(config, curriculum, step.milestone, part.activity, cmids)
            return replace(action, reading=tuple(reading), account=_moodle_account(config))
        case "session":
            return NextAction(step, part.words, "/sessions", str(gettext("See the sessions")))
        case "committee":
            return _contact_committee(config, step, step.missing[0].words_with_parts, region)
    assert_never(recorded_by)


def _contact_committee(config: Config, step: MilestoneView, words: str, region: str) -> NextAction:
    """For what only the committee can record: email the region's contact."""
    hint = str(gettext("Your education committee records this. Contact them when you're ready."))
    person = regional_contact(config, region)
    label = (
        gettext("Email %(name)s", name=person.name)
        if person
        else gettext("Email your education committee")
    )
    address = quote(contact_address(config, region), safe="@")
    return NextAction(step, words, f"mailto:{address}", str(label), hint)


def _moodle_link(
    config: Config,
    curriculum: Curriculum,
    milestone: Milestone,
    activity: Activity | None,
    cmids: Mapping[ActivityKey, int],
) -> tuple[str, str]:
    """URL and label of the activity in Moodle, or of its course if its id isn't known."""
    names = all_keys(activity) if activity else ()
    keys = ((curriculum.key, name) for name in names)
    cmid = next((cmids[key] for key in keys if key in cmids), None)
    if activity is None or cmid is None:
        return course(config, curriculum, milestone), str(gettext("Open the course in Moodle"))
    match activity:
        case Quiz():
            module, label = "quiz", gettext("Open the quiz in Moodle")
        case Page():
            module, label = "page", gettext("Open the page in Moodle")
        case Link():
            module, label = "url", gettext("Open the link in Moodle")
        case _:
            assert_never(activity)
    return f"{config.site.url}/mod/{module}/view.php?id={cmid}", str(label)


def _reading(
    config: Config,
    curriculum: Curriculum,
    milestone: Milestone,
    activity: Activity | None,
    cmids: Mapping[ActivityKey, int],
) -> Iterator[Reading]:
    """What a quiz is about: the pages and links before it, since the quiz before.

    Without any, the pages of the milestone. The pages of an open milestone need no account.
    """
    if not isinstance(activity, Quiz):
        return
    found: list[Page | Link] = []
    for each in milestone.course.activities:
        if each == activity:
            break
        found = [] if isinstance(each, Quiz) else [*found, each]
    pages = (each for each in milestone.course.activities if isinstance(each, Page))
    for each in found or pages:
        if milestone.access == "open" and isinstance(each, Page):
            address = url_for(
                "lessons.page", curriculum=curriculum.key, milestone=milestone.key, page=each.key
            )
        elif isinstance(each, Link):
            address = each.url
        else:
            address, _ = _moodle_link(config, curriculum, milestone, each, cmids)
        yield Reading(each.title, address)


def _moodle_account(config: Config) -> str:
    """Which account Moodle asks for."""
    login = config.moodle.login if config.moodle else "manual"
    if login == "manual":
        return str(
            gettext(
                "Moodle asks for its own account. If you have none yet, it emails you a username"
                " and a first password."
            )
        )
    return str(
        gettext("Moodle asks you to sign in the way your union does. You need no new account.")
    )


def course(config: Config, curriculum: Curriculum, milestone: Milestone) -> str:
    """URL of a milestone's course in Moodle, by its idnumber."""
    wanted = quote(idnumber(curriculum.key, milestone.key), safe="")
    return f"{config.site.url}/course/view.php?idnumber={wanted}"


def _unmet(parts: Sequence[RequirementView]) -> Iterator[tuple[RecordedBy, RequirementView]]:
    """The requirements not met yet, without groups, with who records each."""
    for part in parts:
        if part.met:
            continue
        if part.recorded_by:
            yield part.recorded_by, part
        yield from _unmet(part.parts)


def _enrolment_hint(step: MilestoneView) -> str:
    """Why the course may not open; '' if it does."""
    if step.unenrolled:
        hint = gettext(
            "Your enrolment in this course has ended or is suspended in Moodle. "
            "If that is a mistake, contact your education committee."
        )
    elif step.enrolled:
        hint = ""
    else:
        hint = gettext("We're enrolling you in the course. You don't need to do anything.")
    return str(hint)
