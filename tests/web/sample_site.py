"""A small curriculum, and a clock that tests set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from bridge.curriculum.audience import EVERYONE, Audience
from bridge.curriculum.forms.form import Form
from bridge.curriculum.forms.texts import ShortText
from bridge.curriculum.model import (
    Course,
    Curriculum,
    Entry,
    Link,
    Milestone,
    Page,
    Quiz,
    Section,
    Text,
)
from bridge.curriculum.question_types.choices import Choice
from bridge.curriculum.question_types.matching import Matching, Pair
from bridge.curriculum.question_types.multiple_choice import MultipleChoice
from bridge.curriculum.question_types.number import Number
from bridge.curriculum.question_types.short_answer import Answer, ShortAnswer
from bridge.curriculum.question_types.single_choice import SingleChoice
from bridge.curriculum.question_types.true_false import TrueFalse
from bridge.curriculum.requirements.role import HasRole
from bridge.progress import milestone_renames
from bridge.store.database import Database
from bridge.store.statistics import coverage, summary
from bridge.store.statistics.coverage_report import coverage_groups

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
        audience=Audience(),
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
    forms=(
        Form("a-form", english("A form"), (ShortText(key="why", label=english("Why?")),)),
        Form(
            "for-all",
            english("A form for everyone"),
            (ShortText(key="why", label=english("Why?")),),
            audience=EVERYONE,
        ),
    ),
)


CHECK = Quiz(
    "a-check",
    english("Check yourself"),
    (
        SingleChoice(
            "one",
            english("Which **one**?"),
            english("Because it is so."),
            choices=(
                Choice(english("The first"), True, english("Indeed.")),
                Choice(english("The second"), False, english("Not that.")),
            ),
        ),
        MultipleChoice(
            "many",
            english("Which of them?"),
            choices=(
                Choice(english("This"), True),
                Choice(english("That"), True, english("That as well.")),
                Choice(english("<script>alert(1)</script>"), False),
            ),
        ),
        TrueFalse(
            "truth",
            english("Is it so?"),
            correct=True,
            if_true=english("It is."),
            if_false=english("Look again."),
        ),
        ShortAnswer(
            "word",
            english("The word?"),
            answers=(
                Answer(english("unit")),
                Answer(english("bargaining*unit")),
                Answer(english("team"), False, english("They negotiate.")),
            ),
        ),
        Number("sum", english("How much?"), number="1800.5", tolerance="0.5"),
        Matching(
            "pairs",
            english("Who does what?"),
            pairs=(
                Pair(english("Steward"), english("Helps")),
                Pair(english("Chair"), english("Presides")),
                Pair(Text(), english("Sells")),
            ),
        ),
    ),
)


def count(
    database: Database, clock: Callable[[], datetime], curricula: Iterable[Curriculum] = (PATH,)
) -> None:
    """Count everything anew, as a job does now and then: pages show what was counted."""
    with database.transaction() as session:
        summary.save_summary(
            session, summary.count_summary(session, milestone_renames(curricula), clock)
        )
        coverage.save_coverage(
            session, coverage.count_coverage(session, coverage_groups(curricula), clock())
        )
