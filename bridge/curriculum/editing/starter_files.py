"""The content of new files: valid from the start, with texts that say what to write."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bridge.curriculum.model import Language
from bridge.curriculum.reading.starter_texts import STARTER_TEXTS
from bridge.curriculum.text import key_as_words
from bridge.curriculum.topics import DEFAULT_MINUTES

FIRST_MILESTONE = "first-step"
"""Key of the first milestone of a new curriculum."""
SCHEMA = "# yaml-language-server: $schema=../schema.json\n"
MAX_KEY_PREFIX_LENGTH = 20
"""Characters of a milestone's key that start the keys of its sections and activities."""


def new_curriculum(key: str, title: str, languages: Sequence[Language]) -> dict[str, str]:
    """Name -> content of the files of a curriculum with one milestone."""
    first = _translations("first", languages)
    top = (
        f"{SCHEMA}curriculum: {key}\ntitle: {_text(dict.fromkeys(languages, title))}\n"
        f"languages: [{', '.join(languages)}]\nmilestones: [{FIRST_MILESTONE}]\n"
    )
    return {
        f"{FIRST_MILESTONE}.yaml": _milestone(FIRST_MILESTONE, first, languages),
        "curriculum.yaml": top,
    }


def new_milestone(key: str, title: str, languages: Sequence[Language]) -> str:
    """The content of a milestone file with a page and a quiz of one question."""
    return _milestone(key, dict.fromkeys(languages, title), languages)


def new_sessions(languages: Sequence[Language], required: Sequence[str] = ()) -> str:
    """The content of sessions.yaml: the topics that milestones require already, or else one."""
    texts = _starter_texts(languages)
    titles = {key: _text(dict.fromkeys(languages, key_as_words(key))) for key in required}
    topics = (titles or {"first-session": texts["topic"]}).items()
    return f"{SCHEMA}sessions:\n" + "\n".join(
        f"""  - session: {key}
    title: {title}
    description: {texts["learned"]}
    audience: members
    minutes: {DEFAULT_MINUTES}
"""
        for key, title in topics
    )


def new_forms(languages: Sequence[Language]) -> str:
    """The content of forms.yaml with one form."""
    texts = _starter_texts(languages)
    return f"""{SCHEMA}forms:
  - form: first-form
    title: {texts["form"]}
    introduction: {texts["introduction"]}
    audience: members
    fields:
      - field: first
        type: long-text
        label: {texts["field"]}
"""


def new_programs(languages: Sequence[Language], year: int, required: Sequence[str] = ()) -> str:
    """The content of programs.yaml: the programs that milestones require already, or else one.

    `year`: when their first round is.
    """
    texts = _starter_texts(languages)
    titles = {key: _text(dict.fromkeys(languages, key_as_words(key))) for key in required}
    programs = (titles or {"first-program": texts["program"]}).items()
    return f"{SCHEMA}programs:\n" + "\n".join(
        f"""  - program: {key}
    title: {title}
    description: {texts["offered"]}
    audience: members
    form:
      fields:
        - field: first
          type: long-text
          label: {texts["field"]}
    reviewers: committee
    rounds:
      - round: "{year}"
        opens: {year}-02-01
        closes: {year}-02-28
        starts: {year}-04-01
        ends: {year}-09-30
        seats: 20
"""
        for key, title in programs
    )


def _milestone(key: str, title: Mapping[Language, str], languages: Sequence[Language]) -> str:
    prefix = key[:MAX_KEY_PREFIX_LENGTH].rstrip("-")
    texts = _starter_texts(languages)
    return f"""{SCHEMA}milestone: {key}
title: {_text(title)}
audience: members
access: open
summary: {texts["summary"]}
expectations:
  - {texts["expectation"]}
course:
  sections:
    - section: {prefix}-begin
      title: {texts["section"]}
      activities:
        - page: {prefix}-read
          title: {texts["page"]}
          body: {texts["body"]}
        - quiz: {prefix}-check
          title: {texts["quiz"]}
          pass: 70
          questions:
            - question: first
              type: one
              text: {texts["question"]}
              choices:
                - right: {texts["right"]}
                  feedback: {texts["why"]}
                - wrong: {texts["wrong"]}
                  feedback: {texts["why"]}
requirements:
  - quiz: {prefix}-check
"""


def _starter_texts(languages: Sequence[Language]) -> dict[str, str]:
    """All starter texts as YAML, by name."""
    return {name: _text(_translations(name, languages)) for name in STARTER_TEXTS}


def _translations(name: str, languages: Sequence[Language]) -> dict[Language, str]:
    """A starter text in each language, or in English where there is no translation."""
    words = STARTER_TEXTS[name]
    return {language: words.get(language, words["en"]) for language in languages}


def _text(translations: Mapping[Language, str]) -> str:
    """A text as YAML, in straight quotes, so that it may contain any characters."""
    quoted = {name: json.dumps(words, ensure_ascii=False) for name, words in translations.items()}
    if len(quoted) == 1:
        return next(iter(quoted.values()))
    return "{" + ", ".join(f"{name}: {words}" for name, words in quoted.items()) + "}"
