"""Questions as the sandbox's file has them: the Moodle XML that was imported.

Files of version 0.1 may have JSON. Remove `_from_json` in the next release.
"""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from bridge.curriculum.question_types.question import Question
from bridge.moodle.sandbox.quiz.question_documents import parse
from bridge.moodle.sandbox.stored_files import MARK, address


def restore(stored: str) -> Question:
    """The question of a row's `definition`."""
    _, question = parse(_from_json(stored) if stored.startswith("{") else stored)
    return question


def with_addresses(stored: str, question: int) -> str:
    """The definition with the addresses of its images, as a page needs them."""
    return stored.replace(MARK, address("question", question))


def _from_json(stored: str) -> str:
    given = json.loads(stored)
    root = ElementTree.Element("quiz")
    node = ElementTree.SubElement(root, "question", type=given["type"])
    _add(node, "name/text", given["name"])
    _add(node, "questiontext/text", given["text"])
    _add(node, "generalfeedback/text", given["feedback"])
    _add(node, "single", "true" if given["single"] else "false")
    for answer in given["answers"]:
        _add_answer(node, answer, "subquestion" if given["type"] == "matching" else "answer")
    return ElementTree.tostring(root, "unicode")


def _add_answer(node: ElementTree.Element, answer: dict[str, Any], name: str) -> None:
    part = ElementTree.SubElement(node, name, fraction=str(answer["fraction"] * 100))
    _add(part, "text", answer["text"])
    _add(part, "feedback/text", answer["feedback"])
    _add(part, "tolerance", str(answer["tolerance"]))
    _add(part, "answer/text", answer["match"])


def _add(node: ElementTree.Element, path: str, text: str) -> None:
    for name in path.split("/"):
        node = ElementTree.SubElement(node, name)
    node.text = text
