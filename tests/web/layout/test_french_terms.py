"""French texts use one term for one thing: docs/french.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po

from bridge.resources import resource

ROOT = Path(__file__).parents[3]
CATALOGUE = ROOT / "bridge" / "web" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
CODE = re.compile(r"`[^`]*`|\{[{%#].*?[}%#]\}|<[^<>]*>|https?://\S+", re.DOTALL)
REFUSED = {
    "insigne": "badge",
    "comité d['’]éducation": "comité de formation",
    "e-mail|adresses? de courriel": "courriel, adresse courriel",
    "(?:plugin|module) compagnon": "plugiciel compagnon",
    "exigences?": "condition",
    "questionnaires?": "quiz",
    "animateur": "responsable",
    "lobbying": "lobbyisme",
    "logiciels? de calendrier": "logiciel d’agenda",
    r"\w+\(e\)s?(?= )": "·e",
    r"(?<=[^\W\d_])'(?=[^\W\d_])": "’",
}


def from_pages() -> Iterator[str]:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file):
            yield from [message.string] if isinstance(message.string, str) else message.string


def from_emails() -> Iterator[str]:
    for path in resource("templates/mail/fr").rglob("*.j2"):
        yield path.read_text("utf-8")


def from_curricula(node: object = None, key: str = "") -> Iterator[str]:
    """The French texts except accepted answers, which people type with straight apostrophes."""
    if node is None:
        for path in resource("curricula").rglob("*.yaml"):
            yield from from_curricula(yaml.safe_load(path.read_text("utf-8")))
    elif isinstance(node, dict):
        if isinstance(node.get("fr"), str) and key != "answers":
            yield node["fr"]
        for name, each in node.items():
            if not (key == "answers" and name in ("right", "wrong")):
                yield from from_curricula(each, str(name))
    elif isinstance(node, list):
        for each in node:
            yield from from_curricula(each, key)


@pytest.mark.parametrize("refused", REFUSED)
def test_a_term_is_the_one_of_the_glossary(refused: str) -> None:
    texts = [*from_pages(), *from_emails(), *from_curricula()]
    assert len(texts) > 3000
    found = [
        text[max(0, each.start() - 40) : each.end() + 20]
        for text in (CODE.sub("\0", text) for text in texts)
        for each in re.finditer(rf"(?<!\w)(?:{refused})(?!\w)" if refused[0].isalpha() else refused,
                                text, re.IGNORECASE)
    ]  # fmt: skip
    assert found == [], f"write {REFUSED[refused]}: see docs/french.md"
