"""Run the command in a temporary folder, as a process or within this one."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from bridge.cli import main
from tests.support.ports import free_port as free_port
from tests.support.waiting import HANG_SECONDS, POLL_SECONDS

COMMAND = str(Path(sys.executable).parent / "stewardpath")
SECRETS = {
    "STEWARDPATH_MOODLE_TOKEN": "moodle-token-to-keep-secret",
    "STEWARDPATH_WEBHOOK_SECRET": "webhook-secret-to-keep-secret",
    "STEWARDPATH_SMTP_PASSWORD": "smtp-password-to-keep-secret",
}
FORBIDDEN = ("Traceback", "something unexpected", *SECRETS.values())


@dataclass(frozen=True)
class Result:
    """A command's exit code and output."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, object]:
        """The result, printed as JSON."""
        data = json.loads(self.out)
        assert isinstance(data, dict)
        return data


@dataclass
class Folder:
    """A working folder with a configuration."""

    path: Path
    secrets: Mapping[str, str] = field(default_factory=dict)

    def process(self, *args: str, code: int = 0, stdin: str = "", **variables: str) -> Result:
        """Run `stewardpath` as a process; fails on another exit code, a traceback or a secret."""
        done = subprocess.run(
            [COMMAND, *args],
            cwd=self.path,
            env=environment(self.secrets, variables),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=HANG_SECONDS,
        )
        return checked(Result(done.returncode, done.stdout, done.stderr), code)

    def run(self, *args: str, code: int = 0, stdin: str = "", **variables: str) -> Result:
        """Run `stewardpath` within this process, which is faster."""
        out, err = StringIO(), StringIO()
        with (
            chdir(self.path),
            restored_logging(),
            patch.dict(os.environ, environment(self.secrets, variables), clear=True),
            patch.object(sys, "argv", ["stewardpath", *args]),
            patch.object(sys, "stdin", StringIO(stdin)),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as exited,
        ):
            main()
        return checked(Result(int(exited.value.code or 0), out.getvalue(), err.getvalue()), code)

    @contextmanager
    def serving(self, *args: str, expect: int | None = 0) -> Iterator[subprocess.Popen[str]]:
        """A command that runs until it is stopped; `expect` is its exit code after SIGTERM."""
        process = subprocess.Popen(
            [COMMAND, *args],
            cwd=self.path,
            env=environment(self.secrets, {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
            if expect is not None:
                process.send_signal(signal.SIGTERM)
                out, err = process.communicate(timeout=HANG_SECONDS)
                assert process.returncode == expect, (out, err)
                assert is_clean(Result(process.returncode, out, err)), (out, err)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(timeout=HANG_SECONDS)
            for pipe in (process.stdout, process.stderr):
                if pipe:
                    pipe.close()

    def write(self, name: str, text: str) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


@contextmanager
def restored_logging() -> Iterator[None]:
    """Restore the logging that a command sets up for its process."""
    root, ours = logging.getLogger(), logging.getLogger("bridge")
    handlers, level = root.handlers[:], ours.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        ours.setLevel(level)


def checked(result: Result, code: int) -> Result:
    assert is_clean(result), result
    assert result.code == code, result
    return result


def is_clean(result: Result) -> bool:
    return not any(word in result.out + result.err for word in FORBIDDEN)


def environment(secrets: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The environment of the command: PATH, and what the test sets."""
    return {"PATH": os.environ["PATH"], "USER": "tester", "LANG": "C.UTF-8", **secrets, **more}


def get(address: str) -> tuple[int, str]:
    """GET an address; waits until a server answers."""
    end = time.monotonic() + HANG_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=HANG_SECONDS) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(POLL_SECONDS)
