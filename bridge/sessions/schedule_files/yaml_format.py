"""Reads sessions from a schedule file in YAML."""

from __future__ import annotations

from collections.abc import Mapping as Map

from bridge.curriculum.parsed_record import Scalar
from bridge.curriculum.problems import Report, quoted
from bridge.curriculum.reading.yaml_nodes import Mapping, Node, RejectedNode, Sequence, read_nodes
from bridge.messages import Message
from bridge.sessions.schedule_files.raw_rows import Cell, FieldName, RawRow

WORDS: tuple[FieldName, ...] = (
    "key", "curriculum", "session", "part", "starts", "ends", "minutes", "timezone", "region",
    "materials", "state",
)  # fmt: skip
GROUPS: Map[str, Map[str, FieldName]] = {
    "seats": {"online": "seats_online", "room": "seats_room"},
    "place": {"online": "online", "room": "room"},
}
"""Keys that have keys of their own."""
KEYS = (*WORDS, *GROUPS, "leaders")


def read_yaml(file: str, text: str, report: Report) -> list[RawRow]:
    """Read a list of sessions; problems go to the report.

    A session that doesn't name seats or a place has no limit, and is online.
    """
    if not text.strip():
        return []
    node = read_nodes(file, text, report)
    if node is None or isinstance(node, RejectedNode):
        return []
    if isinstance(node, Mapping) and [key.text for key, _ in node.pairs] == ["sessions"]:
        node = node.pairs[0][1]  # as an export in JSON
    if not isinstance(node, Sequence):
        report.error(
            node.position,
            Message("a schedule file is a list of sessions."),
            Message("start each session with `- key: …`"),
        )
        return []
    return [row for item in node.items if (row := _row(item, report)) is not None]


def _row(node: Node, report: Report) -> RawRow | None:
    if not isinstance(node, Mapping | RejectedNode):
        report.error(
            node.position,
            Message("this isn't a session."),
            Message("start each session with `- key: …`"),
        )
        return None
    if isinstance(node, RejectedNode) or _has_rejected(node):
        return None
    cells: dict[FieldName, Cell] = {}
    leaders: tuple[Cell, ...] | None = None
    for name in ("seats", "place"):
        for field in GROUPS[name].values():
            cells[field] = Cell("", node.position)
    for key, value in node.pairs:
        if key.text == "leaders":
            leaders = _leaders(value, report)
        elif key.text in GROUPS:
            cells |= _group(key.text, value, report)
        elif (word := _word(key.text)) is None:
            _unknown(key, KEYS, report)
        elif (cell := _cell(value, report)) is not None:
            cells[word] = cell
    return RawRow(node.position, cells, leaders)


def _has_rejected(node: Mapping) -> bool:
    """Whether one of its values has been reported already."""
    return any(isinstance(value, RejectedNode) for _, value in node.pairs)


def _word(name: str) -> FieldName | None:
    return next((each for each in WORDS if each == name), None)


def _group(name: str, node: Node, report: Report) -> dict[FieldName, Cell]:
    if isinstance(node, RejectedNode) or _is_empty(node):
        return {}
    names = GROUPS[name]
    if not isinstance(node, Mapping):
        report.error(
            node.position,
            Message("`%(name)s` has the keys `online` and `room`.", name=name),
            Message("write `%(name)s: {online: …, room: …}`", name=name),
        )
        return {}
    found: dict[FieldName, Cell] = {}
    for key, value in node.pairs:
        if key.text not in names:
            _unknown(key, names, report)
        elif (cell := _cell(value, report)) is not None:
            found[names[key.text]] = cell
    return found


def _leaders(node: Node, report: Report) -> tuple[Cell, ...] | None:
    if isinstance(node, Sequence):
        cells = (_cell(each, report) for each in node.items)
        return tuple(each for each in cells if each and each.text)
    cell = _cell(node, report)
    return (cell,) if cell and cell.text else () if cell else None


def _cell(node: Node, report: Report) -> Cell | None:
    if isinstance(node, RejectedNode):
        return None
    if isinstance(node, Scalar):
        if node.cut is not None:
            report.error(
                node.cut,
                Message("a `#` after a space ends the text."),
                Message("put the whole text in straight quotes"),
            )
        empty = node.plain and node.text in ("~", "null")
        return Cell("" if empty else node.text.strip(), node.position)
    report.error(
        node.position,
        Message("this must be a single text or number."),
        Message("put a text with a colon or with brackets in straight quotes"),
    )
    return None


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null")


def _unknown(key: Scalar, known: Map[str, FieldName] | tuple[str, ...], report: Report) -> None:
    unknown = Message("there is no key %(name)s here.", name=quoted(key.text))
    hint = report.suggest(key.position, key.text, known)
    all_of_them = Message("the keys are %(names)s", names=", ".join(known))
    report.error(key.position, unknown, hint or all_of_them)
