"""docs/development.md names files, commands and markers that exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/development.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TOP_FOLDERS = "bridge|curricula|docs|templates|tests"
PATHS = sorted(set(re.findall(rf"\b(?:{TOP_FOLDERS})/[\w./<>-]*[\w/>]", PAGE)))
NOT_A_GATE = {"setup", "demo", "format", "lock", "clean", "check-code", "check-tests"}
"""Targets of make that check nothing, or a part of `make check`."""


@pytest.mark.parametrize("path", PATHS)
def test_a_path_exists(path: str) -> None:
    found = list(ROOT.glob(re.sub(r"<\w+>", "*", path)))
    assert found, f"docs/development.md names {path}, which does not exist: correct the page"


def test_paths_are_found() -> None:
    assert {"tests/support/", "bridge/cli/__init__.py", "tests/mail/test_rendering.py"} <= {*PATHS}


def test_every_check_of_the_makefile_is_listed() -> None:
    phony = re.search(r"^\.PHONY: ((?:\\\n|.)+)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    targets = set(phony[1].replace("\\\n", " ").split())
    named = set(re.findall(r"`make ([a-z-]+)", PAGE))
    assert named <= targets, f"docs/development.md names no target of make: {named - targets}"
    missing = targets - named - NOT_A_GATE
    assert not missing, f"docs/development.md, Checks: add `make …` for {missing}"


def test_every_marker_is_named() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    markers = settings["tool"]["pytest"]["ini_options"]["markers"]
    missing = [name for name in (each.partition(":")[0] for each in markers) if name not in PAGE]
    assert not missing, f"docs/development.md, Checks: add the markers {missing}"
