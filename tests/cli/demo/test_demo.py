"""`demo`, in an empty folder and from an installed copy outside the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.cli.demo.command import _config as demo_config
from tests.cli.command_runner import FORBIDDEN, environment, free_port, get
from tests.cli.conftest import write_sample_folder
from tests.support.waiting import HANG_SECONDS

ROOT = Path(__file__).parents[3]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The package laid out as in the wheel, away from the checkout."""
    site = tmp_path / "site"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "bridge", site / "bridge", ignore=ignored)
    for name in ("templates", "curricula"):
        shutil.copytree(ROOT / name, site / "bridge/_data" / name, ignore=ignored)
    return site


def test_once_in_an_empty_folder_from_an_installed_copy(installed: Path, tmp_path: Path) -> None:
    home = tmp_path / "empty"
    home.mkdir()
    config = f"service: {{port: {free_port()}}}\nsandbox: {{port: {free_port()}}}\n"
    (home / "config.yaml").write_text(config)
    program = (
        "import sys, bridge.cli\n"
        "assert bridge.cli.__file__.startswith(sys.argv.pop(1))\n"
        "bridge.cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(installed), "demo", "--once"],
        cwd=home,
        env={**environment({}, {}), "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
    )
    assert done.returncode == 0, done
    assert not any(word in done.stdout + done.stderr for word in FORBIDDEN)
    assert "100 %" in done.stdout
    assert re.search(
        r"Delivered: 1 badge, 1 cohort, 1 competency, 1 enrol, 1 mail$", done.stdout, re.MULTILINE
    )
    assert "✓ New Member" in done.stdout
    assert sorted(os.listdir(home)) == ["config.yaml", "var"]
    mails = list((home / "var/demo/var/mail").glob("*.eml"))
    assert len(mails) >= 5


def test_it_keeps_away_from_uploaded_files(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"files: {{folder: {tmp_path}/real}}\n")
    config = demo_config(file)
    assert config.path(config.files.folder).is_relative_to(config.home)
    assert config.home != tmp_path


def test_it_serves_until_stopped_and_starts_from_scratch(tmp_path: Path) -> None:
    folder = write_sample_folder(tmp_path)
    for _ in range(2):
        with folder.serving("demo") as process:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            served = next(line for line in lines if line.startswith("  Stewardpath: "))
            assert get(served.split()[-1] + "/healthz")[0] == 200
            assert any("Press Ctrl-C to stop." in line for line in lines)
