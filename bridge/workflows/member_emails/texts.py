"""What an email to members says: a subject and a text in one language or several. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import cast

from bridge.curriculum.markdown import image_references
from bridge.membership.emails import EMAIL, MAX_EMAIL_LENGTH
from bridge.messages import NOTHING, Message
from bridge.printable_text import unprintable_problem

MAX_SUBJECT = 150
MAX_TEXT = 20_000
LANGUAGES = ("en", "fr")
"""The languages of emails."""
LANGUAGE_NAMES = {"en": Message("English"), "fr": Message("French")}


@dataclass(frozen=True, slots=True)
class Written:
    """An email in one language. `text`: Markdown."""

    subject: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        """Whether anything is written in this language."""
        return bool(self.subject.strip() or self.text.strip())


Texts = Mapping[str, Written]
"""By language; only those in which something is written."""


def as_data(texts: Texts) -> dict[str, object]:
    """The texts as JSON data."""
    return {language: asdict(each) for language, each in texts.items() if each}


def from_data(data: Mapping[str, object]) -> Texts:
    """What `as_data` gave."""
    return {
        language: Written(**cast("Mapping[str, str]", data[language]))
        for language in LANGUAGES
        if language in data
    }


def problem_of(texts: Texts, reply_to: str) -> Message:
    """Why an email can't be sent, as a sentence; empty if it can."""
    if not any(texts.values()):
        return Message("Write a subject and a text, in one language or both.")
    for language, written in texts.items():
        if written and (problem := _problem_in(written, LANGUAGE_NAMES[language])):
            return problem
    return reply_problem(reply_to)


def _problem_in(written: Written, language: Message) -> Message:
    if not written.subject.strip():
        return Message("The subject is missing (%(language)s).", language=language)
    if not written.text.strip():
        return Message("The text is missing (%(language)s).", language=language)
    if len(written.subject) > MAX_SUBJECT or len(written.text) > MAX_TEXT:
        return Message(
            "This is too long (%(language)s): a subject has at most %(subject)s characters, a text "
            "%(text)s.",
            language=language, subject=MAX_SUBJECT, text=MAX_TEXT,
        )  # fmt: skip
    return unprintable_problem(written.subject) or unprintable_problem(written.text, lines=True)


def reply_problem(address: str) -> Message:
    """What is wrong with an address for replies; empty if nothing is, or there is none."""
    if address and (not EMAIL.fullmatch(address) or len(address) > MAX_EMAIL_LENGTH):
        return Message("Enter an address such as name@example.org for replies.")
    return NOTHING


def has_images(texts: Texts) -> bool:
    """Whether a text has images, which emails don't show."""
    return any(image_references(each.text) for each in texts.values())


def text_language(language: str, texts: Texts, default: str) -> str:
    """The language of the text for someone who reads `language` ('': the default).

    Theirs if it is written, else the default, else the one that is.
    """
    wanted = re.split("[-_]", language.lower())[0] or default
    return next((each for each in (wanted, default) if each in texts), next(iter(texts), default))
