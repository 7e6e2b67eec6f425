"""Export questions as Moodle XML, in the format of Moodle's import (question/format/xml).

Texts become safe HTML, in multilang format if there are several languages. Short answers and the
right sides of pairs stay plain text, because Moodle compares or lists them.
"""

from __future__ import annotations

import hashlib

from bridge.curriculum.markdown import title_text
from bridge.curriculum.model import Quiz, idnumber
from bridge.curriculum.question_types.question import Question
from bridge.curriculum.question_types.xml_writing import element, html, plain

HASH_LENGTH = 40


def question_xml(curriculum_key: str, quiz_key: str, question: Question) -> str:
    """A Moodle XML document with one question. Its idnumber is `…:<quiz>.<question>`."""
    return _document([_question(curriculum_key, quiz_key, question)])


def quiz_xml(curriculum_key: str, quiz: Quiz) -> str:
    """A Moodle XML document with all questions of a quiz, in their own category.

    For manual import; `stewardpath apply` sends the questions one by one.
    """
    # A single slash separates categories; a doubled one is a slash.
    name = title_text(quiz.title).replace("/", "//")
    category = element(
        "question",
        element("category", plain(f"$course$/top/{name}")),
        element("idnumber", idnumber(curriculum_key, quiz.key)),
        type="category",
    )
    questions = (_question(curriculum_key, quiz.key, question) for question in quiz.questions)
    return _document([category, *questions])


def content_hash(curriculum_key: str, quiz_key: str, question: Question) -> str:
    """The first 40 hexadecimal digits of the SHA-256 of a question's XML document."""
    xml = question_xml(curriculum_key, quiz_key, question)
    return hashlib.sha256(xml.encode()).hexdigest()[:HASH_LENGTH]


def _question(curriculum_key: str, quiz_key: str, question: Question) -> str:
    key = f"{quiz_key}.{question.key}"
    return element(
        "question",
        element("name", plain(key)),
        html("questiontext", question.text),
        html("generalfeedback", question.feedback),
        element("defaultgrade", "1"),
        element("penalty", "0.3333333"),
        element("hidden", "0"),
        element("idnumber", idnumber(curriculum_key, key)),
        *question.moodle_xml(),
        type=question.moodle_type,
    )


def _document(questions: list[str]) -> str:
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", *questions, "</quiz>", ""]
    )
