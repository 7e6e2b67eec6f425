"""Reads a Moodle XML document with one question."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree

from bridge.curriculum.question_types.question import Question
from bridge.curriculum.question_types.register import question_from_xml
from bridge.curriculum.question_types.xml_reading import BadQuestion, value

_MAX_XML = 5_000_000


@lru_cache(maxsize=1000)
def parse(xml: str) -> tuple[str, Question]:
    """The idnumber and the only question in a Moodle XML document.

    Raises BadQuestion if it is not a question of a supported type.
    """
    if len(xml) > _MAX_XML or re.search(r"<!(DOCTYPE|ENTITY)", xml, re.IGNORECASE):
        raise BadQuestion("The XML contains a document type or entities, or is too long.")
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - document types are refused above
    except ElementTree.ParseError as error:
        raise BadQuestion(f"The XML is not well formed: {error}.") from error
    found = root.findall("question")
    if root.tag != "quiz" or len(found) != 1:
        raise BadQuestion(f"Exactly one question is expected in <quiz>, there are {len(found)}.")
    return value(found[0], "idnumber"), question_from_xml(found[0])
