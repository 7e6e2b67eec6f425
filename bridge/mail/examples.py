"""An example of every email, with invented people, for previews and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from bridge.config import Config, Contact, Region
from bridge.curriculum.model import Curriculum
from bridge.mail.rendering import Email, EmailKind, render

LANGUAGES = ("en", "fr")
"""The languages the shipped templates are written in."""

REGION = Region(
    name="North",
    director=Contact(name="Lee Example", email="director@example.org", phone="+1 555 0101"),
    contacts=(Contact(name="Help Desk", email="help@example.org"),),
)
"""Used where no region is configured."""

PERSON: Mapping[str, object] = {
    "first_name": "Kim",
    "name": "Kim Example",
    "email": "kim@example.org",
    "phone": "+1 555 0103",
    "message": "I would like to become a steward.\nWho can I ask?",
    "members": [("Kim Example", "1042"), ("Sam Example", "")],
    "first": "2026-03-02",
    "last": "2026-03-08",
    "joined": 4,
    "contact": "education@example.org",
    "because": "chair",
    "minutes": 15,
    "days": 3,
}


@dataclass(frozen=True, slots=True)
class Example:
    """An email with example data. `name` is unique and safe in a URL."""

    name: str
    kind: EmailKind
    context: Mapping[str, object]

    def render(self, config: Config, language: str) -> Email:
        """Render it as it would be sent. Raises ConfigError if a template is wrong."""
        folder = config.templates and config.path(config.templates)
        return render(self.kind, self.context, language=language, folder=folder)


def examples(config: Config, curricula: Sequence[Curriculum]) -> list[Example]:
    """List an example of every email: a `welcome` per curriculum, a `milestone` per milestone, and
    one of each other kind. `curricula` has at least one."""
    first = curricula[0].milestones[0]
    region = next(iter(config.regions.values()), REGION)
    common = {
        **PERSON,
        "union": config.union,
        "region": region,
        "region_name": region.name,
        "about": first.title.pick(config.language),
        "milestones": [
            {"title": m.title.pick(config.language), "reached": 3 - n, "waiting": n, "days": 21}
            for n, m in enumerate(curricula[0].milestones[:3])
        ],
        "link": f"{config.service.url}/an-example",
    }
    found = [
        each
        for curriculum in curricula
        for each in _curriculum_examples(config, common, curriculum)
    ]
    known = {each.kind for each in found}
    kinds: tuple[EmailKind, ...] = get_args(EmailKind)
    return [*found, *(Example(kind, kind, common) for kind in kinds if kind not in known)]


def _curriculum_examples(
    config: Config, common: Mapping[str, object], curriculum: Curriculum
) -> Iterator[Example]:
    """The emails whose texts come from a curriculum."""
    pages = f"{config.service.url}/path/{curriculum.key}"
    milestones = curriculum.milestones
    welcome = {
        **common,
        "curriculum": curriculum,
        "milestone": milestones[0],
        "link": f"{pages}/{milestones[0].key}",
    }
    yield Example(f"welcome-{curriculum.key}", "welcome", welcome)
    for reached, following in zip(milestones, (*milestones[1:], None), strict=True):
        context = {
            **common,
            "curriculum": curriculum,
            "reached": reached,
            "following": following,
            "link": f"{pages}/{(following or reached).key}",
        }
        yield Example(f"milestone-{curriculum.key}-{reached.key}", "milestone", context)
