"""Helpers for tests of the editor: save a file, read its text area, run git."""

from __future__ import annotations

import hashlib
import html
import os
import re
import subprocess
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

FOLDER = "member-steward-path"
FILE = "new-member.yaml"
ADDRESS = f"/committee/curricula/{FOLDER}/{FILE}"


def git(folder: Path, *words: str) -> str:
    bare = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *words], cwd=folder, env=bare, capture_output=True, text=True, check=True
    )
    return done.stdout


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def save(editor: FlaskClient, file: Path, text: str, **more: str) -> TestResponse:
    return editor.post(ADDRESS, data={"base": digest(file), "text": text, **more})


def reworded(file: Path) -> str:
    text = file.read_text()
    assert "New Member" in text
    return text.replace("New Member", "Newest Member", 1)


def area(answer: TestResponse, name: str = "text") -> str:
    found = re.search(rf'<textarea[^>]* id="{name}".*?>\n(.*?)</textarea>', answer.text, re.DOTALL)
    assert found
    return html.unescape(found[1])
