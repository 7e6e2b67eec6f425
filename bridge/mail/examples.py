"""An example of every email, with invented people, for previews and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.mail.kinds import (
    CORE_EMAILS,
    EXAMPLE_REGION,
    EmailKind,
    Emails,
    ExampleData,
    ExamplePer,
    FeatureEmail,
)
from bridge.mail.rendering import Email, about_union, render

LANGUAGES = ("en", "fr")
"""The languages the shipped templates are written in."""


@dataclass(frozen=True, slots=True)
class Example:
    """An email with example data. `name` is unique and safe in a URL."""

    name: str
    kind: EmailKind | FeatureEmail
    context: Mapping[str, object]
    emails: Emails

    def render(self, config: Config, language: str) -> Email:
        """Render it as it would be sent. Raises ConfigError if a template is wrong."""
        folder = config.templates and config.path(config.templates)
        return render(self.kind, self.context, language=language, folder=folder, emails=self.emails)


def examples(
    config: Config, curricula: Sequence[Curriculum], emails: Emails = CORE_EMAILS
) -> list[Example]:
    """List an example of every email, or several: see `EmailDeclaration.example_per`. `curricula`
    has at least one."""
    return [
        Example(name, kind, {**declared.example(data), **about_union(config)}, emails)
        for kind, declared in emails.items()
        for name, data in _examples_of(kind, declared.example_per, config, curricula)
    ]


def _examples_of(
    kind: str, per: ExamplePer, config: Config, curricula: Sequence[Curriculum]
) -> Iterator[tuple[str, ExampleData]]:
    """The names of the examples of a kind, with what each is about."""
    match per:
        case "union":
            yield kind, _about(config, curricula[0], 0)
        case "curriculum":
            for each in curricula:
                yield f"{kind}-{each.key}", _about(config, each, 0)
        case "milestone":
            for each in curricula:
                for n, milestone in enumerate(each.milestones):
                    yield f"{kind}-{each.key}-{milestone.key}", _about(config, each, n)
        case _:
            assert_never(per)


def _about(config: Config, curriculum: Curriculum, position: int) -> ExampleData:
    """Data about the milestone at this position of a curriculum."""
    milestone, *later = curriculum.milestones[position:]
    region = next(iter(config.regions.values()), EXAMPLE_REGION)
    return ExampleData(config, curriculum, milestone, next(iter(later), None), region)
