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


def check_outline(outline: Outline, report: Report) -> None:
    """Reports everything that is wrong between the records of a curriculum."""
    _check_milestone_list(outline, report)
    for kind, things in _things(outline):
        _check_keys(kind, list(things), report)
    for milestone in outline.milestones:
        _check_entry(milestone, outline, report)
        _check_requirements(milestone, outline, report)


def _things(outline: Outline) -> Iterator[tuple[str, Iterable[Filled]]]:
    """Everything that has a key, in the groups inside which a key is used once."""
    milestones = outline.milestones
    yield "milestone", milestones
    yield "section", (s for milestone in milestones for s in sections(milestone))
    yield "activity", (a for milestone in milestones for a in activities(milestone))
    for milestone in milestones:
        for activity in activities(milestone):
            yield "question", activity.records("questions")


def _check_keys(kind: str, things: list[Filled], report: Report) -> None:
    first: dict[str, Mark] = {}
    for thing in things:
        key, mark = key_of(thing), thing.mark_of(thing.record.keys[0].name)
        if key in first:
            report.error(
                mark,
                f"The {kind} key `{key}` is used twice; the first is in {_place(first[key])}.",
                "give one of them another key",
            )
        elif key:
            first[key] = mark
    _check_former_keys(kind, things, first, report)


def _check_former_keys(
    kind: str, things: list[Filled], keys: dict[str, Mark], report: Report
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
                f"`previously: {old}` names the key of another {kind}, in {_place(taken)}.",
                "write the key this one had before it was renamed, or leave it out",
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
            report.error(word.mark, f"The milestone `{key}` is listed twice.", "delete one")
        elif key not in files and outline.complete:
            report.error(
                word.mark,
                f"No file begins with `milestone: {key}`.",
                did_you_mean(key, files) or f"write the file {key}.yaml",
            )
        listed[key] = word
    if not outline.curriculum.has("milestones"):
        return
    for key, milestone in files.items():
        if key not in listed:
            report.error(
                milestone.mark_of("milestone"),
                f"The milestone `{key}` is not listed under `milestones:` in curriculum.yaml.",
                did_you_mean(key, listed) or "add it there, in its place in the order",
            )


def _check_entry(milestone: Filled, outline: Outline, report: Report) -> None:
    entry = milestone.record_of("entry")
    seen: set[str] = set()
    for word in entry.words("after") if entry else ():
        key = word.text.strip()
        if key in seen:
            report.error(word.mark, f"`{key}` is named twice.", "delete one")
        elif outline.complete and outline.milestone(key) is None:
            known = [m.word("milestone") for m in outline.milestones]
            report.error(word.mark, f"There is no milestone `{key}`.", did_you_mean(key, known))
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
            report.error(one.mark, f"`{name}: {this[1]}` is required twice.", "delete one")
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
            report.error(mark, f"There is no {kind} `{key}`.", did_you_mean(key, known))
    elif found[0].record.name != kind:
        real = found[0].record.name
        report.error(mark, f"`{key}` is not a {kind} but a {real}.", f"write `{real}: {key}`")


def _check_count(one: Filled, report: Report) -> None:
    count, among = int(one.word("at-least") or "0"), len(one.records("of"))
    if count > among > 0:
        report.error(
            one.mark_of("at-least"),
            f"At least {count} of {among} cannot be met.",
            f"write {among} or less, or add requirements under `of:`",
        )
