"""What a new file begins as: whole enough to be right, and plain about what to write where."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bridge.curriculum.model import Language

FIRST_MILESTONE = "first-step"
"""Key of the first milestone of a new curriculum."""
SCHEMA = "# yaml-language-server: $schema=../schema.json\n"
MAX_TITLE_LENGTH = 20
"""Characters of a milestone's key that the keys of what is in it begin with."""

WORDS: Mapping[str, Mapping[Language, str]] = {
    "first": {"en": "First step", "fr": "Première étape"},
    "summary": {
        "en": "Say in a few sentences what this step is about.",
        "fr": "Dites en quelques phrases de quoi parle cette étape.",
    },
    "expectation": {
        "en": "Can say what is expected at this step",
        "fr": "Peut dire ce qui est attendu à cette étape",
    },
    "section": {"en": "To begin with", "fr": "Pour commencer"},
    "page": {"en": "What this step is about", "fr": "De quoi parle cette étape"},
    "body": {
        "en": "Write here what there is to read.",
        "fr": "Écrivez ici ce qu'il y a à lire.",
    },
    "quiz": {"en": "Check what you know", "fr": "Vérifiez ce que vous savez"},
    "question": {
        "en": "Write here the first question.",
        "fr": "Écrivez ici la première question.",
    },
    "right": {"en": "The right answer", "fr": "La bonne réponse"},
    "wrong": {"en": "A wrong answer", "fr": "Une mauvaise réponse"},
    "why": {"en": "Explain here why.", "fr": "Expliquez ici pourquoi."},
}


def new_curriculum(key: str, title: str, languages: Sequence[Language]) -> dict[str, str]:
    """The files of a curriculum with one milestone, by name."""
    first = _said("first", languages)
    top = (
        f"{SCHEMA}curriculum: {key}\ntitle: {_text(dict.fromkeys(languages, title))}\n"
        f"languages: [{', '.join(languages)}]\nmilestones: [{FIRST_MILESTONE}]\n"
    )
    return {
        f"{FIRST_MILESTONE}.yaml": _milestone(FIRST_MILESTONE, first, languages),
        "curriculum.yaml": top,
    }


def new_milestone(key: str, title: str, languages: Sequence[Language]) -> str:
    """The file of a milestone with a page and a quiz of one question."""
    return _milestone(key, dict.fromkeys(languages, title), languages)


def _milestone(key: str, title: Mapping[Language, str], languages: Sequence[Language]) -> str:
    own = key[:MAX_TITLE_LENGTH].rstrip("-")
    words = {name: _text(_said(name, languages)) for name in WORDS}
    return f"""{SCHEMA}milestone: {key}
title: {_text(title)}
audience: members
access: open
summary: {words["summary"]}
expectations:
  - {words["expectation"]}
course:
  sections:
    - section: {own}-begin
      title: {words["section"]}
      activities:
        - page: {own}-read
          title: {words["page"]}
          body: {words["body"]}
        - quiz: {own}-check
          title: {words["quiz"]}
          pass: 70
          questions:
            - question: first
              type: one
              text: {words["question"]}
              choices:
                - right: {words["right"]}
                  feedback: {words["why"]}
                - wrong: {words["wrong"]}
                  feedback: {words["why"]}
requirements:
  - quiz: {own}-check
"""


def _said(name: str, languages: Sequence[Language]) -> dict[Language, str]:
    """In each language; in English where we do not know it."""
    words = WORDS[name]
    return {language: words.get(language, words["en"]) for language in languages}


def _text(translations: Mapping[Language, str]) -> str:
    """A text in straight quotes, which hold whatever a title is made of."""
    quoted = {name: json.dumps(words, ensure_ascii=False) for name, words in translations.items()}
    if len(quoted) == 1:
        return next(iter(quoted.values()))
    return "{" + ", ".join(f"{name}: {words}" for name, words in quoted.items()) + "}"
