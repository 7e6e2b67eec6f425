"""The text that a consultation is about, as it was at one revision. Depends on its arguments only.

It is kept with the consultation, so later edits of the curriculum don't change what people read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from markupsafe import Markup

from bridge.curriculum.descriptions import describe, names_of
from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.markdown import to_html, to_inline_html
from bridge.curriculum.model import Curriculum, Milestone
from bridge.curriculum.text import Language, Text
from bridge.messages import as_data, from_data

PointKind = Literal["whole", "expectation", "requirement"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")
"""Those of the pages: requirements are described in each of them."""
RoleLabels = Mapping[str, Mapping[Language, str]]


@dataclass(frozen=True, slots=True)
class Point:
    """Something that people answer about: a milestone as a whole, an expectation, a requirement.

    `key`: its name in this draft. `words`: by language; a text as typed, or a stored Message.
    """

    key: str
    kind: PointKind
    words: Mapping[Language, object]

    def text(self, language: Language) -> str:
        """A Message if it is a requirement, else the text as typed (one line of Markdown)."""
        chosen = self.words.get(language) or next(iter(self.words.values()), "")
        return from_data(chosen)

    def text_as_typed(self, language: Language) -> str:
        """An expectation or a title in a language, with the spaces that it needs."""
        return text_in({key: str(text) for key, text in self.words.items()}, language)

    def html(self, language: Language) -> Markup:
        """An expectation or a title, in one line."""
        return Markup(to_inline_html(self.text_as_typed(language)))  # noqa: S704 - sanitised


@dataclass(frozen=True, slots=True)
class DraftMilestone:
    """A milestone in a draft. The first of the points is the milestone as a whole."""

    key: str
    title: Mapping[Language, str]
    summary: Mapping[Language, str]
    points: tuple[Point, ...]

    def named(self, language: Language) -> str:
        return text_in(self.title, language)

    def summary_html(self, language: Language) -> Markup:
        return Markup(to_html(text_in(self.summary, language)))  # noqa: S704 - sanitised


@dataclass(frozen=True, slots=True)
class Draft:
    """The milestones that a consultation is about, in order."""

    milestones: tuple[DraftMilestone, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for each in self.milestones for point in each.points)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(each.key for each in self.points)

    def point(self, key: str) -> Point | None:
        return next((each for each in self.points if each.key == key), None)


def markdown_html(text: str) -> Markup:
    """What the committee writes about a consultation, as safe HTML."""
    return Markup(to_html(text))  # noqa: S704 - sanitised


def text_in(translations: Mapping[Language, str], language: Language) -> str:
    """The text in a language, or else in the first one that there is."""
    return Text(tuple(translations.items())).shown(language)


def draft_of(curriculum: Curriculum, milestone: str, labels: RoleLabels) -> Draft:
    """The text of a milestone, or of all if `milestone` is ''; empty if it is gone.

    `labels`: what the union calls its roles.
    """
    chosen = _chosen(curriculum, milestone)
    languages = dict.fromkeys((*curriculum.languages, *LANGUAGES))
    names = {each: names_of(curriculum, each, labels) for each in languages}

    def points(each: Milestone) -> Iterator[Point]:
        yield Point(f"{each.key}/whole", "whole", _texts(each.title))
        for n, text in enumerate(each.expectations, 1):
            yield Point(f"{each.key}/expectation-{n}", "expectation", _texts(text))
        for n, requirement in enumerate(each.requirements, 1):
            words = {k: as_data(describe(requirement, known)) for k, known in names.items()}
            yield Point(f"{each.key}/requirement-{n}", "requirement", words)

    return Draft(
        tuple(
            DraftMilestone(each.key, _texts(each.title), _texts(each.summary), tuple(points(each)))
            for each in chosen
        )
    )


def fingerprint(curriculum: Curriculum, milestone: str) -> str:
    """Identifies the text of a milestone, or of the whole path: another text has another one.

    Also what requirements don't say in words, such as who signs off.
    """
    rules = [
        [each.kind, asdict(cast(Any, each))]
        for one in _chosen(curriculum, milestone)
        for each in one.requirements
    ]
    data = {**draft_as_data(draft_of(curriculum, milestone, {})), "rules": rules}
    text = json.dumps(data, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    """A value of a requirement, the same each time that the curriculum is read."""
    return sorted(map(str, value)) if isinstance(value, AbstractSet) else str(value)


def has_text_of(curriculum: Curriculum, draft: Draft) -> bool:
    """Whether the curriculum has a milestone of the draft, with one of its expectations: it is the
    same curriculum under another key, or a part of it.
    """
    own = {key: each for each in curriculum.milestones for key in all_keys(each)}
    return any(
        _characteristic(each) & {str(_texts(text)) for text in (found.title, *found.expectations)}
        for each in draft.milestones
        if (found := own.get(each.key)) is not None
    )


def _characteristic(milestone: DraftMilestone) -> set[str]:
    """The expectations of a milestone; its title if it has none. Titles alone can be the same."""
    expected = {str(each.words) for each in milestone.points if each.kind == "expectation"}
    return expected or {str(milestone.title)}


def _chosen(curriculum: Curriculum, milestone: str) -> list[Milestone]:
    return [each for each in curriculum.milestones if not milestone or milestone in all_keys(each)]


def draft_as_data(draft: Draft) -> dict[str, object]:
    """A draft as JSON; `draft_from_data` turns it back."""
    return {
        "milestones": [
            {
                "key": each.key, "title": dict(each.title), "summary": dict(each.summary),
                "points": [
                    {"key": point.key, "kind": point.kind, "words": dict(point.words)}
                    for point in each.points
                ],
            }
            for each in draft.milestones
        ]
    }  # fmt: skip


def draft_from_data(data: Mapping[str, object]) -> Draft:
    """The draft that was passed to `draft_as_data`."""
    stored = data.get("milestones")
    assert isinstance(stored, Sequence)  # noqa: S101 - we have written it
    return Draft(
        tuple(
            DraftMilestone(
                each["key"], each["title"], each["summary"],
                tuple(Point(p["key"], p["kind"], p["words"]) for p in each["points"]),
            )
            for each in stored
        )
    )  # fmt: skip


def _texts(text: Text) -> dict[Language, str]:
    return dict(text.translations)
