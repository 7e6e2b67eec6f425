"""Find files that are not read because of their names or places."""

from __future__ import annotations

import re
from collections.abc import Mapping

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


def begins_with(kind: str, content: bytes) -> bool:
    """Whether a file has a key such as `curriculum:` at the beginning of a line."""
    return bool(re.search(rb"^(?:\xef\xbb\xbf)?%s[ \t]*:" % kind.encode(), content, re.MULTILINE))


def misnamed_tops(files: Mapping[str, bytes]) -> set[str]:
    """The files that were probably meant to be curriculum.yaml: by their names or, without a
    curriculum.yaml, by what they begin with. They are not read."""
    found = {name for name in files if is_like_top(name)}
    if "curriculum.yaml" in files:
        return found
    here = {name for name in files if is_like_yaml(name) and "/" not in name}
    return found | {name for name in here if begins_with("curriculum", files[name])}


def check_file_names(files: Mapping[str, bytes], place: str, report: Report) -> None:
    """Report files that are not read. `place`: the prefix of names in problems."""
    tops = misnamed_tops(files)
    for name in files:
        found = _LIKE_YAML.fullmatch(name)
        if not found:
            continue
        meant = "curriculum.yaml" if name in tops else f"{found['stem']}.yaml"
        if "/" in name:
            report.warning(
                Position(place + name),
                Message("Files in subfolders are not read."),
                Message("move it into the curriculum's folder, or delete it"),
            )
        elif name != meant:
            _report_name(name, meant, files, place, report)


def _report_name(
    name: str, meant: str, files: Mapping[str, bytes], place: str, report: Report
) -> None:
    position, wrong = Position(place + name), Message("Only files ending in .yaml are read.")
    if meant == "curriculum.yaml":
        wrong = Message("This file is not read: its name must be curriculum.yaml.")
    if meant in files:
        exists = Message("delete it: there is also a file %(name)s", name=meant)
        report.warning(position, wrong, exists)
    else:
        report.error(position, wrong, Message("rename it to %(name)s", name=meant))
