"""The JSON Schema accepts and rejects the same structures as the reader."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from bridge.curriculum.schema.fields import RECORDS
from bridge.curriculum.schema.json_schema import json_schema

from .forms.sample_form import FORMS
from .sample_files import FIRST, SECOND, TOP, changed
from .test_topics import SESSIONS

ROOT = Path(__file__).parents[2]
VALIDATOR = jsonschema.Draft202012Validator(json_schema())
SHIPPED = sorted(ROOT.glob("curricula/*/*.yaml"))


def complaints(text: str, loader: type[yaml.SafeLoader] | type[yaml.BaseLoader]) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(yaml.load(text, Loader=loader))]


def test_the_schema_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("loader", [yaml.BaseLoader, yaml.SafeLoader])
@pytest.mark.parametrize("text", [TOP, FIRST, SECOND, FORMS, SESSIONS])
def test_the_schema_accepts_what_the_reader_accepts(
    text: str, loader: type[yaml.SafeLoader] | type[yaml.BaseLoader]
) -> None:
    """Whether the editor's YAML makes `70` a number or leaves it a text."""
    assert complaints(text, loader) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_shipped_files_match_the_schema(path: Path) -> None:
    assert complaints(path.read_text("utf-8"), yaml.BaseLoader) == []


def test_there_are_shipped_files() -> None:
    assert SHIPPED


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (TOP, "title: A small path", "titel: A small path"),
        (TOP, "milestones: [first-step, second-step]", "milestones: []"),
        (TOP, "languages: [en]", "languages: [English]"),
        (FIRST, "audience: members", "audience: everybody"),
        (FIRST, "title: First Step", "title: {english: x}"),
        (FIRST, "section: start", "section: Start Here"),
        (FIRST, "https://example.org", "javascript:"),
        (SECOND, "pass: 80", "pass: 180"),
        (SECOND, "pass: 80", "time_limit: 5"),
        (SECOND, "type: many", "type: several"),
        (SECOND, "type: many", "type: short"),
        (SECOND, "- wrong: C", "- worng: C"),
        (SECOND, "- at-least: 1", "- at-least: 0"),
        (SECOND, "image: badges/second.png", "image: badges/second.gif"),
        (FORMS, "type: yes-no", "type: perhaps"),
        (FORMS, "characters: 20", "characters: 0"),
        (FORMS, 'min: "2027-01-31"', "min: tomorrow"),
        (FORMS, "choice: online", "choose: online"),
        (SESSIONS, "session: hearings", "sesion: hearings"),
        (SESSIONS, "minutes: 90", "minutes: 4"),
        (SESSIONS, "attend: 60", "attend: 101"),
        (SESSIONS, "credit: any-part", "credit: some"),
        (SESSIONS, "part: case", "part: The Case"),
        (SESSIONS, "audience: everyone", "audience: nobody"),
    ],
)
def test_the_schema_rejects_structural_errors(text: str, old: str, new: str) -> None:
    assert complaints(changed(text, old, new), yaml.SafeLoader)


def test_every_key_is_described_and_documented() -> None:
    docs = (ROOT / "docs" / "curricula.md").read_text("utf-8")
    for record in RECORDS.values():
        for key in record.keys:
            assert key.about.endswith((".", ")")), f"{record.name}.{key.name}"
            assert re.search(rf"(?m)`{key.name}:?`|^[ -]*{key.name}:", docs), key.name
