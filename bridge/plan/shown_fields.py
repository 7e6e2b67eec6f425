"""How a plan shows the fields that differ: old and new, as people read them. Pure functions."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from xml.etree import ElementTree

from bridge.curriculum.markdown import split_languages
from bridge.plan.model import Change, FieldChange, Plan, stored_image

HASHED_FIELDS = {("question", "content"), ("badge", "image")}
"""Fields compared by a hash, which is meaningless to people."""
NAMES = {"name", "idnumber"}
"""Elements of a question that hold its key, which a rename shows."""
_TAG = re.compile("<[^>]*>")


def former_hashes(plan: Plan) -> set[str]:
    """The hashes of the questions in Moodle that the plan changes."""
    return {
        str(field.old)
        for change in plan.changes
        if change.resource.kind == "question"
        for field in change.differing
        if field.name == "content" and field.old
    }


def shown_fields(change: Change, questions: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """The fields that differ, with the lines of a question that differ instead of its hash.

    `questions`: former questions as Moodle XML, by hash. A field without an old and a new value
    (None and '') has changed, and it isn't known how.
    """
    return tuple(each for field in change.differing for each in _shown(change, field, questions))


def _shown(
    change: Change, field: FieldChange, questions: Mapping[str, str]
) -> Iterator[FieldChange]:
    if (change.resource.kind, field.name) not in HASHED_FIELDS:
        yield field
        return
    former = questions.get(str(field.old), "")
    lines = list(changed_lines(former, change.resource.payload)) if former else []
    for old, new in lines:
        yield FieldChange(field.name, old, new)
    if not lines:
        yield FieldChange(field.name, None, "")


def changed_lines(former: str, present: str) -> Iterator[tuple[str, str]]:
    """The lines of two questions (Moodle XML) that differ, old and new; '' for none."""
    old, new = question_lines(former), question_lines(present)
    for tag, i, end_i, j, end_j in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from zip_longest(old[i:end_i], new[j:end_j], fillvalue="")


def question_lines(xml: str) -> Sequence[str]:
    """A question as lines of plain text: its wording, answers with marks, feedback, settings."""
    root = ElementTree.fromstring(xml)  # noqa: S314  (written by ourselves)
    return [line for line in _lines(root, "") if line]


def _lines(node: ElementTree.Element, mark: str) -> Iterator[str]:
    if node.tag in NAMES:
        return
    text = (node.text or "").strip()
    if node.tag == "file":
        content = hashlib.sha1(b64decode(text), usedforsecurity=False).hexdigest()
        yield f"image: {stored_image(node.get('name', ''), content)}"
        return
    if node.tag == "text":
        for part in split_languages(text):
            line = " ".join(_TAG.sub(" ", part).split())
            yield line and line + mark
    elif text:
        yield f"{node.tag}: {text}"
    share = node.get("fraction")
    for child in node:
        yield from _lines(child, f" ({share} %)" if share and child.tag == "text" else "")
