"""Filled-in records without a problem -> the model."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.curriculum.model import (
    Acknowledgement,
    Activity,
    ActivityDone,
    AtLeast,
    Badge,
    Course,
    Curriculum,
    Entry,
    HasRole,
    Link,
    Milestone,
    Page,
    Quiz,
    Requirement,
    Section,
    SignedOff,
)
from bridge.curriculum.reading.parsed_curriculum import ACTIVITY_KINDS, ParsedCurriculum, sections
from bridge.curriculum.reading.parsed_record import ParsedRecord
from bridge.curriculum.reading.question_builder import build_question
from bridge.curriculum.reading.translated_text import DEFAULT_LANGUAGE

DEFAULT_MARK = "70"


def build(outline: ParsedCurriculum, images: Mapping[str, bytes], revision: str) -> Curriculum:
    """The curriculum; `images` holds the content of every image by its path."""
    top = outline.curriculum
    return Curriculum(
        key=top.word("curriculum"),
        title=top.text("title"),
        languages=languages_of(top),
        milestones=tuple(
            _milestone(milestone, key, outline, images)
            for key in outline.order
            if (milestone := outline.milestone(key))
        ),
        revision=revision,
        summary=top.text("summary"),
    )


def languages_of(curriculum: ParsedRecord) -> tuple[str, ...]:
    """The languages declared, in their order; English if none are."""
    declared = tuple(word.text.strip() for word in curriculum.words("languages"))
    return tuple(dict.fromkeys(declared)) or (DEFAULT_LANGUAGE,)


def _milestone(
    filled: ParsedRecord, key: str, outline: ParsedCurriculum, images: Mapping[str, bytes]
) -> Milestone:
    return Milestone(
        key=key,
        title=filled.text("title"),
        audience="stewards" if filled.option("audience") == "stewards" else "members",
        access="open" if filled.option("access") == "open" else "account",
        summary=filled.text("summary"),
        expectations=tuple(written.text for written in filled.texts("expectations")),
        entry=_entry(filled.record_of("entry"), key, outline),
        course=Course(tuple(_section(section) for section in sections(filled))),
        requirements=tuple(_requirement(one) for one in filled.records("requirements")),
        acknowledgement=_acknowledgement(filled.record_of("acknowledgement"), images),
        next=filled.text("next"),
        previously=filled.word("previously"),
    )


def _entry(filled: ParsedRecord | None, key: str, outline: ParsedCurriculum) -> Entry:
    role = filled.word("role") if filled else ""
    if filled and filled.has("after"):
        return Entry(tuple(word.text.strip() for word in filled.words("after")), role)
    position = outline.order.index(key)
    return Entry((outline.order[position - 1],) if position else (), role)


def _section(filled: ParsedRecord) -> Section:
    return Section(
        key=filled.word("section"),
        title=filled.text("title"),
        activities=tuple(_activity(activity) for activity in filled.records("activities")),
        summary=filled.text("summary"),
        previously=filled.word("previously"),
    )


def _activity(filled: ParsedRecord) -> Activity:
    title, previously = filled.text("title"), filled.word("previously")
    if filled.has("page"):
        return Page(filled.word("page"), title, filled.text("body"), previously)
    if filled.has("link"):
        return Link(
            filled.word("link"),
            title,
            filled.word("url"),
            filled.text("description"),
            previously,
        )
    return Quiz(
        key=filled.word("quiz"),
        title=title,
        questions=tuple(build_question(question) for question in filled.records("questions")),
        pass_mark=int(filled.word("pass", DEFAULT_MARK)),
        intro=filled.text("intro"),
        previously=previously,
    )


def _requirement(filled: ParsedRecord) -> Requirement:
    for kind in ACTIVITY_KINDS:
        if filled.has(kind):
            return ActivityDone(filled.word(kind))
    if filled.has("signoff"):
        return SignedOff(filled.word("signoff"), filled.text("title"))
    if filled.has("role"):
        return HasRole(filled.word("role"))
    within = filled.records("any") or filled.records("of")
    return AtLeast(int(filled.word("at-least", "1")), tuple(_requirement(one) for one in within))


def _acknowledgement(filled: ParsedRecord | None, images: Mapping[str, bytes]) -> Acknowledgement:
    if filled is None:
        return Acknowledgement()
    badge = filled.record_of("badge")
    return Acknowledgement(filled.text("message"), _badge(badge, images) if badge else None)


def _badge(filled: ParsedRecord, images: Mapping[str, bytes]) -> Badge:
    image = filled.word("image")
    return Badge(
        filled.text("name"), filled.text("description"), image, images[image] if image else b""
    )
