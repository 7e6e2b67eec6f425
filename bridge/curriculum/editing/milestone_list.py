"""Edit the list of milestones in the text of curriculum.yaml, keeping comments and layout."""

from __future__ import annotations

from itertools import accumulate

from bridge.curriculum.problems import Report
from bridge.curriculum.reading.yaml_nodes import Mapping, Node, Scalar, Sequence, read_nodes


class CannotList(Exception):
    """The list is written in a way that cannot be edited automatically."""


def milestones_in(text: str) -> list[str]:
    """The milestone keys in the list; [] if there is no readable list."""
    return [item.text for item in _items(text)]


def with_milestone(text: str, key: str, after: str | None = None) -> str:
    """The text with a milestone added.

    `after`: the key to add it after; '' adds it first, None or an unlisted key adds it last.
    Raises CannotList.
    """
    items = _items(text)
    keys = [item.text for item in items]
    if not items:
        raise CannotList
    place = 0 if after == "" else keys.index(after) + 1 if after in keys else len(keys)
    start, end = _span(text, items[max(place - 1, 0)])
    line = text.rfind("\n", 0, start) + 1
    if _is_on_own_line(text, start):
        at = (text + "\n").index("\n", end)
        new = f"{text[line:start]}{key}"
        edited = f"{text[:at]}\n{new}{text[at:]}" if place else f"{text[:line]}{new}\n{text[line:]}"
    else:
        edited = (
            f"{text[:end]}, {key}{text[end:]}" if place else f"{text[:start]}{key}, {text[start:]}"
        )
    return _checked(edited, [*keys[:place], key, *keys[place:]])


def without_milestone(text: str, key: str) -> str:
    """The text with a milestone removed. Raises CannotList."""
    items = _items(text)
    keys = [item.text for item in items]
    if key not in keys or len(keys) == 1:
        raise CannotList
    place = keys.index(key)
    start, end = _span(text, items[place])
    if _is_on_own_line(text, start):
        start = text.rfind("\n", 0, start) + 1
        end = (text + "\n").index("\n", end) + 1
    elif place:
        start = _span(text, items[place - 1])[1]
    else:
        end = _span(text, items[1])[0]
    return _checked(text[:start] + text[end:], keys[:place] + keys[place + 1 :])


def milestone_of(text: str) -> str:
    """The key of the milestone in a file; '' if it cannot be read."""
    value = _values(text).get("milestone")
    return value.text.strip() if isinstance(value, Scalar) else ""


def _values(text: str) -> dict[str, Node]:
    report = Report()
    report.add_source("", text)
    top = read_nodes("", text, report)
    return {name.text: value for name, value in top.pairs} if isinstance(top, Mapping) else {}


def _items(text: str) -> list[Scalar]:
    listed = _values(text).get("milestones")
    items = listed.items if isinstance(listed, Sequence) else ()
    return [item for item in items if isinstance(item, Scalar)]


def _span(text: str, item: Scalar) -> tuple[int, int]:
    """Where a key starts and ends in the text. Raises CannotList if the key is in quotes."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    start = starts[item.position.line - 1] + item.position.column - 1
    if not item.plain:
        raise CannotList
    return start, start + len(item.text)


def _is_on_own_line(text: str, start: int) -> bool:
    """Whether the item is on its own line, after a hyphen."""
    return text[text.rfind("\n", 0, start) + 1 : start].strip() == "-"


def _checked(text: str, keys: list[str]) -> str:
    """The edited text, if it has the expected keys. A comment in the list can break the edit."""
    if milestones_in(text) != keys:
        raise CannotList
    return text
