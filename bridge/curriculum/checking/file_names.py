"""Find files that are not read because of their names or places."""

from __future__ import annotations

import re
from collections.abc import Collection

from bridge.curriculum.problems import Position, Report
from bridge.messages import Message

_LIKE_YAML = re.compile(r"(?P<stem>.+?)\.ya?ml(?P<text>\.txt)?", re.IGNORECASE)
_LIKE_TOP = re.compile(r"curriculum\.ya?ml(?:\.txt)?", re.IGNORECASE)


def is_like_yaml(name: str) -> bool:
    """Whether a file was probably meant to be read, such as `new-steward.yaml.txt`."""
    return bool(_LIKE_YAML.fullmatch(name)) and not name.startswith(".")


def is_like_top(name: str) -> bool:
    """Whether a file was probably meant to be curriculum.yaml, such as `Curriculum.yml`."""
    return bool(_LIKE_TOP.fullmatch(name)) and name != "curriculum.yaml"


def check_file_names(names: Collection[str], place: str, report: Report) -> None:
    """Report files that are not read. `place`: the prefix of names in problems."""
    for name in names:
        found = _LIKE_YAML.fullmatch(name)
        if not found:
            continue
        meant = "curriculum.yaml" if is_like_top(name) else f"{found['stem']}.yaml"
        if "/" in name:
            report.warning(
                Position(place + name),
                Message("Files in subfolders are not read."),
                Message("move it into the curriculum's folder, or delete it"),
            )
        elif name != meant:
            _report_name(name, meant, names, place, report)


def _report_name(name: str, meant: str, names: Collection[str], place: str, report: Report) -> None:
    position, wrong = Position(place + name), Message("Only files ending in .yaml are read.")
    if is_like_top(name):
        wrong = Message("This file is not read: its name must be curriculum.yaml.")
    if meant in names:
        exists = Message("delete it: there is also a file %(name)s", name=meant)
        report.warning(position, wrong, exists)
    else:
        report.error(position, wrong, Message("rename it to %(name)s", name=meant))
