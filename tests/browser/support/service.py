"""`stewardpath demo` in its own process: the real service, the sandbox and the demo mailbox."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import yaml

from bridge.resources import resource
from tests.support.ports import free_port
from tests.support.waiting import HANG_SECONDS, POLL_SECONDS


@dataclass(frozen=True, slots=True)
class Service:
    """The service's addresses (`url`, `sandbox`) and its folder."""

    url: str
    sandbox: str
    home: Path

    @property
    def sandbox_state(self) -> Path:
        return self.home / "var/sandbox.db"

    @property
    def curricula(self) -> Path:
        return self.home.parent.parent / "curricula"


@contextmanager
def serving(folder: Path) -> Iterator[Service]:
    """Run the demo with copies in `folder`, on free ports, until the end of the block."""
    pages, sandbox = free_port(), free_port()
    shutil.copytree(resource("curricula"), folder / "curricula")
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(_config(pages, sandbox)), encoding="utf-8")
    log = folder / "service.log"
    start = "from bridge.cli import main; main()"
    command = [sys.executable, "-c", start, "demo", "--config", str(config)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=folder, env=_environment()
        )
    try:
        found = Service(
            f"http://127.0.0.1:{pages}", f"http://127.0.0.1:{sandbox}", folder / "var/demo"
        )
        _wait(process, log, found)
        yield found
    finally:
        process.terminate()
        process.wait(HANG_SECONDS)


def _config(pages: int, sandbox: int) -> dict[str, object]:
    service = {"port": pages, "url": f"http://127.0.0.1:{pages}", "pull_every": 3600}
    return {
        "curricula": "curricula",
        "service": {**service, "deliver_every": 1},
        "sandbox": {"port": sandbox},
    }


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("STEWARDPATH_")}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def _wait(process: subprocess.Popen[bytes], log: Path, service: Service) -> None:
    end = time.monotonic() + HANG_SECONDS
    while "Press Ctrl-C to stop" not in log.read_text(encoding="utf-8", errors="replace"):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the demo did not start:\n{log.read_text(errors='replace')}")
        time.sleep(POLL_SECONDS)
    try:
        urlopen(f"{service.url}/", timeout=HANG_SECONDS).close()
    except URLError as error:
        raise RuntimeError(f"nothing answers at {service.url}: {error}") from error
