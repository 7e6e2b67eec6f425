"""A small curriculum, and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bridge.curriculum.model import (
    Course,
    Curriculum,
    Entry,
    HasRole,
    Link,
    Milestone,
    Page,
    Quiz,
    Section,
    Text,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


def english(text: str) -> Text:
    return Text((("en", text),))


COURSE = Course(
    (
        Section(
            key="begin",
            title=english("Where to begin"),
            activities=(
                Page("read-me", english("Read me"), english("A **page** to read.")),
                Link("a-link", english("A link"), "https://union.example/agreement"),
                Quiz("a-quiz", english("A quiz"), ()),
            ),
        ),
    )
)


def milestone(key: str, title: str, after: tuple[str, ...] = ()) -> Milestone:
    return Milestone(
        key=key,
        title=Text((("en", title), ("fr", f"{title} (fr)"))),
        audience="members",
        access="open",
        summary=Text((("en", "Read **this**."), ("fr", "Lisez **ceci**."))),
        expectations=(Text((("en", "Knows <b>whom</b> to ask"),)),),
        entry=Entry(after=after),
        course=COURSE,
        requirements=(HasRole("steward"),),
    )


PATH = Curriculum(
    key="a-path",
    title=Text((("en", "A Path & More"), ("fr", "Un parcours"))),
    languages=("en", "fr"),
    milestones=(milestone("first", "First"), milestone("second", "Second", ("first",))),
    revision="0" * 64,
)
