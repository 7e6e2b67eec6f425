"""Parse YAML into nodes that keep each value as it was typed, with its position.

Uses the parser's events, so that values are not converted: `Yes` stays a text, and so does
`2026-01-01`. Anchors, aliases, tags and merge keys are rejected: curricula don't need them, and a
few lines of them can expand to gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from bridge.curriculum.parsed_record import Scalar as Scalar
from bridge.curriculum.problems import Position, Report, instead, quoted
from bridge.curriculum.reading.flow_translations import without_braces
from bridge.curriculum.reading.layout.mistakes import new_item
from bridge.curriculum.reading.layout.pasted_lines import explain_patch
from bridge.curriculum.reading.texts.escapes import NO_DOUBLE_QUOTES, find_wrong_escape
from bridge.curriculum.reading.yaml_errors import QUOTE, explain
from bridge.curriculum.text import Language
from bridge.messages import Message
from bridge.printable_text import find_unprintable

MAX_DEPTH = 24
"""Maximum nesting of lists and mappings. A question's choice is at level 9."""

MAX_VALUES = 20_000
"""Maximum keys and values in one file. A long milestone has 2,000."""

_TAGGED = (yaml.ScalarEvent, yaml.CollectionStartEvent)
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    position: Position
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping. `pairs` are in the order typed, each key once."""

    position: Position
    pairs: tuple[tuple[Scalar, Node], ...]


@dataclass(frozen=True, slots=True)
class RejectedNode:
    """A node whose problem has been reported. It causes no further messages."""

    position: Position


Node = Scalar | Sequence | Mapping | RejectedNode


class _LimitExceededError(Exception):
    """The file is too deep or too long; stop reading it."""


def read_nodes(
    file: str, text: str, report: Report, languages: tuple[Language, ...] = ()
) -> Node | None:
    """The document in a YAML file; None, after an error was reported, if it is not valid.

    `languages`: the curriculum's languages, () if unknown. Explanations of errors use them.
    """
    try:
        return _Composer(file, yaml.parse(text, Loader=_LOADER), report, languages).document()
    except yaml.MarkedYAMLError as error:
        explain(file, error, report, languages)
    except _LimitExceededError:
        pass
    return None


class _Composer:
    def __init__(
        self,
        file: str,
        events: Iterator[yaml.Event],
        report: Report,
        languages: tuple[Language, ...] = (),
    ) -> None:
        self.file = file
        self.events = events
        self.report = report
        self.languages = languages
        self.values = 0

    def document(self) -> Node | None:
        next(self.events)
        if isinstance(event := next(self.events), yaml.StreamEndEvent):
            nothing = Message("The file contains only comments.")
            self.report.error(Position(self.file), nothing)
            return None
        node = self.node(next(self.events), 0)
        next(self.events)
        if not isinstance(event := next(self.events), yaml.StreamEndEvent):
            if explain_patch(self.file, self.report):
                return None
            self.report.error(
                self.position(event),
                Message("A second YAML document begins here."),
                Message("delete the line `---`; each file holds one milestone"),
            )
            return None
        return node

    def node(self, event: yaml.Event, depth: int) -> Node:
        position = self.position(event)
        self.values += 1
        if self.values > MAX_VALUES:
            many = Message("The file has more than %(limit)s keys and values.", limit=MAX_VALUES)
            self.report.error(position, many)
            raise _LimitExceededError
        if isinstance(event, yaml.AliasEvent):
            return self.refuse(position, "*")
        node = self.content(event, position, depth)
        if not isinstance(event, yaml.NodeEvent):
            return node
        if event.anchor is not None:
            return self.refuse(position, "&")
        if isinstance(event, _TAGGED) and event.tag is not None:
            return self.refuse(position, "!")
        return node

    def content(self, event: yaml.Event, position: Position, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            self.refuse_unprintable(event, position)
            return self.scalar(event, position)
        if depth >= MAX_DEPTH:
            deep = Message("This is nested more than %(limit)s levels deep.", limit=MAX_DEPTH)
            self.report.error(position, deep)
            raise _LimitExceededError
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(position, depth)
        return self.mapping(position, depth)

    def refuse_unprintable(self, event: yaml.ScalarEvent, position: Position) -> None:
        """Report what an escape such as `\\u202e` or the `\\r` of `\\rho` brought into a text."""
        if not (found := find_unprintable(event.value, lines=True)):
            return
        last_line = event.end_mark.line + 1 if event.end_mark else position.line
        if escape := find_wrong_escape(position, last_line, self.report):
            place, code = escape
            self.report.error(
                place,
                Message(
                    "In double quotes, this backslash begins a code, and `%(code)s` disappears "
                    "from the text.",
                    code=code,
                ),
                NO_DOUBLE_QUOTES,
            )
            return
        self.report.error(
            position,
            Message(
                "This text contains an invisible control character (%(code)s).",
                code=found.described,
            ),
            Message("delete its escape, or write the backslash twice if you meant a backslash"),
        )

    def scalar(self, event: yaml.ScalarEvent, position: Position) -> Scalar:
        plain = not event.style
        end = event.end_mark
        if end is None:
            return Scalar(position, event.value, position.line, plain)
        if not (plain and event.value):
            return Scalar(position, event.value, end.line + 1, plain)
        cut, comment = self.comment_after(end.line, end.column)
        return Scalar(position, event.value, end.line + 1, plain, cut, comment)

    def comment_after(self, line: int, column: int) -> tuple[Position | None, Position | None]:
        """Where a `#` ended an unquoted text: surely by accident (`Local #5`), or perhaps.

        Two spaces before a `#` say that a comment is meant.
        """
        rest = self.report.line(self.file, line + 1)[column:]
        comment = rest.lstrip()
        spaces = len(rest) - len(comment)
        place = Position(self.file, line + 1, column + spaces + 1)
        if not comment.startswith("#") or comment[1:2] in {"#", "-", "="}:
            return None, None
        if comment[1:2] in {"", " "}:
            return None, place if spaces == 1 else None
        return place, None

    def sequence(self, position: Position, depth: int) -> Sequence:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        return Sequence(position, tuple(items))

    def mapping(self, position: Position, depth: int) -> Mapping:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if self.is_usable(key, pairs, position) and isinstance(key, Scalar):
                pairs[key.text] = (key, value)
        return Mapping(position, tuple(pairs.values()))

    def is_usable(
        self, key: Node, pairs: dict[str, tuple[Scalar, Node]], position: Position
    ) -> bool:
        if isinstance(key, RejectedNode):
            return False
        if not isinstance(key, Scalar):
            self.refuse_key(key.position, position)
            return False
        if key.text == "<<" and key.plain:
            merging = Message("Merging mappings with `<<` is not allowed.")
            self.report.error(key.position, merging)
            return False
        return self.is_first(key, pairs, position)

    def refuse_key(self, key: Position, mapping: Position) -> None:
        line = self.report.line(self.file, mapping.line)[mapping.column - 1 :]
        if better := without_braces(line, self.languages):
            twice = Message("There are two `{` here, where one begins the languages.")
            self.report.error(mapping, twice, instead(better))
            return
        self.report.error(
            key,
            Message("A list or mapping cannot be a key."),
            Message("if these brackets are part of a text, put the text in straight quotes"),
        )

    def is_first(
        self, key: Scalar, pairs: dict[str, tuple[Scalar, Node]], position: Position
    ) -> bool:
        if key.text not in pairs:
            return True
        first = pairs[key.text][0].position.line
        self.report.error(
            key.position,
            Message(
                "%(name)s is given twice; the first is on line %(line)s.",
                name=quoted(key.text),
                line=str(first),
            ),
            new_item(key.text, position, self.report) or Message("keep one of the two"),
        )
        return False

    def refuse(self, position: Position, character: str) -> RejectedNode:
        self.report.error(
            position,
            Message("A text cannot begin with the character %(at)s in YAML.", at=character),
            QUOTE,
        )
        return RejectedNode(position)

    def position(self, event: yaml.Event) -> Position:
        at = event.start_mark
        return Position(self.file, at.line + 1, at.column + 1) if at else Position(self.file)
