"""Samples of a real Moodle's answers, for tests that have none at hand. Data only, no secrets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "recorded"

_SECRET = re.compile(r"token|password|userprivateaccesskey|debuginfo|profileimage|userpicture")
_MAIL = re.compile(r"[\w.+-]+@(?!example\.org)[\w-]+\.[\w.-]+")
_HOST = re.compile(r"https?://127\.0\.0\.1(:\d+)?")
_MOST = 5


def write(samples: dict[str, dict[str, Any]]) -> int:
    """One file a function, with its good and bad samples; the number of files written."""
    FOLDER.mkdir(exist_ok=True)
    for function, kinds in samples.items():
        text = json.dumps(scrub(kinds), indent=1, ensure_ascii=False, sort_keys=True)
        (FOLDER / f"{function}.json").write_text(text + "\n", "utf-8")
    return len(samples)


def scrub(value: Any) -> Any:
    """Without secrets, other people's addresses, this machine's name, and long repetition."""
    if isinstance(value, dict):
        return {k: scrub(v) for k, v in value.items() if not _SECRET.search(str(k))}
    if isinstance(value, list):
        return [scrub(item) for item in value[:_MOST]]
    if isinstance(value, str):
        return _HOST.sub("https://moodle.example.org", _MAIL.sub("somebody@example.org", value))
    return value
