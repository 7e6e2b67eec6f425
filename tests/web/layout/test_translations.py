"""Every message has a French translation with the same placeholders."""

from __future__ import annotations

import re

from babel.messages.catalog import Message

from tests.web.translation_catalogue import extracted, french

FILE = "bridge/web/translations/fr/LC_MESSAGES/messages.po"
ASK = f"Run `.venv/bin/python -m tests.web.translation_catalogue`, then translate in {FILE}"


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def gaps(message: Message) -> bool:
    """Whether a translation fills what the sentence leaves open."""
    wanted = set(re.findall(r"%\(\w+\)\w", texts(message.id)[-1]))
    return all(set(re.findall(r"%\(\w+\)\w", text)) == wanted for text in texts(message.string))


def test_sentences_are_found() -> None:
    found = {str(message.id) for message in extracted()}
    assert {"Sign in", "Skip to content", "You're signed out."} <= found


def test_no_sentence_lacks_its_french() -> None:
    known = french()
    missing = [
        message.id
        for message in extracted()
        if message.id
        and not ((there := known.get(message.id)) and all(texts(there.string)) and not there.fuzzy)
    ]
    assert not missing, f"{ASK}: {missing}"


def test_no_french_is_left_over() -> None:
    wanted = extracted()
    left = [m.id for m in french() if m.id and wanted.get(m.id) is None]
    assert left == [], f"{ASK}. The code no longer has: {left}"


def test_translations_leave_the_same_gaps() -> None:
    wrong = [message.id for message in french() if message.id and not gaps(message)]
    assert wrong == [], f"Use the same %(names)s as in English, in {FILE}: {wrong}"
