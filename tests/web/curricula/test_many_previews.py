"""Several large previews at the same time leave the service to everyone else."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from bridge.curriculum.reading.source_text import MAX_FILE_BYTES
from bridge.web.common.limits.costly_pages import MAX_AT_ONCE, MAX_PER_VISITOR
from bridge.web.curricula.storage.curriculum_files import CurriculumFiles
from bridge.wsgi.server import serve_in_background
from tests.support.waiting import HANG_SECONDS, wait_until
from tests.support.work import count_calls
from tests.web.curricula.editor_helpers import ADDRESS, FILE, FOLDER
from tests.web.signed_in_users import SignedInUsers

PREVIEWS = 8
LARGE = 900_000
VISITORS = ("auditor", "committee")
NO_PLACE = 503


@dataclass
class BlockedChecks:
    """Each check of a preview waits until `let_go` is set."""

    let_go: threading.Event = field(default_factory=threading.Event)
    begun: list[int] = field(default_factory=list)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockedChecks]:
    blocked, check = BlockedChecks(), CurriculumFiles.check

    def wait(*args: Any) -> Any:
        blocked.begun.append(1)
        assert blocked.let_go.wait(HANG_SECONDS)
        return check(*args)

    monkeypatch.setattr(CurriculumFiles, "check", wait)
    yield blocked
    blocked.let_go.set()


def cookies(people: SignedInUsers, who: str) -> dict[str, str]:
    client = people.client(who)  # type: ignore[arg-type]
    return {cookie.key: cookie.value for cookie in client._cookies.values()}  # type: ignore[union-attr]


def test_everyone_else_is_answered_during_eight_large_previews(
    people: SignedInUsers, checks: BlockedChecks
) -> None:
    known = {who: cookies(people, who) for who in VISITORS}
    statuses: Counter[int] = Counter()
    served = serve_in_background(people.app, "127.0.0.1", 0, name="the test", todo="")
    with served as port, ThreadPoolExecutor(2 * PREVIEWS) as pool:
        url = f"http://127.0.0.1:{port}"

        def preview(who: str) -> None:
            form = {"text": "x" * LARGE}
            answer = requests.post(
                url + ADDRESS + "/preview", form, cookies=known[who], timeout=HANG_SECONDS
            )
            statuses[answer.status_code] += 1

        sent = [pool.submit(preview, who) for who in VISITORS for _ in range(PREVIEWS)]
        wait_until(lambda: statuses[NO_PLACE] == 2 * PREVIEWS - MAX_AT_ONCE)
        assert len(checks.begun) == MAX_AT_ONCE > MAX_PER_VISITOR
        for page in ("/", "/signup", "/healthz"):
            assert requests.get(url + page, timeout=HANG_SECONDS).status_code == 200
        checks.let_go.set()
        for each in sent:
            each.result()
    assert statuses.total() == 2 * PREVIEWS


def test_a_text_above_the_limit_is_not_read(people: SignedInUsers, curricula_folder: Path) -> None:
    """0.9 MB cost no more than one byte too many, whatever they contain."""
    files = CurriculumFiles(people.config)
    file = files.open(FOLDER, FILE)
    text = file.text * (LARGE // len(file.text) + 1)
    files.check(file)
    counts = [
        count_calls(lambda size=size: files.check(file, text[:size]))
        for size in (MAX_FILE_BYTES + 1, LARGE)
    ]
    assert counts[0] == counts[1]
