"""What a person makes in Moodle by hand without the companion plugin: the list, texts, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bridge.curriculum.model import Curriculum, Milestone, Quiz, idnumber
from bridge.curriculum.moodle_xml import quiz_xml
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.requirement import Requirement
from bridge.desired_state import build_desired_state
from bridge.messages import Message
from bridge.plan import ACTIVITIES, Change, Plan, Resource

PASTED_FIELDS: Mapping[str, Message] = {
    "name": Message("Name"),
    "url": Message("External URL"),
    "content": Message("Page content"),
    "description": Message("Description"),
}
"""The fields of an activity that hold text, with their labels in Moodle."""
HTML_FIELDS = ("content", "description")
ON_VIEW = Message("In “Completion conditions”: add the requirement to view the activity.")
AS_HTML = Message(
    "Paste texts with <…> into a plain text area, as “HTML format” (in Moodle: Preferences > "
    "Editor preferences > Plain text area). Other editors change them."
)
UNTIMED = Message(
    "No time limit and no dates, unlimited attempts, the highest grade. In “Completion "
    "conditions”: receive a passing grade."
)
FILE_HEAD = "{kind}: {title}\nCourse: {course}\n"


@dataclass(frozen=True, slots=True)
class Paste:
    """A text to paste into one field of Moodle's form. `is_html`: as source code."""

    label: Message
    text: str
    is_html: bool = False


def manual_steps(plan: Plan) -> list[Change]:
    """The changes that a person must make in Moodle by hand."""
    return [change for change in plan.changes if change.action == "by-hand"]


def activities_by_key(curriculum: Curriculum) -> dict[str, Resource]:
    """The curriculum's pages, links and quizzes, by idnumber."""
    return {r.idnumber: r for r in build_desired_state(curriculum) if r.kind in ACTIVITIES}


def texts_to_paste(activity: Resource) -> list[Paste]:
    """What to paste into the form of an activity: in all languages, as Moodle's filter reads it."""
    texts = [
        Paste(label, str(text), name in HTML_FIELDS)
        for name, label in PASTED_FIELDS.items()
        if (text := activity.fields.get(name))
    ]
    return [*texts, Paste(Message("ID number"), activity.idnumber)]


def settings_to_make(activity: Resource) -> Iterator[Message]:
    """What else to set in the form of an activity."""
    if any(activity.fields.get(name) for name in HTML_FIELDS):
        yield AS_HTML
    if activity.images:
        names = ", ".join(image.path for image in activity.images)
        yield Message(
            "A pasted text has no images: %(names)s. After saving it, open it in an editor that "
            "shows images, and replace each missing image by its file from the curriculum's "
            "folder, with the same description.",
            names=names,
        )
    if activity.kind != "quiz":
        yield ON_VIEW
        return
    yield UNTIMED
    mark = float(str(activity.fields["pass mark"]))
    yield Message(
        "Grade to pass: %(share)s %% of the maximum grade (%(points)s of 10).",
        share=f"{mark:g}",
        points=f"{mark / 10:g}",
    )


def milestones_with_views(curriculum: Curriculum) -> list[Milestone]:
    """The milestones that can't be earned by quizzes alone, because a page or link must be viewed.

    Without the companion plugin, views are only read when the member presses "Check now".
    """
    return [
        m for m in curriculum.milestones if not all(map(_is_met_without_views(m), m.requirements))
    ]


def _is_met_without_views(milestone: Milestone) -> Callable[[Requirement], bool]:
    quizzes = {quiz.key for quiz in milestone.course.quizzes}

    def is_met(requirement: Requirement) -> bool:
        match requirement:
            case ActivityDone():
                return requirement.key in quizzes
            case AtLeast():
                return sum(map(is_met, requirement.of)) >= requirement.count
            case _:
                return True

    return is_met


def write_files(plan: Plan, curriculum: Curriculum, folder: Path) -> dict[str, list[Path]]:
    """Write the texts of each activity to make by hand, and a Moodle XML file for each quiz.

    Returns the files by idnumber.
    """
    by_hand = {change.resource.idnumber for change in manual_steps(plan)}
    quizzes = {
        idnumber(curriculum.key, quiz.key): quiz
        for milestone in curriculum.milestones
        for quiz in milestone.course.quizzes
    }
    files: dict[str, list[Path]] = {}
    for key, activity in activities_by_key(curriculum).items():
        if key in by_hand:
            folder.mkdir(parents=True, exist_ok=True)
            files[key] = [_write_texts(curriculum, activity, folder)]
            if key in quizzes:
                files[key].append(_write_questions(curriculum, quizzes[key], folder))
    return files


def _write_texts(curriculum: Curriculum, activity: Resource, folder: Path) -> Path:
    key = activity.idnumber.split(":")[-1]
    course = activity.course.split(":")[-1]
    head = FILE_HEAD.format(kind=activity.kind.capitalize(), title=activity.title, course=course)
    settings = "".join(f"- {each}\n" for each in settings_to_make(activity))
    texts = "".join(f"\n=== {each.label} ===\n{each.text}\n" for each in texts_to_paste(activity))
    file = folder / f"{curriculum.key}.{key}.txt"
    file.write_text(head + settings + texts, encoding="utf-8")
    return file


def _write_questions(curriculum: Curriculum, quiz: Quiz, folder: Path) -> Path:
    file = folder / f"{curriculum.key}.{quiz.key}.xml"
    file.write_text(quiz_xml(curriculum.key, quiz), encoding="utf-8")
    return file
