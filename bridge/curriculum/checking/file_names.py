"""Find files that are not read because of their names or places."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bridge.curriculum.problems import Position, Report
from bridge.messages import Message

_LIKE_YAML = re.compile(r"(?P<stem>.+?)\.ya?ml(?P<text>\.txt)?", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"(?P<stem>.+?)\.ya?ml\.(?:rtf|rtfd|docx?|odt|pages|html?|pdf|md|text)", re.IGNORECASE
)
_COPY = re.compile(
    r"(?P<stem>.+?)(?: ?\(\d+\)| - (?:Copy|Copie)(?: \(\d+\))?|[ _-](?:copy|copie)(?: ?\d+)?)\.yaml"
    r"|(?:Copy of|Copie de) (?P<of>.+)\.yaml",
    re.IGNORECASE,
)
"""How browsers, Windows, macOS and others name a copy."""
_FIRST_KEY = re.compile(
    rb"^(?:\xef\xbb\xbf)?((?:curriculum|milestone|forms|sessions|programs)[ \t]*:[^\r\n#]*)",
    re.MULTILINE,
)
_LIKE_TOP = re.compile(r"curriculum\.ya?ml(?:\.txt)?", re.IGNORECASE)


def is_hidden(name: str) -> bool:
    """Whether a file is hidden, or is the one that Word keeps while it has another file open."""
    return name.rpartition("/")[2].startswith((".", "~$"))


def is_like_yaml(name: str) -> bool:
    """Whether a file was probably meant to be read, such as `new-steward.yaml.txt`."""
    return bool(_LIKE_YAML.fullmatch(name)) and not is_hidden(name)


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
    tops, copied = misnamed_tops(files), copies(files)
    for name in report.unread:
        if document := _DOCUMENT.fullmatch(name):
            _report_document(name, f"{document['stem']}.yaml", files, place, report)
    for name in files:
        found = _LIKE_YAML.fullmatch(name)
        if not found or is_hidden(name):
            continue
        if name in copied:
            copy = Message("This file is a copy of %(name)s.", name=copied[name])
            report.error(Position(place + name), copy, Message("delete one of the two"))
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


def copies(files: Mapping[str, bytes]) -> dict[str, str]:
    """The files that are copies, by their names and first keys, each with the name of the other.

    They are not read.
    """
    found = {}
    for name in files:
        copy = _COPY.fullmatch(name) if "/" not in name else None
        other = f"{copy['stem'] or copy['of']}.yaml" if copy else ""
        if other in files and _first_key(files[name]) == _first_key(files[other]):
            found[name] = other
    return found


def _first_key(content: bytes) -> bytes:
    found = _FIRST_KEY.search(content)
    return b"".join(found[1].split()) if found else b""


def _report_document(
    name: str, meant: str, files: Mapping[str, bytes], place: str, report: Report
) -> None:
    position, wrong = Position(place + name), Message("Only files ending in .yaml are read.")
    if meant in files:
        exists = Message("delete it: there is also a file %(name)s", name=meant)
        report.warning(position, wrong, exists)
    else:
        advice = Message("save its text as plain text, in the file %(name)s", name=meant)
        report.error(position, wrong, advice)


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
