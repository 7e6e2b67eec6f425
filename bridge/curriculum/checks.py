"""What no single file shows: keys used twice, references to nothing, files left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bridge.curriculum.filled import Filled
from bridge.curriculum.outline import (
    ACTIVITY_KINDS,
    Outline,
    activities,
    inner,
    key_of,
    requirements,
    sections,
)
from bridge.curriculum.problems import Mark, Report, did_you_mean
from bridge.curriculum.yaml_nodes import Scalar
from bridge.sentences import Sentence

NAMES = {"page": Sentence("page"), "link": Sentence("link"), "quiz": Sentence("quiz")}


def check_outline(outline: Outline, report: Report) -> None:
    """Reports everything that is wrong between the records of a curriculum."""
    _check_milestone_list(outline, report)
    for kind, things in _things(outline):
        _check_keys(kind, list(things), report)
    for milestone in outline.milestones:
        _check_entry(milestone, outline, report)
        _check_requirements(milestone, outline, report)


def _things(outline: Outline) -> Iterator[tuple[Sentence, Iterable[Filled]]]:
    """Everything that has a key, in the groups inside which a key is used once."""
    milestones = outline.milestones
    yield Sentence("milestone"), milestones
    yield Sentence("section"), (s for milestone in milestones for s in sections(milestone))
    yield Sentence("activity"), (a for milestone in milestones for a in activities(milestone))
    for milestone in milestones:
        for activity in activities(milestone):
            yield Sentence("question"), activity.records("questions")


def _check_keys(kind: Sentence, things: list[Filled], report: Report) -> None:
    first: dict[str, Mark] = {}
    for thing in things:
        key, mark = key_of(thing), thing.mark_of(thing.record.keys[0].name)
        if key in first:
            report.error(
                mark,
                Sentence(
                    "The %(kind)s key `%(key)s` is used twice; the first is in %(place)s.",
                    kind=kind,
                    key=key,
                    place=_place(first[key]),
                ),
                Sentence("give one of them another key"),
            )
        elif key:
            first[key] = mark
    _check_former_keys(kind, things, first, report)


def _check_former_keys(
    kind: Sentence, things: list[Filled], keys: dict[str, Mark], report: Report
) -> None:
    former: dict[str, Mark] = {}
    for thing in things:
        old = thing.word("previously")
        if not old:
            continue
        mark = thing.mark_of("previously")
        taken = keys.get(old) or former.get(old)
        if taken:
            report.error(
                mark,
                Sentence(
                    "`previously: %(key)s` names the key of another %(kind)s, in %(place)s.",
                    kind=kind,
                    key=old,
                    place=_place(taken),
                ),
                Sentence("write the key this one had before it was renamed, or leave it out"),
            )
        former[old] = mark


def _place(mark: Mark) -> str:
    return f"{mark.file}:{mark.line}"


def _check_milestone_list(outline: Outline, report: Report) -> None:
    listed: dict[str, Scalar] = {}
    files = {m.word("milestone"): m for m in outline.milestones if m.word("milestone")}
    for word in outline.curriculum.words("milestones"):
        key = word.text.strip()
        if key in listed:
            twice = Sentence("The milestone `%(key)s` is listed twice.", key=key)
            report.error(word.mark, twice, Sentence("delete one"))
        elif key not in files and outline.complete:
            report.error(
                word.mark,
                Sentence("No file begins with `milestone: %(key)s`.", key=key),
                did_you_mean(key, files) or Sentence("write the file %(key)s.yaml", key=key),
            )
        listed[key] = word
    if not outline.curriculum.has("milestones"):
        return
    for key, milestone in files.items():
        if key not in listed:
            report.error(
                milestone.mark_of("milestone"),
                Sentence(
                    "The milestone `%(key)s` is not listed under `milestones:` in curriculum.yaml.",
                    key=key,
                ),
                did_you_mean(key, listed) or Sentence("add it there, in its place in the order"),
            )


def _check_entry(milestone: Filled, outline: Outline, report: Report) -> None:
    entry = milestone.record_of("entry")
    seen: set[str] = set()
    for word in entry.words("after") if entry else ():
        key = word.text.strip()
        if key in seen:
            twice = Sentence("`%(key)s` is named twice.", key=key)
            report.error(word.mark, twice, Sentence("delete one"))
        elif outline.complete and outline.milestone(key) is None:
            known = [m.word("milestone") for m in outline.milestones]
            wrong = Sentence("There is no milestone `%(key)s`.", key=key)
            report.error(word.mark, wrong, did_you_mean(key, known))
        seen.add(key)


def _check_requirements(milestone: Filled, outline: Outline, report: Report) -> None:
    top = milestone.records("requirements")
    for group in (top, *(inner(one) for one in requirements(top))):
        _check_twice(group, report)
    for one in requirements(top):
        for kind in ACTIVITY_KINDS:
            if one.has(kind):
                _check_activity(one, kind, outline, report)
        if one.has("at-least"):
            _check_count(one, report)


def _check_twice(group: tuple[Filled, ...], report: Report) -> None:
    seen: set[tuple[str, str]] = set()
    for one in group:
        name = one.record.keys[0].name
        this = (name, one.word(name))
        if this in seen and this[1] and not inner(one):
            twice = Sentence("`%(kind)s: %(key)s` is required twice.", kind=name, key=this[1])
            report.error(one.mark, twice, Sentence("delete one"))
        seen.add(this)


def _check_activity(one: Filled, kind: str, outline: Outline, report: Report) -> None:
    key, mark = one.word(kind), one.mark_of(kind)
    found = outline.activity(key)
    if found is None:
        known = [
            key_of(activity)
            for milestone in outline.milestones
            for activity in activities(milestone)
            if activity.record.name == kind
        ]
        if outline.complete:
            missing = Sentence("There is no %(kind)s `%(key)s`.", kind=NAMES[kind], key=key)
            report.error(mark, missing, did_you_mean(key, known))
    elif found[0].record.name != kind:
        real = found[0].record.name
        other = Sentence(
            "`%(key)s` is not a %(kind)s but a %(real)s.",
            key=key, kind=NAMES[kind], real=NAMES[real],
        )  # fmt: skip
        report.error(mark, other, Sentence("write `%(better)s`", better=f"{real}: {key}"))


def _check_count(one: Filled, report: Report) -> None:
    count, among = int(one.word("at-least") or "0"), len(one.records("of"))
    if count > among > 0:
        report.error(
            one.mark_of("at-least"),
            Sentence("At least %(count)s of %(among)s cannot be met.", count=count, among=among),
            Sentence("write %(among)s or less, or add requirements under `of:`", among=among),
        )
