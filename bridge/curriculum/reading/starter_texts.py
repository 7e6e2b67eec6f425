"""The texts of a new milestone, which say what to write instead."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.curriculum.text import Language

STARTER_TEXTS: Mapping[str, Mapping[Language, str]] = {
    "first": {"en": "First step", "fr": "Première étape"},
    "summary": {
        "en": "Describe this milestone in a few sentences.",
        "fr": "Décrivez cette étape en quelques phrases.",
    },
    "expectation": {
        "en": "Can explain what is expected at this milestone",
        "fr": "Peut expliquer ce qui est attendu à cette étape",
    },
    "section": {"en": "Getting started", "fr": "Pour commencer"},
    "page": {"en": "About this milestone", "fr": "À propos de cette étape"},
    "body": {
        "en": "Write the text of the page here.",
        "fr": "Écrivez ici le texte de la page.",
    },
    "quiz": {"en": "Check what you know", "fr": "Vérifiez ce que vous savez"},
    "question": {
        "en": "Write the first question here.",
        "fr": "Écrivez ici la première question.",
    },
    "right": {"en": "The right answer", "fr": "La bonne réponse"},
    "wrong": {"en": "A wrong answer", "fr": "Une mauvaise réponse"},
    "why": {"en": "Explain why here.", "fr": "Expliquez ici pourquoi."},
    "topic": {"en": "First session", "fr": "Première séance"},
    "learned": {
        "en": "Say in two to five sentences what people learn.",
        "fr": "Dites en deux à cinq phrases ce que l’on apprend.",
    },
    "program": {"en": "First program", "fr": "Premier programme"},
    "offered": {
        "en": "Say what the program is about, and what people do in it.",
        "fr": "Dites sur quoi porte le programme, et ce que l’on y fait.",
    },
    "form": {"en": "First form", "fr": "Premier formulaire"},
    "introduction": {
        "en": "Say what the form is for, and how long it takes.",
        "fr": "Dites à quoi sert le formulaire, et combien de temps il prend.",
    },
    "field": {
        "en": "Write the first question of the form here.",
        "fr": "Écrivez ici la première question du formulaire.",
    },
}

TO_REPLACE = frozenset(
    text
    for name in (
        "summary",
        "expectation",
        "body",
        "question",
        "right",
        "wrong",
        "why",
        "learned",
        "offered",
        "introduction",
        "field",
    )
    for text in STARTER_TEXTS[name].values()
)
"""The starter texts that members should never see."""
