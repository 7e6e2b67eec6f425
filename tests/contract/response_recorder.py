"""Records answers of a real Moodle for other tests, without secrets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "recorded"

_SECRET = re.compile(
    r"(private|ws)?token|password|userprivateaccesskey|debuginfo|(profileimage|userpicture)\w*"
)
_EMAIL = re.compile(r"[\w.+-]+@(?!example\.org)[\w-]+\.[\w.-]+")
_HOST = re.compile(r"https?:(\\?/){2}127\.0\.0\.1(:\d+)?")
_MAX_LIST_ITEMS = 5


def write(samples: dict[str, dict[str, Any]]) -> int:
    """Write one file per function, with good and bad samples; return the number of files.

    A partial run updates only its samples.
    """
    FOLDER.mkdir(exist_ok=True)
    for function, kinds in samples.items():
        file = FOLDER / f"{function}.json"
        known = json.loads(file.read_text("utf-8")) if file.exists() else {}
        text = json.dumps(known | scrub(kinds), indent=1, ensure_ascii=False, sort_keys=True)
        file.write_text(text + "\n", "utf-8")
    return len(samples)


def scrub(value: Any) -> Any:
    """Remove secrets, email addresses, host names and long lists."""
    if isinstance(value, dict):
        return {k: scrub(v) for k, v in value.items() if not _SECRET.fullmatch(str(k))}
    if isinstance(value, list):
        return [scrub(item) for item in value[:_MAX_LIST_ITEMS]]
    if isinstance(value, str):
        return _HOST.sub("https://moodle.example.org", _EMAIL.sub("somebody@example.org", value))
    return value
