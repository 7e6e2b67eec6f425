"""A small curriculum and the variables of every email template."""

from __future__ import annotations

from pathlib import Path

from bridge.config import Config, Contact, Region, UnionSettings
from bridge.curriculum.audience import Audience
from bridge.curriculum.model import (
    Acknowledgement,
    Course,
    Curriculum,
    Entry,
    Milestone,
    Text,
)
from bridge.mail import Email, EmailKind, render
from bridge.mail.kinds import EMAILS, ExampleData

XSS = '<script>alert("x")</script>'


def en_fr(english: str, french: str) -> Text:
    return Text((("en", english), ("fr", french)))


def milestone(key: str, title: Text) -> Milestone:
    return Milestone(
        key=key,
        title=title,
        audience=Audience(),
        access="open",
        summary=en_fr("All about *it*.", "Tout sur *cela*."),
        expectations=(en_fr("Can say what it is", "Sait dire ce que c'est"),),
        entry=Entry(),
        course=Course(),
        requirements=(),
        acknowledgement=Acknowledgement(en_fr("You did it, **well**.", "C'est fait, **bravo**.")),
        next=en_fr("Read on.", "Lisez la suite."),
    )


FIRST = milestone("first-step", en_fr("First Step", "Premier pas"))
SECOND = milestone("second-step", en_fr("Second Step", "Deuxième pas"))
PATH = Curriculum("a-path", en_fr("A Path", "Un parcours"), ("en", "fr"), (FIRST, SECOND), "0" * 64)
NORTH = Region(
    name="North",
    director=Contact(name="The Director", email="director@union.example", phone="555-0100"),
    contacts=(Contact(name="The Office", email="office@union.example"),),
)
CONTEXT: dict[str, object] = {
    "union": UnionSettings(
        name="Example Union",
        website="https://union.example",
        links={"Forum": "https://forum.example"},
    ),
    "first_name": "Kim",
    "curriculum": PATH,
    "milestone": FIRST,
    "reached": FIRST,
    "following": SECOND,
    "link": "https://moodle.example/course/view.php?id=7",
    "region": NORTH,
    "members": [("Kim Example", "N-1")],
    "first": "2026-03-02",
    "last": "2026-03-08",
    "joined": 4,
    "milestones": [{"title": XSS, "reached": 1, "waiting": 2, "days": 30}],
    "minutes": 15,
    "days": 3,
    "region_name": "North",
    "name": "Kim Example",
    "email": "kim@union.example",
    "phone": "555-0103",
    "about": "First Step",
    "message": "Call me.",
    "contact": "education@union.example",
    "because": "chair",
}
KINDS = tuple(EMAILS)


def rendered(
    kind: EmailKind, language: str = "en", folder: Path | None = None, **changes: object
) -> Email:
    """Render an email with CONTEXT, and with its declared example for what CONTEXT lacks."""
    example = EMAILS[kind].example(ExampleData(Config(), PATH, FIRST, SECOND, NORTH))
    return render(kind, {**example, **CONTEXT, **changes}, language=language, folder=folder)
