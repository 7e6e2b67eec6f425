"""Build the model from parsed records without errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar, cast, get_args

from bridge.curriculum.building.audience import audience_of
from bridge.curriculum.building.programs import program_of
from bridge.curriculum.forms.form import Form, Readers
from bridge.curriculum.forms.register import build_fields
from bridge.curriculum.images.image_file import IMAGE_FOLDER, ImageFile
from bridge.curriculum.model import (
    Access,
    Acknowledgement,
    Activity,
    Badge,
    Course,
    Curriculum,
    Entry,
    Link,
    Milestone,
    Page,
    Quiz,
    Section,
)
from bridge.curriculum.parsed_curriculum import ParsedCurriculum, sections
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.question_types.register import type_of
from bridge.curriculum.reading.expectations import expectation, training
from bridge.curriculum.reading.translated_text import DEFAULT_LANGUAGE
from bridge.curriculum.requirements.register import build_requirement
from bridge.curriculum.topics import (
    DEFAULT_ATTEND,
    DEFAULT_MINUTES,
    Topic,
    TopicCredit,
    TopicPart,
)
from bridge.curriculum.value_types import YES

DEFAULT_MARK_PERCENT = "70"
ACCESSES: tuple[Access, ...] = get_args(Access)
T = TypeVar("T", bound=str)


def build(parsed: ParsedCurriculum, images: Mapping[str, bytes], revision: str) -> Curriculum:
    """Build the curriculum. `images`: path -> content of each image of a text or a badge."""
    top = parsed.curriculum
    return Curriculum(
        key=top.word("curriculum"),
        title=top.text("title"),
        languages=languages_of(top),
        milestones=tuple(
            _milestone(milestone, key, parsed, images)
            for key in parsed.order
            if (milestone := parsed.milestone(key))
        ),
        revision=revision,
        summary=top.text("summary"),
        forms=tuple(_form(form) for form in parsed.forms),
        topics=tuple(_topic(topic) for topic in parsed.topics or ()),
        programs=tuple(program_of(each) for each in parsed.programs or ()),
        images=tuple(
            ImageFile(path, images[path])
            for path in sorted(images)
            if path.startswith(f"{IMAGE_FOLDER}/")
        ),
    )


def languages_of(curriculum: ParsedRecord) -> tuple[str, ...]:
    """The declared languages, in order; English if there are none."""
    declared = tuple(word.text.strip() for word in curriculum.words("languages"))
    return tuple(dict.fromkeys(declared)) or (DEFAULT_LANGUAGE,)


def _milestone(
    record: ParsedRecord, key: str, parsed: ParsedCurriculum, images: Mapping[str, bytes]
) -> Milestone:
    previously, earlier = record.former_keys
    return Milestone(
        key=key,
        title=record.text("title"),
        audience=audience_of(record),
        access=_one_of(ACCESSES, record.option("access")),
        summary=record.text("summary"),
        expectations=tuple(expectation(item) for item in record.items("expectations")),
        entry=_entry(record.record_of("entry"), key, parsed),
        course=Course(tuple(_section(section) for section in sections(record))),
        requirements=tuple(build_requirement(one) for one in record.records("requirements")),
        acknowledgement=_acknowledgement(record.record_of("acknowledgement"), images),
        next=record.text("next"),
        previously=previously,
        earlier=earlier,
        training=tuple(training(item) for item in record.items("expectations")),
    )


def _one_of(options: Sequence[T], word: str) -> T:
    """The option that was written; the reader has checked that it is one of them."""
    return next(option for option in options if option == word)


def _entry(record: ParsedRecord | None, key: str, parsed: ParsedCurriculum) -> Entry:
    role = record.word("role") if record else ""
    if record and record.has("after"):
        return Entry(tuple(word.text.strip() for word in record.words("after")), role)
    position = parsed.order.index(key)
    return Entry((parsed.order[position - 1],) if position else (), role)


def _section(record: ParsedRecord) -> Section:
    previously, earlier = record.former_keys
    return Section(
        key=record.word("section"),
        title=record.text("title"),
        activities=tuple(_activity(activity) for activity in record.records("activities")),
        summary=record.text("summary"),
        previously=previously,
        earlier=earlier,
    )


def _activity(record: ParsedRecord) -> Activity:
    title, (previously, earlier) = record.text("title"), record.former_keys
    if record.has("page"):
        return Page(record.word("page"), title, record.text("body"), previously, earlier)
    if record.has("link"):
        return Link(
            record.word("link"),
            title,
            record.word("url"),
            record.text("description"),
            previously,
            earlier,
        )
    if record.has("quiz"):
        return Quiz(
            key=record.word("quiz"),
            title=title,
            questions=tuple(type_of(each).build(each) for each in record.records("questions")),
            pass_mark=int(record.word("pass", DEFAULT_MARK_PERCENT)),
            intro=record.text("intro"),
            previously=previously,
            earlier=earlier,
        )
    raise AssertionError(f"no branch for the activity {record.schema.name}")


def _form(record: ParsedRecord) -> Form:
    return Form(
        key=record.word("form"),
        title=record.text("title"),
        fields=build_fields(record.records("fields")),
        introduction=record.text("introduction"),
        audience=audience_of(record),
        previously=record.word("previously"),
        closes=date.fromisoformat(record.word("closes")) if record.has("closes") else None,
        readers=cast(Readers, record.word("readers", "committee")),
    )


def _topic(record: ParsedRecord) -> Topic:
    previously, earlier = record.former_keys
    return Topic(
        key=record.word("session"),
        title=record.text("title"),
        description=record.text("description"),
        audience=audience_of(record),
        minutes=int(record.word("minutes", str(DEFAULT_MINUTES))),
        parts=tuple(
            TopicPart(each.word("part"), each.text("title"), *each.former_keys)
            for each in record.records("parts")
        ),
        credit=_one_of(get_args(TopicCredit), record.option("credit") or "all-parts"),
        attend=int(record.word("attend", str(DEFAULT_ATTEND))),
        previously=previously,
        earlier=earlier,
    )


def _acknowledgement(record: ParsedRecord | None, images: Mapping[str, bytes]) -> Acknowledgement:
    if record is None:
        return Acknowledgement()
    badge = record.record_of("badge")
    return Acknowledgement(
        record.text("message"),
        _badge(badge, images) if badge else None,
        in_moodle=record.option("in-moodle") in YES,
    )


def _badge(record: ParsedRecord, images: Mapping[str, bytes]) -> Badge:
    image = record.word("image")
    return Badge(
        record.text("name"), record.text("description"), image, images[image] if image else b""
    )
